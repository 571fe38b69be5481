// Everything a journey needs: import { test, assert, mintmark, owner, host, browser, alive, axe, noOverflow } from "../harness/index.mjs";

export { default as test } from "node:test";
export { default as assert } from "node:assert/strict";
export { serveHost as host } from "../host/serve.mjs";
export { alive, browser } from "./browser.mjs";
export { axe, axeFindings, noOverflow, overflowFindings } from "./checks.mjs";
export { demo, demoPlace } from "./demo.mjs";
export { authority, mailServer } from "./mail.mjs";
export { freePort, mintmark, root } from "./mintmark.mjs";
export { owner } from "./owner.mjs";
export { authenticatorCode, insider, member, signIn } from "./people.mjs";
export { NOTHING, keepsNothing, portal, published, strict } from "./portal.mjs";
export { run } from "./run.mjs";
export { shop } from "./shop.mjs";
export { vouched } from "./vouched.mjs";
