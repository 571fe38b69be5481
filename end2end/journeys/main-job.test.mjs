// The main job, from nothing to a refused call, in the dashboard and on a page of a second origin: once with a mouse,
// once with nothing but a keyboard. Every page and dialog on the way passes axe and scrolls no way but down.

import { alive, assert, axe, browser, host, mintmark, noOverflow, owner, test } from "../harness/index.mjs";

/** A dashboard with its owner signed in, and a page of a second origin in another window. */
async function scene(t, options) {
  const server = await mintmark(t);
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const { page, context, newContext, tolerate } = await browser(t, options);
  tolerate(/status of 401/); // the refused call at the end
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme`);
  await alive(page);
  const widget = await context.newPage();
  await widget.goto(site.url);
  await page.bringToFront();
  return { server, acme, site, page, widget, newContext };
}

/** Calls once from the page of the second origin and reads what it says. */
async function called(widget, token) {
  await widget.bringToFront();
  if (token) await widget.getByLabel("Widget token").fill(token);
  const before = await widget.locator("#answers > li").count();
  await widget.getByRole("button", { name: "Call", exact: true }).click();
  await widget.locator(`#answers > li:nth-child(${before + 2})`).waitFor();
  return widget.getByRole("status").textContent();
}

const checked = async (page) => {
  await alive(page);
  await axe(page);
  await noOverflow(page);
};

/** The token's text, read as a person would copy it: revealed in the panel. */
const revealed = (page) => page.getByRole("textbox", { name: "MINTMARK_TOKEN" }).textContent();

test("the main job by mouse: organization, origin, mint, embed, revoke", async (t) => {
  const { site, page, widget } = await scene(t);

  await page.getByRole("link", { name: "Organizations" }).click();
  await checked(page);
  await page.getByRole("button", { name: "New organization" }).click();
  const making = page.getByRole("dialog", { name: "New organization" });
  await making.getByLabel("Name").fill("Globex");
  await making.getByRole("button", { name: "Create organization" }).click();

  await page.getByRole("heading", { name: "Globex", level: 1 }).waitFor();
  await checked(page);
  const origin = page.getByLabel("Origin", { exact: true });
  await origin.fill(site.origin);
  await page.getByText("Loopback origins need the switch").waitFor();
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off" }).waitFor();
  await alive(page);
  await origin.fill(`${site.origin}/`);
  await page.getByText("A trailing slash is a path").waitFor();
  await origin.fill(site.origin.toUpperCase());
  await page.getByText(`Stored as ${site.origin}`).waitFor();
  await page.getByText("does not match: the scheme differs").waitFor();
  await axe(page);
  await page.getByRole("button", { name: "Add origin" }).click();
  await page.getByRole("table").getByText(site.origin, { exact: true }).waitFor();
  await checked(page);

  await page.getByRole("link", { name: "Widget tokens" }).first().click();
  await page.getByRole("heading", { name: "No live widget tokens" }).waitFor();
  await checked(page);
  await page.getByRole("button", { name: "Mint token" }).first().click();
  const minting = page.getByRole("dialog", { name: "Mint widget token" });
  const mint = minting.getByRole("button", { name: "Mint token" });
  assert.equal(await mint.isDisabled(), true, "nothing may be done yet, so nothing can be minted");
  await minting.getByLabel("Single sign-on").check();
  await minting.getByRole("checkbox", { name: site.origin }).check();
  await minting.getByLabel("Life", { exact: true }).fill("90");
  await minting.getByText("It will live 1 h: longer is not allowed here.").waitFor();
  await minting.getByLabel("Life", { exact: true }).fill("5");
  await minting.getByLabel("Label").fill("By mouse");
  assert.match(await minting.getByText("This token can").textContent(), new RegExp(`set up single sign-on for Globex from ${site.origin} until \\d\\d:\\d\\d \\(5 min\\)`));
  await axe(page);
  await mint.click();

  const panel = page.getByRole("dialog", { name: "Widget token minted" });
  await panel.waitFor();
  assert.doesNotMatch(await revealed(page), /\./, "masked until it is wanted");
  await page.keyboard.press("Escape");
  assert.equal(await panel.isVisible(), true, "a secret is not lost to the Escape key");
  await panel.getByRole("button", { name: "Reveal" }).click();
  const token = await revealed(page);
  assert.equal(token.split(".").length, 3);
  await panel.locator("summary", { hasText: "Mint from your backend" }).click();
  await panel.locator("summary", { hasText: "Verify it in your own service" }).click();
  await axe(page);
  assert.equal(await panel.getByRole("button", { name: "Done" }).isDisabled(), true);
  await panel.getByLabel("I have stored it").check();
  await panel.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "By mouse" }).waitFor();
  assert.doesNotMatch(await page.content(), new RegExp(token.split(".")[2]), "gone from the page once it is stored");
  await checked(page);

  assert.match(await called(widget, token), /^200/);

  await page.bringToFront();
  await page.getByRole("link", { name: "By mouse" }).click();
  await page.getByRole("heading", { name: "By mouse", level: 1 }).waitFor();
  await checked(page);
  await page.getByRole("button", { name: "Revoke token" }).click();
  const ending = page.getByRole("dialog", { name: "Revoke token" });
  await ending.getByText("The next call that carries this token is refused.").waitFor();
  await ending.getByLabel("Reason").fill("The journey is over");
  await axe(page);
  await ending.getByRole("button", { name: "Revoke token" }).click();
  await page.getByText("The journey is over").first().waitFor();
  await checked(page);
  const story = page.getByRole("list", { name: "History of this token" });
  await story.getByText("olive revoked it").waitFor();
  await story.getByText("olive minted it").waitFor();

  assert.match(await called(widget), /^401 widget_token_revoked/);
});

