// Keys and people in the dashboard: a rotation that nobody notices, a member's whole stay, an API key's whole life.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alive, assert, axe, browser, host, mintmark, noOverflow, owner, run, test } from "../harness/index.mjs";

const newcomer = "grace@acme.example";

/** Signs in and answers the page, at the tenant's overview. */
async function signIn(context, server, { email, password }) {
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await alive(page);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/t\/acme/);
  return page;
}

/** A page of the tenant, awake. */
async function open(page, server, path) {
  await page.goto(`${server.url}/t/acme/${path}`);
  await alive(page);
}

/** Presses a button inside of the dialog of this name, and proves presence where that is asked for. */
async function confirm(page, dialog, button, password) {
  await page.getByRole("dialog", { name: dialog }).getByRole("button", { name: button, exact: true }).click();
  const asked = page.getByRole("dialog", { name: "Confirm that it is you" });
  const done = page.getByRole("dialog", { name: dialog }).waitFor({ state: "hidden" });
  await Promise.race([asked.waitFor(), done]);
  if (await asked.isVisible()) {
    await asked.getByLabel("Password").fill(password);
    await asked.getByRole("button", { name: "Confirm", exact: true }).click();
    await done;
  }
}

test("keys rotate in the dashboard while a page of another origin goes on working", async (t) => {
  const server = await mintmark(t, { clock: true });
  const acme = await owner(server);
  const site = await host(t, { mintmark: server.url });
  const { token } = await acme.mint(await acme.customer(site.origin));
  const { context, tolerate } = await browser(t);
  tolerate(/status of 40[139]/);

  const embedding = await context.newPage();
  await embedding.goto(site.url);
  await embedding.getByLabel("Widget token").fill(token);
  const calls = async (verdict) => {
    const before = await embedding.locator("#answers > li").count();
    await embedding.getByRole("button", { name: "Call", exact: true }).click();
    await embedding.locator(`#answers > li:nth-child(${before + 2})`).waitFor(); // each press makes two calls
    assert.match(await embedding.getByRole("status").textContent(), verdict);
  };
  await calls(/^200/);

  const page = await signIn(context, server, acme);
  await open(page, server, "keys");
  await page.getByRole("button", { name: "Rotate keys" }).first().click();
  const rotation = page.getByRole("dialog", { name: "Rotate keys" });
  await rotation.getByText("The next key is too young").waitFor();
  await axe(page);

  await server.clock("+6m");
  await open(page, server, "keys");
  await page.getByRole("button", { name: "Rotate keys" }).first().click();
  await rotation.getByText("Verifiers know the next key").waitFor();
  await confirm(page, "Rotate keys", "Rotate keys", acme.password);
  await page.getByText("Keys rotated").waitFor();
  await alive(page);
  const stage = (name) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await stage("Retiring").getByText("1 token", { exact: true }).waitFor();
  await calls(/^200/);

  const retire = stage("Retiring").getByRole("button", { name: "Retire", exact: true });
  assert.equal(await retire.getAttribute("aria-disabled"), "true");
  assert.match(await retire.getAttribute("aria-description"), /still signs for 1 live token/);

  await stage("Retiring").getByRole("button", { name: "Revoke", exact: true }).click();
  const revocation = page.getByRole("dialog", { name: "Revoke signing key" });
  await revocation.getByText("1 live token will stop at its next call.").waitFor();
  const phrase = /Type (\w+) to go on/.exec(await revocation.textContent())[1];
  await revocation.getByLabel("Reason").fill("a drill");
  await revocation.getByLabel(`Type ${phrase} to go on`).fill(phrase);
  await confirm(page, "Revoke signing key", "Revoke key", acme.password);
  await page.getByText("Key revoked", { exact: true }).waitFor();
  await calls(/^401 widget_token_revoked/);
});

