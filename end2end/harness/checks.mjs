// What every page must pass: accessibility by axe, and no sideways scrolling.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds against WCAG 2.2 AA and its own good practice, one line each. */
export async function axeFindings(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(async (tags) => {
    // What is on its way to another colour has no contrast yet, and nothing sets out meanwhile.
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition-duration: 0s !important; animation-duration: 0s !important; }");
    document.adoptedStyleSheets.push(still);
    document.getAnimations().forEach((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime) && animation.finish());
    const found = await window.axe.run(document, { runOnly: tags });
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== still);
    return found;
  }, standards);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary.replaceAll(/\s+/g, " ")}`),
  );
}

/** Fails unless axe finds nothing. */
export async function axe(page) {
  assert.deepEqual(await axeFindings(page), [], `axe on ${page.url()}`);
}

/** What sticks out to the right of the page, one line each; what scrolls inside a box of its own does not count. */
export async function overflowFindings(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const inside = (element) => {
      for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== "visible") return true;
      }
      return false;
    };
    const wide = [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 0.5 && !inside(element));
    const name = (element) => `${element.localName}${element.id && `#${element.id}`}${[...element.classList].map((c) => `.${c}`).join("")}`;
    return [`the page is ${document.documentElement.scrollWidth} px wide in ${width} px`, ...wide.slice(0, 10).map((element) => `${name(element)} ends at ${Math.ceil(element.getBoundingClientRect().right)} px`)];
  });
}

/** Fails if the page scrolls sideways. */
export async function noOverflow(page) {
  assert.deepEqual(await overflowFindings(page), [], `sideways scrolling on ${page.url()}`);
}
