// KY6: a million parallel mints, and no two alike.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../ours.mjs";
import { load } from "../program.mjs";

export async function* ids({ folder, servers, many }) {
  const it = await install("sqlite", folder, 100, () => {});
  const server = await it.start();
  servers.push(server);
  const seen = new Set();
  let minted = 0;
  const file = join(it.data, "some.tsv");
  while (minted < many(1_000_000)) {
    await load(it.at(server.address).mint(file), 201, { seconds: Math.min(20, many(200)), warmup: 0 });
    for (const line of (await readFile(file, "utf8")).trimEnd().split("\n")) {
      minted += 1;
      seen.add(line.split("\t", 1)[0]);
    }
  }
  yield { what: "ids of parallel mints", holds: seen.size === minted, figure: `${minted.toLocaleString("en")} mints, ${minted - seen.size} ids twice` };
}
