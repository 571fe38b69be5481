// Identity: a verification secret from the dashboard, the backends of the page's samples run as they stand, and the ends of a secret.

import { cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { alive, assert, axe, browser, freePort, insider, member, mintmark, noOverflow, owner, root, run, signIn, test } from "../harness/index.mjs";

const snippets = join(root, "docs/snippets");
const built = join(root, "target/snippets-identity");
const site = "https://app.acme.example";

/** How each sample is run, once it is compiled. */
const backends = {
  Express: [process.execPath, [join(built, "identity.mjs")]],
  FastAPI: [join(root, "scripts/pyjwt"), [join(snippets, "identity.py")]],
  Go: [join(built, "go-identity"), []],
  axum: [join(root, "target/debug/identity"), []],
};

let preparing;
function prepared() {
  preparing ??= prepare();
  return preparing;
}

async function prepare() {
  await mkdir(built, { recursive: true });
  await cp(join(snippets, "identity.mjs"), join(built, "identity.mjs"));
  // A module is looked for beside the file that asks for it, as in a project of one's own.
  const modules = join(built, "node_modules");
  await rm(modules, { force: true });
  await symlink(join(root, "end2end/node_modules"), modules);
  await run(join(root, "scripts/pyjwt"), ["-c", "import fastapi, uvicorn"]);
  await run(join(root, "scripts/golang"), ["build", "-o", join(built, "go-identity"), join(snippets, "go/identity/main.go")], { cwd: built });
  const cargo = ["build", "--quiet", "--locked", "--manifest-path", join(snippets, "rust/Cargo.toml"), "--bin", "identity"];
  await run("cargo", cargo, { env: { ...process.env, CARGO_TARGET_DIR: join(root, "target") } });
}

/** A backend of this language with these variables; answers what its route says. */
async function ask(t, language, environment) {
  const [program, args] = backends[language];
  const port = await freePort();
  const child = spawn(program, args, { env: { ...process.env, ...environment, PORT: String(port) }, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = once(child, "close");
  t.after(() => child.kill());
  for (;;) {
    const answer = await Promise.race([
      fetch(`http://127.0.0.1:${port}/identity-token`).catch(() => new Promise((later) => setTimeout(later, 50))),
      ended.then(([code]) => assert.fail(`${language} ended with ${code}: ${said}`)),
    ]);
    if (answer) {
      const body = await answer.json();
      child.kill();
      await ended;
      return { status: answer.status, cache: answer.headers.get("cache-control"), body };
    }
  }
}

const exported = (text) => Object.fromEntries([...text.matchAll(/export (\w+)='([^']*)'/g)].map(([, name, value]) => [name, value]));

test("each sample of a backend hands its page a token that Mintmark knows, and no reason when there is none", async (t) => {
  await prepared();
  const server = await mintmark(t);
  const acme = await owner(server);
  const call = await insider(server, acme);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  await acme.call("POST", `/v1/products/${product}/domains`, { origin: site });
  const { texts: [secret], beside } = await call("create_verification_secret", { tenant: "acme", product, name: "Web" });
  assert.match(secret, /^vs_[0-9A-Za-z]{49}$/);
  const shown = exported(beside.replaceAll("&#x27;", "'"));
  assert.deepEqual(shown, { MINTMARK_URL: server.url, MINTMARK_PRODUCT: product });
  assert.ok(!beside.includes(secret));
  for (const language of Object.keys(backends)) {
    const answer = await ask(t, language, { ...shown, MINTMARK_VERIFICATION_SECRET: secret });
    assert.deepEqual([answer.status, answer.cache], [200, "no-store"], `${language}: ${JSON.stringify(answer.body)}`);
    const me = await fetch(`${server.url}/embed/v1/me`, { headers: { authorization: `Bearer ${answer.body.token}`, origin: site } });
    const { anonymous, customer, metadata } = await me.json();
    assert.deepEqual([anonymous, customer.external_id, customer.name, metadata], [false, "customer-42", "Ada Lovelace", { plan: "team" }], language);
    const verified = await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${answer.body.token}` } });
    assert.equal((await verified.json()).valid, true, language);
    const refused = await ask(t, language, { ...shown, MINTMARK_VERIFICATION_SECRET: "vs_wrong" });
    assert.deepEqual([refused.status, refused.body], [500, { error: "Token generation failed" }], language);
  }
  assert.equal((await acme.call("GET", "/v1/customers")).data.length, 1, "one customer, whoever asked");
});

/** Reads the secret in its panel and closes it. */
async function stored(page, title) {
  const panel = page.getByRole("dialog", { name: title });
  await panel.getByText("shown once").first().waitFor();
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: ".env" }).click();
  const text = (await readFile(await (await download).path(), "utf8")).trim().replace("MINTMARK_VERIFICATION_SECRET=", "");
  assert.match(text, /^vs_[0-9A-Za-z]{49}$/);
  assert.ok(!(await panel.textContent()).includes(text), "masked until it is wanted");
  await axe(page);
  await panel.getByLabel(/I have stored it/).check();
  await panel.getByRole("button", { name: "Done" }).click();
  await page.getByRole("table", { name: "Verification secrets" }).waitFor();
  await alive(page);
  assert.ok(!(await page.content()).includes(text), "it is gone from the page");
  return text;
}

test("a secret is made, rotated with an overlap and revoked, each shown for what it does", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const { page } = await browser(t);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${product}/security`);
  await alive(page);
  await page.getByRole("heading", { name: "No verification secret yet" }).waitFor();
  await axe(page);
  assert.equal(exported(await page.getByRole("region", { name: "Environment" }).textContent()).MINTMARK_PRODUCT, product);
  for (const file of ["identity.mjs", "identity.py", "go/identity/main.go", "rust/src/bin/identity.rs"]) {
    assert.ok((await page.locator("main").textContent()).includes((await readFile(join(snippets, file), "utf8")).trimEnd()), file);
  }

  await page.getByRole("button", { name: "Create secret" }).click();
  const dialog = page.getByRole("dialog", { name: "Create verification secret" });
  await dialog.getByLabel("Name").fill("Web, production");
  await dialog.getByRole("button", { name: "Create secret" }).click();
  const first = await stored(page, "Verification secret created");
  const buys = async (secret) => {
    const body = JSON.stringify({ product_id: product, verification_secret: secret, user_id: "u" });
    return (await fetch(`${server.url}/v1/auth/user-token`, { method: "POST", headers: { "content-type": "application/json" }, body })).status;
  };
  assert.equal(await buys(first), 200);

  await page.getByRole("button", { name: "Rotate" }).click();
  const rotation = page.getByRole("dialog", { name: "Rotate verification secret" });
  await rotation.getByRole("radio", { name: "1 hour" }).check();
  await axe(page);
  await rotation.getByRole("button", { name: "Rotate secret" }).click();
  const second = await stored(page, "Verification secret rotated");
  assert.deepEqual([await buys(first), await buys(second)], [200, 200], "both work for now");
  await page.getByRole("row", { name: /Ends/ }).waitFor();
  await axe(page);

  const old = page.getByRole("row", { name: new RegExp(first.slice(-4)) });
  await old.getByRole("button", { name: "Revoke" }).click();
  const end = page.getByRole("dialog", { name: "Revoke verification secret" });
  await end.getByText(/identity token/).first().waitFor();
  await end.getByLabel("Reason").fill("It lay in a repository");
  await end.getByLabel(`Type ${first.slice(-4)} to go on`).fill(first.slice(-4));
  await axe(page);
  await end.getByRole("button", { name: "Revoke secret" }).click();
  await page.getByText("Verification secret revoked").first().waitFor();
  await alive(page);
  await page.getByRole("row", { name: /It lay in a repository/ }).waitFor();
  assert.deepEqual([await buys(first), await buys(second)], [401, 200]);
});

test("narrow screens hold long names, and a viewer is told which role makes secrets", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  await acme.call("POST", `/v1/products/${product}/verification-secrets`, { name: "Wolfeschlegelsteinhausenbergerdorff".repeat(3) });
  const { page } = await browser(t, { viewport: { width: 320, height: 800 } });
  await signIn(page, server, await member(server, acme, "viewer"));
  await page.goto(`${server.url}/t/acme/studio/${product}/security`);
  await alive(page);
  await noOverflow(page);
  await axe(page);
  for (const name of ["Create secret", "Rotate", "Revoke"]) {
    const control = page.getByRole("button", { name, exact: true }).first();
    assert.equal(await control.getAttribute("aria-disabled"), "true", name);
    assert.match(await control.getAttribute("aria-description"), /admin of the tenant/);
  }
});
