// Keeping a customer signed in across reloads: a hidden frame of another site, with a cookie of its own (OR8, OR11).

import { once } from "node:events";
import { createServer } from "node:http";
import { NOTHING, alive, assert, browser, keepsNothing, mailServer, portal, shop, test } from "../harness/index.mjs";

const ADA = "ada@customer.example";
const PAGE = `import { createSession } from "{{sdk}}/mintmark.js"; window.session = createSession({ embedKey: "{{key}}" });`;
const NAME = /^__Host-mintmark-kept-[0-9a-f]{16}$/;

/** A portal whose product keeps visitors signed in, and Ada, whose address is known. */
async function prepared(t, engine) {
  const mail = await mailServer(t);
  const made = await portal(t, { engine, env: mail.env, product: { keep_signed_in: true } });
  const { id: ada } = await made.acme.call("POST", "/v1/customers", { mode: "test", email: ADA, email_verified: true, name: "Ada" });
  made.show(made.script(PAGE), `; frame-src ${made.server.url}`);
  return { mail, ada, ...made };
}

/** Ada reads a mail and comes back to the page; its browser keeps that. */
async function signedIn({ mail, site }, page) {
  await page.goto(site.url);
  await page.evaluate((email) => window.session.requestLink(email), ADA);
  const link = (await mail.next()).link();
  const kept = page.waitForResponse(/\/popup\/keep\?/);
  await page.goto(link);
  assert.equal((await kept).status(), 200);
  return jwtOf(page);
}

/** Of the session that the page begins with, or null. */
const jwtOf = (page) => page.evaluate(() => window.session.ready.then(() => window.session.getSessionJwt()));

const sessionOf = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url")).sid;

for (const engine of ["sqlite", "postgres"]) {
  test(`a reload finds the customer signed in, until they sign out: ${engine}`, async (t) => {
    const made = await prepared(t, engine);
    const { server, site, acme, ada } = made;
    const { context, page, tolerate } = await browser(t);
    tolerate(/status of 401/);
    const first = await signedIn(made, page);
    const [cookie, ...more] = await context.cookies();
    assert.match(cookie.name, NAME);
    const { domain, path, httpOnly, secure, sameSite, partitionKey } = cookie;
    assert.deepEqual({ domain, path, httpOnly, secure, sameSite, partitionKey }, { domain: "127.0.0.1", path: "/", httpOnly: true, secure: true, sameSite: "None", partitionKey: "http://localhost" });
    assert.ok(more.length === 0 && cookie.expires - Date.now() / 1000 <= 12 * 3600, "nothing else, and for twelve hours at most");

    await page.reload();
    const second = await jwtOf(page);
    assert.ok(second && sessionOf(second) !== sessionOf(first), "a session of its own");
    assert.notEqual((await context.cookies())[0].value, cookie.value, "each reload has another secret");
    assert.deepEqual(await keepsNothing(page), NOTHING);

    // Two tabs at once: both go on, and so does the next reload.
    const tabs = await Promise.all([context.newPage(), context.newPage()]);
    await Promise.all(tabs.map((tab) => tab.goto(site.url)));
    const jwts = await Promise.all(tabs.map(jwtOf));
    assert.equal(new Set(jwts.map(sessionOf)).size, 2);
    await page.reload();
    assert.ok(await jwtOf(page));
    const listed = (await acme.call("GET", `/v1/customers/${ada}/sessions`)).data;
    assert.ok(listed.length === 5 && listed.every((session) => session.kept_until === listed[0].kept_until));

    await page.evaluate(() => window.session.signOut());
    await page.reload();
    assert.equal(await jwtOf(page), null);
    assert.deepEqual(await context.cookies(), [], "the frame takes back what is worth nothing");
    for (const jwt of [first, second, ...jwts]) {
      const judged = await (await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${jwt}` } })).json();
      assert.deepEqual([judged.valid, judged.reason], [false, "revoked"], "it was one sign-in");
    }
  });
}

test("what an admin ends a reload does not bring back, and the switch says what it costs", async (t) => {
  const made = await prepared(t);
  const { server, acme, ada, product } = made;
  const { page, newContext, tolerate } = await browser(t);
  tolerate(/status of 40[13]|frame-ancestors/);
  await signedIn(made, page);
  const admin = await (await newContext()).newPage();
  await acme.signIn(admin);
  await admin.goto(`${server.url}/t/acme/customers/${ada}`);
  await alive(admin);
  await admin.getByText("Kept until").waitFor();
  await admin.getByRole("row", { name: /Kept until/ }).getByRole("button", { name: "End" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await admin.getByText("Session ended").first().waitFor();
  await page.reload();
  assert.equal(await jwtOf(page), null);

  await signedIn(made, page);
  await admin.goto(`${server.url}/t/acme/studio/${product}/sign-in`);
  await alive(admin);
  const card = admin.getByRole("switch", { name: "Keep visitors signed in across reloads" });
  assert.equal(await card.isChecked(), true);
  await admin.getByText("a cookie of this Mintmark in visitors' browsers").waitFor();
  await card.click();
  await admin.locator("form").filter({ has: card }).getByRole("button", { name: "Save" }).click();
  await admin.getByText("Saved").first().waitFor();
  assert.equal((await acme.call("GET", `/v1/products/${product}`)).keep_signed_in, false);
  // What the page knew of the product a moment ago is in the browser's cache still; the frame is asked, and may not be there.
  await page.reload();
  assert.equal(await jwtOf(page), null);
});

test("a browser that takes no cookies of other sites keeps this one, which other sites do not see", async (t) => {
  const made = await prepared(t);
  const { server, site, acme, key, product } = made;
  const { context, page, tolerate } = await browser(t, { refusesForeignCookies: true });
  tolerate(/frame-ancestors|status of 403/);
  // What it refuses: the same cookie, but for its partition.
  const foreign = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html", "set-cookie": "foreign=1; Path=/; Secure; HttpOnly; SameSite=None" });
    response.end("<!doctype html><title>Foreign</title>");
  }).listen(0, "127.0.0.1");
  t.after(() => foreign.close());
  await once(foreign, "listening");
  const around = await shop(t);
  around.show(`<iframe title="Foreign" src="http://127.0.0.1:${foreign.address().port}/"></iframe>`);
  await page.goto(around.url);
  assert.deepEqual(await context.cookies(), []);

  await signedIn(made, page);
  await page.reload();
  assert.ok(await jwtOf(page), "partitioned, it is taken");

  // A page of another site that the key lists as well frames the very same address.
  const other = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><title>Other</title><link rel="icon" href="data:,"><iframe title="Mintmark" src="${server.url}/popup/frame?${new URLSearchParams({ key, origin: site.origin, state: "s" })}"></iframe>`);
  }).listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const elsewhere = `http://127.0.0.1:${other.address().port}`;
  const framed = async () => {
    const loading = page.waitForResponse(/\/popup\/frame\?/);
    await page.goto(elsewhere);
    const response = await loading;
    return [response.status(), (await response.request().allHeaders()).cookie];
  };
  await framed();
  assert.deepEqual(page.frames().length > 1 && page.frames()[1].url().startsWith("chrome-error:"), true, "a page that is not on the list frames nothing");
  await acme.call("PATCH", `/v1/products/${product}/embed-keys/${key}`, { origins: [site.origin, elsewhere] });
  assert.deepEqual(await framed(), [200, undefined], "it may frame it, and has no cookie there");
  const loading = page.waitForRequest(/\/popup\/restore\?/);
  await page.goto(site.url);
  assert.match((await (await loading).allHeaders()).cookie, /^__Host-mintmark-kept-[0-9a-f]{16}=kept_[0-9A-Za-z]{49}$/);
  assert.ok(await jwtOf(page));
});

