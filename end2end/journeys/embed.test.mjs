// The promise of the product, seen from the page of a second origin: what is revoked stops at the very next call.

import { assert, browser, host, mintmark, owner, test } from "../harness/index.mjs";

/** The host page with this token in its field, and how to call once and read the verdict. */
async function embedded(page, url, token) {
  await page.goto(url);
  await page.getByLabel("Widget token").fill(token);
  return async (verdict) => {
    const before = await page.locator("#answers > li").count();
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.locator(`#answers > li:nth-child(${before + 2})`).waitFor(); // each press makes two calls
    assert.match(await page.getByRole("status").textContent(), verdict);
  };
}

for (const engine of ["sqlite", "postgres"]) {
  test(`a revoked token is refused on the page's next call: ${engine}`, async (t) => {
    const server = await mintmark(t, { engine });
    const acme = await owner(server);
    const site = await host(t, { mintmark: server.url });
    const customer = await acme.customer(site.origin);
    const minted = await acme.mint(customer);
    const { page, tolerate } = await browser(t);
    tolerate(/status of 401/);
    const calls = await embedded(page, site.url, minted.token);
    await calls(/^200/);
    const shown = JSON.parse(await page.locator('#answers > li[data-path="/widget/organization"] pre').first().textContent());
    assert.equal(shown.name, "Customer");
    await acme.call("DELETE", `/v1/widget-tokens/${minted.id}`, { reason: "the journey is over" });
    await calls(/^401 widget_token_revoked/);
    const { data } = await acme.call("GET", `/v1/audit-events?target_id=${minted.id}`);
    const actions = data.map(({ action }) => action);
    assert.ok(actions.includes("widget_token.minted") && actions.includes("widget_token.revoked"), actions.join());
  });
}

test("a page of an origin that the token does not name is refused, and is told so", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const minted = await acme.mint(await acme.customer("http://localhost:1"));
  const { page, tolerate } = await browser(t);
  tolerate(/status of 403/);
  const calls = await embedded(page, site.url, minted.token);
  await calls(/^403 widget_origin_mismatch/);
});

test("a page goes on working while the signing key is rotated, and stops when its key is revoked", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const customer = await acme.customer(site.origin);
  const { token } = await acme.mint(customer);
  const kid = JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid;
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const calls = await embedded(page, site.url, token);
  await calls(/^200/);
  await acme.call("POST", "/v1/signing-keys/rotate", { force: true, reason: "a drill" });
  await calls(/^200/);
  const successor = await acme.mint(customer);
  await page.getByLabel("Widget token").fill(successor.token);
  await calls(/^200/);
  await acme.call("POST", `/v1/signing-keys/${kid}/revoke`, { reason: "a drill" });
  await calls(/^200/);
  await page.getByLabel("Widget token").fill(token);
  await calls(/^401 widget_token_revoked/);
});

test("a token is dead at its end, though its page goes on calling", async (t) => {
  const server = await mintmark(t, { clock: true });
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const { token } = await acme.mint(await acme.customer(site.origin), { ttl_seconds: 60 });
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const calls = await embedded(page, site.url, token);
  await calls(/^200/);
  await server.clock("+61s");
  await calls(/^401 widget_token_expired/);
});
