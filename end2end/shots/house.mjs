// Pictures of the rest of the house: the doors, the overview, keys, people, history, settings, one's own pages.

import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { alive, browser, mintmark, owner } from "../harness/index.mjs";

const long = "The Consolidated Northumbrian Lighthouse & Harbour Instruments Company of Alnmouth (Holdings) Limited";
const password = "velvet otter plays backgammon";

/** Somebody invited comes through their link, in a browser of their own. Answers the cookies of their session. */
async function join(acme, email, name, what) {
  const { url } = await acme.call("POST", "/v1/invitations", { email, ...what });
  const guest = { ends: [], after: (end) => guest.ends.push(end) };
  const { context, page } = await browser(guest);
  await page.goto(url);
  await alive(page);
  await page.getByLabel("Name").first().fill(name);
  await page.getByLabel("Password").first().fill(password);
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL(/\/t\//);
  const cookies = await context.cookies();
  for (const end of guest.ends) await end();
  return cookies;
}

export const worlds = {
  /** People in every role, keys in every state, calls refused, invitations waiting. */
  async house(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const customer = await acme.customer("http://localhost:4010");
    const verbose = await acme.call("POST", "/v1/organizations", { name: long });
    const use = (token, origin) => fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } });
    const minted = [];
    for (let n = 0; n < 8; n++) minted.push(await acme.mint(customer, { label: `Page view ${n}` }));
    for (const { token } of minted) assert.equal((await use(token, customer.origin)).status, 200);
    await acme.call("DELETE", `/v1/widget-tokens/${minted[0].id}`, { reason: "It stood in a bug report that somebody posted in public" });
    for (let n = 0; n < 4; n++) assert.equal((await use(minted[0].token, customer.origin)).status, 401);
    for (let n = 0; n < 3; n++) assert.equal((await use(minted[1].token, "https://evil.example")).status, 403);
    await acme.call("POST", "/v1/signing-keys/rotate", { force: true, reason: "The old key lay on a laptop that was lost" });
    const keys = (await acme.call("GET", "/v1/signing-keys")).data;
    await acme.call("POST", "/v1/api-keys", { name: `Portal back end of ${long}`.slice(0, 110), role: "admin" });
    const key = await acme.call("POST", "/v1/api-keys", { name: "Nightly report", role: "viewer", organization_id: customer.id });
    await acme.call("DELETE", `/v1/api-keys/${key.id}`);
    const viewer = await join(acme, "vic@acme.example", "Vic Viewer", { role: "viewer" });
    await join(acme, "ada@acme.example", "Ada Admin", { role: "admin" });
    await join(acme, "max@acme.example", "Maximiliana Featherstonehaugh-Cholmondeley", { role: "member", organization_id: customer.id });
    const waiting = await acme.call("POST", "/v1/invitations", { email: "somebody.with.a.very.long.address@subsidiary.consolidated.example", role: "member", organization_id: verbose.id });
    return { server, acme, customer, viewer, keys, waiting };
  },
  /** Where secrets are made to be looked at; what each picture adds is in no other one's way. */
  async secrets(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    await acme.customer("http://localhost:4010");
    const key = await acme.call("POST", "/v1/api-keys", { name: "Portal back end", role: "admin" });
    return { server, acme, key };
  },
  /** After a restore: everybody but the owner who came in by a link is held, and so are the API keys. */
  async restored(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const key = await acme.call("POST", "/v1/api-keys", { name: "Portal back end", role: "admin" });
    await join(acme, "ada@acme.example", "Ada Admin", { role: "admin" });
    const ada = (await acme.call("GET", "/v1/members")).data.find(({ name }) => name === "Ada Admin");
    const file = `${server.dataDir}/backup.tar`;
    await server.command(["backup", file]);
    await server.stop();
    for (const name of await readdir(server.dataDir)) if (name.startsWith("mintmark.db")) await rm(`${server.dataDir}/${name}`);
    await server.command(["restore", file]);
    await server.restart();
    const { url } = JSON.parse(await server.command(["user", "reset", "--email", acme.email, "--json"]));
    const back = { ends: [], after: (end) => back.ends.push(end) };
    const { context, page } = await browser(back);
    await page.goto(url);
    await page.getByLabel("New password").fill(password);
    await page.getByRole("button").filter({ hasText: "password" }).click();
    await page.waitForURL((at) => at.pathname !== "/reset");
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(acme.email);
    await page.getByLabel("Password").fill(password);
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForURL(/\/t\//);
    const cookies = await context.cookies();
    for (const end of back.ends) await end();
    return { server, key, ada, cookies };
  },
};

/** As the owner who came in again. */
const again = (path) => async (page, world) => {
  await page.context().addCookies(world.cookies);
  await page.goto(`${world.server.url}/t/acme${path(world)}`);
};

