// Embed Studio's preview: a second origin of our own, on which an element stands as in other people's pages.

import { alive, assert, axe, browser, freePort, mailServer, mintmark, noOverflow, owner, shop, test } from "../harness/index.mjs";

/** A Mintmark with a preview, whose product has one published offering and one draft. */
async function studio(t, env = {}) {
  const port = await freePort();
  const server = await mintmark(t, { env: { ...env, MINTMARK_PREVIEW_LISTEN: `127.0.0.1:${port}` } });
  const acme = await owner(server);
  const [{ id }] = (await acme.call("GET", "/v1/products")).data;
  const at = `/v1/products/${id}`;
  const offer = (name, status) =>
    acme.call("POST", `${at}/offerings`, { name, price: { amount: 1900, currency: "EUR", interval: "month" }, features: ["Five seats"], status });
  await offer("Basic", "PUBLISHED");
  await offer("Secret plan", "DRAFT");
  await acme.call("PATCH", at, { appearance: { accent: "#1a6b4f" }, sign_in: true, keep_signed_in: true });
  return { server, acme, at, preview: `http://127.0.0.1:${port}`, base: `${server.url}/t/acme/studio/${id}` };
}

const frameOf = (page) => page.frameLocator("iframe[data-preview]");

/** The background of the first button in the frame's element. */
const painted = (frame) => frame.getByRole("link", { name: /Basic/ }).first().evaluate((button) => getComputedStyle(button).backgroundColor);

test("an admin makes the preview's key, sees what is published and no draft, and what is typed before it is saved", async (t) => {
  const { acme, at, preview, base } = await studio(t);
  const [{ id: basic }] = (await acme.call("GET", `${at}/offerings`)).data.filter(({ name }) => name === "Basic");
  await acme.call("PATCH", `${at}/offerings/${basic}`, { cta_url: "https://www.acme.example/buy" });
  const { page, newContext, context } = await browser(t);
  await acme.signIn(page);

  await page.goto(`${base}/appearance`);
  await page.getByText("The preview has no embed key yet").waitFor();
  await page.goto(`${base}/preview`);
  await alive(page);
  await page.getByRole("heading", { name: "The preview has no embed key yet" }).waitFor();
  await axe(page);
  await page.getByRole("button", { name: "Make the preview's key" }).click();
  const frame = frameOf(page);
  await frame.getByRole("heading", { name: "Basic" }).waitFor();
  assert.equal(await frame.getByText("Secret plan").count(), 0, "a draft is nobody's business");
  await axe(page);

  // An ordinary key for this one page, in history, and in no snippet.
  const [key] = (await acme.call("GET", `${at}/embed-keys`)).data;
  assert.deepEqual([key.name, key.mode, key.origins], ["Preview", "test", [preview]]);
  const { data: told } = await acme.call("GET", `/v1/audit-events?target_id=${key.id}`);
  assert.deepEqual(told.map(({ action }) => action), ["embed_key.created"]);
  await page.getByRole("heading", { name: "No embed key for your pages yet" }).waitFor();

  // As high as what stands in it.
  const height = () => page.locator("iframe[data-preview]").evaluate(({ height }) => Number(height));
  const content = await frame.locator("main").evaluate((main) => Math.ceil(main.getBoundingClientRect().height));
  assert.equal(await height(), content);

  // Theme, language and width at once, and in the address.
  await page.getByLabel("Language").selectOption("German");
  await frame.getByText("pro Monat").waitFor();
  await page.getByLabel("Light or dark").selectOption("Always dark");
  await page.waitForURL(/theme=dark&lang=de|lang=de&theme=dark/);
  await frame.locator("mintmark-pricing[theme=dark]").waitFor();
  await page.getByLabel("Width").selectOption("320 pixels");
  assert.equal(await page.locator("iframe[data-preview]").evaluate((element) => element.clientWidth), 320);
  await page.reload();
  await frame.getByText("pro Monat").waitFor();
  await page.getByRole("navigation", { name: "Element" }).getByRole("link", { name: "Sign-in", exact: true }).click();
  await page.waitForURL(/element=sign-in&theme=dark&lang=de&width=320/);

  // What is typed is seen at once, and nothing of it is saved.
  await page.goto(`${base}/appearance`);
  await alive(page);
  await frame.getByRole("heading", { name: "Basic" }).waitFor();
  assert.equal(await painted(frame), "rgb(26, 107, 79)");
  const accent = page.getByLabel("Accent");
  await accent.fill("#b3261e");
  await frame.locator("html").evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await painted(frame), "rgb(179, 38, 30)");
  await accent.fill("#b326");
  await frame.locator("html").evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await painted(frame), "rgb(179, 38, 30)", "half a colour changes nothing");
  assert.deepEqual((await acme.call("GET", at)).appearance, { accent: "#1a6b4f" });
  await axe(page);
  await accent.fill("#b3261e");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Appearance saved").waitFor();
  await frame.getByRole("heading", { name: "Basic" }).waitFor();
  assert.equal(await painted(frame), "rgb(179, 38, 30)");

  // On a phone, and without scripts of ours.
  const narrow = await (await newContext({ viewport: { width: 320, height: 700 }, colorScheme: "dark", storageState: await context.storageState() })).newPage();
  for (const path of ["/preview", "/appearance"]) {
    await narrow.goto(base + path);
    await alive(narrow);
    await frameOf(narrow).getByRole("heading", { name: "Basic" }).waitFor();
    await noOverflow(narrow);
    await axe(narrow);
  }
  const plain = await (await newContext({ javaScriptEnabled: false, storageState: await context.storageState() })).newPage();
  await plain.goto(`${base}/preview`);
  await plain.getByLabel("Language").selectOption("German");
  await plain.getByRole("button", { name: "Show" }).click();
  await plain.waitForURL(/lang=de/);
  assert.match(await plain.locator("iframe[data-preview]").getAttribute("src"), /&lang=de$/);
});

