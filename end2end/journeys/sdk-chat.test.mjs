// <mintmark-chat> in a page of a second origin under a strict policy: written by whomever the page can prove, and answered (W16 to W22).

import { NOTHING, assert, axe, browser, keepsNothing, noOverflow, portal, test } from "../harness/index.mjs";

const CHAT = `<script type="module" src="{{sdk}}/chat.js"></script>`;

/** A portal with what members see and say. */
async function world(t, options) {
  const all = await portal(t, options);
  const { acme, server, product } = all;
  const inbox = `/v1/products/${product}/conversations`;
  const { secret } = await acme.call("POST", `/v1/products/${product}/verification-secrets`, {});
  const identity = async (user_id, name) => {
    const body = JSON.stringify({ product_id: product, verification_secret: secret, user_id, name });
    const answer = await fetch(`${server.url}/v1/auth/user-token`, { method: "POST", headers: { "content-type": "application/json" }, body });
    return (await answer.json()).token;
  };
  return {
    ...all,
    identity,
    conversations: async () => (await acme.call("GET", inbox)).data,
    thread: async (id) => (await acme.call("GET", `${inbox}/${id}`)).data,
    answer: (id, text) => acme.call("POST", `${inbox}/${id}/messages`, { text }),
    erase: (id) => acme.call("DELETE", `${inbox}/${id}`),
    identified: all.script(`import { createSession } from "{{sdk}}/mintmark.js";
      window.session = createSession({ embedKey: "{{key}}" });
      window.who = "u-1";
      session.identify(() => token(who));`),
    events: all.script(`window.told = [];
      for (const name of ["message-sent", "message-received", "error"]) document.addEventListener("mintmark-" + name, ({ detail }) => told.push([name, detail]));`),
  };
}

/** Texts of the log, as people see them. */
const log = (page) => page.getByRole("log").locator("[part~=text]").allInnerTexts();

async function write(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByLabel("Message", { exact: true }).press("Enter");
}

test("a visitor writes, is answered, and goes on by name; the browser keeps nothing", async (t) => {
  const { site, show, events, conversations, thread, answer, product } = await world(t, { product: { appearance: { accent: "#8a2be2" } } });
  const { page, context } = await browser(t);
  await page.clock.install();
  show(`${events}${CHAT}<mintmark-chat embed-key="{{key}}"></mintmark-chat>`);
  await page.goto(site.url);
  const field = page.getByLabel("Message", { exact: true });
  await field.fill("Do you ship\nto Iceland?");
  await field.press("Shift+Enter");
  await field.pressSequentially("<b>Please</b>");
  await field.press("Enter");
  await page.waitForFunction(() => told.length > 0);
  assert.equal(await field.inputValue(), "");
  assert.deepEqual(await log(page), ["Do you ship\nto Iceland?\n<b>Please</b>"]);
  const [{ id, product_id }] = await conversations();
  assert.equal(product_id, product);
  assert.deepEqual(await page.evaluate(() => told), [["message-sent", { conversation: id }]]);

  await answer(id, "We do.\nFrom next week on: <img src=x onerror=alert(1)>");
  await page.clock.runFor(5_500);
  await page.getByText("From next week on").waitFor();
  assert.deepEqual((await log(page)).slice(1), ["We do.\nFrom next week on: <img src=x onerror=alert(1)>"]);
  assert.deepEqual((await page.evaluate(() => told)).at(-1), ["message-received", { count: 1 }]);
  await write(page, "Great");
  await page.clock.runFor(5_500);
  await page.waitForFunction(() => told.length === 3);
  assert.deepEqual((await log(page)).length, 3, "each of them once");
  assert.deepEqual((await thread(id)).map(({ from, name }) => [from, name]), [["anonymous", null], ["team", (await thread(id))[1].name], ["anonymous", null]]);

  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [320, "light"], [320, "dark"]]) {
    await page.setViewportSize({ width, height: 700 });
    await page.emulateMedia({ colorScheme });
    await axe(page);
    await noOverflow(page);
  }
  assert.deepEqual(await keepsNothing(page), NOTHING);
  assert.deepEqual(await context.cookies(), []);
});

test("the page says who writes, and another customer begins with an empty log", async (t) => {
  const { site, show, identified, identity, conversations, thread, server } = await world(t);
  const { page, context } = await browser(t);
  const fetched = [];
  await context.exposeBinding("token", async (_, who) => {
    fetched.push(who);
    return identity(who, who === "u-1" ? "Ada Lovelace" : "Grace Hopper");
  });
  show(`${identified}${CHAT}<mintmark-chat embed-key="{{key}}"></mintmark-chat>`);
  await page.goto(site.url);
  await page.getByLabel("Message", { exact: true }).waitFor();
  await page.waitForFunction(() => session.getToken());
  await write(page, "It is me");
  await page.getByText("You (Ada Lovelace)").waitFor();
  const [{ id }] = await conversations();
  assert.deepEqual((await thread(id)).map(({ from, name }) => [from, name]), [["known", "Ada Lovelace"]]);
  assert.equal(fetched.length, 1);

  // Somebody else signs in to the page.
  await page.evaluate(() => {
    window.who = "u-2";
    return session.identify(() => token("u-2"));
  });
  await page.getByText("You (Ada Lovelace)").waitFor({ state: "detached" });
  assert.deepEqual(await log(page), []);
  await write(page, "Hello");
  await page.getByText("You (Grace Hopper)").waitFor();
  assert.equal((await conversations()).length, 2);
  assert.ok(!server.log().includes(await page.evaluate(() => session.getToken())));
});

