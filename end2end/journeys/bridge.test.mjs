// The Auth Bridge: a key minted in the dashboard, a token that a backend signs with it, a session in a page of another origin, and the ends
// of each.

import { readFile } from "node:fs/promises";
import { createHmac, randomUUID } from "node:crypto";
import { alive, assert, axe, browser, member, mintmark, noOverflow, owner, shop, signIn, test } from "../harness/index.mjs";

const json = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** What the tenant's backend signs of a customer: HS256, the secret as its ASCII bytes. */
function bridgeToken({ tenant, kid, secret }, customer) {
  const now = Math.floor(Date.now() / 1000);
  const message = `${json({ alg: "HS256", kid, typ: "JWT" })}.${json({ aud: tenant, iat: now, exp: now + 300, jti: randomUUID(), ...customer })}`;
  return `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
}

/** Mints a key in the dialog; answers its file's text, after its panel was closed. */
async function mint(page, algorithm) {
  await page.getByRole("button", { name: "Mint a new signing key" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Mint a new signing key" });
  await dialog.getByRole("radio", { name: algorithm }).check();
  await axe(page);
  await dialog.getByRole("button", { name: "Mint key" }).click();
  const panel = page.getByRole("dialog", { name: "Signing key minted" });
  await panel.getByText("HSM").waitFor();
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Download" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "mintmark-bridge.key");
  const text = (await readFile(await file.path(), "utf8")).trim();
  assert.ok(!(await panel.textContent()).includes(text.split("\n").at(1) ?? text), "masked until it is wanted");
  await panel.getByRole("button", { name: "Reveal" }).click();
  assert.ok((await panel.textContent()).includes(text), "what is shown is what is downloaded");
  await axe(page);
  await panel.getByLabel(/I have stored it/).check();
  await panel.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "Signing keys" }).waitFor();
  await alive(page);
  assert.ok(!(await page.content()).includes(text), "it is gone from the page");
  return text;
}

/** The id of the key in this state, from the picture of their lives. */
const keyIn = async (acme, product, state) => {
  const { data } = await acme.call("GET", `/v1/products/${product}/bridge-keys`);
  return data.find((key) => key.state === state)?.id;
};

for (const engine of ["sqlite", "postgres"]) {
  test(`a customer whom the backend vouches for is signed in, seen, and signed out: ${engine}`, async (t) => {
    const server = await mintmark(t, { engine });
    const acme = await owner(server);
    const [site, elsewhere] = [await shop(t), await shop(t)];
    const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
    await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [site.origin], mode: "live", allow_development_origins: true });
    const { page, newContext, tolerate } = await browser(t);
    tolerate(/status of (401|403)/);
    await acme.signIn(page);

    await page.goto(`${server.url}/t/acme/studio/${product}/bridge`);
    await alive(page);
    await page.getByRole("heading", { name: "No signing key yet" }).waitFor();
    await axe(page);
    const secret = await mint(page, "HS256");
    assert.match(secret, /^bridge_[0-9A-Za-z]{49}$/);
    const key = { tenant: acme.tenant.id, kid: await keyIn(acme, product, "active"), secret };
    const snippet = await page.getByRole("region", { name: "HTML" }).textContent();
    assert.ok((await page.getByRole("region", { name: "Environment" }).textContent()).includes(key.kid));

    /** A visitor's browser opens the page, in which the backend has written this token. */
    const visit = async (token, at = site) => {
      at.show(snippet.replace("eyJ...", token));
      const context = await newContext();
      const visitor = await context.newPage();
      const answers = [];
      visitor.on("response", async (response) => {
        if (response.request().method() !== "OPTIONS" && response.url().includes("/embed/v1/sessions/exchange")) answers.push(response);
      });
      await visitor.goto(at.url);
      return { context, visitor, answers };
    };
    const token = bridgeToken(key, { external_customer_id: "ada-1", name: "Ada Lovelace", email: "ada@example.com", email_verified: true });
    const { context, visitor, answers } = await visit(token);
    await visitor.getByRole("button", { name: /Ada Lovelace/ }).waitFor();
    assert.deepEqual(await context.cookies(), [], "no cookie is set");
    assert.deepEqual(await visitor.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    const { token: session, customer } = await answers[0].json();

    /** The code with which the page's exchange is refused. */
    const refused = async (token, at) => {
      const { visitor, answers } = await visit(token, at);
      while (answers.length === 0) await visitor.waitForEvent("response");
      return (await answers[0].json()).code;
    };
    assert.equal(await refused(token), "bridge_token_replayed");
    assert.equal(await refused(bridgeToken(key, { external_customer_id: "ada-1" }), elsewhere), "embed_origin_not_allowed");

    const me = () =>
      visitor.evaluate(
        async ([url, session]) => {
          const answer = await fetch(`${url}/embed/v1/me`, { credentials: "omit", headers: { authorization: `Bearer ${session}` } });
          const body = await answer.json();
          return `${answer.status} ${body.code ?? body.customer.id}`;
        },
        [server.url, session],
      );
    assert.equal(await me(), `200 ${customer.id}`);

    await page.goto(`${server.url}/t/acme/customers`);
    await alive(page);
    await axe(page);
    const row = page.getByRole("row", { name: /Ada Lovelace/ });
    await row.getByText("1 live session").waitFor();
    await row.getByText("Bridge token").waitFor();
    await page.getByRole("searchbox").fill("ADA@example");
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("link", { name: "Ada Lovelace" }).click();
    await page.getByRole("heading", { name: "Ada Lovelace", level: 1 }).waitFor();
    await alive(page);
    await axe(page);
    await page.getByRole("row", { name: new RegExp(site.origin) }).getByRole("button", { name: "End" }).click();
    await page.getByRole("dialog", { name: "End session" }).getByRole("button", { name: "End session" }).click();
    await page.getByText("Session ended").first().waitFor();
    assert.equal(await me(), "401 session_revoked");
    await alive(page);
    await page.getByRole("button", { name: "Ban customer" }).first().click();
    await page.getByRole("dialog", { name: "Ban customer" }).getByRole("button", { name: "Ban customer" }).click();
    await page.getByText("Customer banned").first().waitFor();
    assert.equal(await refused(bridgeToken(key, { external_customer_id: "ada-1" })), "customer_banned");
  });
}

test("one signing key takes over from another, and a revoked one takes its sessions along", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const { page, tolerate } = await browser(t);
  tolerate(/status of 422/);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${product}/bridge`);
  await alive(page);
  await mint(page, "HS256");
  const pem = await mint(page, "ES256");
  assert.match(pem, /^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----$/);
  const [first, second] = [await keyIn(acme, product, "active"), await keyIn(acme, product, "next")];
  await page.getByRole("button", { name: "Promote" }).click();
  await page.getByRole("dialog", { name: "Promote signing key" }).getByRole("button", { name: "Promote key" }).click();
  await page.getByText("Key promoted").first().waitFor();
  await alive(page);
  assert.deepEqual([await keyIn(acme, product, "active"), await keyIn(acme, product, "retiring")], [second, first]);
  await axe(page);
  const old = page.getByRole("article", { name: new RegExp(first.slice(-6)) });
  await old.getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke signing key" });
  await dialog.getByLabel("Reason").fill("It lay in a repository");
  await dialog.getByLabel(`Type ${first.slice(-6)} to go on`).fill(first.slice(-6));
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("Key revoked").first().waitFor();
  await alive(page);
  assert.equal(await keyIn(acme, product, "revoked"), first);
  await page.getByRole("row", { name: /It lay in a repository/ }).waitFor();

  await page.getByRole("button", { name: "Register a public key" }).click();
  const register = page.getByRole("dialog", { name: "Register a public key" });
  await register.getByRole("radio", { name: "EdDSA" }).check();
  await register.getByLabel("Public key").fill(pem);
  await register.getByRole("button", { name: "Register key" }).click();
  await register.getByText("consider this key leaked").first().waitFor();
  await register.getByLabel("Public key").fill('{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}');
  await register.getByRole("button", { name: "Register key" }).click();
  await page.getByText("Public key registered").first().waitFor();
});

