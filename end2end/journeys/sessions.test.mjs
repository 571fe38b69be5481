// Sessions of one person in several browsers: what one ends is over at the other's next click.

import { alive, assert, axe, browser, mintmark, noOverflow, owner, signIn, test } from "../harness/index.mjs";

/** One owner, signed in in two browsers. */
async function twice(t) {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { page: here, newContext, tolerate } = await browser(t);
  const there = await (await newContext()).newPage();
  for (const page of [here, there]) {
    await signIn(page, server, acme);
    await page.goto(`${server.url}/t/acme/profile`);
    await alive(page);
  }
  return { server, acme, here, there, tolerate };
}

test("sign out the others ends the other browser's session at its next click, and not this one's", async (t) => {
  const { acme, here, there } = await twice(t);
  await here.reload();
  await alive(here);
  await axe(here);
  await noOverflow(here);
  await here.getByRole("button", { name: "Sign out the others" }).click();
  await here.getByText("Other sessions signed out").first().waitFor();
  await there.getByRole("link", { name: "Overview" }).click();
  await there.waitForURL(/\/sign-in/);
  await here.getByRole("link", { name: "Overview" }).click();
  await here.getByRole("heading", { level: 1 }).waitFor();
  assert.match(here.url(), /\/t\/acme/);
  const ended = await fetch(`${new URL(here.url()).origin}/v1/me`, { headers: { authorization: `Bearer ${acme.token}` } });
  assert.equal(ended.status, 401, "a dashboard JWT is a session as well");
});

test("a new password ends the other browser's session, and the old one opens nothing", async (t) => {
  const { server, acme, here, there } = await twice(t);
  const password = "a staple for the battery horse";
  await here.getByLabel("Present password").fill(acme.password);
  await here.getByLabel("New password").fill(password);
  await here.getByRole("button", { name: "Change password" }).click();
  await here.getByText("Password changed").first().waitFor();
  await there.getByRole("link", { name: "Overview" }).click();
  await there.waitForURL(/\/sign-in/);
  await there.getByLabel("E-mail").fill(acme.email);
  await there.getByLabel("Password", { exact: true }).fill(password);
  await there.getByRole("button", { name: "Sign in" }).click();
  await there.waitForURL(/\/t\/acme/);
  assert.ok(server.log().length > 0 && !server.log().includes(password), "the log knows no password");
});

test("one session is ended from the list, and signing out ends one's own", async (t) => {
  const { here, there } = await twice(t);
  await here.reload();
  await alive(here);
  const rows = here.getByRole("row").filter({ has: here.getByRole("button", { name: "Sign out", exact: true }) });
  const browserRow = rows.filter({ hasNotText: "dashboard token" });
  await browserRow.getByRole("button", { name: "Sign out", exact: true }).click();
  await here.getByText("Session ended").first().waitFor();
  await there.getByRole("link", { name: "Overview" }).click();
  await there.waitForURL(/\/sign-in/);
});
