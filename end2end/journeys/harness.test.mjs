// The harness must be able to fail: a check that cannot see a fault keeps nothing.

import { assert, axeFindings, browser, overflowFindings, test } from "../harness/index.mjs";

/** Stands in for a test's context and answers what its end throws. */
function context() {
  const ends = [];
  return {
    after: (end) => ends.push(end),
    async end() {
      for (const end of ends) await end().catch((error) => (this.fault = error.message));
      return this.fault ?? "";
    },
  };
}

for (const [what, html, pattern] of [
  ["an uncaught error", "<script>throw new Error('boom')</script>", /uncaught .*boom/],
  ["an error in the console", "<script>console.error('boom')</script>", /console: boom/],
  ["a broken policy", `<meta http-equiv="content-security-policy" content="img-src 'none'"><img alt="" src="/x.png">`, /content security policy: img-src/],
]) {
  test(`${what} on a page fails the journey`, async () => {
    const t = context();
    const { page } = await browser(t);
    await page.route("http://page.test/", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.goto("http://page.test/");
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.match(await t.end(), pattern);
  });
}

test("a fault that the journey named beforehand is let pass", async () => {
  const t = context();
  const { page, tolerate } = await browser(t);
  tolerate(/console: boom/);
  await page.setContent("<script>console.error('boom')</script>");
  assert.equal(await t.end(), "");
});

test("axe and the overflow check see what is wrong", async (t) => {
  const { page } = await browser(t, { viewport: { width: 320, height: 600 } });
  await page.setContent("<html lang=en><title>x</title><main><h1>x</h1><input><div style='width: 500px'>wide</div></main>");
  assert.match((await axeFindings(page)).join("\n"), /label: Form elements must have labels/);
  assert.match((await overflowFindings(page)).join("\n"), /div ends at/);
});
