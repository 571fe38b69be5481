// The dashboard's first page in Chromium, with its processor slowed four times and an empty cache.

import { join } from "node:path";
import { root } from "../end2end/harness/mintmark.mjs";
import { run } from "../end2end/harness/run.mjs";
import { load } from "./program.mjs";
import { chromium } from "../end2end/node_modules/playwright-core/index.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/**
 * Loads the overview `rounds` times, each in a new context, after one that does not count, and in turns with `bare`, a page with
 * one line of script: what no page is below. `named` is what the figures are called.
 */
export async function dashboard(named, it, server, bare, rounds, note) {
  const executablePath = (await run(join(root, "scripts/chromium"))).trim();
  const chrome = await chromium.launch({ executablePath, args: flags });
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const [figures, look] of [[named, (page) => overview(page, it, server)], [`bare ${named}`, (page) => visit(page, bare)]]) {
        const context = await chrome.newContext();
        const seen = await look(await context.newPage());
        await context.close();
        if (round > 0) for (const [name, value] of Object.entries(seen)) note(`${figures} ${name}`, value);
      }
    }
  } finally {
    await chrome.close();
  }
}

async function overview(page, it, server) {
  await it.owner.signIn(page);
  // What the server takes, asked from outside: a slowed browser beside it would be in its own figure.
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const path = `/t/${it.tenant.slug}`;
  // A process counts the day once: with millions of mints in it a view is answered as far as it came, and says when to look again.
  const looks = [];
  for (let again = true; again; ) {
    if (looks.length > 100) throw new Error("the day was not counted in a hundred views");
    const begun = performance.now();
    const answer = await fetch(server.url + path, { headers: { cookie } });
    if (!answer.ok) throw new Error(`the overview was answered with ${answer.status}`);
    await answer.text();
    looks.push(performance.now() - begun);
    again = answer.headers.has("refresh");
  }
  const first = await load({ address: server.address, path, headers: [["cookie", cookie]], connections: 1 }, 200, { seconds: 1 });
  return { "first view ms": looks[0], "views until counted": looks.length, "ttfb ms": first.latency_ms.p50, ...(await visit(page, server.url + path)) };
}

/** Loads one page with an empty cache and a slowed processor. */
async function visit(page, url) {
  await page.addInitScript(() => {
    window.blocking = 0;
    // What a long task takes past 50 ms is what a visitor waits for.
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.blocking += Math.max(0, task.duration - 50);
    }).observe({ type: "longtask", buffered: true });
    // The script is awake: the program says so itself.
    window.awake = new Promise((awake) => {
      new MutationObserver((_, observer) => {
        if (document.documentElement?.dataset.live !== "true") return;
        awake(performance.now());
        observer.disconnect();
      }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-live"] });
    });
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const kinds = {};
  const kib = {};
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    kinds[requestId] = response.url.match(/\.(wasm|js|css|woff2)(\?|$)/)?.[1] ?? "page and rest";
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    for (const kind of ["KiB", `KiB, ${kinds[requestId]}`]) kib[kind] = (kib[kind] ?? 0) + encodedDataLength / 1024;
  });
  await page.goto(url, { waitUntil: "load" });
  // Asked past Playwright, which would first put 330 KB of script of its own into the page: a long task among those that are measured.
  const ask = async (expression) => {
    const { result, exceptionDetails } = await devtools.send("Runtime.evaluate", { expression, awaitPromise: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  };
  const interactive = await ask("window.awake");
  await new Promise((done) => setTimeout(done, 500)); // what still blocks after that counts as well
  const blocking = await ask("window.blocking");
  return { ...kib, "interactive ms": interactive, "blocking ms": blocking };
}
