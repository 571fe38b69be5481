// An empty widget, from the refusal to its cause: Refusals says why, the inspector which step refuses, and what would be let in.

import { alive, assert, axe, browser, member, mintmark, noOverflow, owner, signIn, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";
const wrong = "http://127.0.0.1:4010";

/** A token that was used rightly and wrongly, with its refusals written down. */
async function world(t, options) {
  const server = await mintmark(t, options);
  const acme = await owner(server);
  const customer = await acme.customer(origin);
  const { id, token } = await acme.mint(customer);
  const call = async (from, path = "/widget/session") => (await fetch(server.url + path, { headers: { authorization: `Bearer ${token}`, origin: from } })).status;
  assert.equal(await call(origin), 200);
  for (let n = 0; n < 3; n++) assert.equal(await call(wrong), 403);
  assert.equal(await call(origin, "/widget/sso-connection"), 403);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const key = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [origin], mode: "test" });
  assert.equal((await fetch(`${server.url}/embed/v1/config?key=${key.id}`, { headers: { origin: wrong } })).status, 403);
  await server.restart(); // refusals are written beside the requests; a stop writes what is left
  return { server, acme, id, token, key };
}

const inspect = async (page, text, more = {}) => {
  await page.getByLabel("Token or its id").fill(text);
  if (more.from !== undefined) await page.getByLabel("Origin of the page").fill(more.from);
  if (more.route) await page.getByLabel("Route").selectOption(more.route);
  await page.getByRole("button", { name: "Inspect" }).click();
};

for (const engine of ["sqlite", "postgres"]) {
  test(`a refusal leads to the step that refused, and the token is told apart: ${engine}`, async (t) => {
    const { server, acme, id, token, key } = await world(t, { engine });
    const { page, tolerate } = await browser(t);
    const sent = [];
    page.on("request", (request) => sent.push(request));
    await acme.signIn(page);

    await page.goto(`${server.url}/t/acme`);
    await page.getByRole("navigation").getByRole("link", { name: "Refusals", exact: true }).click();
    await alive(page);
    await axe(page);
    await noOverflow(page);
    const rows = page.getByRole("row");
    const mismatch = rows.filter({ hasText: wrong }).filter({ hasText: "Page is not one of the token's" });
    assert.match(await mismatch.innerText(), /\b3\b/);
    await rows.filter({ hasText: "Page is not on the embed key's list" }).getByText("Website").waitFor();
    await rows.filter({ hasText: "Scope is missing" }).getByText("sso_connection").waitFor();

    await page.getByLabel("Why").selectOption("embed_origin_not_allowed");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("link", { name: /Remove the filter Why/ }).waitFor();
    assert.equal(await page.getByRole("row").count(), 2, "a head and one line");
    await page.getByRole("link", { name: key.id.slice(-6) }).click();
    await page.getByRole("heading", { name: "Website", level: 1 }).waitFor();

    await page.goto(`${server.url}/t/acme/refusals?target_id=${id}`);
    await alive(page);
    await mismatch.getByRole("link", { name: "Inspect" }).click();
    const verdict = page.getByRole("region", { name: "Verdict" });
    await verdict.getByText("Step 5 refuses:").waitFor();
    assert.match(await verdict.innerText(), new RegExp(`Step 5 refuses: ${wrong} is not ${origin}`));
    await alive(page);
    await axe(page);
    await noOverflow(page);

    // The same token as its page would send it, with the right origin: decoded here, judged there.
    await inspect(page, token, { from: origin, route: "/widget/directory-sync" });
    await verdict.getByText("This call would be let in").waitFor();
    const claims = page.getByRole("region", { name: "Claims" });
    assert.equal(JSON.parse(await claims.innerText()).jti, id);
    assert.equal(JSON.parse(await page.getByRole("region", { name: "Header" }).innerText()).typ, "widget+jwt");
    await axe(page);
    await page.getByLabel("Route").selectOption("/widget/sso-connection");
    await verdict.getByText("Step 6 refuses:").waitFor();
    await verdict.getByText("403 widget_scope_required").waitFor();

    // Another signature is named as such; a token of another house is not judged at all.
    const [header, payload, signature] = token.split(".");
    await inspect(page, `${header}.${payload}.${[...signature].reverse().join("")}`);
    await verdict.getByText("Not a valid token").or(verdict.getByText("No JWT")).first().waitFor();
    const kid = Buffer.from(JSON.stringify({ alg: "ES256", typ: "widget+jwt", kid: `key_${"0".repeat(24)}` })).toString("base64url");
    await inspect(page, `${kid}.${payload}.${signature}`);
    await verdict.getByText("Not of this tenant").waitFor();
    await inspect(page, acme.token);
    await verdict.getByText("No widget token, and refused as one").waitFor();
    await verdict.getByText("403 widget_token_required").waitFor();

    await acme.call("DELETE", `/v1/widget-tokens/${id}`, {});
    await inspect(page, token);
    await verdict.getByText("Step 4 refuses:").waitFor();
    assert.equal((await acme.call("GET", `/v1/widget-tokens/${id}`)).last_used_origin, origin, "looking is no use");
    assert.ok(sent.every((request) => !request.url().includes("eyJ")), "no token in an address");

    // Secrets of other kinds are named, and stay in the browser.
    sent.length = 0;
    for (const [secret, words] of [
      [`sk_live_${"a".repeat(49)}`, "This is an API key."],
      [`vs_${"a".repeat(49)}`, "This is a verification secret."],
      [`magic_${"a".repeat(49)}`, "This is the secret of a magic link."],
      [key.id, "This is an embed key"],
      ["hunter2", "This is neither a token nor the id of one."],
    ]) {
      await inspect(page, secret);
      await page.getByText(words).waitFor();
      assert.equal(await page.locator("[data-inspect=verdict]").innerHTML(), "");
    }
    await axe(page);
    assert.deepEqual(sent.map((request) => request.url()), [], "nothing was sent");
    tolerate(/status of 404/);
    await inspect(page, `wtok_${"0".repeat(24)}`);
    await verdict.getByText("no such widget token").or(verdict.getByText("There is no")).first().waitFor();
  });
}

