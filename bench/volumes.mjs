// `make volumes`: promises that only large numbers can show, each with its figure and its verdict.
//
//   node bench/volumes.mjs [--share 1] [alive|visitors|ids|exports|verifiers|malformed|floods|schema|sign-in ...]
//
// `--share 0.1` makes every number a tenth. Exits with 1 unless all that were asked for hold.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { alive } from "./volumes/alive.mjs";
import { exports } from "./volumes/exports.mjs";
import { floods } from "./volumes/floods.mjs";
import { ids } from "./volumes/ids.mjs";
import { malformed } from "./volumes/malformed.mjs";
import { schema } from "./volumes/schema.mjs";
import { signIn } from "./volumes/sign-in.mjs";
import { verifiers } from "./volumes/verifiers.mjs";
import { visitors } from "./volumes/visitors.mjs";

const all = { alive, visitors, ids, exports, verifiers, malformed, floods, schema, "sign-in": signIn };
const { values: options, positionals } = parseArgs({ options: { share: { type: "string", default: "1" } }, allowPositionals: true });
const share = Number(options.share);
const unknown = positionals.filter((name) => !(name in all));
if (unknown.length > 0 || !(share > 0)) throw new Error(`there are ${Object.keys(all).join(", ")}, and a share above 0; not ${unknown.join(", ")}`);

let failed = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(all)) {
  const folder = await mkdtemp(join(tmpdir(), "mintmark-volumes-"));
  const servers = [];
  const began = Date.now();
  try {
    for await (const { what, holds, figure } of all[name]({ folder, servers, many: (number) => Math.max(1, Math.round(number * share)) })) {
      if (!holds) failed += 1;
      console.log(`${holds ? "ok    " : "FAILED"} ${name.padEnd(10)} ${what}: ${figure}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    }
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
process.exit(failed > 0 ? 1 : 0);
