// Asks a running server what its own /openapi.json promises (DS7); schemathesis makes the calls.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../harness/index.mjs";

/** What ends the caller's own credential, after which nothing could be asked. */
const last = ["DELETE /v1/sessions/current", "DELETE /embed/v1/sessions/current"];

/**
 * Makes up to `examples` calls of each operation, and those that its shape asks for; as nobody, unless there is a `token`.
 * `headers` go along with each, `paths` is a pattern of those that are called, and without a `seed` the calls are always the same.
 * Answers how many calls there were; throws with what was wrong.
 */
export async function conform(server, { token, headers = {}, paths = "", examples, seed }) {
  const folder = await mkdtemp(join(tmpdir(), "mintmark-schema-"));
  try {
    const args = [
      ...["--config-file", join(root, "end2end/schema/schemathesis.toml"), "run", `${server.url}/openapi.json`],
      ...["--max-examples", String(examples), ...(seed === undefined ? ["--generation-deterministic"] : ["--seed", String(seed)])],
      ...["--continue-on-failure", "--no-shrink", "--no-color", "--warnings", "off", "--suppress-health-check", "all"],
      ...["--workers", "1", "--request-timeout", "30", "--report", "json", "--report-json-path", join(folder, "report.json")],
      ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}:${value}`]),
      ...(paths ? ["--include-path-regex", paths] : []),
      ...(token ? last : []).flatMap((name) => ["--exclude-name", name]),
    ];
    const env = { ...process.env, SCHEMATHESIS_HOOKS: join(root, "end2end/schema/hooks.py"), MINTMARK_TOKEN: token ?? "" };
    await run(join(root, "scripts/schemathesis"), args, { env, cwd: folder });
    const { test_cases: cases } = JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
    return cases.generated;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
