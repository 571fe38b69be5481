// The page of the second origin itself: it shows what it gets, whole at every width, and keeps no token.

import { once } from "node:events";
import { createServer } from "node:http";
import { assert, axe, browser, host, noOverflow, test } from "../harness/index.mjs";

/** A server that plays Mintmark's two widget routes, with an answer that the test chooses. */
async function answering(t, answer) {
  const server = createServer((request, response) => {
    const headers = { "access-control-allow-origin": request.headers.origin ?? "", "access-control-allow-headers": "authorization", vary: "origin" };
    if (request.method === "OPTIONS") return response.writeHead(204, headers).end();
    const { status, body } = answer(request);
    response.writeHead(status, { ...headers, "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 320], ["dark", 320]]) {
  test(`the host page is accessible and fits: ${colorScheme}, ${width} px`, async (t) => {
    const mintmark = await answering(t, () => ({ status: 200, body: { id: "wtok_1" } }));
    const { url } = await host(t, { mintmark });
    const { page } = await browser(t, { colorScheme, viewport: { width, height: 800 } });
    await page.goto(url);
    await axe(page);
    await page.getByLabel("Widget token").fill("eyJ".padEnd(600, "x"));
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.getByRole("status").getByText("200").waitFor();
    await page.locator("#answers summary").first().click();
    await axe(page);
    await noOverflow(page);
  });
}

test("the host page sees the answer change while it calls again and again, and keeps the token nowhere", async (t) => {
  let alive = true;
  const seen = new Set();
  const mintmark = await answering(t, ({ url, headers }) => {
    seen.add(`${url} ${headers.authorization} ${headers.cookie}`);
    return alive ? { status: 200, body: { id: "wtok_1" } } : { status: 401, body: { code: "widget_token_revoked" } };
  });
  const { url } = await host(t, { mintmark });
  const { page, tolerate } = await browser(t);
  tolerate(/status of 401/);
  await page.goto(url);
  await page.getByLabel("Widget token").fill(" a.b.c ");
  await page.getByRole("switch", { name: "Call again every second" }).check();
  await page.getByRole("status").getByText("200: the token is alive").waitFor();
  alive = false;
  await page.getByRole("status").getByText("401 widget_token_revoked").waitFor();
  assert.deepEqual([...seen], ["/widget/session Bearer a.b.c undefined", "/widget/organization Bearer a.b.c undefined"]);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  assert.equal(page.url(), url);
});
