// Our sign-in window: a page of another origin opens it, a mail is read, and the page, and no other, holds a session.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { alive, assert, axe, browser, mailServer, mintmark, noOverflow, owner, root, shop, test } from "../harness/index.mjs";

const ADA = "ada@customer.example";

/** A product whose pages may open the window, a page of its own that carries the snippet, and Ada. */
async function prepared(t, engine) {
  const [mail, site] = [await mailServer(t), await shop(t)];
  const server = await mintmark(t, { engine, env: mail.env });
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [site.origin], mode: "test" });
  await acme.call("PATCH", `/v1/products/${product}`, { sign_in: true, appearance: { accent: "#ffcc00" } });
  await acme.call("POST", "/v1/customers", { mode: "test", email: ADA, email_verified: true, name: "Ada" });
  const snippet = await readFile(join(root, "docs/snippets/plain/sign-in-window.html"), "utf8");
  site.show(snippet.replaceAll("{{url}}", server.url).replaceAll("{{key}}", key));
  return { mail, site, server, acme, product, key };
}

/** Presses "Sign in" and answers the window, in which an address was typed. */
async function asked(page, email = ADA) {
  const opening = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Sign in" }).click();
  const popup = await opening;
  await popup.getByLabel("E-mail").fill(email);
  await popup.getByRole("button", { name: "Send me a link" }).click();
  await popup.getByRole("heading", { name: "Check your inbox" }).waitFor();
  return popup;
}

/** Notes every message that a page hears, from now on. */
const listen = (page) => page.evaluate(() => {
  window.heard = [];
  addEventListener("message", ({ origin, data }) => window.heard.push({ origin, data }));
});

/** Opens the window as any page may, with any words; answers it once it is loaded. */
async function openWindow(page, url) {
  const opening = page.waitForEvent("popup");
  await page.evaluate((address) => void window.open(address, "_blank", "popup,width=480,height=640"), url);
  const popup = await opening;
  await popup.waitForLoadState();
  return popup;
}

const address = (server, key, origin, state = "s") => `${server.url}/popup/sign-in?${new URLSearchParams({ key, origin, state })}`;

for (const engine of ["sqlite", "postgres"]) {
  test(`a page without a sign-in opens the window, a link in a mail is opened, and the page has a session: ${engine}`, async (t) => {
    const { mail, site, server, acme } = await prepared(t, engine);
    const { context, page, tolerate } = await browser(t);
    tolerate(/status of 401/);
    await page.goto(site.url);
    await listen(page);
    const popup = await asked(page);
    await axe(popup);
    const got = await mail.next();
    assert.deepEqual([got.to, got.subject], [[ADA], "Sign in to Acme"]);
    const link = got.link();
    assert.match(link, new RegExp(`^${server.url}/popup/link#magic_[0-9A-Za-z]{49}\\.[0-9a-f]{64}$`), "what is secret stands behind the hash");
    const requests = [];
    context.on("request", (request) => requests.push(`${request.url()} ${request.headers().referer ?? ""}`));

    for (let scan = 0; scan < 5; scan++) await fetch(link); // programs that look into mail open what they find
    const tab = await context.newPage();
    const closed = popup.waitForEvent("close");
    await tab.goto(link);
    await tab.getByRole("heading", { name: "You are signed in" }).waitFor();
    await closed;
    assert.equal(tab.url(), `${server.url}/popup/link`, "the token is gone from the address");
    await axe(tab);
    await page.getByText(`Signed in as ${ADA}`).waitFor();

    const [{ origin, data }, ...more] = (await page.evaluate(() => window.heard)).filter((heard) => heard.data.type === "mintmark:signed-in");
    assert.deepEqual([origin, more.length], [server.url, 0]);
    assert.deepEqual(Object.keys(data).sort(), ["customer", "ends_at", "expires_at", "state", "token", "type"]);
    const verified = await (await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${data.token}` } })).json();
    assert.deepEqual([verified.valid, verified.payload.type, verified.user.email], [true, "access", ADA], "what the page's backend asks");
    assert.equal(verified.payload.exp - verified.payload.iat, 900);

    const token = link.match(/magic_[0-9A-Za-z]+/)[0];
    for (const secret of [token, data.token]) {
      assert.ok(!server.log().includes(secret) && !requests.some((request) => request.includes(secret)), "in no log, address or referrer");
    }
    assert.deepEqual(await context.cookies(), []);
    for (const [one, name] of [[tab, "Mintmark's"], [page, "the page's"]]) {
      assert.deepEqual(await one.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""], `${name} storage`);
    }

    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByText("You are signed out.").waitFor();
    const after = await (await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${data.token}` } })).json();
    assert.deepEqual([after.valid, after.reason], [false, "revoked"]);
    const { data: events } = await acme.call("GET", "/v1/audit-events?action=customer_session.bulk_revoked");
    assert.deepEqual([events.length, events[0].metadata.count], [1, 1]);
  });
}

