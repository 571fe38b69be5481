// Who writes is said by an identity token; without one the message is nobody's.
import { createSession } from "{{mintmark}}/sdk/v1/mintmark.js";
import { token } from "./portal.js";

const session = createSession({ embedKey: "{{embed_key}}" });
session.identify(token("identity"));
