// Tokens come from the portal's backend, stay in memory, and are fetched anew when they are due.
import { createSession } from "{{mintmark}}/sdk/v1/mintmark.js";
import { token } from "./portal.js";

document.querySelector("mintmark-token-session").getToken = token("widget");

// The elements of this embed key share this session.
const session = createSession({ embedKey: "{{embed_key}}", getBridgeToken: token("bridge") });
session.on("session-changed", ({ state }) => {
  document.getElementById("session").textContent = `Session: ${state}`;
});
