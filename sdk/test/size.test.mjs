// What pages may be asked to download: the core at most 6 KB, an element at most 8 KB, as they go over the wire in gzip.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import test from "node:test";

const built = new URL("../../target/sdk/", import.meta.url);
const folder = new URL(`${readFileSync(new URL("current", built), "utf8")}/`, built);
const KB = 1024;

test("the core has at most 6 KB and each element at most 8 KB", (t) => {
  const bundles = readdirSync(folder).filter((name) => name.endsWith(".js"));
  assert.ok(bundles.includes("mintmark.js") && bundles.includes("mintmark.iife.js"));
  for (const name of bundles) {
    const size = statSync(new URL(`${name}.gz`, folder)).size;
    const most = (name.startsWith("mintmark.") ? 6 : 8) * KB;
    t.diagnostic(`${name}: ${size} bytes of ${most}`);
    assert.ok(size <= most, `${name} has ${size} bytes in gzip, at most ${most} are allowed`);
  }
});

test("an element brings nothing of the core along, and no bundle anything that a strict page forbids", () => {
  const bundles = readdirSync(folder).filter((name) => name.endsWith(".js"));
  for (const name of bundles) {
    const text = readFileSync(new URL(name, folder), "utf8");
    assert.doesNotMatch(text, /\beval\(|new Function\(|localStorage|sessionStorage|indexedDB|document\.cookie/, name);
    const imports = [...text.matchAll(/(?:from|import)\s*\(?["']([^"']+)["']/g)].map(([, from]) => from);
    assert.deepEqual(new Set(imports), new Set(name.startsWith("mintmark.") ? [] : ["./mintmark.js"]), name);
  }
});