test("an admin switches the window on, and copies a page that opens it", async (t) => {
  const { site, server, acme, key, product } = await prepared(t, "sqlite");
  await acme.call("PATCH", `/v1/products/${product}`, { sign_in: false });
  const { page, tolerate } = await browser(t, { viewport: { width: 320, height: 800 } });
  tolerate(/status of 403/);
  await page.goto(site.url);
  const refused = await openWindow(page, address(server, key, site.origin));
  await refused.getByText("sign_in_off").waitFor();

  const dashboard = await page.context().newPage();
  await acme.signIn(dashboard);
  await dashboard.goto(`${server.url}/t/acme/studio/${product}/sign-in`);
  await alive(dashboard);
  await noOverflow(dashboard);
  await axe(dashboard);
  const toggle = dashboard.getByLabel("Pages may open the sign-in window");
  assert.equal(await toggle.isChecked(), false);
  await toggle.check();
  await dashboard.locator("form", { hasText: "Pages may open" }).getByRole("button", { name: "Save" }).click();
  await dashboard.getByText("Saved").first().waitFor();
  await dashboard.reload();
  assert.equal(await toggle.isChecked(), true);
  const { data: [change] } = await acme.call("GET", "/v1/audit-events?action=product.updated&limit=1");
  assert.deepEqual([change.metadata.before.sign_in, change.metadata.after.sign_in], [false, true]);

  site.show(await dashboard.getByRole("region", { name: "HTML" }).textContent());
  await page.goto(site.url);
  const popup = await asked(page);
  assert.equal(await page.getByLabel("E-mail address").count(), 0, "the page asks by the window alone");
  await popup.getByRole("button", { name: "Use another address" }).click();
  await popup.getByLabel("E-mail").waitFor();
});

test("a link that is opened in another browser, or whose window is closed, signs nobody in and is not used up", async (t) => {
  const { mail, site, server, acme } = await prepared(t, "sqlite");
  const { context, page, newContext } = await browser(t);
  await page.goto(site.url);
  const popup = await asked(page);
  const link = (await mail.next()).link();

  // As when somebody else had begun, and sent the link on: their window waits, and this browser knows nothing of it.
  const elsewhere = await (await newContext()).newPage();
  await elsewhere.goto(site.url);
  const own = await asked(elsewhere);
  await mail.next();
  const tab = await elsewhere.context().newPage();
  await tab.goto(link);
  await tab.getByRole("heading", { name: "Open this link where you began" }).waitFor();
  await axe(tab);
  await own.getByRole("heading", { name: "Check your inbox" }).waitFor();
  assert.equal((await acme.call("GET", "/v1/audit-events?action=customer_session.started")).data.length, 0);

  await popup.close();
  await page.getByText("Nobody signed in.").waitFor();
  const late = await context.newPage();
  await late.goto(link);
  await late.getByRole("heading", { name: "The sign-in window is closed" }).waitFor();
  const again = late.getByRole("link", { name: "Begin again" });
  assert.equal(await again.getAttribute("href"), site.origin);
  await axe(late);
  await late.goto(`${server.url}/popup/link#magic_x.y`);
  await late.reload();
  await late.getByText("This is no whole sign-in link").waitFor();
  assert.equal((await acme.call("GET", "/v1/audit-events?action=customer_session.started")).data.length, 0);
});

