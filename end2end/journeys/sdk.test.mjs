// The browser SDK and its first elements, in real pages of a second origin under a strict policy.

import { NOTHING, assert, axe, browser, keepsNothing, noOverflow, portal, published, test } from "../harness/index.mjs";

const PRICING = `<script type="module" src="{{sdk}}/pricing.js"></script><mintmark-pricing embed-key="{{key}}"></mintmark-pricing>`;
const USER = `<script type="module" src="{{sdk}}/user-button.js"></script>`;

/** Requests of a page to `/embed/v1/...`, as "METHOD path", from now on. */
function calls(page) {
  const seen = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/embed/") && request.method() !== "OPTIONS") seen.push(`${request.method()} ${pathname.slice("/embed/v1/".length)}`);
  });
  return seen;
}

test("a page shows what is published, under a strict policy, and its browser keeps nothing", async (t) => {
  const { acme, site, product, show } = await portal(t, { product: { appearance: { accent: "#8a2be2", radius: 14 } } });
  await published(acme, product);
  await published(acme, product, { name: "Start", price: { amount: 0, currency: "EUR", interval: "month" }, features: [], cta_url: null, description: null });
  await published(acme, product, { name: "Secret plan", status: "DRAFT" });
  const { page, context } = await browser(t);
  show(PRICING);
  await page.goto(site.url);
  await page.getByRole("heading", { name: "Team" }).waitFor();
  await page.getByText("€49").waitFor();
  await page.getByText("Free").waitFor();
  assert.equal(await page.getByText("Secret plan").count(), 0);
  const buy = page.getByRole("link", { name: "Choose Team" });
  assert.equal(await buy.evaluate((link) => getComputedStyle(link).backgroundColor), "rgb(138, 43, 226)", "the product's accent");
  await axe(page);
  assert.deepEqual(await keepsNothing(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);

  await page.setViewportSize({ width: 320, height: 700 });
  await noOverflow(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page);
  await page.evaluate(() => void (document.documentElement.lang = "de"));
  await page.reload();
  show(PRICING.replace("<mintmark-pricing", `<mintmark-pricing lang="de"`));
  await page.reload();
  await page.getByRole("link", { name: "Team wählen" }).waitFor();
  await page.getByText("49 €").waitFor();
  await axe(page);
});

test("a page that is not on the list says so, and tries again when asked", async (t) => {
  const { acme, site, product, key, show } = await portal(t);
  await published(acme, product);
  await acme.call("PATCH", `/v1/products/${product}/embed-keys/${key}`, { origins: ["https://elsewhere.example"] });
  const { page, tolerate } = await browser(t);
  tolerate(/status of 403/);
  show(PRICING);
  await page.goto(site.url);
  await page.getByText("embed_origin_not_allowed").waitFor();
  await axe(page);
  await acme.call("PATCH", `/v1/products/${product}/embed-keys/${key}`, { origins: [site.origin] });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Team" }).waitFor();
});

test("all elements of a page share one session, which is refreshed in time, and after a sleep", async (t) => {
  const { server, acme, site, show, script, bridgeToken } = await portal(t);
  const { page, context, tolerate } = await browser(t);
  const seen = calls(page);
  await page.clock.install();
  await context.exposeBinding("fetchBridgeToken", () => bridgeToken({ name: "Ada Lovelace", email: "ada@customer.example", email_verified: true }));
  show(`${USER}<mintmark-user-button embed-key="{{key}}" id="one"></mintmark-user-button><mintmark-user-button embed-key="{{key}}"></mintmark-user-button>` +
    script(`import { createSession } from "{{sdk}}/mintmark.js";
      window.told = [];
      window.session = createSession({ embedKey: "{{key}}", getBridgeToken: () => fetchBridgeToken() });
      for (const name of ["ready", "signed-in", "signed-out", "token-refreshed", "error"]) session.on(name, () => told.push(name));`));
  await page.goto(site.url);
  await page.getByRole("button", { name: "Account of Ada Lovelace" }).first().waitFor();
  assert.deepEqual(seen.filter((call) => call.startsWith("POST")), ["POST sessions/exchange"], "one exchange for all");
  assert.deepEqual(seen.filter((call) => call === "GET config").length, 1, "and one look at the product");
  assert.deepEqual(await page.evaluate(() => told), ["signed-in", "ready"]);

  const first = await page.evaluate(() => session.getSessionJwt());
  await page.clock.runFor("54:30");
  assert.equal(seen.includes("POST sessions/refresh"), false);
  const refreshed = page.waitForResponse((answer) => answer.url().endsWith("/sessions/refresh"));
  await page.clock.runFor("00:45");
  assert.equal((await refreshed).status(), 200, "five minutes before its end");
  await page.waitForFunction(() => told.includes("token-refreshed"));
  const second = await page.evaluate(() => session.getSessionJwt());
  assert.notEqual(second, first);

  // The lid was closed for two hours: whatever there was is over, and the backend vouches anew.
  await acme.call("GET", "/v1/customers?mode=test").then(async ({ data: [{ id }] }) => acme.call("DELETE", `/v1/customers/${id}/sessions`));
  tolerate(/status of 401/);
  const again = page.waitForResponse((answer) => answer.url().includes("/sessions/exchange"));
  await page.clock.fastForward("02:00:00");
  assert.equal((await again).status(), 200);
  await page.waitForFunction((old) => session.getToken() !== old, second);
  assert.deepEqual(await keepsNothing(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);
  assert.ok(!server.log().includes(first) && !server.log().includes(second));
});

test("a session that is ended in the dashboard is ended in the page, and another customer begins anew", async (t) => {
  const { acme, site, show, script, bridgeToken } = await portal(t);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const token = await bridgeToken({ name: "Ada Lovelace" });
  show(`${USER}<mintmark-user-button embed-key="{{key}}" bridge-token="${token}"></mintmark-user-button>` +
    script(`import { createSession } from "{{sdk}}/mintmark.js";
      window.start = (bridgeToken) => { window.session = createSession({ embedKey: "{{key}}", bridgeToken }); return session.ready.then(() => session.state); };
      window.outs = [];
      document.addEventListener("mintmark-signed-out", ({ detail }) => outs.push(detail.reason));`));
  await page.goto(site.url);
  await page.getByRole("button", { name: "Account of Ada Lovelace" }).waitFor();
  assert.equal(await page.evaluate(() => start()), "signed-in", "what elements began is the page's session");
  const { data: [ada] } = await acme.call("GET", "/v1/customers?mode=test");
  await acme.call("DELETE", `/v1/customers/${ada.id}/sessions`);
  assert.equal(await page.evaluate(() => session.call(session.base + "/embed/v1/me").then(() => "answered", ({ code }) => code)), "session_revoked");
  assert.deepEqual(await page.evaluate(() => [session.state, session.customer, session.getToken(), outs]), ["revoked", null, null, ["revoked"]]);
  const reload = page.getByRole("button", { name: "Reload the page" });
  assert.equal(await reload.getAttribute("title"), "Your session was ended.");
  assert.equal(await page.getByRole("button", { name: /Ada/ }).count(), 0);

  // Somebody else sits down: destroy, and begin anew.
  await page.evaluate(() => session.destroy());
  assert.equal(await page.evaluate((token) => start(token), await bridgeToken({ external_customer_id: "u-2", name: "Grace Hopper" })), "signed-in");
  const face = page.getByRole("button", { name: "Account of Grace Hopper" });
  await face.click();
  await axe(page);
  await page.keyboard.press("Escape");
  assert.equal(await face.getAttribute("aria-expanded"), "false");
  await face.press("Enter");
  const ended = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await face.waitFor({ state: "detached" });
  assert.equal((await ended).status(), 200);
  const { data } = await acme.call("GET", "/v1/customers?mode=test");
  const sessions = await acme.call("GET", `/v1/customers/${data.find(({ name }) => name === "Grace Hopper").id}/sessions`);
  assert.deepEqual(sessions.data.map(({ status }) => status), ["revoked"]);
});

test("an element that leaves the page leaves neither timer nor listener, and comes back signed in", async (t) => {
  const { site, show, bridgeToken } = await portal(t);
  const { page, context } = await browser(t);
  await context.addInitScript(() => {
    const [timers, listeners] = [new Set(), new Map()];
    const [set, clear] = [window.setTimeout, window.clearTimeout];
    window.setTimeout = (run, ...more) => {
      const id = set(() => (timers.delete(id), run()), ...more);
      timers.add(id);
      return id;
    };
    window.clearTimeout = (id) => (timers.delete(id), clear(id));
    for (const target of [window, document]) {
      const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
      const all = new Set();
      listeners.set(target, all);
      target.addEventListener = (name, listener, ...more) => (all.add(`${name} ${listener}`), add(name, listener, ...more));
      target.removeEventListener = (name, listener, ...more) => (all.delete(`${name} ${listener}`), remove(name, listener, ...more));
    }
    window.left = () => ({ timers: timers.size, listeners: [...listeners.values()].flatMap((all) => [...all]).length });
  });
  show(`${USER}<div id="place"><mintmark-user-button embed-key="{{key}}" bridge-token="${await bridgeToken({ name: "Ada" })}"></mintmark-user-button></div>`);
  await page.goto(site.url);
  await page.getByRole("button", { name: "Account of Ada" }).click();
  const busy = await page.evaluate(() => left());
  assert.ok(busy.timers > 0 && busy.listeners > 0, "the probe sees something");
  await page.evaluate(() => {
    window.kept = document.querySelector("mintmark-user-button");
    kept.remove();
  });
  assert.deepEqual(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(left())))), { timers: 0, listeners: 0 });
  await page.evaluate(() => document.querySelector("#place").append(window.kept));
  await page.getByRole("button", { name: "Account of Ada" }).waitFor();
  assert.ok((await page.evaluate(() => left())).timers > 0, "and it watches its time again");
});

