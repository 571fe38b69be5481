// A backup that is taken while the server runs, lost with the machine, and put back: what it knows as alive is dead or held (X8, RV11, E15).

import { copyFile, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, browser, mintmark, owner, root, test } from "../harness/index.mjs";
import { run } from "../harness/run.mjs";

const origin = "http://localhost:4010";

const verdict = async (server, token) => {
  const answer = await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } });
  return answer.status;
};

/** With an API key or a dashboard JWT: the answer's status, or that of the thing itself, and the body. */
async function ask(server, credential, method, path, headers = {}) {
  const answer = await fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${credential}`, ...headers } });
  return { status: answer.status, ...(await answer.json()) };
}

/** A dashboard JWT with the headers that go with it, or the refusal's code. */
async function signIn(server, { email, password }) {
  const body = JSON.stringify({ email, password });
  const answer = await fetch(`${server.url}/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body });
  return answer.json();
}

/** The place is as empty as a new machine's; only the master key is there, from wherever it was kept. */
async function lose(server, engine) {
  await server.stop();
  if (engine === "postgres") {
    server.env.MINTMARK_DATABASE_URL = (await run(join(root, "scripts/postgres"), ["database"])).trim();
    return;
  }
  for (const name of await readdir(server.dataDir)) {
    if (name.startsWith("mintmark.db")) await rm(join(server.dataDir, name));
  }
}

for (const engine of ["sqlite", "postgres"]) {
  test(`a backup of ${engine} is put back, and nothing that was revoked after it lives`, async (t) => {
    const server = await mintmark(t, { engine });
    const acme = await owner(server);
    const customer = await acme.customer(origin);
    const minted = await acme.mint(customer);
    const key = await acme.call("POST", "/v1/api-keys", { name: "Backend", role: "admin" });
    const file = join(server.dataDir, "backup.tar");
    const manifest = JSON.parse(await server.command(["backup", file, "--json"]));
    assert.equal(manifest.engine, engine);
    assert.ok(!(await readFile(file)).includes(await readFile(server.env.MINTMARK_MASTER_KEY_FILE ?? join(server.dataDir, "master.key"))), "no master key");
    await assert.rejects(server.command(["backup", file]), /there already/);
    assert.match(await server.command(["restore", "--verify", file]), engine === "sqlite" ? /events are as they were written/ : /the one that was written/);
    const told = await server.command(["doctor"]);
    assert.match(told, /warning +master key .* beside .*backup\.tar/, told);
    assert.doesNotMatch(told, /WRONG/);
    assert.match(await server.command(["healthcheck"]), /is ready/);

    // What the backup cannot know.
    const later = await acme.mint(customer);
    await acme.call("DELETE", `/v1/widget-tokens/${minted.id}`, { reason: "leaked" });
    await acme.call("DELETE", `/v1/api-keys/${key.id}`);
    await assert.rejects(server.command(["restore", file]), /empty place only/);

    await lose(server, engine);
    await assert.rejects(server.command(["healthcheck"]), /Nothing answers/);
    const { restored } = JSON.parse(await server.command(["restore", file, "--json"]));
    assert.deepEqual([restored.tenants, restored.held_members, restored.held_api_keys, restored.owners], [1, 1, 1, [acme.email]]);
    await server.restart();
    assert.deepEqual(await Promise.all([minted, later].map(({ token }) => verdict(server, token))), [401, 401]);
    assert.equal((await ask(server, key.key, "GET", "/v1/organizations")).status, 401);
    assert.equal((await ask(server, acme.token, "GET", "/v1/me")).status, 401);
    assert.equal((await signIn(server, acme)).token, undefined, "the owner is held");

    // The machine's own command line lets the first owner in; the owner releases what is right.
    const { url } = JSON.parse(await server.command(["user", "reset", "--email", acme.email, "--json"]));
    const { page } = await browser(t);
    await page.goto(url);
    const password = "a staple for the battery horse";
    await page.getByLabel("New password").fill(password);
    await page.getByRole("button").filter({ hasText: "password" }).click();
    await page.waitForURL((at) => at.pathname !== "/reset");
    const session = await signIn(server, { email: acme.email, password });
    const tenant = { "x-mintmark-tenant": session.tenants[0].id };
    assert.equal((await ask(server, session.token, "GET", `/v1/api-keys/${key.id}`, tenant)).status, "held");
    const history = await ask(server, session.token, "GET", "/v1/audit-events?action=tenant.restored", tenant);
    assert.equal(history.data.length, 1);
    assert.equal((await ask(server, session.token, "POST", `/v1/api-keys/${key.id}/release`, tenant)).status, "active");
    assert.equal((await ask(server, key.key, "GET", "/v1/organizations")).status, 200);
    await server.stop();
    await server.command(["audit", "verify"]);
  });
}

test("a backup that is damaged, foreign or without its key is refused, and leaves nothing behind", async (t) => {
  const server = await mintmark(t);
  await owner(server);
  const file = join(server.dataDir, "backup.tar");
  await server.command(["backup", file]);
  await lose(server, "sqlite");
  const refused = async (what, file) => {
    await assert.rejects(server.command(["restore", file]), what);
    const left = (await readdir(server.dataDir)).filter((name) => name.startsWith("mintmark.db"));
    assert.deepEqual(left, [], "nothing is left");
  };
  const bytes = await readFile(file);
  const damaged = join(server.dataDir, "damaged.tar");
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(damaged, bytes);
  await refused(/damaged|cannot be read/, damaged);
  await writeFile(damaged, "no backup at all");
  await refused(/no backup of Mintmark/, damaged);

  const key = join(server.dataDir, "master.key");
  await rename(key, `${key}.elsewhere`);
  await refused(/Put the master key with the fingerprint/, file);
  await writeFile(key, "0123456789abcdef".repeat(4), { mode: 0o600 });
  await refused(/was sealed under/, file);
  await copyFile(`${key}.elsewhere`, key);
  await server.command(["restore", file]);
  await server.command(["doctor"]);
});
