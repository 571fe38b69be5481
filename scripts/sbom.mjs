// Turns `cargo metadata` (stdin) into a CycloneDX bill of materials (stdout): what the binary and the page are made of.

import { text } from "node:stream/consumers";

const { packages, resolve, workspace_members: ours } = JSON.parse(await text(process.stdin));
const known = new Map(packages.map((found) => [found.id, found]));

// Only what ends up in a product of ours: build and test dependencies of others' crates do not.
const shipped = new Set();
const waiting = resolve.nodes.filter(({ id }) => ["server", "app"].includes(known.get(id).name) && ours.includes(id));
const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
while (waiting.length > 0) {
  const node = waiting.pop();
  if (shipped.has(node.id)) continue;
  shipped.add(node.id);
  waiting.push(...node.deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null)).map(({ pkg }) => nodes.get(pkg)));
}

const reference = ({ name, version }) => `pkg:cargo/${name}@${version}`;
const components = [...shipped]
  .filter((id) => !ours.includes(id))
  .map((id) => known.get(id))
  .sort((a, b) => reference(a).localeCompare(reference(b)))
  .map((found) => ({
    type: "library",
    "bom-ref": reference(found),
    name: found.name,
    version: found.version,
    licenses: found.license ? [{ expression: found.license.replaceAll("/", " OR ") }] : [],
    purl: reference(found),
  }));
const product = known.get(resolve.root) ?? packages.find(({ id }) => ours.includes(id));
const bill = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  version: 1,
  metadata: { component: { type: "application", name: "mintmark", version: product.version } },
  components,
};
console.log(JSON.stringify(bill, null, 2));
