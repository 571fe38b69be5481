// A version that was released is served as it was, whatever is built today.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { release, serve } from "../build.mjs";

/** A small SDK in a folder of its own. */
function sdk(t) {
  const folder = mkdtempSync(path.join(tmpdir(), "mintmark-sdk-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "src/elements"), { recursive: true });
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  const change = (what) => {
    write("src/mintmark.ts", `export const what: string = ${JSON.stringify(what)};\n`);
    write("src/classic.ts", `export { what } from "./mintmark.js";\n`);
    write("src/elements/hello.ts", `import { what } from "../mintmark.js";\nconsole.log("hello", what);\n`);
  };
  const number = (version) => write("package.json", JSON.stringify({ version }));
  change("first");
  number("1.0.0");
  const out = path.join(folder, "out");
  const read = (name) => readFileSync(path.join(out, name), "utf8");
  return { folder, out, change, number, write, read };
}

test("the bytes are the same wherever they are built, and elements share the core beside them", async (t) => {
  const [one, other] = [sdk(t), sdk(t)];
  await serve(one.folder, one.out);
  await serve(other.folder, other.out);
  for (const name of ["mintmark.js", "mintmark.iife.js", "hello.js", "sri.json"]) {
    assert.equal(one.read(`1.0.0/${name}`), other.read(`1.0.0/${name}`), name);
    assert.ok(!one.read(`1.0.0/${name}`).includes(one.folder), name);
    for (const end of ["br", "gz"]) assert.ok(existsSync(path.join(one.out, `1.0.0/${name}.${end}`)), `${name}.${end}`);
  }
  assert.match(one.read("1.0.0/hello.js"), /from"\.\/mintmark\.js"/);
  assert.ok(!one.read("1.0.0/hello.js").includes("first"));
  assert.equal(one.read("current"), "1.0.0");
  assert.deepEqual(Object.keys(JSON.parse(one.read("1.0.0/sri.json")).bundles), ["hello.js", "mintmark.iife.js", "mintmark.js"]);
});

test("a released version goes on being served, and never changes", async (t) => {
  const { folder, out, change, number, write, read } = sdk(t);
  await serve(folder, out);
  await release(folder);
  await release(folder);
  await serve(folder, out);
  const first = read("1.0.0/mintmark.js");
  change("second");
  await assert.rejects(serve(folder, out), /Version 1\.0\.0 is released .*raise the version in sdk\/package\.json/);
  await assert.rejects(release(folder), /raise the version/);
  assert.equal(read("1.0.0/mintmark.js"), first, "what was built before is still there");
  number("1.0.1");
  await serve(folder, out);
  assert.equal(read("current"), "1.0.1");
  assert.equal(read("1.0.0/mintmark.js"), first);
  assert.match(read("1.0.1/mintmark.js"), /second/);
  write("released/1.0.0/mintmark.js", "tampered");
  await assert.rejects(serve(folder, out), /released\/1\.0\.0 is not what was released/);
});
