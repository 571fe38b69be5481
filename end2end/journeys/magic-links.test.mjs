// Signing in by mail: what a visitor of a page of another origin goes through, and what two processes make of a crowd.

import { alive, assert, axe, browser, mailServer, mintmark, noOverflow, owner, shop, test } from "../harness/index.mjs";

/** A test key for pages of this origin, and Ada, who may sign in through it. */
async function prepared(acme, origin) {
  const { data } = await acme.call("GET", "/v1/products");
  const key = await acme.call("POST", `/v1/products/${data[0].id}/embed-keys`, { name: "Website", origins: [origin], mode: "test" });
  await acme.call("POST", "/v1/customers", { mode: "test", email: "ada@customer.example", email_verified: true, name: "Ada" });
  return { product: data[0].id, key: key.id };
}

/** Types an address into the page's form. */
async function ask(visitor, email) {
  const another = visitor.getByRole("button", { name: "Use another address" });
  if (await another.isVisible()) await another.click();
  await visitor.getByLabel("E-mail address").fill(email);
  await visitor.getByRole("button", { name: "Send me a link" }).click();
  await visitor.getByRole("heading", { name: "Check your inbox" }).waitFor();
}

for (const engine of ["sqlite", "postgres"]) {
  test(`a visitor types an address, clicks the link in the mail, and is signed in: ${engine}`, async (t) => {
    const [mail, site] = [await mailServer(t), await shop(t)];
    const server = await mintmark(t, { engine, env: mail.env });
    const acme = await owner(server);
    const { product } = await prepared(acme, site.origin);
    const { page, newContext, tolerate } = await browser(t);
    tolerate(/status of 410/);
    await acme.signIn(page);
    await page.goto(`${server.url}/t/acme/studio/${product}/magic-links`);
    await alive(page);
    await axe(page);
    await page.getByLabel("Colour").fill("#ffcc00");
    await page.getByLabel("Logo").fill("https://acme.example/logo.png");
    await page.getByRole("button", { name: "Save looks" }).click();
    await page.getByText("Saved").first().waitFor();
    await alive(page);
    site.show(await page.getByRole("region", { name: "HTML" }).textContent());

    const context = await newContext();
    const visitor = await context.newPage();
    await visitor.goto(`${site.url}account?tab=1#top`);
    await ask(visitor, "nobody@customer.example");
    await ask(visitor, " Ada@Customer.example");
    const got = await mail.next();
    assert.deepEqual([got.to, got.subject], [["ada@customer.example"], "Sign in to Acme"]);
    assert.match(got.html, /background:#ffcc00;color:#000000/);
    assert.match(got.html, /logo\.png/);
    const link = got.link();
    assert.match(link, new RegExp(`^${site.url}account\\?tab=1&mintmark_magic_token=magic_[0-9A-Za-z]{49}#top$`));

    for (let scan = 0; scan < 5; scan++) await fetch(link); // programs that look into mail open what they find
    const entries = await visitor.evaluate(() => history.length);
    await visitor.goto(link);
    await visitor.getByText("Signed in as Ada").first().waitFor();
    assert.equal(visitor.url(), `${site.url}account?tab=1#top`, "the token is gone from the address, and nothing else is");
    assert.equal(await visitor.evaluate(() => history.length), entries + 1, "what replaced it is no entry of its own");
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(await visitor.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);

    await visitor.goto("about:blank");
    await visitor.goto(link);
    await visitor.getByText("That link was used already.").first().waitFor();
    assert.equal(mail.all.length, 1, "nobody else was written to");

    await page.getByRole("switch", { name: "Anyone may sign in by mail" }).or(page.getByLabel("Anyone may sign in by mail")).first().check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved").first().waitFor();
    await visitor.goto(site.url);
    await ask(visitor, "new@customer.example");
    await visitor.goto((await mail.next()).link());
    await visitor.getByText("Signed in as new@customer.example").first().waitFor();

    await page.goto(`${server.url}/t/acme/outbox`);
    await page.getByRole("row", { name: /new@customer\.example.*Sign in to Acme/ }).waitFor();
    await page.goto(`${server.url}/t/acme/history`);
    await page.getByText("asked for a sign-in link").first().waitFor();
    for (const secret of [link.match(/magic_[0-9A-Za-z]+/)[0], "ada@customer.example"]) {
      assert.ok(!server.log().includes(secret), "the log names neither token nor address");
    }
  });
}

test("the tab holds on a narrow screen, and tells a newcomer what is missing", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { data } = await acme.call("GET", "/v1/products");
  const { page } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${data[0].id}/magic-links`);
  await alive(page);
  await page.getByText("No mail is sent").waitFor();
  await page.getByRole("heading", { name: "No embed key yet" }).waitFor();
  await noOverflow(page);
  await axe(page);
});

/** Two processes on one database, behind a proxy that both believe, and a page's calls to either. */
async function pair(t) {
  const mail = await mailServer(t);
  const env = { ...mail.env, MINTMARK_TRUSTED_PROXIES: "127.0.0.1/32" };
  const one = await mintmark(t, { engine: "postgres", env });
  const { MINTMARK_DATABASE_URL, MINTMARK_MASTER_KEY_FILE } = one.env;
  const two = await mintmark(t, { engine: "postgres", env: { ...env, MINTMARK_PUBLIC_URL: one.url, MINTMARK_DATABASE_URL, MINTMARK_MASTER_KEY_FILE } });
  const acme = await owner(one);
  const origin = "http://localhost:4321";
  const { key } = await prepared(acme, origin);
  const nodes = [one, two];
  const post = (place, path, body, client) =>
    fetch(`${nodes[place % 2].url}/embed/v1/magic-links${path}?key=${key}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, "x-forwarded-for": client },
      body: JSON.stringify(body),
    });
  const ask = async (place, email, client) => {
    const answer = await post(place, "", { email, return_url: `${origin}/` }, client);
    assert.equal(`${answer.status} ${await answer.text()}`, '202 {"status":"accepted"}');
  };
  /** What arrives until a mail that is asked for last has arrived, without that one. */
  const arrived = async (marker, client) => {
    const from = mail.all.length;
    await acme.call("POST", "/v1/customers", { mode: "test", email: marker, email_verified: true });
    await ask(0, marker, client);
    await mail.next(({ to }) => to[0] === marker);
    // Several senders empty the outbox, so what was asked for before may come a moment after.
    while ((await acme.call("GET", "/v1/audit-events?action=magic_link.sent&limit=200")).data.length > mail.all.length) await mail.next();
    return mail.all.slice(from).filter(({ to }) => to[0] !== marker);
  };
  return { mail, acme, ask, post, arrived };
}