/** Runs in the page: makes the frame, and notes what it says. */
const framing = `
  window.said = [];
  window.frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = "{{url}}/popup/frame?" + new URLSearchParams({ key: "{{key}}", origin: location.origin, state: "begin" });
  window.ready = new Promise((resolve) => addEventListener("message", ({ origin, source, data }) => {
    if (source !== frame.contentWindow) return;
    said.push({ origin, data });
    if (data.type === "mintmark:frame-ready") resolve();
  }));
  document.documentElement.append(frame);
`;

test("a thousand strange words, and right ones of others, change nothing", async (t) => {
  const made = await prepared(t);
  const { server, site } = made;
  const { page, context } = await browser(t);
  await signedIn(made, page);
  const [before] = await context.cookies();
  made.show(made.script(framing.replaceAll("{{url}}", server.url)), `; frame-src ${server.url}`);
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(site.url);
  await page.evaluate(() => window.ready);
  await page.evaluate(async () => {
    const types = ["mintmark:restore", "mintmark:forget", "mintmark:keep", "mintmark:frame-ready", "__proto__", "constructor", "toString", "", null, 7, {}, []];
    const states = [undefined, null, "", "x".repeat(129), 7, {}, ["s"], true];
    const whole = [null, undefined, 0, "mintmark:restore", true, [], ["mintmark:restore"], new Map([["type", "mintmark:restore"]]), new Date(), new Uint8Array(8), { type: "mintmark:keep", state: "s" }, { type: "mintmark:keep", state: "s", token: "" }, { type: "mintmark:keep", state: "s", token: 7 }, { type: "mintmark:keep", state: "s", token: "x".repeat(8193) }];
    for (let i = 0; i < 1000; i++) {
      const odd = { type: types[i % types.length], state: states[Math.floor(i / types.length) % states.length], token: "x" };
      const said = i % 3 === 0 ? whole[Math.floor(i / 3) % whole.length] : odd;
      window.frame.contentWindow.postMessage(said, "*");
    }
    const [sibling, stranger] = [document.createElement("iframe"), document.createElement("iframe")];
    [sibling.name, stranger.name] = ["sibling", "stranger"];
    stranger.sandbox = "allow-scripts";
    document.documentElement.append(sibling, stranger);
  });
  // Another frame says the right words: one of the page's own origin, and one of none.
  for (const name of ["sibling", "stranger"]) {
    await page.frame({ name }).evaluate(() => {
      for (const type of ["mintmark:restore", "mintmark:forget"]) parent.frames[0].postMessage({ type, state: "s" }, "*");
    });
  }
  assert.deepEqual(await page.evaluate(() => window.said), [{ origin: server.url, data: { type: "mintmark:frame-ready", state: "begin" } }]);
  const answered = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", ({ source, data }) => source === window.frame.contentWindow && resolve(data));
    window.frame.contentWindow.postMessage({ type: "mintmark:restore", state: "mine" }, "*");
  }));
  assert.deepEqual([answered.type, answered.state, answered.session.customer.email], ["mintmark:restored", "mine", ADA], "it hears its page");
  assert.deepEqual(asked.filter((path) => path.startsWith("/popup/")), ["/popup/frame", "/popup/restore"], "and nobody else was heard");
  assert.notEqual((await context.cookies())[0].value, before.value);
  const forgotten = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("message", ({ source, data }) => source === window.frame.contentWindow && data.type === "mintmark:forgotten" && resolve(data));
    window.frame.contentWindow.postMessage({ type: "mintmark:forget", state: "gone" }, "*");
  }));
  assert.deepEqual(forgotten, { type: "mintmark:forgotten", state: "gone" });
  assert.deepEqual(await context.cookies(), []);
});
