// The snippets of the README and the secret panel, run as they stand by the languages that they are written in.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, browser, host, insider, mintmark, owner, root, run, test } from "../harness/index.mjs";

const snippets = join(root, "docs/snippets");
const built = join(root, "target/snippets");
const origin = "http://localhost:4010";

/** How a snippet of this name is run in each language; `judges` are the languages that verify without asking. */
const languages = {
  curl: (name) => ["sh", [join(snippets, `${name}.sh`)]],
  Node: (name) => [process.execPath, [join(built, `${name}.mjs`)]],
  Python: (name) => [join(root, "scripts/pyjwt"), [join(snippets, `${name}.py`)]],
  Go: (name) => [join(built, `go-${name}`), []],
  Rust: (name) => [join(root, "target/debug", name), []],
};
const judges = ["Node", "Python", "Go", "Rust"];

/** Compiles what must be compiled, once for all tests of this file. */
let preparing;
function prepared() {
  preparing ??= prepare();
  return preparing;
}

async function prepare() {
  const target = join(root, "target");
  await mkdir(built, { recursive: true });
  for (const name of ["mint", "verify", "bridge"]) await cp(join(snippets, `${name}.mjs`), join(built, `${name}.mjs`));
  // A module is looked for beside the file that asks for it, as in a project of one's own.
  await cp(join(root, "end2end/node_modules/jose"), join(built, "node_modules/jose"), { recursive: true });
  for (const name of ["mint", "verify", "bridge"]) {
    await run(join(root, "scripts/golang"), ["build", "-o", join(built, `go-${name}`), join(snippets, `go/${name}/main.go`)], { cwd: built });
  }
  const cargo = ["build", "--quiet", "--locked", "--manifest-path", join(snippets, "rust/Cargo.toml")];
  await run("cargo", cargo, { env: { ...process.env, CARGO_TARGET_DIR: target } });
}

/** A tenant with an organization, the origin and an API key, and the environment that its secret panel shows. */
async function backend(server, slug = "acme") {
  const tenant = await owner(server, slug);
  const customer = await tenant.customer(origin);
  const { key } = await tenant.call("POST", "/v1/api-keys", { name: "backend", role: "admin" });
  const environment = {
    MINTMARK_URL: server.url,
    MINTMARK_ISSUER: `${server.url}/t/${slug}`,
    MINTMARK_AUDIENCE: tenant.tenant.id,
    MINTMARK_ORGANIZATION: customer.id,
    MINTMARK_SCOPE: "directory_sync",
    MINTMARK_ORIGIN: origin,
    MINTMARK_TTL: "600",
    MINTMARK_API_KEY: key,
  };
  return { tenant, customer, environment, mint: async () => (await tenant.mint(customer)).token };
}

/** Runs the snippet; answers what it printed, or throws when it exits with anything but 0. */
async function runs(language, name, environment) {
  const [program, args] = languages[language](name);
  return (await run(program, args, { env: { ...process.env, ...environment } })).trim();
}

/** Fails if any of the languages lets the token pass. */
async function refused(environment, token, why, which = Object.keys(languages)) {
  for (const language of which) {
    const verdict = runs(language, "verify", { ...environment, MINTMARK_TOKEN: token });
    await assert.rejects(verdict, ({ code }) => code > 0, `${language} lets pass ${why}`);
  }
}

test("each mint snippet mints a token that works from its origin, and each verify snippet accepts it", async (t) => {
  await prepared();
  const server = await mintmark(t);
  const { environment } = await backend(server);
  for (const language of Object.keys(languages)) {
    const printed = await runs(language, "mint", environment);
    const token = language === "curl" ? JSON.parse(printed).token : printed;
    const answer = await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } });
    assert.equal(answer.status, 200, `${language}: ${await answer.text()}`);
    const seen = await runs(language, "verify", { ...environment, MINTMARK_TOKEN: token });
    assert.ok(seen.includes(environment.MINTMARK_ORGANIZATION) && seen.includes(origin), `${language}: ${seen}`);
  }
});

test("each mint snippet fails with what Mintmark said when the key is wrong", async (t) => {
  await prepared();
  const server = await mintmark(t);
  const { environment } = await backend(server);
  for (const language of Object.keys(languages)) {
    const verdict = runs(language, "mint", { ...environment, MINTMARK_API_KEY: "sk_live_wrong" });
    await assert.rejects(verdict, /invalid_token/, language);
  }
});

test("each verify snippet refuses a dashboard JWT, a forgery, and what another tenant or installation minted", async (t) => {
  await prepared();
  const [server, elsewhere] = [await mintmark(t), await mintmark(t)];
  const { tenant, environment, mint } = await backend(server);
  const [header, claims, signature] = (await mint()).split(".");
  await refused(environment, tenant.token, "a dashboard JWT");
  await refused(environment, [header, claims, (signature[0] === "A" ? "B" : "A") + signature.slice(1)].join("."), "a forgery");
  await refused(environment, await (await backend(server, "other")).mint(), "another tenant's token");
  await refused(environment, await (await backend(elsewhere)).mint(), "a token of another installation");
});

for (const [clock, why] of [["-2h", "an expired token"], ["+2h", "a token whose time has not come"]]) {
  test(`each offline verify snippet refuses ${why}`, async (t) => {
    await prepared();
    const { environment, mint } = await backend(await mintmark(t, { clock }));
    await refused(environment, await mint(), why, judges);
  });
}