const times = (count, act) => Promise.all(Array.from({ length: count }, (_, place) => act(place)));

test("of twenty who redeem one link at two processes one is signed in, five times over (ML5)", async (t) => {
  const { mail, ask, post } = await pair(t);
  for (let round = 0; round < 5; round++) {
    await ask(round, "ada@customer.example", `192.0.2.${round}`);
    const token = new URL((await mail.next()).link()).searchParams.get("mintmark_magic_token");
    const outcomes = await times(20, async (place) => {
      const answer = await post(place, "/redeem", { token }, `198.51.100.${place}`);
      const body = await answer.json();
      return `${answer.status} ${body.code ?? body.customer.email}`;
    });
    assert.deepEqual(outcomes.filter((outcome) => outcome !== "410 link_consumed"), ["200 ada@customer.example"], `round ${round}`);
  }
});

test("the limits are exact where the mail arrives, over two processes (ML3)", async (t) => {
  const { acme, ask, arrived } = await pair(t);
  const { data } = await acme.call("GET", "/v1/products");
  await acme.call("PATCH", `/v1/products/${data[0].id}`, { anyone_may_sign_in: true });
  const from = [];

  await times(30, (place) => ask(place, `a${place}@customer.example`, "203.0.113.7"));
  from.push((await arrived("after-a@customer.example", "192.0.2.1")).length);
  await times(20, (place) => ask(place, "  B@customer.example", `192.0.2.${100 + place}`));
  from.push((await arrived("after-b@customer.example", "192.0.2.2")).length);
  await times(100, (place) => ask(place, "c@customer.example", `198.51.100.${place}`));
  from.push((await arrived("after-c@customer.example", "192.0.2.3")).length);
  // One /64 is one client, and what a client writes before the proxy's own word makes it no other.
  await times(15, (place) => ask(place, `d${place}@customer.example`, `2001:db8:0:1::${place.toString(16)}`));
  from.push((await arrived("after-d@customer.example", "192.0.2.4")).length);
  await times(15, (place) => ask(place, `e${place}@customer.example`, `10.0.0.${place}, 203.0.113.9`));
  from.push((await arrived("after-e@customer.example", "192.0.2.5")).length);
  assert.deepEqual(from, [10, 5, 5, 10, 10]);
});