test("a conversation that was erased is said to be over, and the message that met its end begins a new one", async (t) => {
  const { site, show, events, conversations, erase } = await world(t);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 404/);
  show(`${events}${CHAT}<mintmark-chat embed-key="{{key}}"></mintmark-chat>`);
  await page.goto(site.url);
  await write(page, "First");
  await page.waitForFunction(() => told.length === 1);
  await erase((await conversations())[0].id);
  await write(page, "Second");
  await page.getByText("This conversation has ended.").waitFor();
  assert.deepEqual(await log(page), ["First", "Second"]);
  await axe(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction(() => told.filter(([name]) => name === "message-sent").length === 2);
  assert.deepEqual((await conversations()).map(({ last_text }) => last_text), ["Second"]);
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
});

test("a name that has expired is renewed for the next message", async (t) => {
  const { server, site, show, identified, identity, conversations, thread } = await world(t, { clock: true });
  const { page, context } = await browser(t);
  await context.exposeBinding("token", (_, who) => identity(who, "Ada Lovelace"));
  show(`${identified}${CHAT}<mintmark-chat embed-key="{{key}}"></mintmark-chat>`);
  await page.goto(site.url);
  await page.waitForFunction(() => window.session?.getToken());
  await write(page, "One");
  await page.getByText("You (Ada Lovelace)").waitFor();
  const old = await page.evaluate(() => session.getToken());
  // The server's clock is ahead of the page's.
  await server.clock("+16m");
  await write(page, "Two");
  await page.waitForFunction((old) => session.getToken() !== old, old);
  await write(page, "Three");
  await page.getByText("You (Ada Lovelace)").nth(1).waitFor();
  const [{ id }] = await conversations();
  assert.deepEqual((await thread(id)).map(({ from }) => from), ["known", "expired", "known"]);
});

test("whoever was signed in and was signed out by somebody else is told, and can go on without a name", async (t) => {
  const { acme, site, show, bridgeToken, conversations, thread } = await world(t);
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  show(`${CHAT}<mintmark-chat embed-key="{{key}}" bridge-token="${await bridgeToken({ name: "Grace Hopper" })}"></mintmark-chat>`);
  await page.goto(site.url);
  await write(page, "Hello");
  await page.getByText("You (Grace Hopper)").waitFor();
  const [{ customer_id }] = await conversations();
  await acme.call("DELETE", `/v1/customers/${customer_id}/sessions`);
  await write(page, "Still me");
  await page.getByText("Not sent. Your session was ended.").waitFor();
  assert.deepEqual(await log(page), ["Hello", "Still me"]);
  await axe(page);
  await page.getByRole("button", { name: "Send without name" }).click();
  await page.getByText("Not sent.").waitFor({ state: "detached" });
  const [latest] = await conversations();
  assert.deepEqual((await thread(latest.id)).map(({ from, text }) => [from, text]), [["known", "Hello"], ["anonymous", "Still me"]]);
});

test("what does not arrive stays, and is sent when there is a network again", async (t) => {
  const { site, show, events, conversations } = await world(t);
  const { page, context, tolerate } = await browser(t);
  tolerate(/ERR_INTERNET_DISCONNECTED/);
  show(`${events}${CHAT}<mintmark-chat embed-key="{{key}}" lang="de"></mintmark-chat>`);
  await page.goto(site.url);
  const field = page.getByLabel("Nachricht", { exact: true });
  await field.fill("Eins");
  await field.press("Enter");
  await page.waitForFunction(() => told.length === 1);
  await context.setOffline(true);
  for (const text of ["Zwei", "Drei"]) {
    await field.fill(text);
    await field.press("Enter");
  }
  await page.getByText("Nicht gesendet. Keine Verbindung.").nth(1).waitFor();
  assert.deepEqual(await log(page), ["Eins", "Zwei", "Drei"]);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Erneut versuchen" }).first().click();
  await page.getByText("Nicht gesendet.").first().waitFor({ state: "detached" });
  await page.waitForFunction(() => told.filter(([name]) => name === "message-sent").length === 3);
  assert.deepEqual((await conversations()).map(({ messages, last_text }) => [messages, last_text]), [[3, "Drei"]]);
  assert.ok(await field.evaluate((node) => node.getRootNode().activeElement === node));
});

test("the launcher opens and closes by keyboard, and says what came meanwhile", async (t) => {
  const { site, show, events, conversations, answer } = await world(t);
  const { page } = await browser(t);
  await page.clock.install();
  show(`${events}${CHAT}<p>Long text of the page.</p><mintmark-chat launcher greeting="Hello! Ask us anything." embed-key="{{key}}"></mintmark-chat>`);
  await page.goto(site.url);
  const launcher = page.getByRole("button", { name: /^Chat with/ });
  await launcher.focus();
  await page.keyboard.press("Enter");
  assert.equal(await launcher.getAttribute("aria-expanded"), "true");
  await page.getByText("Hello! Ask us anything.").waitFor();
  await page.keyboard.type("Anybody there?");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => told.length === 1);
  await axe(page);
  await page.keyboard.press("Escape");
  assert.equal(await launcher.getAttribute("aria-expanded"), "false");
  assert.ok(await launcher.evaluate((button) => button.getRootNode().activeElement === button));
  const [{ id }] = await conversations();
  await answer(id, "We are");
  await page.clock.runFor(61_000);
  await page.waitForFunction(() => told.length === 2);
  await page.getByText("New messages: 1").waitFor({ state: "attached" });
  await axe(page);

  for (const [width, height] of [[320, 568], [667, 320]]) {
    await page.setViewportSize({ width, height });
    await launcher.click();
    await page.getByText("We are").waitFor();
    await noOverflow(page);
    await axe(page);
    const panel = await page.getByRole("region", { name: /^Chat with/ }).boundingBox();
    assert.deepEqual([panel.x, panel.y, panel.width, panel.height], [0, 0, width, height]);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("We are").waitFor({ state: "hidden" });
  }
});