test("test customers stand apart under a banner and are purged, and narrow screens hold long names", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const long = `${"Wolfeschlegelsteinhausenbergerdorff".repeat(3)}`;
  const { id } = await acme.call("POST", "/v1/customers", { external_id: "x".repeat(255), name: long, email: `${"m".repeat(60)}@${"long-".repeat(8)}host.example`, metadata: { note: "y".repeat(300) } });
  await acme.call("POST", "/v1/customers", { external_id: "try-1", mode: "test" });
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  await acme.call("POST", `/v1/products/${product}/bridge-keys`, { algorithm: "RS256" });
  const { page } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  const base = `${server.url}/t/acme`;
  for (const path of ["/customers", `/customers/${id}`, "/customers?mode=test", "/customers?q=nobody", `/studio/${product}/bridge`]) {
    await page.goto(base + path);
    await alive(page);
    await noOverflow(page);
    await axe(page);
  }
  await page.goto(`${base}/customers`);
  await page.getByRole("link", { name: "1 test customer" }).click();
  await page.getByRole("link", { name: "try-1" }).waitFor();
  await alive(page);
  await page.getByRole("button", { name: "Purge test customers" }).first().click();
  await page.getByRole("dialog", { name: "Purge test customers" }).getByRole("button", { name: "Purge test customers" }).click();
  await page.getByText("Test customers purged").first().waitFor();
  await page.getByRole("link", { name: new RegExp(long) }).waitFor();
  assert.deepEqual((await acme.call("GET", "/v1/customers?mode=test")).data, []);
});

test("a viewer sees customers and keys and is told which role changes them", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { id } = await acme.call("POST", "/v1/customers", { external_id: "u-1" });
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  await acme.call("POST", `/v1/products/${product}/bridge-keys`, { algorithm: "HS256" });
  const viewer = await member(server, acme, "viewer");
  const { page } = await browser(t);
  await signIn(page, server, viewer);
  const refused = async (path, button) => {
    await page.goto(`${server.url}/t/acme${path}`);
    await alive(page);
    const control = page.getByRole("button", { name: button }).first();
    assert.equal(await control.getAttribute("aria-disabled"), "true", button);
    assert.match(await control.getAttribute("aria-description"), /admin of the tenant/);
  };
  await refused("/customers", "Add customer");
  await refused(`/customers/${id}`, "Ban customer");
  await refused(`/customers/${id}`, "Erase customer");
  await refused(`/studio/${product}/bridge`, "Mint a new signing key");
  await refused(`/studio/${product}/bridge`, "Revoke");
});
