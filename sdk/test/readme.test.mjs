// What npm shows names what the elements have: each attribute, event and part, and none besides.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const readme = read("README.md");
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);

for (const file of readdirSync(new URL("../src/elements", import.meta.url))) {
  test(`the README says of ${file} what its source says`, () => {
    const source = read(`src/elements/${file}`);
    const [, tag] = /define\("([\w-]+)"/.exec(source);
    const section = readme.split(`### \`<${tag}>\``)[1]?.split(/\n##+ /)[0];
    assert.ok(section, `a section for <${tag}>`);
    const line = (name) => section.split(`\n- ${name}: `)[1]?.split("\n- ")[0] ?? "";
    const events = all(source, /@fires ([\w-]+)/g);
    assert.deepEqual(all(line("events"), /`(mintmark-[\w-]+)`/g), events);
    assert.deepEqual(all(line("parts"), /`([\w-]+)`/g), /@csspart (.+)/.exec(source)[1].split(", "));
    for (const attribute of all(source, /@attribute ([\w-]+)/g)) assert.match(line("attributes"), new RegExp(`\`${attribute}\``));
  });
}

test("the README names each custom property and each attribute that all elements have", () => {
  const looks = new Set(all(read("src/element/looks.ts"), /var\((--mintmark-[\w-]+)/g));
  assert.deepEqual(new Set(all(readme, /(--mintmark-[\w-]+):/g)), looks);
  const common = all(read("src/element/element.ts"), /@attribute ([\w-]+)/g);
  assert.ok(common.length >= 5);
  for (const attribute of common) assert.match(readme, new RegExp(`^\\| \`${attribute}\``, "m"));
});

test("the README names every component and its listeners", () => {
  const react = read("react/index.ts");
  const section = readme.split("## React")[1].split("\n## ")[0];
  for (const name of [...all(react, /export const (\w+) = component/g), ...all(react, /^ +(on[A-Z]\w+)\?:/gm)]) assert.match(section, new RegExp(`\`${name}\``));
});