test("a secret in a page, a page that is no embed key's, and a page over http are refused before anything is sent", async (t) => {
  const { server, site, key, show, script } = await portal(t);
  const { page, context } = await browser(t);
  const seen = calls(page);
  show(`${USER}<mintmark-user-button embed-key="sk_live_something"></mintmark-user-button>` + script(`import { createSession, MintmarkError } from "{{sdk}}/mintmark.js";
    const code = (options) => { try { createSession(options); return "made"; } catch (error) { return error instanceof MintmarkError && error.code; } };
    window.codes = [code({ embedKey: "sk_live_x" }), code({ embedKey: "{{key}}", bridgeToken: "vs_x" }), code({ embedKey: "pk_live_x" }), code({})];`));
  await page.goto(site.url);
  await page.getByRole("button", { name: "Try again" }).or(page.getByText("secret_key_in_page")).first().waitFor();
  await page.waitForFunction(() => window.codes);
  assert.deepEqual(await page.evaluate(() => codes), ["secret_key_in_page", "secret_key_in_page", "invalid_option", "invalid_option"]);

  await context.route("http://portal.example/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname !== "/") return route.fulfill({ contentType: "text/javascript", body: await (await fetch(server.url + pathname)).text() });
    const body = `<!doctype html><title>Portal</title><link rel="icon" href="data:,"><script type="module">import { createSession } from "/sdk/v1/mintmark.js";
      try { createSession({ embedKey: "${key}" }); window.code = "made"; } catch (error) { window.code = error.code; }</script>`;
    return route.fulfill({ contentType: "text/html", body });
  });
  await page.goto("http://portal.example/");
  assert.equal(await page.evaluate(() => window.code), "insecure_page");
  assert.deepEqual(seen, []);
});
