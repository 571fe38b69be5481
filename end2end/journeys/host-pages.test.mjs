// What Embed Studio tells about other people's pages, and what these pages then do.

import { alive, assert, axe, browser, mintmark, noOverflow, owner, shop, test } from "../harness/index.mjs";

test("the chooser recommends a way, with and without scripts", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { page, context, newContext } = await browser(t);
  await acme.signIn(page);
  const choose = async (page) => {
    const way = (name) => page.getByText(name, { exact: true });
    await page.getByRole("radio", { name: "No", exact: true }).check();
    await way("Embed key alone").waitFor();
    assert.equal(await page.getByRole("radio", { name: "Our own backend" }).count(), 0, "nobody has to be signed in");
    await page.getByRole("radio", { name: "Yes", exact: true }).check();
    assert.equal(await way("Embed key alone").isVisible(), false);
    await page.getByRole("radio", { name: "Nobody yet" }).check();
    await way("Magic link").waitFor();
    await page.getByRole("radio", { name: "Nobody: the page has no sign-in" }).check();
    await way("Sign-in window").waitFor();
    assert.equal(await way("Magic link").isVisible(), false);
    await page.getByRole("radio", { name: "Our own backend" }).check();
    await way("Bridge token").waitFor();
    assert.equal(await way("Magic link").isVisible(), false);
  };
  await page.goto(`${server.url}/t/acme/studio`);
  await alive(page);
  await choose(page);
  await axe(page);
  const without = await (await newContext({ javaScriptEnabled: false, storageState: await context.storageState() })).newPage();
  await without.goto(page.url());
  await choose(without);
  await without.getByRole("link", { name: "Set up the Auth Bridge" }).click();
  await without.waitForURL(/\/bridge$/);
});

test("a page under the policy that was advised shows the offerings, and under its own it does not", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = await shop(t);
  const { page, newContext, tolerate } = await browser(t, { viewport: { width: 320, height: 800 } });
  tolerate(/content security policy|status of 422/i);
  const { data } = await acme.call("GET", "/v1/products");
  const product = data[0].id;
  await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [site.origin], mode: "test" });
  const price = { amount: 1900, currency: "EUR", interval: "month" };
  await acme.call("POST", `/v1/products/${product}/offerings`, { name: "Basic", price, features: ["One"], status: "PUBLISHED" });
  await acme.signIn(page);
  const studio = `${server.url}/t/acme/studio/${product}`;
  await page.goto(studio);
  const snippet = await page.getByRole("region", { name: "HTML" }).textContent();

  await page.goto(`${studio}/security`);
  await alive(page);
  await page.getByLabel("Its policy").fill("Content-Security-Policy: default-src 'none'; img-src data:");
  await page.getByRole("button", { name: "Show what is missing" }).click();
  await page.getByText("Missing").first().waitFor();
  await noOverflow(page);
  await axe(page);
  const advised = await page.getByRole("region", { name: "The policy, with what was missing" }).textContent();
  const policy = advised.replace(/^Content-Security-Policy: /, "");
  assert.equal(policy, `default-src 'none'; img-src data:; script-src ${server.url}; connect-src ${server.url}`);

  const visit = async (policy) => {
    site.show(snippet, { "content-security-policy": policy });
    const visitor = await (await newContext()).newPage();
    await visitor.goto(site.url);
    return visitor;
  };
  const shown = await visit(policy);
  await shown.getByRole("heading", { name: "Basic" }).waitFor();
  assert.match(await shown.getByRole("heading", { name: "Basic" }).evaluate((heading) => getComputedStyle(heading).fontWeight), /^600$/, "its styles apply");
  const strict = await visit(`${policy}; require-trusted-types-for 'script'; trusted-types 'none'`);
  await strict.getByRole("heading", { name: "Basic" }).waitFor();
  const kept = await visit("default-src 'none'; img-src data:");
  assert.equal(await kept.evaluate(() => customElements.get("mintmark-pricing") === undefined), true, "its own policy lets the script not run");

  // What was advised is found enough when it is asked about.
  await page.getByLabel("Its policy").fill(policy);
  await page.getByRole("button", { name: "Show what is missing" }).click();
  await page.getByText("Nothing is missing").waitFor();
  await page.getByLabel("Its policy").fill("{}");
  await page.getByRole("button", { name: "Show what is missing" }).click();
  await page.getByText("This is not a Content-Security-Policy").waitFor();
  await axe(page);
});

test("the origin tester names the rule that a page meets, and lists are judged while they are typed", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 422/);
  const { data } = await acme.call("GET", "/v1/products");
  const product = data[0].id;
  const keys = `/v1/products/${product}/embed-keys`;
  await acme.call("POST", keys, { name: "Website", origins: ["https://www.acme.example"], mode: "live" });
  const old = await acme.call("POST", keys, { name: "Old site", origins: ["https://www.acme.example"], mode: "live" });
  await acme.call("DELETE", `${keys}/${old.id}`);
  await acme.signIn(page);
  const security = `${server.url}/t/acme/studio/${product}/security`;
  await page.goto(security);
  await alive(page);
  const ask = async (address) => {
    await page.getByLabel("Address of the page").fill(address);
    await page.getByRole("button", { name: "Try page" }).click();
    await page.waitForURL(/page=/);
  };
  await ask("https://www.acme.example/pricing?x=1");
  await page.getByText("Origin: https://www.acme.example", { exact: true }).waitFor();
  await page.getByRole("row", { name: /Website.*Let in/ }).waitFor();
  await page.getByRole("row", { name: /Old site.*403 invalid_embed_key.*disabled/ }).waitFor();
  await axe(page);
  await page.goto(security);
  await ask("http://www.acme.example");
  await page.getByRole("row", { name: /Website.*403 embed_origin_not_allowed.*Nearest is https:\/\/www\.acme\.example.*scheme differs/ }).waitFor();
  await page.goto(security);
  await ask("file:///home/me/page.html");
  await page.getByText("This page has no origin").waitFor();
  await page.goto(security);
  await ask("https://");
  await page.getByText("This is not the address of a page.").waitFor();

  await page.goto(security);
  await alive(page);
  await page.getByLabel("Origin", { exact: true }).fill("https://Shop.acme.example/");
  await page.getByText("A trailing slash is a path").waitFor();
  await page.getByLabel("Origin", { exact: true }).fill("https://Shop.acme.example");
  await page.getByText("Stored as").waitFor();

  await page.goto(`${server.url}/t/acme/studio/${product}/keys`);
  await alive(page);
  await page.getByRole("button", { name: "Create embed key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create embed key" });
  await dialog.getByLabel("Origins", { exact: true }).fill("https://www.acme.example\nhttp://localhost:3000");
  await dialog.getByText("Line 2: Loopback origins need the switch").waitFor();
  await dialog.getByRole("radio", { name: "Test" }).check();
  await dialog.getByText("2 origins, matched letter for letter.").waitFor();
  await axe(page);
});
