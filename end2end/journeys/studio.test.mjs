// Embed Studio: what an admin sets up is what a page of another origin sees, and nothing else.

import { alive, assert, axe, browser, member, mintmark, noOverflow, owner, shop, signIn, test, vouched } from "../harness/index.mjs";

/** What a page is answered when it asks for the config itself: status, code, names. */
const ask = (page, url) =>
  page.evaluate(async (url) => {
    const answer = await fetch(url, { credentials: "omit", cache: "no-cache" });
    const body = await answer.json();
    return [answer.status, body.code ?? body.offerings.map(({ name }) => name).join()].join(" ");
  }, url);

/** Fills the form of an offering and sends it. */
async function write(page, { name, amount }) {
  await page.getByRole("button", { name: "New offering" }).click();
  const dialog = page.getByRole("dialog", { name: "New offering" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Price").fill(amount);
  await dialog.getByLabel("Features").fill("Five seats\nSupport");
  await dialog.getByRole("button", { name: "Save as draft" }).click();
  await page.getByRole("row", { name: new RegExp(name) }).waitFor();
  await alive(page);
}

/** Presses a button in the row of an offering. */
async function press(page, name, button, done) {
  await page.getByRole("row", { name: new RegExp(name) }).getByRole("button", { name: button }).click();
  await page.getByText(done).waitFor();
  await alive(page);
}

for (const engine of ["sqlite", "postgres"]) {
  test(`a page of another origin shows what is published, in its order: ${engine}`, async (t) => {
    const server = await mintmark(t, { engine });
    const acme = await owner(server);
    const [site, elsewhere] = [await shop(t), await shop(t)];
    const { page, newContext, tolerate } = await browser(t);
    tolerate(/status of (403|422)/);
    await acme.signIn(page);

    await page.goto(`${server.url}/t/acme/studio`);
    await alive(page);
    await page.waitForURL(/\/studio\/prod_[0-9a-f]{24}$/); // there is one product, so this is it
    await page.getByRole("heading", { name: "Acme", level: 1 }).waitFor();
    await page.getByRole("heading", { name: "No embed key yet" }).waitFor();
    await axe(page);
    const product = page.url();

    await page.getByRole("link", { name: "Create an embed key" }).click();
    await page.getByRole("heading", { name: "No embed keys yet" }).waitFor();
    await alive(page);
    await page.getByRole("button", { name: "Create embed key" }).click();
    const dialog = page.getByRole("dialog", { name: "Create embed key" });
    await dialog.getByLabel("Name", { exact: true }).fill("Website");
    await dialog.getByLabel("Origins", { exact: true }).fill(site.origin);
    await axe(page);
    await dialog.getByRole("button", { name: "Create embed key" }).click();
    await dialog.getByText("need the switch").first().waitFor(); // http on localhost is for development
    await dialog.getByRole("radio", { name: "Test" }).check();
    await dialog.getByRole("button", { name: "Create embed key" }).click();
    await page.getByRole("heading", { name: "Website", level: 1 }).waitFor();
    await alive(page);
    await axe(page);
    const key = new URL(page.url()).pathname.split("/").at(-1);
    assert.match(key, /^pk_test_[0-9a-f]{24}$/);

    await page.goto(`${product}/offerings`);
    await alive(page);
    for (const offering of [{ name: "Basic", amount: "19" }, { name: "Team", amount: "49.50" }, { name: "Secret plan", amount: "0" }]) {
      await write(page, offering);
    }
    await press(page, "Basic", "Publish", "Offering published");
    await axe(page);

    await page.goto(product);
    await alive(page);
    site.show(await page.getByRole("region", { name: "HTML" }).textContent());
    /** What a visitor who was never here sees: browsers may keep an answer for a minute. */
    const seen = async (...expected) => {
      const context = await newContext();
      const visitor = await context.newPage();
      await visitor.goto(site.url);
      const plans = visitor.locator("mintmark-pricing [part=plan]");
      await plans.nth(expected.length - 1).waitFor();
      const said = plans.evaluateAll((all) => all.map((plan) => ["name", "price"].map((part) => plan.querySelector(`[part=${part}]`).innerText.replaceAll(/\s+/g, " ")).join(": ")));
      assert.deepEqual(await said, expected);
      assert.deepEqual(await context.cookies(), [], "no cookie is set");
      return visitor;
    };
    await seen("Basic: €19 per month");

    await page.goto(`${product}/offerings`);
    await alive(page);
    await press(page, "Team", "Publish", "Offering published");
    await press(page, "Team", "Move up", "Order saved");
    const visitor = await seen("Team: €49.50 per month", "Basic: €19 per month");

    const config = `${server.url}/embed/v1/config?tenant=acme&key=${key}`;
    assert.equal(await ask(visitor, config), "200 Team,Basic");
    const stranger = await (await newContext()).newPage();
    await stranger.goto(elsewhere.url);
    assert.equal(await ask(stranger, config), "403 embed_origin_not_allowed");

    await page.goto(`${product}/keys/${key}`);
    await alive(page);
    await page.getByRole("button", { name: "Disable embed key" }).click();
    await page.getByRole("dialog", { name: "Disable embed key" }).getByRole("button", { name: "Disable embed key" }).click();
    await page.getByText("Embed key disabled").first().waitFor();
    assert.equal(await ask(visitor, config), "403 invalid_embed_key");
    await alive(page);
    await page.getByRole("button", { name: "Enable embed key" }).click();
    await page.getByRole("button", { name: "Disable embed key" }).first().waitFor();
    assert.equal(await ask(visitor, config), "200 Team,Basic");
  });
}

test("a product's pages hold long names, narrow screens, and no scripts", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const name = `Portal ${"x".repeat(110)}`;
  const { id } = await acme.call("POST", "/v1/products", { name });
  const key = await acme.call("POST", `/v1/products/${id}/embed-keys`, {
    name: `Key ${"y".repeat(110)}`,
    origins: [`https://${"long-".repeat(10)}host.example.com`, "https://b.example"],
    mode: "live",
  });
  const offering = await acme.call("POST", `/v1/products/${id}/offerings`, {
    name: `Plan ${"z".repeat(110)}`,
    price: { amount: 999999999999, currency: "KWD", interval: "year" },
    features: ["f".repeat(120)],
    status: "PUBLISHED",
  });
  await acme.call("POST", `/v1/products/${id}/domains`, { origin: `https://${"long-".repeat(10)}host.example.com` });
  const { page, newContext } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  const base = `${server.url}/t/acme/studio`;
  for (const path of ["", `/${id}`, `/${id}/keys`, `/${id}/keys/${key.id}`, `/${id}/offerings`, `/${id}/offerings/${offering.id}`, `/${id}/security`]) {
    await page.goto(base + path);
    await alive(page);
    await noOverflow(page);
    await axe(page);
  }
  const plain = await newContext({ javaScriptEnabled: false, viewport: null });
  const still = await plain.newPage();
  await acme.signIn(still);
  await still.goto(`${base}/${id}/offerings/${offering.id}`);
  await still.getByRole("button", { name: "Archive" }).click();
  await still.getByText("Archived").first().waitFor();
});

test("a product's integration ticks itself as its parts are seen working", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = "https://shop.example.com";
  const { page } = await browser(t, { viewport: { width: 320, height: 800 } });
  await acme.signIn(page);
  const [{ id }] = (await acme.call("GET", "/v1/products")).data;
  const { token } = await vouched(server, acme, "http://localhost:1");
  await acme.call("POST", `/v1/products/${id}/domains`, { origin: site });
  const { id: secret, secret: text } = await acme.call("POST", `/v1/products/${id}/verification-secrets`, {});
  const bought = await fetch(`${server.url}/v1/auth/user-token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ product_id: id, verification_secret: text, user_id: "u-1" }),
  });
  const me = async (token, origin) => (await fetch(`${server.url}/embed/v1/me`, { headers: { authorization: `Bearer ${token}`, origin } })).status;
  const identity = (await bought.json()).token;
  assert.deepEqual([await me(token, "http://localhost:1"), await me(identity, site)], [200, 200]);
  const ticked = async (words) => {
    await server.restart(); // what was seen is written at the latest when the program ends
    await page.goto(`${server.url}/t/acme/studio/${id}`);
    await alive(page);
    await page.getByText(words).waitFor();
    await noOverflow(page);
    await axe(page);
  };
  await ticked("3 of 5 done");
  await acme.call("DELETE", `/v1/products/${id}/verification-secrets/${secret}`);
  assert.equal(await me(identity, site), 401);
  await ticked("4 of 5 done");
  assert.equal(await page.getByText("First seen").count(), 4);
});

test("a viewer reads products and is told which role changes them", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const viewer = await member(server, acme, "viewer");
  const { page } = await browser(t);
  await signIn(page, server, viewer);
  const { data } = await acme.call("GET", "/v1/products");
  const refused = async (path, button) => {
    await page.goto(`${server.url}/t/acme/studio/${data[0].id}${path}`);
    await alive(page);
    const control = page.getByRole("button", { name: button }).or(page.getByRole("link", { name: button })).first();
    assert.equal(await control.getAttribute("aria-disabled"), "true", button);
    assert.match(await control.getAttribute("aria-description"), /admin of the tenant/);
  };
  await refused("", "Create an embed key");
  await refused("", "Delete product");
  await refused("/keys", "Create embed key");
  await refused("/offerings", "New offering");
});

test("a product's looks are saved, warned of, and told to its pages", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [{ id }] = (await acme.call("GET", "/v1/products")).data;
  const origin = "https://www.acme.example";
  const { id: key } = await acme.call("POST", `/v1/products/${id}/embed-keys`, { name: "Website", origins: [origin], mode: "live" });
  const told = async () => (await (await fetch(`${server.url}/embed/v1/config?key=${key}`, { headers: { origin } })).json()).appearance;
  const { page, tolerate } = await browser(t, { viewport: { width: 320, height: 800 } });
  tolerate(/status of 422/);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${id}/appearance`);
  await alive(page);
  await axe(page);
  await noOverflow(page);
  const save = async (done) => {
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText(done).first().waitFor();
    await alive(page);
  };
  await page.getByRole("radio", { name: "Always light" }).check();
  await page.getByLabel("Accent").fill("#FFE08A");
  await page.getByLabel("Corners").fill("8");
  await save("Appearance saved");
  await page.getByText("Links on the background: 1.3 to 1.").waitFor();
  await axe(page);
  assert.deepEqual(await told(), { mode: "light", accent: "#ffe08a", radius: 8 });
  await page.getByLabel("Font").fill("url(x)");
  await save("Fonts are named by letters");
  await page.getByLabel("Font").fill("");
  await page.getByLabel("Accent").fill("#1a6b4f");
  await save("Appearance saved");
  assert.equal(await page.getByText("Not everybody can read this").count(), 0);
  assert.deepEqual(await told(), { mode: "light", accent: "#1a6b4f", radius: 8 });
});
