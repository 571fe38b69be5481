// Starts what is measured on one core, and what measures on the other.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, root } from "../end2end/harness/mintmark.mjs";
import { run } from "../end2end/harness/run.mjs";

export const tool = `${root}target/dist/mintmark-bench`;
const [serverCore, loadCore] = ["0", "1"];

/** The environment without settings of whoever measures. */
export const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MINTMARK_") && name !== "RUST_LOG"));

/** Runs a verb of the measuring program on the load's core; a plan goes in as JSON, the result comes back. */
export async function measure(verb, plan = "", { args = [], env = environment() } = {}) {
  const out = await run("taskset", ["-c", loadCore, tool, verb, ...args], { env, stdin: JSON.stringify(plan) });
  return JSON.parse(out);
}

/** The command line that keeps a server on its core. */
export const pinned = (command) => ["taskset", "-c", serverCore, ...command];

/**
 * Starts a server on its core. `command(port)` is its command line, `ready` a path that answers once it runs. Answers
 * `{ url, address, port, pid, rss(), stop() }`.
 */
export async function serve(command, { ready, env = environment(), cwd, port } = {}) {
  port ??= await freePort();
  const [program, ...args] = pinned(command(port));
  const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log = (log + text).slice(-4000)));
  const url = `http://127.0.0.1:${port}`;
  // Long, because a peer makes its millions of rows before it answers; a program that ends does not keep us waiting.
  const deadline = Date.now() + 600_000;
  while (!(await fetch(url + ready).then((answer) => answer.ok, () => false))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${args.join(" ")} did not become ready:\n${log}`);
    }
    await pause(20);
  }
  // What was written before, rows and copies of programs, would be carried to the disk while this is measured.
  await run("sync");
  return {
    url,
    port,
    address: `127.0.0.1:${port}`,
    pid: child.pid,
    log: () => log,
    /** Resident memory in MiB: now, and at its highest. Of several processes the sum, what they share counted once. */
    async rss() {
      const several = await family(child.pid);
      if (several.length > 1) {
        const sizes = await Promise.all(several.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, "utf8")));
        const now = sizes.reduce((sum, text) => sum + Number(text.match(/^Pss:\s+(\d+) kB/m)[1]), 0) / 1024;
        return { now, highest: now };
      }
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      const mib = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))[1]) / 1024;
      return { now: mib("VmRSS"), highest: mib("VmHWM") };
    },
    /** Seconds of processor that it has used. The kernel counts in hundredths. */
    async cpu() {
      const stats = await Promise.all((await family(child.pid)).map((pid) => readFile(`/proc/${pid}/stat`, "utf8")));
      return stats.map((stat) => stat.split(") ")[1].split(" ")).reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / 100;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(killer);
    },
  };
}

/** A process and those that it started. */
async function family(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const below = await Promise.all(children.split(" ").filter(Boolean).map(family));
  return [pid, ...below.flat()];
}

/** Stops the run when a load saw anything but what it should. */
export function expectOnly(done, status, what) {
  const seen = Object.keys(done.statuses).map(Number);
  if (done.broken > 0 || seen.length !== 1 || seen[0] !== status) {
    throw new Error(`${what}: expected only ${status}, saw ${JSON.stringify(done.statuses)}, ${done.broken} broken connections: ${JSON.stringify(done.samples)}`);
  }
  return done;
}

/** One stream, closed loop on 16 connections unless it says otherwise. */
export async function load(stream, status, { seconds = 1.5, warmup = stream.once ? 0 : 0.25 } = {}) {
  const report = await measure("load", { seconds, warmup, streams: [{ name: "only", connections: 16, ...stream }] });
  return expectOnly(report.only, status, `${stream.method ?? "GET"} ${stream.path}`);
}