const at = (path) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme${path}`);
};

const asViewer = (path) => async (page, world) => {
  await page.context().addCookies(world.viewer);
  await page.goto(`${world.server.url}/t/acme${path}`);
};

const outside = (path) => (page, { server }) => page.goto(server.url + path);

/** The same, then a press on the button that opens something. */
const opened = (path, name) => async (page, world) => {
  await at(path)(page, world);
  await page.locator("html[data-live=true]").waitFor({ state: "attached" });
  await page.getByRole("button", { name }).first().click();
};

/** The same, then what fills in the form and sends it, until the panel of that name shows what came back. */
const shown = (path, panel, send) => async (page, world) => {
  await at(typeof path === "function" ? path(world) : path)(page, world);
  await page.locator("html[data-live=true]").waitFor({ state: "attached" });
  await send(page);
  await page.getByRole("dialog", { name: panel }).waitFor();
};

const createKey = async (page) => {
  await page.getByRole("button", { name: "Create API key" }).first().click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  await form.getByLabel("Name").fill("Nightly report");
  await form.getByRole("button", { name: "Create API key" }).click();
};

const invite = async (page) => {
  await page.getByRole("button", { name: "Invite" }).click();
  const form = page.getByRole("dialog", { name: "Invite somebody" });
  await form.getByLabel("E-mail").fill(`somebody.${Date.now()}@subsidiary.consolidated.example`);
  await form.getByRole("button", { name: "Create link" }).click();
};

const enrol = async (page, world) => {
  await at("/profile/second-factor")(page, world);
  await page.locator("html[data-live=true]").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Show the picture to scan" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
};

const refused = /status of 403/;

export const pictures = [
  { world: "house", name: "sign-in", open: outside("/sign-in") },
  { world: "house", name: "reset-link-wrong", open: outside("/reset?token=reset_x"), tolerate: /status of 4/ },
  { world: "house", name: "invitation", open: (page, { waiting }) => page.goto(waiting.url) },
  { world: "house", name: "security", open: outside("/docs/security") },
  { world: "blank", name: "overview", open: at("") },
  { world: "house", name: "overview", open: at("") },
  { world: "house", name: "keys", open: at("/keys") },
  { world: "house", name: "keys-viewer", open: asViewer("/keys") },
  { world: "blank", name: "api-keys", open: at("/api-keys") },
  { world: "house", name: "api-keys", open: at("/api-keys") },
  { world: "house", name: "api-keys-viewer", open: asViewer("/api-keys") },
  { world: "blank", name: "members", open: at("/members") },
  { world: "house", name: "members", open: at("/members") },
  { world: "house", name: "members-viewer", open: asViewer("/members") },
  { world: "house", name: "history", open: at("/history") },
  { world: "house", name: "history-refused", open: at("/history?outcome=refused") },
  { world: "house", name: "history-no-match", open: at("/history?action=tenant.everything_revoked") },
  { world: "house", name: "history-viewer", open: asViewer("/history"), tolerate: refused },
  { world: "house", name: "settings", open: at("/settings") },
  { world: "house", name: "settings-viewer", open: asViewer("/settings"), tolerate: refused },
  { world: "house", name: "settings-revoke-everything", open: opened("/settings", /Revoke everything/) },
  { world: "house", name: "profile", open: at("/profile") },
  { world: "house", name: "permissions", open: at("/profile/permissions") },
  { world: "house", name: "permissions-viewer", open: asViewer("/profile/permissions") },
  { world: "house", name: "second-factor", open: at("/profile/second-factor") },
  { world: "secrets", name: "api-key-create", open: opened("/api-keys", /Create API key/) },
  { world: "secrets", name: "api-key-created", open: shown("/api-keys", "API key created", createKey) },
  { world: "secrets", name: "api-key-rotate", open: (page, world) => at(`/api-keys/${world.key.id}`)(page, world) },
  { world: "restored", name: "members", open: again(() => "/members") },
  { world: "restored", name: "member-held", open: again(({ ada }) => `/members/${ada.id}`) },
  { world: "restored", name: "api-key-held", open: again(({ key }) => `/api-keys/${key.id}`) },
  { world: "secrets", name: "invite", open: opened("/members", /Invite/) },
  { world: "secrets", name: "invitation-created", open: shown("/members", "Invitation created", invite) },
  { world: "secrets", name: "second-factor-enrol", open: enrol },
  { world: "house", name: "tokens-viewer", open: asViewer("/tokens") },
  { world: "house", name: "not-a-member", open: (page, world) => at("")(page, world).then(() => page.goto(`${world.server.url}/t/another`)), tolerate: /status of 404/ },
];
