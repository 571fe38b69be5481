// Starts the real binary (target/release/mintmark, or what MINTMARK_BINARY names), each with an empty data folder and a free port of its own.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { run } from "./run.mjs";

export const root = new URL("../..", import.meta.url).pathname;
const binary = resolve(process.env.MINTMARK_BINARY || join(root, "target/release/mintmark"));

/**
 * A running Mintmark. `t` is a node:test context (or anything with `after(fn)`), at whose end it is stopped and its
 * folder removed.
 *
 * - `env`: further settings, `MINTMARK_...`
 * - `engine: "postgres"`: a new database on the tests' PostgreSQL instead of SQLite in the data folder
 * - `clock: true`: the wall clock can be moved with `mintmark.clock("+2h")`, and `clock: "-2h"` begins there; the
 *   monotonic clock is never faked
 *
 * Answers `{ url, setupLink, dataDir, env, log(), command(args, stdin), restart(), stop(), clock(offset) }`. `setupLink`
 * is null once there is an owner. `command` runs a verb of the same binary on the same data.
 */
export async function mintmark(t, { env = {}, engine = "sqlite", clock = false } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "mintmark-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = { ...plainEnvironment(), MINTMARK_LISTEN: `127.0.0.1:${port}`, MINTMARK_DATA_DIR: dataDir, ...env };
  if (engine === "postgres") {
    const keyFile = join(dataDir, "own.key");
    await writeFile(keyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
    settings.MINTMARK_DATABASE_URL ??= (await run(join(root, "scripts/postgres"), ["database"])).trim();
    settings.MINTMARK_MASTER_KEY_FILE ??= keyFile;
  }
  const clockFile = join(dataDir, ".clock");
  if (clock) {
    const library = (await run(join(root, "scripts/faketime"))).trim();
    await writeFile(clockFile, clock === true ? "+0" : clock);
    Object.assign(settings, {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    });
  }

  const server = {
    url,
    dataDir,
    env: settings,
    setupLink: null,
    log: () => log,
    command: (args, stdin = "") => run(binary, args, { env: settings, stdin }),
    stop,
    async restart() {
      await stop();
      await start();
    },
    async clock(offset) {
      if (!clock) throw new Error("mintmark(t, { clock: true }) is what makes the clock movable");
      await writeFile(clockFile, offset);
    },
  };
  let log = "";
  let child = null;

  async function start() {
    log = "";
    child = spawn(binary, ["serve"], { env: settings, cwd: dataDir, stdio: ["ignore", "pipe", "pipe"] });
    child.on("error", (error) => (log += `${binary}: ${error.message}\n`));
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text));
    const deadline = Date.now() + 30_000;
    while (!(await ready())) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        throw new Error(`mintmark serve did not become ready (exit code ${child.exitCode}):\n${log}`);
      }
      await pause(25);
    }
    server.setupLink = log.match(/https?:\/\/\S*set-?up\S*/)?.[0] ?? null;
  }

  async function ready() {
    return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  }

  async function stop() {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(killer);
  }

  t.after(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  await start();
  return server;
}

/** The environment without settings of whoever runs the tests. */
function plainEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MINTMARK_") && name !== "RUST_LOG"));
}

/** A port that nobody listens on now. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
