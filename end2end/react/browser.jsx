import { hydrateRoot } from "react-dom/client";
import { page } from "./page.jsx";

globalThis.root = hydrateRoot(document.getElementById("root"), page(globalThis.props));
