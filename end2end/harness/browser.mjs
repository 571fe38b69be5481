// Headless Chromium, whose pages fail the test on any error that a user would find in the console.

import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./mintmark.mjs";
import { run } from "./run.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A browser of its own with a new, empty user-data folder; closed at the end of `t`, which fails if a page threw,
 * wrote an error to the console or broke a content security policy.
 *
 * `remembersPages` keeps the back-forward cache, which Playwright switches off; `refusesForeignCookies` has it take none of another site
 * but partitioned ones; other `options` go to Playwright's `newContext` (`colorScheme`, `viewport`, `javaScriptEnabled`, ...). Answers
 * `{ context, page, newContext(options), faults, tolerate(pattern) }`; `tolerate` names a console error that the
 * journey provokes on purpose, such as /status of 401/.
 */
export async function browser(t, { remembersPages = false, refusesForeignCookies = false, ...options } = {}) {
  const executablePath = (await run(join(root, "scripts/chromium"))).trim();
  const args = refusesForeignCookies ? [...flags, "--test-third-party-cookie-phaseout"] : flags;
  const chrome = await launch({ executablePath, args, ...(remembersPages && { ignoreDefaultArgs: ["--disable-back-forward-cache"] }) });
  const faults = [];
  const tolerated = [];
  t.after(async () => {
    await chrome.close();
    const left = faults.filter((fault) => !tolerated.some((pattern) => pattern.test(fault)));
    if (left.length > 0) throw new Error(`the browser complained:\n- ${left.join("\n- ")}`);
  });
  const newContext = async (more = {}) => {
    const context = await chrome.newContext({ ...options, ...more });
    context.setDefaultTimeout(15_000);
    await watch(context, faults);
    return context;
  };
  const context = await newContext();
  const page = await context.newPage();
  return { context, page, newContext, faults, tolerate: (pattern) => tolerated.push(pattern) };
}

/** Now and then Chromium dies as it starts (SIGSEGV); a journey is not about that. */
async function launch(options, attempts = 3) {
  try {
    return await chromium.launch(options);
  } catch (error) {
    if (attempts === 1) throw error;
    console.log(`Chromium did not start, and is started again: ${error.message.split("\n")[0]}`);
    return launch(options, attempts - 1);
  }
}

async function watch(context, faults) {
  context.on("weberror", (event) => faults.push(`${event.page()?.url()}: uncaught ${event.error().stack ?? event.error()}`));
  context.on("console", (message) => {
    if (message.type() === "error") {
      faults.push(`${message.page()?.url()}: console: ${message.text()} (${message.location().url})`);
    }
  });
  // A violation in report-only mode, or one that a page swallows, shows in this event alone.
  await context.exposeBinding("reportViolation", ({ page }, what) => faults.push(`${page.url()}: content security policy: ${what}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.effectiveDirective} refuses ${event.blockedURI || "inline"} at ${event.sourceFile}:${event.lineNumber}`);
    });
  });
}

/**
 * Waits until the WebAssembly runs and everything in it is awake. Pages work without it, so a journey that does not ask
 * would never notice that it is broken.
 */
export async function alive(page) {
  await page.locator("html[data-live=true]").waitFor({ state: "attached" });
}
