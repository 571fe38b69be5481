// Runs a program to its end.

import { spawn } from "node:child_process";
import { once } from "node:events";

/** The program's standard output; throws with all that it said when it fails. */
export async function run(program, args = [], { env = process.env, cwd, stdin = "" } = {}) {
  const child = spawn(program, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.on("error", () => {}); // it may end without having read
  child.stdin.end(stdin);
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw Object.assign(new Error(`${program} ${args.join(" ")} ended with ${code}:\n${out}${err}`), { code, out, err });
  }
  return out;
}
