// Passwords of customers: signed up, proved by mail, used and set anew in our sign-in window, for a page of another origin.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { alive, assert, axe, browser, mailServer, mintmark, noOverflow, owner, root, shop, test } from "../harness/index.mjs";

const NEW = "new@customer.example";
const FIRST = "velvet otter plays backgammon";
const NEXT = "copper heron counts the tides";

/** A product with passwords that takes in anybody, and a page of its own that carries the snippet. */
async function prepared(t, engine) {
  const [mail, site] = [await mailServer(t), await shop(t)];
  const server = await mintmark(t, { engine, env: mail.env });
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [site.origin], mode: "live", allow_development_origins: true });
  await acme.call("PATCH", `/v1/products/${product}`, { sign_in: true, passwords: true, anyone_may_sign_in: true });
  const snippet = await readFile(join(root, "docs/snippets/plain/sign-in-window.html"), "utf8");
  site.show(snippet.replaceAll("{{url}}", server.url).replaceAll("{{key}}", key));
  return { mail, site, server, acme, product };
}

/** Presses "Sign in" and answers the window, at its form for a password. */
async function opened(page) {
  const opening = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Sign in" }).click();
  const popup = await opening;
  await popup.getByRole("button", { name: "Use a password" }).click();
  return popup;
}

/** The step that is shown. */
const step = (page, name) => page.locator(`[data-step="${name}"]`);

async function typed(page, name, email, password) {
  const form = step(page, name);
  await form.getByLabel("E-mail").fill(email);
  await form.getByRole("textbox", { name: /password/i }).fill(password);
}

