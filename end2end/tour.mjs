// Follows the README from an empty data folder with the release binary in Chromium: `make tour`.
// Prints the seconds of each step and exits non-zero at the first that fails.

import assert from "node:assert/strict";
import { alive, browser, host, mintmark, noOverflow } from "./harness/index.mjs";

/** Calls once from the page of a second origin and reads what it says. */
async function called(page) {
  const before = await page.locator("#answers > li").count();
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.locator(`#answers > li:nth-child(${before + 2})`).waitFor(); // each press makes two calls
  return page.getByRole("status").textContent();
}

/** The steps, in order. Each gets what the ones before left in `tour`. */
const steps = {
  async "serve prints a set-up link on an empty data folder"(tour) {
    tour.mintmark = await mintmark(tour);
    assert.ok(tour.mintmark.setupLink, `no set-up link in:\n${tour.mintmark.log()}`);
  },
  async "the link opens in a browser"(tour) {
    tour.browser = await browser(tour);
    const answer = await tour.browser.page.goto(tour.mintmark.setupLink);
    assert.equal(answer.status(), 200);
    await alive(tour.browser.page);
    await noOverflow(tour.browser.page);
  },
  async "the first owner sets Mintmark up"({ browser: { page } }) {
    await page.getByLabel("Company").fill("Acme");
    await page.getByLabel("Your name").fill("Olive");
    await page.getByLabel("Your e-mail").fill("olive@acme.example");
    await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
    await page.getByRole("button", { name: "Create and sign in" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    await alive(page);
  },
  async "an organization is made"({ browser: { page } }) {
    await page.getByRole("link", { name: "Organizations" }).click();
    await page.getByRole("heading", { name: "No organizations yet" }).waitFor();
    await alive(page);
    await page.getByRole("button", { name: "New organization" }).click();
    const dialog = page.getByRole("dialog", { name: "New organization" });
    await dialog.getByLabel("Name").fill("Globex");
    await dialog.getByRole("switch", { name: "Allow development origins" }).check();
    await dialog.getByRole("button", { name: "Create organization" }).click();
    await page.getByRole("heading", { name: "Globex", level: 1 }).waitFor();
    await alive(page);
  },
  async "the host page's origin joins its allowlist"(tour) {
    const { page } = tour.browser;
    tour.host = await host(tour, { mintmark: tour.mintmark.url });
    await page.getByLabel("Origin", { exact: true }).fill(tour.host.origin);
    await page.getByText(`Stored as ${tour.host.origin}`).waitFor();
    await page.getByRole("button", { name: "Add origin" }).click();
    await page.getByRole("table").getByText(tour.host.origin, { exact: true }).waitFor();
    await alive(page);
  },
  async "a widget token is minted, and its text is seen once"(tour) {
    const { page } = tour.browser;
    await page.getByRole("link", { name: "Widget tokens" }).first().click();
    await page.getByRole("heading", { name: "No live widget tokens" }).waitFor();
    await alive(page);
    await page.getByRole("button", { name: "Mint token" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Mint widget token" });
    await dialog.getByLabel("Single sign-on").check();
    await dialog.getByRole("checkbox", { name: tour.host.origin }).check();
    await dialog.getByLabel("Label").fill("My first token");
    await dialog.getByRole("button", { name: "Mint token" }).click();
    const panel = page.getByRole("dialog", { name: "Widget token minted" });
    await panel.getByRole("button", { name: "Reveal" }).click();
    tour.token = await panel.getByRole("textbox", { name: "MINTMARK_TOKEN" }).textContent();
    await panel.getByLabel("I have stored it").check();
    await panel.getByRole("button", { name: "Done" }).click();
    await page.getByRole("link", { name: "My first token" }).waitFor();
    await alive(page);
  },
  async "the host page may use it: 200"(tour) {
    tour.page = await tour.browser.context.newPage();
    await tour.page.goto(tour.host.url);
    await tour.page.getByLabel("Widget token").fill(tour.token);
    assert.match(await called(tour.page), /^200/);
  },
  async "the token is revoked, with a reason"({ browser: { page } }) {
    await page.bringToFront();
    await page.getByRole("link", { name: "My first token" }).click();
    await page.getByRole("heading", { name: "My first token", level: 1 }).waitFor();
    await alive(page);
    await page.getByRole("button", { name: "Revoke token" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke token" });
    await dialog.getByLabel("Reason").fill("The tour is over");
    await dialog.getByRole("button", { name: "Revoke token" }).click();
    await page.getByText("The tour is over").first().waitFor();
    await alive(page);
  },
  async "the host page's next call is refused: 401"(tour) {
    tour.browser.tolerate(/status of 401/);
    await tour.page.bringToFront();
    assert.match(await called(tour.page), /^401 widget_token_revoked/);
  },
  async "its history tells who minted and who revoked it"({ browser: { page } }) {
    await page.bringToFront();
    const story = page.getByRole("list", { name: "History of this token" });
    await story.getByText("Olive revoked it").waitFor();
    await story.getByText("Olive minted it").waitFor();
  },
  async "and so does the history of the tenant"({ browser: { page } }) {
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("heading", { name: "History", level: 1 }).waitFor();
    await alive(page);
    await page.locator("summary").filter({ hasText: "revoked a widget token" }).first().click();
    await page.getByText("The tour is over").first().waitFor();
  },
};

const ends = [];
const tour = { after: (end) => ends.unshift(end) };
const begun = performance.now();
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1).padStart(6);

async function attempt(name, act) {
  const start = performance.now();
  try {
    await act();
    console.log(`${seconds(start)} s  ${name}`);
    return true;
  } catch (error) {
    console.log(`${seconds(start)} s  FAILED: ${name}\n${error.stack}`);
    process.exitCode = 1;
    return false;
  }
}

for (const [name, step] of Object.entries(steps)) {
  if (!(await attempt(name, () => step(tour)))) break;
}
for (const end of ends) await attempt("the browser had no complaint, the server stopped", end);
console.log(`${seconds(begun)} s  in all, ${Object.keys(steps).length} steps`);
