// Signing in with the SDK's elements: by a link in a real mail, and in Mintmark's window.

import { NOTHING, assert, axe, browser, keepsNothing, mailServer, noOverflow, portal, test } from "../harness/index.mjs";

const ADA = "ada@customer.example";
const SIGN_IN = `<script type="module" src="{{sdk}}/sign-in.js"></script><mintmark-sign-in embed-key="{{key}}"></mintmark-sign-in>`;

/** A portal whose mail arrives, and Ada, whose address is known. */
async function prepared(t, product = {}) {
  const mail = await mailServer(t);
  const made = await portal(t, { env: mail.env, product });
  await made.acme.call("POST", "/v1/customers", { mode: "test", email: ADA, email_verified: true, name: "Ada" });
  return { mail, ...made };
}

test("a link in a mail leads back to the page, signs in, and is gone from its address", async (t) => {
  const { mail, site, server, show, script } = await prepared(t);
  const { page, context, tolerate } = await browser(t);
  tolerate(/status of 410/);
  show(SIGN_IN + script(`import { createSession } from "{{sdk}}/mintmark.js"; window.session = createSession({ embedKey: "{{key}}" });`));
  await page.goto(`${site.url}?plan=a%20b&x#part`);
  await page.getByLabel("E-mail address").fill("nobody");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByText("Type an e-mail address.").first().waitFor();
  await axe(page);
  await page.getByLabel("E-mail address").fill(ADA);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Check your inbox" }).waitFor();
  await axe(page);

  const link = (await mail.next()).link();
  const token = new URL(link).searchParams.get("mintmark_magic_token");
  const later = [];
  page.on("request", (request) => later.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
  const entries = await page.evaluate(() => history.length);
  await page.goto(link);
  await page.getByText("Signed in as Ada").first().waitFor();
  assert.equal(page.url(), `${site.url}?plan=a%20b&x#part`, "the token has left, the rest stays as it was written");
  assert.equal(await page.evaluate(() => history.length), entries + 1, "one entry for the navigation, none for the change");
  assert.ok(!later.slice(1).some((request) => request.includes(token)), "in no later address or referrer");
  await page.getByText("Reloading or closing this page signs you out.").waitFor();
  await axe(page);
  const jwt = await page.evaluate(() => session.getSessionJwt());
  const judged = await (await fetch(`${server.url}/v1/auth/token/verify`, { headers: { authorization: `Bearer ${jwt}` } })).json();
  assert.deepEqual([judged.valid, judged.user.email], [true, ADA]);
  assert.deepEqual(await keepsNothing(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);

  // A reload has no token: in memory means in memory. And the link was good once.
  await page.reload();
  await page.getByLabel("E-mail address").waitFor();
  await page.goto(link);
  await page.getByText("That link was used already.").first().waitFor();
  await axe(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await noOverflow(page);
});

test("the window signs in with a password, and words from elsewhere change nothing", async (t) => {
  const { mail, site, show, script, server } = await prepared(t, { sign_in: true, passwords: true });
  const { page, context } = await browser(t);
  show(SIGN_IN.replace("></mintmark", ` lang="de"></mintmark`) + script(`import { createSession } from "{{sdk}}/mintmark.js"; window.session = createSession({ embedKey: "{{key}}" });`), "; frame-src *");
  await page.goto(site.url);
  const button = page.getByRole("button", { name: "Mit Passwort anmelden" });
  const opening = page.waitForEvent("popup");
  await button.click();
  const popup = await opening;
  await popup.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(new URL(popup.url()).hash, "", "it begins with the password, and leaves no trace of that");

  // Somebody else on the page, and the page itself, say what the window would say: a thousand times.
  await page.evaluate(async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const forged = { type: "mintmark:signed-in", token: "eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjEsImV4cCI6Mn0.c2ln", state: "x", customer: { id: "cus_x" }, expires_at: "2099-01-01T00:00:00Z", ends_at: "2099-01-01T00:00:00Z" };
    const said = [forged, { ...forged, state: undefined }, { ...forged, type: "mintmark:sign-in-closed" }, "mintmark", null, 7, [], { type: forged.type }];
    for (let i = 0; i < 1000; i++) {
      frame.contentWindow.parent.postMessage(said[i % said.length], "*");
      window.postMessage(said[(i + 3) % said.length], "*");
    }
    await new Promise((resolve) => setTimeout(resolve));
    frame.remove();
  });
  assert.deepEqual(await page.evaluate(() => [session.state, session.customer, session.getToken()]), ["anonymous", null, null]);
  assert.equal(popup.isClosed(), false);

  await button.click();
  assert.equal(context.pages().length, 2, "a second press shows the window that is open");
  await popup.close();
  await page.getByText("Das Fenster wurde geschlossen").first().waitFor();
  await axe(page);

  const opened = page.waitForEvent("popup");
  await button.click();
  const window_ = await opened;
  await window_.getByRole("button", { name: "Send me a link instead" }).click();
  await window_.locator("#email").fill(ADA);
  await window_.getByRole("button", { name: "Send me a link", exact: true }).click();
  const tab = await context.newPage();
  await tab.goto((await mail.next()).link());
  await page.getByText("Angemeldet als Ada").first().waitFor();
  await tab.close();
  assert.equal(await page.evaluate(() => session.signOut().then(() => session.state)), "anonymous");
  await page.getByLabel("E-Mail-Adresse").waitFor();
  assert.ok(!server.log().includes(ADA));
});
