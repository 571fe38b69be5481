// DS6: who floods is told so, and nobody else, who stays below the same limit, waits longer than twice for it.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { install, origin } from "../ours.mjs";
import { measure } from "../program.mjs";

export async function* floods({ folder, servers, many }) {
  const it = await install("sqlite", folder, 100, () => {});
  const server = await it.start({ env: { MINTMARK_ORGANIZATION_LIMIT: "6000", MINTMARK_LOG: "error" } });
  servers.push(server);
  const quiet = join(it.data, "quiet.tsv");
  await writeFile(quiet, `${(await readFile(it.tokens, "utf8")).split("\n")[0]}\n`);
  const loud = await another(it, server);
  const guard = { ...it.at(server.address).guard(quiet), name: "quiet", connections: 32, rate: 200 };
  const seconds = many(10);
  const alone = (await measure("load", { seconds, warmup: 1, streams: [guard] })).quiet;
  const flood = { ...it.at(server.address).guard(loud), name: "loud", connections: 64, rate: 6_000 };
  const both = await measure("load", { seconds, warmup: 1, streams: [guard, flood] });
  const refused = both.loud.statuses["429"] ?? 0;
  const ratio = both.quiet.latency_ms.p99 / alone.latency_ms.p99;
  const healthy = Object.keys(both.quiet.statuses).join() === "200";
  yield {
    what: "one organization's flood",
    holds: healthy && refused > 0 && ratio <= 2,
    figure: `${refused.toLocaleString("en")} of ${(refused + (both.loud.statuses["200"] ?? 0)).toLocaleString("en")} were 429; another's p99 ${alone.latency_ms.p99.toFixed(2)} ms alone, ${both.quiet.latency_ms.p99.toFixed(2)} ms beside it: ${ratio.toFixed(1)} times (at most 2)`,
  };
}

/** The token of another organization, in a file. */
async function another(it, server) {
  const organization = await it.owner.call("POST", "/v1/organizations", { name: "Loud" });
  await it.owner.call("POST", `/v1/organizations/${organization.id}/origins`, { origin });
  const body = JSON.stringify({ organization_id: organization.id, scope: ["directory_sync"], origins: [origin] });
  const headers = { ...Object.fromEntries(it.backend), "content-type": "application/json" };
  const { id, token } = await (await fetch(`${server.url}/v1/widget-tokens`, { method: "POST", headers, body })).json();
  const file = join(it.data, "loud.tsv");
  await writeFile(file, `${id}\t${token}\n`);
  return file;
}
