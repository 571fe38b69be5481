// What docs/recovery.md tells people to do on a bad day, done.

import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { assert, browser, mintmark, owner, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";

/** What Mintmark answers to this token from a page: the status and the code. */
async function verdict(server, token) {
  const answer = await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } });
  const { code = "" } = await answer.json();
  return `${answer.status} ${code}`.trim();
}

/** A server with an owner, a customer and one live token. */
async function living(t, options) {
  const server = await mintmark(t, options);
  const acme = await owner(server);
  const customer = await acme.customer(origin);
  const minted = await acme.mint(customer);
  assert.equal(await verdict(server, minted.token), "200");
  return { server, acme, customer, minted };
}

/** A dashboard JWT with that password, or the refusal's code. */
async function signIn(server, { email, password }) {
  const body = JSON.stringify({ email, password });
  const answer = await fetch(`${server.url}/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { token, code } = await answer.json();
  return token ?? code;
}

test("a lost password: the link of `user reset` sets a new one, once", async (t) => {
  const { server, acme } = await living(t);
  const { url } = JSON.parse(await server.command(["user", "reset", "--email", acme.email, "--json"]));
  const { page, tolerate } = await browser(t);
  tolerate(/status of 410/);
  await page.goto(url);
  const password = "a staple for the battery horse";
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button").filter({ hasText: "password" }).click();
  await page.waitForURL((at) => at.pathname !== "/reset");
  assert.match(await signIn(server, { email: acme.email, password }), /^eyJ/);
  assert.equal(await signIn(server, acme), "invalid_credentials");
  await page.goto(url);
  assert.doesNotMatch(await page.getByRole("main").innerText(), /New password/);
});

test("a leaked token: it dies by itself or with all that its origin, minter or organization has", async (t) => {
  const { server, acme, customer, minted } = await living(t);
  const other = await acme.mint(customer);
  await acme.call("DELETE", `/v1/widget-tokens/${minted.id}`, { reason: "seen in a chat" });
  assert.deepEqual([await verdict(server, minted.token), await verdict(server, other.token)], ["401 widget_token_revoked", "200"]);
  assert.deepEqual(await acme.call("POST", "/v1/widget-tokens/revoke", { organization_id: customer.id, reason: "to be safe" }), { revoked: 1 });
  assert.equal(await verdict(server, other.token), "401 widget_token_revoked");
});

test("a leaked signing key: what it signed dies, and its successor signs", async (t) => {
  const { server, acme, customer, minted } = await living(t);
  const kid = JSON.parse(Buffer.from(minted.token.split(".")[0], "base64url")).kid;
  await acme.call("POST", `/v1/signing-keys/${kid}/revoke`, { reason: "its private half was seen" });
  assert.equal(await verdict(server, minted.token), "401 widget_token_revoked");
  // The dashboard JWT that pressed it was signed by it too.
  await assert.rejects(acme.mint(customer), /401/);
  const { token } = await acme.mint(customer, {}, { authorization: `Bearer ${await signIn(server, acme)}` });
  assert.equal(await verdict(server, token), "200");
});

test("a lost master key: Mintmark does not start and names it, and starts again with the copy", async (t) => {
  const { server, minted } = await living(t);
  const key = join(server.dataDir, "master.key");
  await server.stop();
  await rename(key, `${key}.elsewhere`);
  await assert.rejects(server.command(["serve"]), ({ code, message }) => code === 1 && /master key/i.test(message));
  await rename(`${key}.elsewhere`, key);
  await server.restart();
  assert.equal(await verdict(server, minted.token), "200");
});

test("`master-key rotate` seals everything under a new key, and the old one opens nothing", async (t) => {
  const { server, minted } = await living(t);
  const key = join(server.dataDir, "master.key");
  await server.stop();
  await cp(key, `${key}.old`);
  await server.command(["master-key", "rotate"]);
  await server.restart();
  assert.equal(await verdict(server, minted.token), "200");
  await server.stop();
  await rename(`${key}.old`, key);
  await assert.rejects(server.command(["serve"]), /master key/i);
});

test("a clock that ran ahead: not ready until `clock accept`, after which nothing older lives and work goes on", async (t) => {
  const { server, acme, customer } = await living(t, { clock: "+2h" });
  const ahead = await acme.mint(customer);
  await server.clock("+0");
  const ready = async () => (await fetch(`${server.url}/readyz`)).status;
  assert.equal(await ready(), 503);
  await server.stop();
  await server.command(["clock", "accept"]);
  await server.restart();
  assert.equal(await ready(), 200);
  assert.match(await verdict(server, ahead.token), /^401/);
  const again = await signIn(server, acme);
  assert.match(again, /^eyJ/);
  const { token } = await acme.mint(customer, {}, { authorization: `Bearer ${again}` });
  assert.equal(await verdict(server, token), "200");
});

test("a copy put back by other tools: after `restore --adopt` what was revoked since the copy stays dead", async (t) => {
  const { server, acme, customer, minted } = await living(t);
  await server.stop();
  await cp(server.dataDir, `${server.dataDir}.copy`, { recursive: true });
  t.after(() => rm(`${server.dataDir}.copy`, { recursive: true, force: true }));
  await server.restart();
  await acme.call("DELETE", `/v1/widget-tokens/${minted.id}`, { reason: "leaked" });
  await server.stop();
  await rm(server.dataDir, { recursive: true });
  await cp(`${server.dataDir}.copy`, server.dataDir, { recursive: true });
  await server.command(["restore", "--adopt", "--trust-credentials"]);
  await server.restart();
  assert.match(await verdict(server, minted.token), /^401/);
  const again = await signIn(server, acme);
  const { token } = await acme.mint(customer, {}, { authorization: `Bearer ${again}` });
  assert.equal(await verdict(server, token), "200");
});
