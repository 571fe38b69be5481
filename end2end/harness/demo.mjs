// `make demo` as somebody runs it, against a Mintmark of this journey.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, root } from "./mintmark.mjs";

/** A folder and a port for the demos of one journey. */
export async function demoPlace(t) {
  const folder = await mkdtemp(join(tmpdir(), "mintmark-demo-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { folder, port: await freePort() };
}

/**
 * Runs it until it serves. `typed` is what somebody types, a line for each question. Answers `{ url, said(), stop() }`; throws with all that it
 * said when it ends instead.
 */
export async function demo(t, { url, folder, port, language = "node", typed = [], env = {} }) {
  const settings = { ...process.env, MINTMARK_API_KEY: "", ...env, DEMO: language, DEMO_PORT: String(port), DEMO_DATA: folder, MINTMARK_URL: url };
  const child = spawn(join(root, "scripts/demo"), { env: settings, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  const ended = once(child, "close");
  child.stdin.on("error", () => {}); // it may have nothing to ask
  child.stdin.end(typed.map((line) => `${line}\n`).join(""));
  const serves = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
        const at = /portal \(\w+\): (\S+)/.exec(said);
        if (at) resolve(at[1]);
      });
    }
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  };
  t.after(stop);
  const first = await Promise.race([serves, ended]);
  if (typeof first === "string") return { url: first, said: () => said, stop };
  throw Object.assign(new Error(`make demo ended with ${first[0]}:\n${said}`), { code: first[0], said });
}
