// A page of a second origin writes to its product, by whomever it can prove, and reads what a member answers (W16 to W22, WB4).

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { alive, assert, axe, browser, insider, member, mintmark, noOverflow, owner, root, shop, signIn, test } from "../harness/index.mjs";

/** A product that pages of the shop may write to with a test key, and a backend that says who its users are. */
async function world(t, options) {
  const server = await mintmark(t, options);
  const [acme, site] = [await owner(server), await shop(t)];
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Shop", origins: [site.origin], mode: "test" });
  const { secret } = await acme.call("POST", `/v1/products/${product}/verification-secrets`, {});
  const identity = async (user_id, name, metadata) => {
    const body = JSON.stringify({ product_id: product, verification_secret: secret, user_id, name, metadata });
    const answer = await fetch(`${server.url}/v1/auth/user-token`, { method: "POST", headers: { "content-type": "application/json" }, body });
    return (await answer.json()).token;
  };
  return { server, acme, site, product, key, identity, inbox: `${server.url}/t/acme/studio/${product}/conversations` };
}

/** The page's own script says one thing to the product, as any page would. */
const said = (page, url, key, body, token) =>
  page.evaluate(
    async ([url, key, body, token]) => {
      const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
      const answer = await fetch(`${url}/embed/v1/messages?key=${key}`, { method: "POST", credentials: "omit", headers, body: JSON.stringify(body) });
      return { status: answer.status, body: await answer.json() };
    },
    [url, key, body, token],
  );