test("somebody is invited, comes, sees what the role allows, is removed and is out at the next call", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { context, newContext, tolerate } = await browser(t);
  tolerate(/status of 40[134]/);

  const page = await signIn(context, server, acme);
  await open(page, server, "members");
  await page.getByRole("button", { name: "Invite" }).click();
  const invite = page.getByRole("dialog", { name: "Invite somebody" });
  await invite.getByLabel("E-mail").fill(newcomer);
  await invite.getByLabel("Viewer").check();
  await invite.getByRole("button", { name: "Create link" }).click();
  const shown = page.getByRole("dialog", { name: "Invitation created" });
  const link = await shown.getByRole("textbox", { name: "Link" }).textContent();
  await shown.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: new RegExp(newcomer) }).waitFor();
  assert.ok(!(await page.content()).includes(new URL(link).searchParams.get("token")), "the link left the page");

  const theirs = await (await newContext()).newPage();
  await theirs.goto(link);
  await alive(theirs);
  await theirs.getByLabel("Your name").fill("Grace Hopper");
  await theirs.getByLabel("Choose a password").fill(acme.password);
  await theirs.getByRole("button", { name: /^(Accept|Join)/ }).click();
  await theirs.waitForURL(/\/t\/acme/);

  await open(theirs, server, "keys");
  const rotate = theirs.getByRole("button", { name: "Rotate keys" });
  assert.equal(await rotate.getAttribute("aria-disabled"), "true");
  assert.match(await rotate.getAttribute("aria-description"), /one must be admin of the tenant; you are viewer/);
  const refused = await theirs.evaluate(async () => {
    const answer = await fetch("/api/rotate_signing_keys", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: "tenant=acme",
    });
    return [answer.status, (await answer.json()).code];
  });
  assert.deepEqual(refused, [403, "insufficient_role"]);

  await open(page, server, "members");
  await page.getByRole("link", { name: "Grace Hopper" }).click();
  await alive(page);
  await page.getByRole("button", { name: "Change role" }).click();
  await page.getByRole("dialog", { name: "Change role" }).getByLabel("Admin").check();
  await confirm(page, "Change role", "Change role", acme.password);
  await page.getByText("Role changed").waitFor();
  await open(theirs, server, "keys");
  assert.equal(await theirs.getByRole("button", { name: "Rotate keys" }).getAttribute("aria-disabled"), null, "it holds at the next click");

  await alive(page);
  await page.getByRole("button", { name: "Remove member" }).click();
  const removal = page.getByRole("dialog", { name: "Remove member" });
  await removal.getByLabel(`Type ${newcomer} to go on`).fill(newcomer);
  await confirm(page, "Remove member", "Remove member", acme.password);
  await page.waitForURL(/\/members$/);
  await theirs.goto(`${server.url}/t/acme/keys`);
  await theirs.waitForURL(/\/sign-in/);
});