test("the verify snippets follow the tenant's algorithm, except Go's, which says that it knows one", async (t) => {
  await prepared();
  const { tenant, environment, mint } = await backend(await mintmark(t));
  for (const algorithm of ["EdDSA", "RS256"]) {
    await tenant.call("POST", "/v1/signing-keys", { algorithm });
    await tenant.call("POST", "/v1/signing-keys/rotate", { force: true, reason: "a journey wants this algorithm" });
    const token = await mint();
    for (const language of ["curl", "Node", "Python", "Rust"]) await runs(language, "verify", { ...environment, MINTMARK_TOKEN: token });
    await assert.rejects(runs("Go", "verify", { ...environment, MINTMARK_TOKEN: token }), /not a widget token signed with ES256/);
  }
});

test("what the README says to type makes all that a backend needs, and mints", async (t) => {
  const server = await mintmark(t);
  const { email, password } = await owner(server);
  const typed = `eval "$(sh docs/snippets/prepare.sh)"\nsh docs/snippets/mint.sh\n`;
  assert.ok((await readFile(join(root, "README.md"), "utf8")).includes(typed), "the README says so");
  const environment = { ...process.env, MINTMARK_URL: server.url };
  const said = await run("sh", ["-ec", typed], { cwd: root, env: environment, stdin: `${email}\n${password}\n\n` });
  const answer = await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${JSON.parse(said).token}`, origin } });
  assert.equal(answer.status, 200, await answer.text());
  const wrong = run("sh", ["-c", "sh docs/snippets/prepare.sh"], { cwd: root, env: environment, stdin: `${email}\nwrong "\\\n\n` });
  await assert.rejects(wrong, /invalid_credentials/);
});

test("the page's snippet answers what Mintmark says to the page's own origin, and throws what it refuses", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const body = await readFile(join(snippets, "embed.mjs"), "utf8");
  await page.route(`${site.url}embed.mjs`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  await page.goto(site.url);
  const call = (token) =>
    page.evaluate(
      async ([url, token]) => (await import("/embed.mjs")).callMintmark(url, token).catch(({ message, status, requestId }) => ({ message, status, requestId })),
      [`${server.url}/widget/session`, token],
    );
  const { id, token } = await acme.mint(await acme.customer(site.origin));
  assert.equal((await call(token)).id, id);
  await acme.call("DELETE", `/v1/widget-tokens/${id}`, { reason: "the journey is over" });
  const refusal = await call(token);
  assert.equal(refusal.status, 401);
  assert.match(refusal.message, /^widget_token_revoked: /);
  assert.match(refusal.requestId, /^\S+$/);
});

test("the secret panel shows these very snippets, and variables with which they run", async (t) => {
  await prepared();
  const server = await mintmark(t);
  const { tenant, customer, environment } = await backend(server);
  const call = await insider(server, tenant);
  const asked = { tenant: "acme", organization_id: customer.id, "scope[0]": "directory_sync", "origins[0]": origin, minutes: "10" };
  const { texts: [token], beside } = await call("mint_token", asked);
  const shown = beside.replaceAll(/<!--.*?-->/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  for (const what of ["mint", "verify"]) {
    for (const file of [`${what}.sh`, `${what}.mjs`, `${what}.py`, `go/${what}/main.go`, `rust/src/bin/${what}.rs`]) {
      assert.ok(shown.includes((await readFile(join(snippets, file), "utf8")).trimEnd()), file);
    }
  }
  const exported = Object.fromEntries([...shown.matchAll(/export (\w+)='([^']*)'/g)].map(([, name, value]) => [name, value]));
  assert.deepEqual({ ...exported, MINTMARK_API_KEY: "" }, { ...environment, MINTMARK_API_KEY: "" });
  assert.ok(!shown.includes(token), "the token itself stands elsewhere");
  for (const language of Object.keys(languages)) await runs(language, "verify", { ...exported, MINTMARK_TOKEN: token });
});

test("each bridge snippet signs, with a key of each kind, a token that a page exchanges once", async (t) => {
  await prepared();
  const server = await mintmark(t);
  const acme = await owner(server);
  const folder = await mkdtemp(join(tmpdir(), "mintmark-bridge-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "mintmark-bridge.key");
  const call = await insider(server, acme);
  const exchanged = async (key, token) => {
    const answer = await fetch(`${server.url}/embed/v1/sessions/exchange?key=${key}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify({ bridge_token: token }),
    });
    return answer.json();
  };
  for (const algorithm of ["ES256", "EdDSA", "RS256", "HS256"]) {
    const { id: product } = await acme.call("POST", "/v1/products", { name: algorithm });
    const embed = { name: "Website", origins: [origin], mode: "live", allow_development_origins: true };
    const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, embed);
    const { texts: [secret], beside } = await call("mint_bridge_key", { tenant: "acme", product, algorithm });
    await writeFile(file, `${secret}\n`, { mode: 0o600 });
    // With the variables that the panel shows, and the file that it gives.
    const exported = Object.fromEntries([...beside.replaceAll("&#x27;", "'").matchAll(/export (\w+)='([^']*)'/g)].map(([, name, value]) => [name, value]));
    const environment = { ...exported, MINTMARK_BRIDGE_KEY_FILE: file };
    for (const language of judges) {
      const token = await runs(language, "bridge", environment);
      const { code, customer } = await exchanged(key, token);
      assert.equal(code, undefined, `${language}, ${algorithm}`);
      assert.deepEqual([customer.external_id, customer.email, customer.name], ["customer-42", "ada@example.com", "Ada Lovelace"], language);
      assert.equal((await exchanged(key, token)).code, "bridge_token_replayed", language);
    }
  }
  assert.equal((await acme.call("GET", "/v1/customers")).data.length, 1, "one customer, whoever vouched");
});
