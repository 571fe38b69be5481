// What becomes of the SDK in a page's life: another copy of it, pinned bytes, two tabs, the way back, a network that fails, a wrong clock.

import { assert, browser, keepsNothing, NOTHING, portal, published, test } from "../harness/index.mjs";

const START = `import { createSession } from "{{sdk}}/mintmark.js";
  window.told = [];
  window.begin = (more) => {
    window.session = createSession({ embedKey: "{{key}}", ...more });
    for (const name of ["ready", "signed-in", "signed-out", "session-changed", "token-refreshed", "error"]) session.on(name, (detail) => told.push([name, detail]));
    return session.ready.then(() => session.state);
  };`;

/** A portal's page whose backend hands out bridge tokens; answers it, and how often it was asked. */
async function begun(t, { claims, options } = {}) {
  const made = await portal(t);
  const { page, context, ...rest } = await browser(t, options);
  const asked = [];
  await context.exposeBinding("fetchBridgeToken", async () => {
    asked.push(Date.now());
    return made.bridgeToken({ name: "Ada", ...claims });
  });
  made.show(made.script(START));
  return { ...made, page, context, asked, ...rest };
}

test("a classic script and a pinned module are one SDK, and other bytes than the pinned ones do not run", async (t) => {
  const { server, acme, site, product, show, script } = await portal(t);
  await published(acme, product);
  const { page, tolerate } = await browser(t);
  tolerate(/integrity/);
  const { version, bundles } = await (await fetch(`${server.url}/sdk/v1/sri.json`)).json();
  const pinned = (name, hash = bundles[name]) => `<script type="module" src="${server.url}/sdk/${version}/${name}" integrity="${hash}" crossorigin></script>`;
  show(`<script src="{{sdk}}/mintmark.iife.js" integrity="${bundles["mintmark.iife.js"]}" crossorigin></script>
    <link rel="modulepreload" href="${server.url}/sdk/${version}/mintmark.js" integrity="${bundles["mintmark.js"]}" crossorigin>
    ${pinned("pricing.js")}<mintmark-pricing embed-key="{{key}}"></mintmark-pricing>`);
  await page.addInitScript(() => window.addEventListener("mintmark:ready", () => (window.heard = typeof window.mintmark.createSession)));
  const configs = [];
  page.on("request", (request) => request.url().includes("/embed/v1/config") && configs.push(request.url()));
  await page.goto(site.url);
  await page.getByRole("heading", { name: "Team" }).waitFor();
  const key = await page.locator("mintmark-pricing").getAttribute("embed-key");
  assert.deepEqual(await page.evaluate((key) => [window.heard, window.mintmark.createSession({ embedKey: key }) === document.querySelector("mintmark-pricing").session, window.mintmark.version], key), ["function", true, version]);
  assert.equal(configs.length, 1, "one look at the product for both");
  assert.equal(await page.evaluate(() => { try { window.mintmark.createSession({ embedKey: "sk_live_x" }); } catch (error) { return error instanceof window.mintmark.MintmarkError && error.code; } }), "secret_key_in_page");

  show(`${pinned("pricing.js", bundles["mintmark.js"])}<mintmark-pricing embed-key="{{key}}"></mintmark-pricing>${script("window.over = true")}`);
  await page.goto(site.url);
  await page.waitForFunction(() => window.over);
  assert.equal(await page.evaluate(() => customElements.get("mintmark-pricing")), undefined);
});

test("each tab has a session of its own; signing out everywhere ends all of them at their next call", async (t) => {
  const { site, page, context, tolerate, bridgeToken } = await begun(t);
  tolerate(/status of 401/);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(site.url);
    assert.equal(await tab.evaluate((bridgeToken) => begin({ bridgeToken }), await bridgeToken()), "signed-in");
    assert.deepEqual(await keepsNothing(tab), NOTHING);
  }
  const me = () => session.call(`${session.base}/embed/v1/me`).then(() => session.state, ({ code }) => code);
  await page.evaluate(() => session.signOut());
  assert.deepEqual([await page.evaluate(() => session.state), await other.evaluate(me)], ["anonymous", "signed-in"], "the other tab goes on");
  await page.evaluate(() => session.destroy());
  await page.evaluate((bridgeToken) => begin({ bridgeToken }), await bridgeToken());
  await page.evaluate(() => session.signOut({ everywhere: true }));
  assert.deepEqual([await other.evaluate(me), await other.evaluate(() => session.state)], ["session_revoked", "revoked"]);
});