test("an API key is made, used, rotated with an overlap, and revoked with what it minted", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const customer = await acme.customer("http://localhost:4010");
  const { context, tolerate } = await browser(t);
  tolerate(/status of 403/);

  const page = await signIn(context, server, acme);
  await open(page, server, "api-keys");
  await page.getByText("No API keys that work").waitFor();
  await page.getByRole("button", { name: "Create API key" }).first().click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  await form.getByLabel("Name").fill("Backend");
  await form.getByRole("button", { name: "Create API key" }).click();

  const folder = await mkdtemp(join(tmpdir(), "mintmark-key-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  /** Reads the text that is shown once, runs the command beside the downloaded file, and closes the panel. */
  const taken = async (title) => {
    const panel = page.getByRole("dialog", { name: title });
    await panel.getByRole("button", { name: "Reveal" }).click();
    const text = await panel.getByRole("textbox", { name: "MINTMARK_API_KEY" }).textContent();
    const download = page.waitForEvent("download");
    await panel.getByRole("button", { name: ".env" }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "mintmark.env");
    await file.saveAs(join(folder, "mintmark.env"));
    const command = await panel.locator("pre").textContent();
    assert.equal(JSON.parse(await run("bash", ["-c", command], { cwd: folder })).type, "api_key");
    await axe(page);
    await panel.getByLabel(/I have stored it/).check();
    await panel.getByRole("button", { name: "Done" }).click();
    await panel.waitFor({ state: "hidden" });
    assert.ok(!(await page.content()).includes(text), "the key left the page");
    return text;
  };
  const call = (key, method, path, body) =>
    fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });

  const first = await taken("API key created");
  assert.match(first, /^sk_live_\w{49}$/);
  const mint = { organization_id: customer.id, scope: ["directory_sync"], origins: [customer.origin] };
  const minted = await (await call(first, "POST", "/v1/widget-tokens", mint)).json();
  const embed = () => fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${minted.token}`, origin: customer.origin } });
  assert.equal((await embed()).status, 200);

  await open(page, server, "api-keys");
  await page.getByRole("link", { name: "Backend" }).click();
  await alive(page);
  await page.getByLabel("1 hour").check();
  await page.getByRole("button", { name: "Rotate API key" }).click();
  const second = await taken("API key rotated");
  assert.equal((await call(first, "GET", "/v1/me")).status, 200, "the old one works on");
  assert.equal((await call(second, "GET", "/v1/me")).status, 200);
  await open(page, server, "api-keys");
  assert.equal(await page.getByRole("link", { name: "Backend" }).count(), 2);

  await page.getByRole("row", { name: /Ends/ }).getByRole("link", { name: "Backend" }).click();
  await alive(page);
  await page.getByRole("button", { name: "Revoke API key" }).first().click();
  const revocation = page.getByRole("dialog", { name: "Revoke API key" });
  await revocation.getByText("so does the 1 live token that it minted").waitFor();
  await revocation.getByLabel("Reason").fill("a drill");
  await revocation.getByLabel(`Type ${first.slice(-4)} to go on`).fill(first.slice(-4));
  await confirm(page, "Revoke API key", "Revoke API key", acme.password);
  await page.waitForURL(/\/api-keys$/);
  assert.equal((await call(first, "GET", "/v1/me")).status, 401);
  assert.equal((await embed()).status, 401);
  assert.equal((await call(second, "GET", "/v1/me")).status, 200);
});

test("links and keys are shown once, wherever they are made, and a refusal stays at its field", async (t) => {
  const server = await mintmark(t, { clock: true });
  const acme = await owner(server);
  const customer = await acme.customer("http://localhost:4010");
  const { page, context, tolerate } = await browser(t);
  tolerate(/status of 4(03|09|22)/);
  await acme.signIn(page);
  /** The text of the panel, which must be gone from the page afterwards. */
  const seen = async (title, name) => {
    const panel = page.getByRole("dialog", { name: title });
    const text = await panel.getByRole("textbox", { name }).textContent();
    await axe(page);
    const done = panel.getByRole("button", { name: "Done" });
    assert.equal(await done.isDisabled(), false, "a link can be made anew");
    await done.click();
    await panel.waitFor({ state: "hidden" });
    await alive(page);
    assert.ok(!(await page.content()).includes(text), "gone from the page");
    return text;
  };
  await open(page, server, "members");
  await page.getByRole("button", { name: "Invite" }).click();
  const invite = page.getByRole("dialog", { name: "Invite somebody" });
  await invite.getByLabel("Viewer").check();
  await invite.getByLabel("Where").selectOption({ label: customer.name });
  assert.equal(await invite.getByLabel("Viewer").isChecked(), true, "the role goes along");
  await invite.getByLabel("E-mail").fill("grace@acme");
  await invite.getByRole("button", { name: "Create link" }).click();
  await invite.getByText("This is not an e-mail address.").waitFor();
  assert.equal(await invite.locator("[aria-invalid=true]").evaluate((field) => field === document.activeElement), true, "the focus is where the refusal is");
  await axe(page);
  await invite.getByLabel("E-mail").fill(newcomer);
  await invite.getByRole("button", { name: "Create link" }).click();
  const link = await seen("Invitation created", "Link");
  const row = page.getByRole("row", { name: new RegExp(newcomer) });
  await row.getByText("viewer", { exact: true }).waitFor();
  await row.getByText(customer.name).waitFor();
  await row.getByRole("button", { name: /New link/ }).click();
  assert.notEqual(await seen("New link", "Link"), link);

  await open(page, server, "members");
  await page.getByRole("row", { name: new RegExp(acme.email) }).getByRole("link").first().click();
  await alive(page);
  await server.clock("+6m");
  await page.getByRole("button", { name: "Create reset link" }).click();
  const asked = page.getByRole("dialog", { name: "Confirm that it is you" });
  await asked.getByLabel("Password").fill(acme.password);
  await asked.getByRole("button", { name: "Confirm", exact: true }).click();
  assert.match(await seen("Reset link created", "Link"), /\/reset\?/, "sent again by itself once presence was proved");

  await open(page, server, "api-keys");
  await page.getByRole("button", { name: "Create API key" }).first().click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  assert.equal(await form.getByLabel("Until").isVisible(), false);
  await form.getByLabel("Works for").selectOption("");
  await form.getByText("Nobody will be reminded of it.").waitFor();
  await form.getByLabel("Works for").selectOption("date");
  await form.getByLabel("Until").fill("2001-01-01");
  await form.getByLabel("Name").fill("Late");
  await form.getByRole("button", { name: "Create API key" }).click();
  await form.locator("[aria-invalid=true]").or(form.getByRole("alert").filter({ hasText: /./ })).first().waitFor();
  await form.getByLabel("Until").fill("2999-01-01");
  await form.getByRole("button", { name: "Create API key" }).click();
  const made = page.getByRole("dialog", { name: "API key created" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await made.getByRole("button", { name: "Copy", exact: true }).click();
  await made.getByText("Secret copied").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^sk_live_/);
});

test("without scripts no form asks for a secret, and each says why", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const key = await acme.call("POST", "/v1/api-keys", { name: "Backend", role: "viewer" });
  await acme.call("POST", "/v1/invitations", { email: newcomer, role: "member" });
  const { data } = await acme.call("GET", "/v1/members");
  const { page } = await browser(t, { javaScriptEnabled: false });
  await acme.signIn(page);
  for (const path of ["api-keys", `api-keys/${key.id}`, "members", `members/${data[0].id}`, "profile/second-factor"]) {
    await page.goto(`${server.url}/t/acme/${path}`);
    assert.match(await page.content(), /This needs scripts/, path);
    for (const button of await page.locator("form[data-answers] button[type=submit]").all()) assert.equal(await button.isDisabled(), true, path);
    assert.ok((await page.locator("form[data-answers] button[type=submit]").count()) > 0, path);
  }
});

for (const [colorScheme, width] of [["light", 1280], ["dark", 320]]) {
  test(`the pages of keys and people are accessible and fit: ${colorScheme}, ${width} px`, async (t) => {
    const server = await mintmark(t);
    const acme = await owner(server);
    await acme.call("POST", "/v1/api-keys", { name: "A name that is as long as names of keys become over the years", role: "viewer" });
    await acme.call("POST", "/v1/invitations", { email: "somebody.with.a.long.address@department.example.org", role: "member" });
    const { data } = await acme.call("GET", "/v1/members");
    const keys = await acme.call("GET", "/v1/api-keys");
    const { context } = await browser(t, { colorScheme, viewport: { width, height: 900 } });
    const page = await signIn(context, server, acme);
    for (const path of ["keys", "api-keys", `api-keys/${keys.data[0].id}`, "members", `members/${data[0].id}`]) {
      await open(page, server, path);
      await axe(page);
      await noOverflow(page);
    }
  });
}