test("nobody but Embed Studio frames the preview, and it hears nobody else", async (t) => {
  const { acme, at, preview, base } = await studio(t);
  const site = await shop(t);
  const { page, newContext, tolerate } = await browser(t);
  tolerate(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE/i);
  await acme.signIn(page);
  await page.goto(`${base}/preview`);
  await page.getByRole("button", { name: "Make the preview's key" }).click();
  await frameOf(page).getByRole("heading", { name: "Basic" }).waitFor();
  const address = await page.locator("iframe[data-preview]").getAttribute("src");

  site.show(`<iframe id="stolen" src="${address.replaceAll("&", "&amp;")}"></iframe>`);
  const stranger = await (await newContext()).newPage();
  await stranger.goto(site.url);
  await stranger.frameLocator("#stolen").locator("mintmark-pricing").waitFor({ state: "detached" });
  const framed = stranger.frames().find((frame) => frame !== stranger.mainFrame());
  assert.ok(!framed.url().startsWith(preview), framed.url());

  // A page that opens the preview as a window says all that Embed Studio could say.
  site.show("<button>Open</button>");
  await stranger.goto(site.url);
  const [opened] = await Promise.all([stranger.waitForEvent("popup"), stranger.evaluate((url) => void (window.theirs = window.open(url)), address)]);
  await opened.getByRole("heading", { name: "Basic" }).waitFor();
  await stranger.evaluate(() => {
    for (const target of ["*", window.location.origin]) {
      try {
        window.theirs?.postMessage({ type: "mintmark:preview", theme: "dark", lang: "de", appearance: { accent: "#000000" } }, target);
      } catch {
        // Another origin than the window's: the browser itself says no.
      }
    }
  });
  await opened.evaluate(() => {
    window.postMessage({ type: "mintmark:preview", theme: "dark", lang: "de" }, "*");
    return new Promise((heard) => addEventListener("message", heard, { once: true }));
  });
  const shown = opened.locator("mintmark-pricing");
  assert.deepEqual([await shown.getAttribute("theme"), await shown.getAttribute("lang"), await shown.evaluate((element) => element.appearance)], ["auto", "en", null]);

  // And Embed Studio does not listen to a frame that is not its own.
  const before = await page.locator("iframe[data-preview]").getAttribute("height");
  await page.evaluate(() => {
    window.postMessage({ type: "mintmark:preview-size", height: 3999 }, "*");
    return new Promise((heard) => addEventListener("message", heard, { once: true }));
  });
  assert.equal(await page.locator("iframe[data-preview]").getAttribute("height"), before);
  assert.equal((await acme.call("GET", `${at}/embed-keys`)).data.length, 1);
});

