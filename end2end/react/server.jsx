import { renderToString } from "react-dom/server";
import { page } from "./page.jsx";

export const render = (props) => renderToString(page(props));