test("the main job with nothing but a keyboard", async (t) => {
  const { site, acme, page, widget } = await scene(t, { viewport: { width: 1100, height: 800 } });
  const { id } = await acme.customer(site.origin);

  /** Presses Tab until the focus stands on it, as somebody does who has no mouse. */
  const reach = async (locator) => {
    for (let presses = 0; presses < 80; presses++) {
      if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return locator;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${locator}`);
  };
  const press = async (locator, key = "Enter") => {
    await reach(locator);
    await page.keyboard.press(key);
  };

  await press(page.getByRole("link", { name: "Skip to content" }));
  await page.goto(page.url().replace(/#.*/, "")); // the sidebar lies before the content
  await alive(page);
  await press(page.getByRole("link", { name: "Widget tokens" }));
  await page.getByRole("heading", { name: "Widget tokens", level: 1 }).waitFor();
  await alive(page);
  await press(page.getByRole("button", { name: "Mint token" }).first());

  const minting = page.getByRole("dialog", { name: "Mint widget token" });
  await minting.waitFor();
  await press(minting.getByLabel("Single sign-on"), "Space");
  await reach(minting.getByRole("checkbox", { name: site.origin }));
  assert.equal(await minting.getByRole("checkbox", { name: site.origin }).isChecked(), true, "the only origin is ticked already");
  await reach(minting.getByLabel("Life", { exact: true }));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("10");
  await reach(minting.getByLabel("Label"));
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");

  const panel = page.getByRole("dialog", { name: "Widget token minted" });
  await panel.waitFor();
  await press(panel.getByRole("button", { name: "Reveal" }));
  const token = await revealed(page);
  await press(panel.getByLabel("I have stored it"), "Space");
  await press(panel.getByRole("button", { name: "Done" }));
  await page.getByRole("link", { name: "By keyboard" }).waitFor();
  await alive(page);

  assert.match(await called(widget, token), /^200/);

  await page.bringToFront();
  await press(page.getByRole("checkbox", { name: /^Select By keyboard/ }), "Space");
  await press(page.getByRole("button", { name: "Revoke selected" }));
  await page.getByText("1 live token will stop at its next call.").waitFor();
  await checked(page);
  await reach(page.getByLabel("Reason"));
  await page.keyboard.type("By keyboard");
  await press(page.getByRole("button", { name: "Revoke tokens" }));
  await page.getByRole("heading", { name: "No live widget tokens" }).waitFor();
  await alive(page);

  assert.match(await called(widget), /^401 widget_token_revoked/);
  const { data } = await acme.call("GET", `/v1/widget-tokens?organization_id=${id}&include_revoked=true`);
  assert.deepEqual(data.map(({ label, revoke_reason }) => [label, revoke_reason]), [["By keyboard", "By keyboard"]]);
});

test("without scripts one is told that minting needs them, and no secret can land in a page", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  await acme.customer("http://localhost:1");
  const { page } = await browser(t, { javaScriptEnabled: false });
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/tokens/new`);
  assert.match(await page.locator("main").innerText(), /Minting needs scripts/);
  assert.equal(await page.getByRole("button", { name: "Mint token" }).isDisabled(), true);
});

test("removing an origin ends the live tokens that name it, unless that is declined", async (t) => {
  const { site, acme, page, widget } = await scene(t);
  const customer = await acme.customer(site.origin);
  const kept = await acme.mint(customer);
  const removal = async (tick) => {
    await page.bringToFront();
    await page.goto(`${page.url().split("/t/")[0]}/t/acme/organizations/${customer.id}/origins`);
    await alive(page);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Remove origin" });
    await dialog.getByText(`1 live token names ${site.origin}`).waitFor();
    const box = dialog.getByLabel("Revoke the 1 live token that names it");
    assert.equal(await box.isChecked(), true);
    if (!tick) await box.uncheck();
    await dialog.getByRole("button", { name: "Remove origin" }).click();
    await page.getByRole("heading", { name: "No origins yet" }).waitFor();
  };
  await removal(false);
  assert.match(await called(widget, kept.token), /^200/);
  await acme.call("DELETE", `/v1/widget-tokens/${kept.id}`);
  await acme.call("POST", `/v1/organizations/${customer.id}/origins`, { origin: site.origin });
  const ended = await acme.mint(customer);
  await removal(true);
  assert.match(await called(widget, ended.token), /^401 widget_token_revoked/);
});