const read = (page, url, key, token) =>
  page.evaluate(
    async ([url, key, token]) => {
      const answer = await fetch(`${url}/embed/v1/messages?key=${key}`, { credentials: "omit", headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, body: await answer.json() };
    },
    [url, key, token],
  );

test("a visitor writes anonymously, then by name, then past the token's end, and is answered", async (t) => {
  const { server, acme, site, key, identity, inbox } = await world(t, { clock: true });
  const { page, tolerate } = await browser(t);
  tolerate(/status of 40[19]/);
  await page.goto(site.url);
  const say = (text, conversation_token, token) => said(page, server.url, key, { text, conversation_token }, token);
  const first = await say("Do you ship to Iceland?");
  assert.deepEqual([first.status, first.body.identity], [201, "anonymous"]);
  const conversation = first.body.conversation_token;
  const ada = await identity("u-1", "Ada Lovelace", { plan: "team", seats: 12 });
  const known = await say("It is me, by the way", conversation, ada);
  assert.deepEqual([known.status, known.body.identity, known.body.message.name], [201, "known", "Ada Lovelace"]);
  const forged = await say("I am the owner", conversation, `${ada.slice(0, ada.lastIndexOf("."))}.${"A".repeat(86)}`);
  assert.deepEqual([forged.status, forged.body.code], [401, "invalid_token"]);
  const other = await say("A shared computer", conversation, await identity("u-2", "Bob"));
  assert.deepEqual([other.status, other.body.code], [409, "conversation_taken"]);
  await server.clock("+16m");
  const expired = await say("Still there?", conversation, ada);
  assert.deepEqual([expired.status, expired.body.identity, expired.body.message.name], [201, "expired", null]);

  const desk = await browser(t);
  await acme.signIn(desk.page);
  await desk.page.goto(inbox);
  await alive(desk.page);
  const row = desk.page.getByRole("row", { name: /Ada Lovelace/ });
  await row.getByText("Still there?").waitFor();
  await row.getByText("Waits for an answer").waitFor();
  await axe(desk.page);
  await row.getByRole("link", { name: "Ada Lovelace" }).click();
  await desk.page.getByText("since the page's identity token expired").waitFor();
  await alive(desk.page);
  assert.deepEqual(await desk.page.locator(".talk__name").allTextContents(), ["Anonymous", "Ada Lovelace", "Anonymous"]);
  assert.match(await desk.page.getByRole("complementary", { name: "About this conversation" }).innerText(), /plan\s+team[\s\S]*seats\s+12/);
  await axe(desk.page);
  await desk.page.getByLabel("Answer").fill("We do.\nFrom next week on.");
  await desk.page.getByRole("button", { name: "Send answer" }).click();
  await desk.page.locator('.talk__message[data-from="team"]').getByText("From next week on.").waitFor();
  await alive(desk.page);
  const { body } = await read(page, server.url, key, conversation);
  assert.deepEqual(body.data.map(({ from }) => from), ["anonymous", "known", "expired", "team"]);
  assert.deepEqual([body.data[3].text, body.data[3].name], ["We do.\nFrom next week on.", null]);

  await desk.page.getByRole("button", { name: "Close", exact: true }).click();
  await desk.page.getByRole("button", { name: "Open again" }).waitFor();
  await alive(desk.page);
  assert.equal((await read(page, server.url, key, conversation)).body.status, "closed");
  await desk.page.getByRole("button", { name: "Erase" }).click();
  await desk.page.getByRole("dialog", { name: "Erase conversation" }).getByRole("button", { name: "Erase conversation" }).click();
  await desk.page.getByRole("heading", { name: "No conversations yet" }).waitFor();
  tolerate(/status of 404/);
  assert.equal((await read(page, server.url, key, conversation)).status, 404);
});

test("the page that the empty list shows runs as it stands, and an answer appears in it", async (t) => {
  const { server, acme, site, product, key, identity, inbox } = await world(t);
  const desk = await browser(t);
  await acme.signIn(desk.page);
  await desk.page.goto(inbox);
  await alive(desk.page);
  await axe(desk.page);
  const identify = await desk.page.getByRole("region", { name: "And who writes, where your page knows it" }).textContent();
  const shown = await desk.page.getByRole("region", { name: "HTML" }).textContent();
  const file = await readFile(join(root, "docs/snippets/messages.html"), "utf8");
  assert.equal(shown, file.trimEnd().replaceAll("{{url}}", server.url).replaceAll("{{key}}", key));
  site.show(shown);
  const { page } = await browser(t);
  await page.goto(site.url);
  const says = async (text) => {
    const kept = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/embed/v1/messages"));
    await page.getByRole("textbox").fill(text);
    await page.getByRole("button", { name: "Send" }).click();
    assert.equal((await kept).status(), 201);
    await page.getByRole("log").getByText(text, { exact: true }).waitFor();
  };
  await says("Hello?");
  const [{ id }] = (await acme.call("GET", `/v1/products/${product}/conversations`)).data;
  await acme.call("POST", `/v1/products/${product}/conversations/${id}/messages`, { text: "<b>Hi</b>" });
  await page.getByRole("log").getByText("<b>Hi</b>", { exact: true }).waitFor();

  // With what says who writes, and a backend of the page that knows it.
  const ada = await identity("u-1", "Ada Lovelace");
  await page.route(`${site.url}mintmark-identity`, (route) => route.fulfill({ contentType: "text/plain", body: ada }));
  const fetched = page.waitForResponse(/mintmark-identity$/);
  site.show(shown + identify);
  await page.goto(site.url);
  await fetched;
  await says("It is me");
  const { data } = await acme.call("GET", `/v1/products/${product}/conversations`);
  assert.ok(data.some(({ name, customer }) => JSON.stringify([name, customer]).includes("Ada Lovelace")), JSON.stringify(data));
});

test("a page without the SDK writes and reads by plain HTTP, and is answered", async (t) => {
  const { server, acme, site, product, key } = await world(t);
  const file = await readFile(join(root, "docs/snippets/plain/messages.html"), "utf8");
  site.show(file.replaceAll("{{url}}", server.url).replaceAll("{{key}}", key));
  const { page } = await browser(t);
  await page.goto(site.url);
  await page.getByLabel("Message").fill("Hello?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("You: Hello?").waitFor();
  const [{ id }] = (await acme.call("GET", `/v1/products/${product}/conversations`)).data;
  await acme.call("POST", `/v1/products/${product}/conversations/${id}/messages`, { text: "<b>Hi</b>" });
  await page.getByText("Team: <b>Hi</b>").waitFor();
  await page.reload();
  await page.getByText("Team: <b>Hi</b>").waitFor();
  assert.equal(await page.locator("#messages li").count(), 2, "each of them once");
});

test("whatever a visitor writes is text in the dashboard, on any width (WB4)", async (t) => {
  const { server, acme, site, product, key, identity } = await world(t);
  const { page } = await browser(t);
  await page.goto(site.url);
  const canary = "window.canary=1";
  const texts = [
    `<script>${canary}</script><img src=x onerror="${canary}">`,
    `</textarea></title></script><svg/onload=${canary}>`,
    `javascript:${canary}// https://evil.example/`,
    "\u202Egnp.exe\u2066 \u200Bzero\u200Dwidth",
    "x".repeat(4_000),
    "\u{1f980}".repeat(4_000),
    "one\n\n\ttwo",
  ];
  const name = `"><script>${canary}</script>\u202Eada`;
  const token = await identity("u-1", name, { [`<b>${canary}`]: `</dd><script>${canary}</script>`, long: "y".repeat(900) });
  const begun = await said(page, server.url, key, { text: texts[0] }, token);
  assert.equal(begun.status, 201);
  for (const text of texts.slice(1)) assert.equal((await said(page, server.url, key, { text, conversation_token: begun.body.conversation_token }, token)).status, 201);
  for (const width of [1280, 320]) {
    const desk = await browser(t, { viewport: { width, height: 800 } });
    await acme.signIn(desk.page);
    for (const path of ["", `/${begun.body.conversation_id}`]) {
      await desk.page.goto(`${server.url}/t/acme/studio/${product}/conversations${path}`);
      await alive(desk.page);
      await noOverflow(desk.page);
      await axe(desk.page);
      assert.equal(await desk.page.evaluate(() => window.canary), undefined);
      assert.ok((await desk.page.locator("main").textContent()).includes(name));
    }
    const written = await desk.page.locator(".talk__text").evaluateAll((all) => all.map((one) => [one.textContent, one.children.length, one.dir]));
    assert.deepEqual(written, texts.map((text) => [text, 0, "auto"]));
    assert.equal(await desk.page.locator(".talk a").count(), 0, "no links are made");
  }
});

test("an answer is sent without scripts, and a viewer is told who may read", async (t) => {
  const { server, acme, site, product, key, inbox } = await world(t);
  const { page } = await browser(t);
  await page.goto(site.url);
  const begun = await said(page, server.url, key, { text: "Hello" });
  const plain = await browser(t, { javaScriptEnabled: false });
  await acme.signIn(plain.page);
  await plain.page.goto(`${inbox}/${begun.body.conversation_id}`);
  await plain.page.getByLabel("Answer").fill("Hi, by a plain form");
  await plain.page.getByRole("button", { name: "Send answer" }).click();
  await plain.page.locator(".talk__text").getByText("Hi, by a plain form").waitFor();
  const call = await insider(server, await member(server, acme, "member"));
  await assert.rejects(call("answer_conversation", { tenant: "acme", product, conversation: begun.body.conversation_id, text: "May I?" }), /insufficient_role/);
  const viewer = await browser(t);
  viewer.tolerate(/status of 403/);
  await signIn(viewer.page, server, await member(server, acme, "viewer"));
  await viewer.page.goto(inbox);
  await viewer.page.getByRole("heading", { name: "Not for your role" }).waitFor();
  assert.ok(!(await viewer.page.content()).includes("Hello"));
});