test("in a tab of its own the preview signs in, in the window and across a reload", async (t) => {
  const mail = await mailServer(t);
  const { acme, at, preview } = await studio(t, mail.env);
  const { id: key } = await acme.call("POST", `${at}/embed-keys`, { name: "Preview", origins: [preview], mode: "test" });
  await acme.call("POST", "/v1/customers", { mode: "test", email: "ada@customer.example", email_verified: true, name: "Ada" });
  const { page, context } = await browser(t);
  await page.goto(`${preview}/?key=${key}&element=user-button`);
  const opening = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Sign in" }).click();
  const popup = await opening;
  await popup.getByLabel("E-mail").fill("ada@customer.example");
  await popup.getByRole("button", { name: "Send me a link" }).click();
  const tab = await context.newPage();
  const kept = page.waitForResponse(/\/popup\/keep\?/);
  await tab.goto((await mail.next()).link());
  await page.getByRole("button", { name: "Account of Ada" }).waitFor();
  assert.equal((await kept).status(), 200);
  await page.reload();
  await page.getByRole("button", { name: "Account of Ada" }).waitFor();
});

test("the snippets that stand beside the preview run on a page of another origin", async (t) => {
  const { acme, at, base } = await studio(t);
  const site = await shop(t);
  const { page, newContext } = await browser(t);
  await acme.call("POST", `${at}/embed-keys`, { name: "Website", origins: [site.origin], mode: "test" });
  await acme.signIn(page);
  await page.goto(`${base}/preview`);
  await page.getByRole("button", { name: "Make the preview's key" }).click();
  await frameOf(page).getByRole("heading", { name: "Basic" }).waitFor();
  const policy = await page.getByRole("region", { name: "What the page's Content-Security-Policy allows" }).textContent();
  for (const name of ["HTML, always the newest version", "HTML, pinned to this version by its hashes"]) {
    const snippet = await page.getByRole("region", { name }).textContent();
    site.show(snippet, { "content-security-policy": `default-src 'none'; img-src data:; ${policy}` });
    const visitor = await (await newContext()).newPage();
    await visitor.goto(site.url);
    await visitor.getByRole("heading", { name: "Basic" }).waitFor();
    await visitor.close(); // what it still asks is nobody's any more
  }
});

test("without a preview the tab says what it wants, and the snippet stands there all the same", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [{ id }] = (await acme.call("GET", "/v1/products")).data;
  await acme.call("POST", `/v1/products/${id}/embed-keys`, { name: "Website", origins: ["https://www.acme.example"], mode: "live" });
  const { page } = await browser(t);
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio/${id}/preview`);
  await page.getByText("MINTMARK_PREVIEW_LISTEN").waitFor();
  assert.match(await page.getByRole("region", { name: "HTML, always the newest version" }).textContent(), /<mintmark-pricing embed-key="pk_live_/);
  await axe(page);
  await page.goto(`${server.url}/t/acme/studio/${id}/appearance`);
  await page.getByText("MINTMARK_PREVIEW_LISTEN").waitFor();
});
