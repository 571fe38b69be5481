// The React components of @mintmark/sdk/react, as npm would install them, in a page of a second origin: React 18 and 19.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assert, axe, browser, portal, published, root, run, test } from "../harness/index.mjs";

const sdk = join(root, "sdk");

/** The page's two halves with this React, bundled with the package as its `exports` lead to it. Answers `{ render(props), script }`. */
async function bundled(t, react, dom) {
  await run(join(root, "scripts/sdk"), ["dist"]);
  const folder = await mkdtemp(join(tmpdir(), "mintmark-react-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "@mintmark"));
  await symlink(sdk, join(folder, "@mintmark/sdk"));
  const { build } = createRequire(join(sdk, "package.json"))("esbuild");
  const half = async (name, platform) => {
    const { outputFiles, warnings } = await build({
      entryPoints: [join(root, `end2end/react/${name}.jsx`)],
      bundle: true,
      write: false,
      format: platform === "node" ? "cjs" : "esm",
      platform,
      jsx: "automatic",
      charset: "ascii",
      define: { "process.env.NODE_ENV": '"development"' },
      nodePaths: [folder],
      alias: { react: join(sdk, "node_modules", react), "react-dom": join(sdk, "node_modules", dom) },
    });
    assert.deepEqual(warnings, []);
    return outputFiles[0].text;
  };
  const server = join(folder, "server.cjs");
  await writeFile(server, await half("server", "node"));
  // It is rendered where there is neither a window nor a document.
  const { default: { render } } = await import(pathToFileURL(server));
  return { render, script: (await half("browser", "browser")).replaceAll("</script", "<\\/script") };
}

for (const [version, react, dom] of [[18, "react18", "react-dom18"], [19, "react", "react-dom"]]) {
  test(`a page in React ${version} is rendered on a server, taken over, changed and left, and its elements follow`, async (t) => {
    const { render, script } = await bundled(t, react, dom);
    const { server, acme, site, product, key, bridgeToken, show, script: run } = await portal(t);
    const offering = await published(acme, product);
    const customer = await acme.customer(site.origin);
    const { page, context, tolerate } = await browser(t);
    // React says in the console where its tools for developers are; nothing else is let pass.
    const said = [];
    page.on("console", (message) => ["warning", "error"].includes(message.type()) && said.push(message.text()));
    let bridged = 0;
    await context.exposeBinding("bridgeToken", () => (bridged++, bridgeToken({ name: "Ada Lovelace" })));
    await context.exposeBinding("widgetToken", async () => (await acme.mint(customer)).token);
    const exchanges = [];
    page.on("request", (request) => request.method() === "POST" && exchanges.push(new URL(request.url()).pathname));

    const props = { embedKey: key, baseUrl: server.url };
    const html = render(props);
    assert.match(html, new RegExp(`<mintmark-pricing embed-key="${key}" base-url="${server.url}" selectable=""></mintmark-pricing>`));
    assert.match(html, /<mintmark-user-button id="who" style="order:1" data-place="top"[^>]* class="button here"><\/mintmark-user-button>/);
    assert.doesNotMatch(html, /bridge|token=/i);
    show(`<div id="root">${html}</div>${run(`globalThis.props = ${JSON.stringify(props)};`)}${run(script)}`, "; style-src-attr 'unsafe-inline'");
    await page.goto(site.url);
    await page.getByRole("button", { name: "Account of Ada Lovelace" }).waitFor();
    const choose = page.getByRole("link", { name: `Choose ${offering.name}` });
    await choose.waitFor();
    await page.getByText("mintmark-signed-in").waitFor();
    assert.deepEqual([bridged, exchanges], [1, ["/embed/v1/sessions/exchange"]], "one session, though StrictMode mounts twice and functions are new at each render");

    // The handler is the newest one: what was chosen before is there still.
    for (const times of [1, 2]) {
      await choose.click();
      await page.locator("#chosen", { hasText: Array(times).fill(offering.id).join(" ") }).waitFor();
    }
    assert.equal(page.url(), site.url, "prevented, so that the page stays");

    await page.getByRole("button", { name: "Token", exact: true }).click();
    await page.getByRole("heading", { name: customer.name }).waitFor();
    await page.getByRole("button", { name: "Dark and German" }).click();
    await page.getByText("49 €").waitFor();
    const looks = () => page.locator("mintmark-pricing").evaluate((e) => [e.getAttribute("theme"), e.getAttribute("lang"), e.hasAttribute("selectable"), e.appearance?.accent ?? null, e.isSameNode(pricing)]);
    assert.deepEqual(await looks(), ["dark", "de", false, "#8a2be2", true]);
    await page.getByRole("button", { name: "As it was" }).click();
    await page.getByText("€49").waitFor();
    assert.deepEqual(await looks(), [null, null, true, null, true]);
    assert.equal(bridged, 1, "other looks are the same session");
    assert.equal(await page.locator("mintmark-pricing").getAttribute("embed-key"), key);
    await axe(page);

    // What has left hears nothing any more; what comes again works again.
    const chosen = await page.locator("#chosen").innerText();
    await page.getByRole("button", { name: "Mount" }).click();
    assert.equal(await page.locator("mintmark-pricing, mintmark-user-button, mintmark-token-session, mintmark-sign-in, mintmark-chat").count(), 0);
    await page.evaluate(() => pricing.dispatchEvent(new CustomEvent("mintmark-select", { detail: { offering: "off_gone" } })));
    assert.equal(await page.locator("#chosen").innerText(), chosen);
    await page.getByRole("button", { name: "Mount" }).click();
    await page.getByRole("button", { name: "Account of Ada Lovelace" }).waitFor();
    await page.getByRole("heading", { name: offering.name }).waitFor();
    assert.equal(bridged, 1, "the session was kept for whoever comes again");
    await page.evaluate(() => root.unmount());
    assert.deepEqual(said.filter((text) => !text.includes("React DevTools")), []);
    tolerate(/React DevTools/);
  });
}