test("only a page of the list hears anything, whatever the page that opened the window says", async (t) => {
  const { mail, site, server, key } = await prepared(t, "sqlite");
  const thief = await shop(t);
  const { context, page, tolerate } = await browser(t);
  tolerate(/status of 403|Failed to execute 'postMessage'/);
  await page.goto(thief.url);
  await listen(page);

  const refused = await openWindow(page, address(server, key, thief.origin));
  await refused.getByText("embed_origin_not_allowed").waitFor();
  await axe(refused);
  await refused.close();

  // With the shop's own origin the window opens, and what it has to say is for the shop alone.
  const forged = await openWindow(page, address(server, key, site.origin, "</script><script>document.title='x'</script>"));
  await forged.getByLabel("E-mail").fill(ADA);
  await forged.getByRole("button", { name: "Send me a link" }).click();
  await forged.getByRole("heading", { name: "Check your inbox" }).waitFor();
  const closed = forged.waitForEvent("close");
  const tab = await context.newPage();
  await tab.goto((await mail.next()).link());
  await tab.getByRole("heading", { name: "You are signed in" }).waitFor();
  await closed;
  assert.deepEqual(await page.evaluate(() => window.heard), []);

  // A page of the list hears its own words, letter for letter, and that somebody gave up.
  await page.goto(site.url);
  await listen(page);
  const state = "</script>\"'<!--\u2028é";
  const given = await openWindow(page, address(server, key, site.origin, state));
  await given.getByRole("button", { name: "Cancel" }).click();
  await page.waitForFunction(() => window.heard.length > 0);
  assert.deepEqual(await page.evaluate(() => window.heard[0].data), { type: "mintmark:sign-in-closed", state });

  // Nobody frames it, and without who opened it there is nothing to do.
  const alone = await context.newPage();
  await alone.goto(address(server, key, site.origin));
  await alone.getByRole("heading", { name: "Begin at the page" }).waitFor();
  const framed = await alone.request.get(address(server, key, site.origin));
  assert.match(framed.headers()["content-security-policy"], /frame-ancestors 'none'/);
  assert.equal(framed.headers()["cross-origin-opener-policy"], "unsafe-none");
});

test("a token that is refreshed a second time ends the session", async (t) => {
  const { mail, site, server } = await prepared(t, "sqlite");
  const { context, page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  await page.goto(site.url);
  await listen(page);
  await asked(page);
  const tab = await context.newPage();
  await tab.goto((await mail.next()).link());
  await page.getByText(`Signed in as ${ADA}`).waitFor();
  const first = await page.evaluate(() => window.heard.find(({ data }) => data.type === "mintmark:signed-in").data.token);
  const refresh = (token) =>
    page.evaluate(async ([url, bearer]) => {
      const answer = await fetch(`${url}/embed/v1/sessions/refresh`, { method: "POST", credentials: "omit", headers: { authorization: `Bearer ${bearer}` } });
      return { status: answer.status, ...(await answer.json()) };
    }, [server.url, token]);
  const [second, same] = await Promise.all([refresh(first), refresh(first)]);
  assert.deepEqual([second.status, same.status], [200, 200], "an answer that is lost is given again");
  const jti = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url")).jti;
  assert.equal(jti(second.token), jti(same.token), "and there is one chain");
  const third = await refresh(second.token);
  const reused = await refresh(first);
  assert.deepEqual([third.status, reused.status, reused.code], [200, 401, "session_revoked"], "two steps behind is somebody who kept a copy");
  assert.equal((await refresh(third.token)).code, "session_revoked", "and nobody goes on");
});

test("the window holds on the narrowest screen and tells who refuses it", async (t) => {
  const { site, server, key, acme, product } = await prepared(t, "sqlite");
  const { page, tolerate } = await browser(t, { viewport: { width: 320, height: 640 } });
  tolerate(/status of 403/);
  await page.goto(site.url);
  const popup = await openWindow(page, address(server, key, site.origin));
  await popup.setViewportSize({ width: 320, height: 640 });
  await noOverflow(popup);
  await axe(popup);
  await acme.call("PATCH", `/v1/products/${product}`, { sign_in: false });
  const refused = await openWindow(page, address(server, key, site.origin));
  await refused.getByText("sign_in_off").waitFor();
});
