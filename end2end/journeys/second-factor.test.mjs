// A second factor from the picture to be scanned to the last recovery code, and the way back for who lost both.

import { alive, assert, authenticatorCode, axe, browser, mintmark, noOverflow, owner, signIn, test } from "../harness/index.mjs";

/** An owner whose second factor is on: the secret of the authenticator, the recovery codes, and `now` of the server. */
async function secured(t) {
  const server = await mintmark(t, { clock: true });
  const acme = await owner(server);
  const { page, newContext, tolerate } = await browser(t);
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** A code works once, so each further one belongs to a later step. */
  const later = async (seconds) => {
    ahead += seconds * 1000;
    await server.clock(`+${ahead / 1000}s`);
  };
  await signIn(page, server, acme);
  await page.goto(`${server.url}/t/acme/profile/second-factor`);
  await alive(page);
  await page.getByRole("button", { name: "Show the picture to scan" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  await axe(page);
  const secret = await page.locator(".enrol__secret code").textContent();
  await page.getByLabel("Code that it shows now").fill(authenticatorCode(secret, now()));
  await page.getByRole("button", { name: "Turn on" }).click();
  const panel = page.getByRole("dialog", { name: "Keep your recovery codes" });
  await panel.getByRole("listitem").first().waitFor();
  await axe(page);
  const codes = await panel.getByRole("listitem").allTextContents();
  assert.equal(new Set(codes).size, 10);
  await panel.getByLabel(/I have stored them/).check();
  await panel.getByRole("button", { name: "Done" }).click();
  await page.getByText("Recovery codes left").waitFor();
  assert.ok(!(await page.content()).includes(codes[0]), "gone from the page once they are stored");
  return { server, acme, page, newContext, tolerate, secret, codes, now, later };
}

test("signing in takes the password and a code of the authenticator, each code once", async (t) => {
  const { server, acme, newContext, tolerate, secret, now, later } = await secured(t);
  tolerate(/status of 401/);
  const enter = async (code) => {
    const page = await (await newContext()).newPage();
    await signIn(page, server, acme);
    await page.getByLabel("Code", { exact: true }).fill(code);
    await page.getByRole("button", { name: "Sign in" }).click();
    return page;
  };
  await later(60);
  const code = authenticatorCode(secret, now());
  const inside = await enter(code);
  await inside.waitForURL(/\/t\/acme/);
  const again = await enter(code);
  await again.locator("[aria-invalid=true]").or(again.getByRole("alert")).first().waitFor();
  await axe(again);
  await noOverflow(again);
  assert.match(again.url(), /\/sign-in\/code/);
});

test("a recovery code stands in for the authenticator, once, and one's page counts what is left", async (t) => {
  const { server, acme, newContext, tolerate, codes } = await secured(t);
  tolerate(/status of 401/);
  const enter = async (code) => {
    const page = await (await newContext()).newPage();
    await signIn(page, server, acme);
    await page.getByRole("link", { name: "Use a recovery code instead" }).click();
    await page.getByLabel("Recovery code").fill(code);
    await page.getByRole("button", { name: "Sign in" }).click();
    return page;
  };
  const inside = await enter(codes[3]);
  await inside.waitForURL(/\/t\/acme/);
  await inside.goto(`${server.url}/t/acme/profile`);
  await inside.getByText("On, 9 recovery codes left").waitFor();
  const again = await enter(codes[3]);
  await again.locator("[aria-invalid=true]").or(again.getByRole("alert")).first().waitFor();
  assert.match(again.url(), /\/sign-in\/code/);
});

test("without scripts the second step works too", async (t) => {
  const { server, acme, newContext, secret, now, later } = await secured(t);
  await later(60);
  const page = await (await newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, server, acme);
  await page.getByLabel("Code", { exact: true }).fill(authenticatorCode(secret, now()));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/t\/acme/);
});

test("the API asks for the code as well", async (t) => {
  const { server, acme, secret, now, later } = await secured(t);
  const sign = async (more) => {
    const body = JSON.stringify({ email: acme.email, password: acme.password, ...more });
    return (await fetch(`${server.url}/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
  };
  assert.equal((await sign()).code, "second_factor_required");
  await later(60);
  assert.match((await sign({ code: authenticatorCode(secret, now()) })).token, /^eyJ/);
});

test("who lost phone and codes comes back by the operator's link, which turns the second factor off", async (t) => {
  const { server, acme, newContext } = await secured(t);
  const { url } = JSON.parse(await server.command(["user", "reset", "--email", acme.email, "--json"]));
  const page = await (await newContext()).newPage();
  await page.goto(url);
  const password = "a staple for the battery horse";
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await page.waitForURL(/\/sign-in/);
  await signIn(page, server, { email: acme.email, password });
  await page.waitForURL(/\/t\/acme/);
  await page.goto(`${server.url}/t/acme/profile`);
  await page.getByText("Off", { exact: true }).waitFor();
});
