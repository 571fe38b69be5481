// Pictures every page into end2end/output/: `make shots`, or one page by `make shots PAGE=name`. Fails on sideways scrolling, an error in the console,
// or what axe finds; the pictures are written all the same.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { axeFindings, browser, host, mintmark, overflowFindings, root } from "./harness/index.mjs";
import * as conversations from "./shots/conversations.mjs";
import * as customerRoles from "./shots/customer-roles.mjs";
import * as house from "./shots/house.mjs";
import * as inspector from "./shots/inspector.mjs";
import * as mainJob from "./shots/main-job.mjs";
import * as passwords from "./shots/passwords.mjs";
import * as preview from "./shots/preview.mjs";
import * as signIn from "./shots/sign-in.mjs";
import * as studio from "./shots/studio.mjs";

const output = join(root, "end2end/output");
const looks = ["light", "dark"].flatMap((colorScheme) => [1280, 320].map((width) => ({ colorScheme, width })));

/**
 * The worlds in which pages are pictured: a name, and what makes it. `make(t)` answers what `open` needs; each world
 * is made once, so its pages must not change it.
 */
const worlds = {
  async empty(t) {
    const server = await mintmark(t);
    return { server, host: await host(t, { mintmark: server.url }) };
  },
  ...mainJob.worlds,
  ...house.worlds,
  ...studio.worlds,
  ...signIn.worlds,
  ...inspector.worlds,
  ...customerRoles.worlds,
  ...conversations.worlds,
  ...passwords.worlds,
  ...preview.worlds,
};

/** The pictures: world, name, how to get there from a fresh context, and console errors that belong to it. */
const pictures = [
  { world: "empty", name: "set-up", open: (page, { server }) => page.goto(server.setupLink) },
  { world: "empty", name: "set-up-link-wrong", open: (page, { server }) => page.goto(server.setupLink.replace(/.$/, "0")), tolerate: /status of 4/ },
  { world: "empty", name: "not-found", open: (page, { server }) => page.goto(`${server.url}/no-such-page`), tolerate: /status of 404/ },
  { world: "empty", name: "host", open: (page, { host }) => page.goto(host.url) },
  ...mainJob.pictures,
  ...house.pictures,
  ...studio.pictures,
  ...signIn.pictures,
  ...inspector.pictures,
  ...customerRoles.pictures,
  ...conversations.pictures,
  ...passwords.pictures,
  ...preview.pictures,
];

const only = process.argv[2]; // a picture or a world
const ends = [];
const t = { after: (end) => ends.unshift(end) };
const findings = [];
const made = {};

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
for (const { world, name, open, tolerate } of pictures.filter(({ world, name }) => !only || name === only || world === only)) {
  made[world] ??= await worlds[world](t);
  for (const { colorScheme, width } of looks) {
    const shot = `${name}-${world}-${colorScheme}-${width}`;
    const page = { ends: [], after: (end) => page.ends.push(end) };
    const chrome = await browser(page, { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
    if (tolerate) chrome.tolerate(tolerate);
    try {
      await open(chrome.page, made[world]);
      await chrome.page.evaluate(() => document.fonts.ready);
      await chrome.page.screenshot({ path: join(output, `${shot}.png`), fullPage: true });
      findings.push(...[...(await overflowFindings(chrome.page)), ...(await axeFindings(chrome.page))].map((what) => `${shot}: ${what}`));
    } catch (error) {
      findings.push(`${shot}: ${error.message}`);
    }
    for (const end of page.ends) await end().catch((error) => findings.push(`${shot}: ${error.message}`));
    console.log(shot);
  }
}
for (const end of ends) await end();
for (const finding of findings) console.error(finding);
console.log(`${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