for (const engine of ["sqlite", "postgres"]) {
  test(`somebody signs up, proves the address, and signs in with a password; ${engine}`, async (t) => {
    const { mail, site, server, acme } = await prepared(t, engine);
    const { context, page, newContext, tolerate } = await browser(t);
    tolerate(/status of 401|status of 422/);
    await page.goto(site.url);
    const popup = await opened(page);
    await axe(popup);
    await popup.getByRole("button", { name: "Create an account" }).click();
    await axe(popup);

    // What is wrong stands beside its field, and a password says how far it is from long enough.
    const up = step(popup, "sign-up");
    await typed(popup, "sign-up", "new@", "short");
    await up.getByText("10 more characters.").waitFor();
    await up.getByRole("button", { name: "Create account" }).click();
    await up.getByText("Type an e-mail address.").waitFor();
    await typed(popup, "sign-up", NEW, "password1password1");
    await up.getByText("18 characters: long enough.").waitFor();
    await up.getByRole("button", { name: "Create account" }).click();
    await up.getByText("This password is on lists of leaked passwords").waitFor();
    assert.equal(await popup.evaluate(() => document.activeElement.id), "up-password");
    await axe(popup);
    const field = popup.locator("#up-password");
    await up.getByRole("button", { name: "Show password" }).click();
    assert.deepEqual([await field.getAttribute("type"), await field.getAttribute("autocomplete")], ["text", "new-password"]);
    await field.fill(FIRST);
    await field.press("Enter");
    await popup.getByRole("heading", { name: "Check your inbox" }).waitFor();
    assert.equal(await field.getAttribute("type"), "password", "what goes away is hidden again");
    await axe(popup);

    const got = await mail.next();
    assert.deepEqual([got.to, got.subject], [[NEW], "Confirm your address for Acme"]);
    const link = got.link();
    assert.match(link, new RegExp(`^${server.url}/popup/verify#password_[0-9A-Za-z]{49}$`), "what is secret stands behind the hash");
    for (let scan = 0; scan < 5; scan++) await fetch(link); // programs that look into mail open what they find

    // Whoever did not choose the password cannot confirm it, even with the mail in hand.
    const elsewhere = await (await newContext()).newPage();
    await elsewhere.goto(link);
    await elsewhere.getByRole("textbox", { name: "Password" }).fill(NEXT);
    await elsewhere.getByRole("button", { name: "Confirm" }).click();
    await elsewhere.getByText("This is not the password that this sign-up was begun with").waitFor();
    await axe(elsewhere);

    const tab = await context.newPage();
    await tab.goto(link);
    assert.equal(tab.url(), `${server.url}/popup/verify`, "the token is gone from the address");
    await axe(tab);
    const closed = popup.waitForEvent("close");
    await tab.getByRole("textbox", { name: "Password" }).fill(FIRST);
    await tab.getByRole("button", { name: "Confirm" }).click();
    await tab.getByRole("heading", { name: "Your address is confirmed" }).waitFor();
    await axe(tab);
    await closed;
    await page.getByText(`Signed in as ${NEW}`).waitFor();
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByText("You are signed out.").waitFor();

    // Again, with the password alone; a wrong one first.
    const again = await opened(page);
    await typed(again, "password", NEW, NEXT);
    await step(again, "password").getByRole("button", { name: "Sign in" }).click();
    await again.getByText("E-mail or password are not right.").waitFor();
    await axe(again);
    const gone = again.waitForEvent("close");
    await typed(again, "password", NEW, FIRST);
    await again.keyboard.press("Enter");
    await gone;
    await page.getByText(`Signed in as ${NEW}`).waitFor();

    for (const secret of [link.split("#")[1], FIRST, NEXT]) assert.ok(!server.log().includes(secret), "in no log");
    assert.deepEqual(await context.cookies(), []);
    for (const one of [tab, page]) {
      assert.deepEqual(await one.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
    }
    const told = async (action) => (await acme.call("GET", `/v1/audit-events?action=${action}`)).data.length;
    for (const action of ["password_link.sent", "customer.signed_up"]) assert.equal(await told(action), 1, action);
    while ((await told("customer.sign_in_refused")) === 0); // refusals are gathered, and written within a second
  });
}

test("a forgotten password is set anew by mail, ends every session, and the customer is told", async (t) => {
  const { mail, site, server, acme } = await prepared(t, "sqlite");
  await acme.call("POST", "/v1/customers", { email: NEW, email_verified: true, name: "Nora" });
  const { context, page, tolerate } = await browser(t, { viewport: { width: 320, height: 640 } });
  tolerate(/status of 401|status of 422|status of 410/);
  await page.goto(site.url);
  const popup = await opened(page);
  await popup.setViewportSize({ width: 320, height: 640 });
  await noOverflow(popup);
  await popup.getByRole("button", { name: "Forgot your password?" }).click();
  await step(popup, "forgot").getByLabel("E-mail").fill(NEW);
  await popup.keyboard.press("Enter");
  await popup.getByRole("heading", { name: "Check your inbox" }).waitFor();
  await noOverflow(popup);

  const link = (await mail.next()).link();
  const tab = await context.newPage();
  await tab.goto(link);
  await noOverflow(tab);
  await tab.getByRole("textbox", { name: "New password" }).fill("password1password1");
  await tab.getByRole("button", { name: "Set password" }).click();
  await tab.getByText("This password is on lists of leaked passwords").waitFor();
  await tab.getByRole("textbox", { name: "New password" }).fill(FIRST);
  await tab.getByRole("button", { name: "Set password" }).click();
  await tab.getByRole("heading", { name: "Your password is set" }).waitFor();
  await axe(tab);
  const note = await mail.next();
  assert.deepEqual([note.to, note.subject], [[NEW], "Your password for Acme was changed"]);
  assert.doesNotMatch(note.text, /https?:/, "a note holds nothing to press");

  // The window has heard of it: only the password is missing.
  const form = step(popup, "password");
  await form.waitFor();
  assert.equal(await form.getByLabel("E-mail").inputValue(), NEW);
  const closed = popup.waitForEvent("close");
  await form.getByRole("textbox", { name: "Password" }).fill(FIRST);
  await popup.keyboard.press("Enter");
  await closed;
  await page.getByText(`Signed in as ${NEW}`).waitFor();

  const late = await context.newPage();
  await late.goto(link);
  await late.getByRole("textbox", { name: "New password" }).fill(NEXT);
  await late.getByRole("button", { name: "Set password" }).click();
  await late.getByText("This link has been used already").waitFor();
  await late.goto(`${server.url}/popup/reset#password_x`);
  await late.reload();
  await late.getByText("This is no whole link").waitFor();
  await axe(late);

  // In the dashboard: that there is a password, and how it is taken away.
  await page.setViewportSize({ width: 1280, height: 800 });
  await acme.signIn(page);
  const [{ id: customer }] = (await acme.call("GET", "/v1/customers")).data;
  await page.goto(`${server.url}/t/acme/customers/${customer}`);
  await alive(page);
  await page.getByText(/^Set /).first().waitFor();
  await page.getByRole("button", { name: "Remove password" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove password" }).click();
  await page.getByText("Password removed").waitFor();
  assert.equal((await acme.call("GET", `/v1/customers/${customer}`)).password_set_at, null);
});

test("an owner lets customers have passwords, and takes that back at once", async (t) => {
  const { server, acme, product } = await prepared(t, "sqlite");
  const { page } = await browser(t);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${product}/sign-in`);
  await alive(page);
  const sw = page.getByRole("switch", { name: "Customers may have passwords" }).or(page.getByRole("checkbox", { name: "Customers may have passwords" }));
  assert.equal(await sw.isChecked(), true);
  await axe(page);
  await sw.uncheck();
  await page.locator("form", { has: sw }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").first().waitFor();
  assert.equal((await acme.call("GET", `/v1/products/${product}`)).passwords, false);
});
