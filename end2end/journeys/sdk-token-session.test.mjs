// <mintmark-token-session> in a page of a second origin under a strict policy: what a widget token may do, and how it ends.

import { NOTHING, assert, axe, browser, keepsNothing, noOverflow, portal, test } from "../harness/index.mjs";

const ELEMENT = `<script type="module" src="{{sdk}}/token-session.js"></script>`;

/** A portal whose organization lists the page, and what a journey needs of the element. */
async function world(t, options) {
  const all = await portal(t, options);
  const customer = await all.acme.customer(all.site.origin);
  const mint = (more) => all.acme.mint(customer, more);
  const events = all.script(`window.told = [];
    for (const name of ["load", "error", "expired", "revoked"]) document.addEventListener("mintmark-" + name, ({ detail }) => told.push([name, detail]));`);
  return { ...all, customer, mint, events };
}

test("a page shows what its token may do, from where and until when, and keeps nothing", async (t) => {
  const { site, customer, mint, show, events } = await world(t);
  const { page, context } = await browser(t);
  const { token } = await mint({ scope: ["sso_connection", "directory_sync"], ttl_seconds: 1_800 });
  show(`${events}${ELEMENT}<mintmark-token-session token="${token}"></mintmark-token-session>`);
  await page.goto(site.url);
  await page.getByRole("heading", { name: customer.name }).waitFor();
  await page.getByText("Set up single sign-on").waitFor();
  await page.getByText("Set up directory sync").waitFor();
  await page.getByText(`${site.origin} (this page)`).waitFor();
  await page.getByText(/^\d.*, in (29|30) minutes/).waitFor();
  assert.deepEqual(await page.evaluate(() => told), [["load", { scope: ["sso_connection", "directory_sync"] }]]);
  for (const [width, colorScheme] of [[1280, "light"], [320, "dark"]]) {
    await page.setViewportSize({ width, height: 700 });
    await page.emulateMedia({ colorScheme });
    await axe(page);
    await noOverflow(page);
  }
  show(`${ELEMENT}<mintmark-token-session lang="de" token="${token}"></mintmark-token-session>`);
  await page.reload();
  await page.getByText("Single Sign-on einrichten").waitFor();
  await page.getByText(/^\d.*, in (29|30) Minuten/).waitFor();
  await axe(page);
  assert.deepEqual(await keepsNothing(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);
});

test("a token that is revoked is refused on the next call, and the element says so", async (t) => {
  const { acme, site, mint, show, events } = await world(t);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const { id, token } = await mint();
  show(`${events}${ELEMENT}<mintmark-token-session token="${token}"></mintmark-token-session>`);
  await page.goto(site.url);
  await page.getByText("Set up directory sync").waitFor();
  await acme.call("DELETE", `/v1/widget-tokens/${id}`);
  // The page is looked at again.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.getByText("This access was revoked.").waitFor();
  assert.equal(await page.getByText("Set up directory sync").count(), 0);
  await axe(page);
  assert.deepEqual(await page.evaluate(() => told), [["load", { scope: ["directory_sync"] }], ["revoked", {}]]);

  // By the button, with another token; and by the page.
  const second = await mint();
  await page.evaluate((token) => void (document.querySelector("mintmark-token-session").token = token), second.token);
  const refresh = page.getByRole("button", { name: "Check again" });
  await page.getByText("Set up directory sync").waitFor();
  await acme.call("DELETE", `/v1/widget-tokens/${second.id}`);
  await refresh.click();
  await page.getByText("This access was revoked.").waitFor();
  assert.equal(await refresh.evaluate((button) => button.getRootNode().activeElement === button), true, "the focus stays on the button");
  const third = await mint();
  await page.evaluate((token) => void (document.querySelector("mintmark-token-session").token = token), third.token);
  await page.getByText("Set up directory sync").waitFor();
  await acme.call("DELETE", `/v1/widget-tokens/${third.id}`);
  await page.evaluate(() => document.querySelector("mintmark-token-session").refresh());
  await page.getByText("This access was revoked.").waitFor();
});

test("a token whose time is over has expired, and one that was fetched is followed by the next", async (t) => {
  const { server, site, mint, show, events } = await world(t, { clock: true });
  const { page, context, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const { token } = await mint({ ttl_seconds: 60 });
  show(`${events}${ELEMENT}<mintmark-token-session token="${token}"></mintmark-token-session>`);
  await page.goto(site.url);
  await page.getByText("Set up directory sync").waitFor();
  await server.clock("+2m");
  await page.getByRole("button", { name: "Check again" }).click();
  await page.getByText("This access has expired.").waitFor();
  await axe(page);
  assert.deepEqual((await page.evaluate(() => told)).at(-1), ["expired", {}]);
  await context.exposeBinding("mint", async () => (await mint()).token);
  await page.evaluate(() => void (document.querySelector("mintmark-token-session").getToken = () => mint()));
  await page.getByText("Set up directory sync").waitFor();
});

test("a page that fetches its tokens goes on with a new one when one is revoked", async (t) => {
  const { acme, site, mint, show, script } = await world(t);
  const { page, context, tolerate } = await browser(t);
  tolerate(/status of 401/);
  const minted = [];
  await context.exposeBinding("mint", async () => {
    minted.push(await mint({ label: `Page ${minted.length}` }));
    return minted.at(-1).token;
  });
  show(`${ELEMENT}<mintmark-token-session></mintmark-token-session>${script(`document.querySelector("mintmark-token-session").getToken = () => mint()`)}`);
  await page.goto(site.url);
  await page.getByText("Set up directory sync").waitFor();
  assert.equal(minted.length, 1);
  await acme.call("DELETE", `/v1/widget-tokens/${minted[0].id}`);
  const taken = page.waitForResponse((answer) => answer.url().endsWith("/widget/session") && answer.status() === 200);
  await page.getByRole("button", { name: "Check again" }).click();
  await taken;
  await page.getByText("Set up directory sync").waitFor();
  assert.equal(minted.length, 2);
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("a token of another page, another kind or nobody is told apart", async (t) => {
  const { acme, site, customer, mint, show, bridgeToken, events } = await world(t);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 40[13]/);
  await acme.call("POST", `/v1/organizations/${customer.id}/origins`, { origin: "https://app.example" });
  const { token } = await mint({ origins: ["https://app.example"] });
  show(`${events}${ELEMENT}<mintmark-token-session token="${token}"></mintmark-token-session>`);
  await page.goto(site.url);
  await page.getByText(`The page’s origin is ${site.origin}.`).waitFor();
  await page.getByText("widget_origin_mismatch").waitFor();
  await axe(page);
  const shows = async (token, text) => {
    await page.evaluate((token) => void (document.querySelector("mintmark-token-session").token = token), token);
    await page.getByText(text).waitFor();
  };
  await shows(acme.token, "a widget token is needed here");
  await shows(await bridgeToken(), "This token is not valid.");
  await shows("sk_live_something", "secret_key_in_page");
  assert.deepEqual(await page.evaluate(() => told.map(([name, { code }]) => [name, code])), [
    ["error", "widget_origin_mismatch"],
    ["error", "widget_token_required"],
    ["error", "invalid_token"],
    ["error", "secret_key_in_page"],
  ]);
});