test("both pages hold narrow screens, empty tenants, viewers, and no scripts", async (t) => {
  const { server, acme, id } = await world(t);
  const { page, newContext, tolerate } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/refusals`);
  await alive(page);
  await axe(page);
  await noOverflow(page);
  await page.goto(`${server.url}/t/acme/refusals?reason=customer_banned`);
  await page.getByRole("heading", { name: "No refusals match" }).waitFor();
  await page.goto(`${server.url}/t/acme/inspector?token_id=${id}&origin=${wrong}`);
  await alive(page);
  await axe(page);
  await noOverflow(page);

  const bare = await (await newContext({ javaScriptEnabled: false })).newPage();
  await acme.signIn(bare);
  await bare.goto(`${server.url}/t/acme/inspector?token_id=${id}&origin=${wrong}`);
  await bare.getByText("Step 5 refuses:").waitFor();
  assert.match(await bare.content(), /This needs scripts/);
  assert.ok(await bare.getByRole("button", { name: "Inspect" }).isDisabled());

  tolerate(/status of 403/);
  const viewer = await (await newContext()).newPage();
  await signIn(viewer, server, await member(server, acme, "viewer"));
  await viewer.goto(`${server.url}/t/acme/refusals`);
  await viewer.getByRole("heading", { name: "Not for your role" }).waitFor();
  assert.equal(await viewer.getByRole("navigation").getByRole("link", { name: "Refusals" }).count(), 0);
  await viewer.goto(`${server.url}/t/acme/inspector?token_id=${id}&origin=${origin}`);
  await viewer.getByText("This call would be let in").waitFor();

  const empty = await mintmark(t);
  const fresh = await owner(empty);
  const other = await (await newContext()).newPage();
  await fresh.signIn(other);
  await other.goto(`${empty.url}/t/acme/refusals`);
  await other.getByRole("heading", { name: "Nothing refused: last 24 hours" }).waitFor();
  await axe(other);
  await noOverflow(other);
});