test("whoever comes back by the browser's own button finds the session as it was, and fresh", async (t) => {
  const { server, site, page, asked, show, script } = await begun(t, { options: { remembersPages: true } });
  show(script(START), "", { "cache-control": "no-cache" }); // browsers forget a page that may not be stored
  await page.goto(site.url);
  await page.evaluate(() => addEventListener("pageshow", ({ persisted }) => (window.came = persisted)));
  assert.equal(await page.evaluate(() => begin({ getBridgeToken: () => fetchBridgeToken() })), "signed-in");
  const before = await page.evaluate(() => session.getToken());
  await page.goto(`${server.url}/sign-in`);
  await page.goBack({ waitUntil: "commit" }); // nothing loads
  assert.deepEqual(await page.evaluate(() => [window.came, session.state]), [true, "signed-in"], "the browser could keep the page");
  assert.equal(await page.evaluate(() => session.getToken()), before);
  assert.equal(asked.length, 1);
});

test("a network that fails is tried again, with a fresh bridge token each time", async (t) => {
  const { site, page, context, asked, tolerate } = await begun(t);
  tolerate(/net::ERR_|status of 503/);
  let left = 2;
  await context.route("**/sessions/exchange*", (route) => (left-- > 0 ? (left ? route.abort() : route.fulfill({ status: 503, headers: { "access-control-allow-origin": "*", "retry-after": "1" }, json: { code: "unavailable", message: "Later." } })) : route.continue()));
  await page.goto(site.url);
  assert.equal(await page.evaluate(() => begin({ getBridgeToken: () => fetchBridgeToken() })), "signed-in");
  assert.equal(asked.length, 3);
  assert.deepEqual(await page.evaluate(() => told.map(([name]) => name).filter((name) => name === "error")), [], "what passes is no error");
});

test("a refresh waits for the network to come back; a session that ended meanwhile is begun anew", async (t) => {
  const { site, page, context, asked, tolerate } = await begun(t);
  tolerate(/net::ERR_/);
  await page.clock.install();
  await page.goto(site.url);
  await page.evaluate(() => begin({ getBridgeToken: () => fetchBridgeToken() }));
  await context.setOffline(true);
  await page.clock.runFor("56:00");
  assert.equal(await page.evaluate(() => session.state), "signed-in", "good for four minutes still");
  const refreshed = page.waitForResponse((answer) => answer.url().endsWith("/sessions/refresh"));
  await context.setOffline(false);
  await page.clock.runFor("00:31");
  assert.equal((await refreshed).status(), 200);
  await page.waitForFunction(() => told.some(([name]) => name === "token-refreshed"));
  assert.equal(asked.length, 1);

  await context.setOffline(true);
  await page.clock.fastForward("03:00:00");
  await context.setOffline(false);
  await page.clock.runFor("01:05");
  await page.waitForFunction(() => session.state === "signed-in" && session.getToken());
  assert.ok(asked.length > 1, "the backend vouched anew");
});

test("a computer whose clock is wrong by hours is signed in all the same", async (t) => {
  const { site, page, asked } = await begun(t);
  for (const hours of [-5, 7]) {
    await page.clock.install({ time: Date.now() + hours * 3_600_000 });
    await page.goto(site.url);
    assert.equal(await page.evaluate(() => begin({ getBridgeToken: () => fetchBridgeToken() })), "signed-in", `${hours} h`);
    await page.clock.runFor("10:00");
    assert.equal(await page.evaluate(() => session.getSessionJwt().then((token) => token === session.getToken() && token !== null)), true);
  }
  assert.equal(asked.length, 2, "once each: nothing was renewed too early");
});

test("a page says who its visitor is, in time, and goes on without a name where its backend knows nobody", async (t) => {
  const { acme, server, site, page, context, product } = await begun(t);
  const { secret } = await acme.call("POST", `/v1/products/${product}/verification-secrets`, {});
  const bought = [];
  const buy = async () => {
    const answer = await fetch(`${server.url}/v1/auth/user-token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ product_id: product, verification_secret: secret, user_id: "u-7", name: "Grace" }) });
    bought.push(answer.status);
    return answer.json();
  };
  await context.exposeBinding("fetchIdentity", buy);
  await page.clock.install();
  await page.goto(site.url);
  assert.equal(await page.evaluate(() => begin().then(() => session.identify(() => fetchIdentity())).then(() => session.state)), "anonymous");
  const first = await page.evaluate(() => session.getToken());
  const judged = await (await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${first}` } })).json();
  assert.deepEqual([judged.valid, judged.payload.sub], [true, "u-7"]);
  await page.clock.runFor("13:55");
  assert.equal(bought.length, 1);
  await page.clock.runFor("00:10");
  await page.waitForFunction((first) => session.getToken() !== first, first);
  assert.deepEqual(bought, [200, 200]);
  assert.ok(await page.evaluate(() => told.some(([name, detail]) => name === "token-refreshed" && detail.kind === "identity")));
  for (const nobody of ["", null, undefined]) {
    await page.evaluate((said) => session.identify(() => said), nobody);
    assert.deepEqual(await page.evaluate(() => [session.getToken(), session.state]), [null, "anonymous"]);
  }
  assert.deepEqual(await keepsNothing(page), NOTHING);
});
