// The release binary as a process: it starts on an empty folder, stops when told, goes on where it was.

import { stat } from "node:fs/promises";
import { assert, mintmark, test } from "../harness/index.mjs";

test("an empty folder is enough to serve, and nobody else may read what is written there", async (t) => {
  const server = await mintmark(t);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await stat(server.dataDir)).mode & 0o077, 0);
});

for (const engine of ["sqlite", "postgres"]) {
  test(`a restart opens what was written before, and a stopped server is gone: ${engine}`, async (t) => {
    const server = await mintmark(t, { engine });
    await server.restart();
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    await server.stop();
    await assert.rejects(fetch(`${server.url}/healthz`));
  });
}

test("a test moves the wall clock of the unchanged binary", async (t) => {
  const server = await mintmark(t, { clock: true });
  const ahead = async () => Date.parse((await fetch(`${server.url}/healthz`)).headers.get("date")) - Date.now();
  assert.ok(Math.abs(await ahead()) < 60_000);
  await server.clock("+2h");
  assert.ok(Math.abs((await ahead()) - 2 * 3_600_000) < 60_000);
});
