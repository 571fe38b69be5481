// JW14: what four libraries of others make of a thousand tokens, and what the guard makes of ten thousand with one bit changed.

import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLocalJWKSet, jwtVerify } from "../../end2end/node_modules/jose/dist/webapi/index.js";
import { root } from "../../end2end/harness/mintmark.mjs";
import { run } from "../../end2end/harness/run.mjs";
import { install, origin } from "../ours.mjs";
import { load } from "../program.mjs";

export async function* verifiers({ folder, servers, many }) {
  const it = await install("sqlite", folder, 100, () => {});
  const server = await it.start();
  servers.push(server);
  const file = join(it.data, "some.tsv");
  let tokens = [];
  while (tokens.length < many(1_000)) {
    await load(it.at(server.address).mint(file), 201, { seconds: 0.5, warmup: 0 });
    tokens.push(...(await readFile(file, "utf8")).trimEnd().split("\n").map((line) => line.split("\t")[1]));
  }
  tokens = tokens.slice(0, many(1_000));
  const issuer = `${it.url}/t/${it.tenant.slug}`;
  const jwks = await (await fetch(`${issuer}/.well-known/jwks.json`)).json();
  const keys = createLocalJWKSet(jwks);
  let accepted = 0;
  for (const token of tokens) accepted += await jwtVerify(token, keys, { issuer, audience: it.tenant.id, typ: "widget+jwt" }).then(() => 1, () => 0);
  const counts = { jose: accepted };
  const asked = JSON.stringify({ jwks, issuer, audience: it.tenant.id, tokens });
  Object.assign(counts, JSON.parse(await run(join(root, "scripts/pyjwt"), [join(root, "bench/volumes/verifiers.py")], { stdin: asked })));
  const told = Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(", ");
  yield { what: "tokens accepted by libraries of others", holds: Object.values(counts).every((count) => count === tokens.length), figure: `of ${tokens.length}: ${told}` };

  const flips = many(10_000);
  let [through, broken] = [0, 0];
  for (let done = 0; done < flips; done += 1) {
    const bytes = Buffer.from(tokens[done % tokens.length]);
    bytes[randomInt(bytes.length)] ^= 1 << randomInt(7); // the eighth bit would make it no header any more
    const answer = await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${bytes.toString("latin1")}`, origin } }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) through += 1;
    if (answer && answer.status >= 500) broken += 1;
  }
  yield { what: "tokens with one bit changed", holds: through === 0 && broken === 0, figure: `${through} of ${flips.toLocaleString("en")} accepted, ${broken} answered with 5xx` };
}
