// `make demo`: prepares a running Mintmark, then serves the portal of a fictitious tenant on a second origin.
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { prepare, Refused, refusal, signIn, withKey } from "./prepare.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { DEMO: language = "node", DEMO_PORT: port = "4020", MINTMARK_API_KEY: apiKey } = process.env;
const url = new URL(process.env.MINTMARK_URL ?? "http://127.0.0.1:3000").origin;
const origin = `http://localhost:${port}`;
const folder = process.env.DEMO_DATA ?? path.join(root, "data/demo");
const kept = path.join(folder, "settings.json");

const backends = {
  node: [process.execPath, [path.join(root, "demo/node/server.mjs")]],
  python: ["python3", [path.join(root, "demo/python/server.py")]],
  rust: ["cargo", ["run", "--quiet", "--locked", "--manifest-path", path.join(root, "demo/rust/Cargo.toml")]],
};

/** Ends the demo with a sentence that names the remedy. */
class Remedy extends Error {}

/** Asks on the terminal, or takes the lines of a pipe. */
function questions() {
  const terminal = process.stdin.isTTY;
  const lines = readline.createInterface({ input: process.stdin, output: terminal ? process.stderr : undefined, terminal });
  const waiting = lines[Symbol.asyncIterator]();
  const write = lines._writeToOutput?.bind(lines);
  return {
    async ask(what, { hidden = false } = {}) {
      process.stderr.write(`${what}: `);
      if (terminal) lines._writeToOutput = hidden ? () => {} : write;
      const { value, done } = await waiting.next();
      if (terminal && hidden) process.stderr.write("\n");
      if (done) throw new Remedy(`no ${what.toLowerCase()} was given: run it in a terminal, or set MINTMARK_API_KEY to an API key of an admin.`);
      return value.trim();
    },
    close: () => lines.close(),
  };
}

/** What prepares: an API key, or whoever knows the owner's password. */
async function credential() {
  if (apiKey) return withKey(apiKey);
  const terminal = questions();
  try {
    const email = await terminal.ask("E-mail");
    const password = await terminal.ask("Password", { hidden: true });
    return await signIn(url, { email, password }).catch(async (error) => {
      if (error.code !== "second_factor_required") throw error;
      return signIn(url, { email, password, code: await terminal.ask("Code of your second factor") });
    });
  } finally {
    terminal.close();
  }
}

/** What was made before, if all of it still works; else it is made anew. */
async function settings() {
  const before = await readFile(kept, "utf8").then(JSON.parse, () => null);
  const same = before?.MINTMARK_URL === url && before.PORTAL_ORIGIN === origin;
  const why = same ? await refusal(before) : null;
  if (same && !why) return before;
  if (why) console.error(`What was made before works no more (${why.message}). It is made anew.`);
  if (!same) await fetch(`${url}/healthz`);
  if (!apiKey) console.error(`The demo makes a product, keys, offerings and an organization at ${url}. Sign in there as an owner or admin; nothing of it is kept.`);
  const made = await prepare(url, origin, await credential());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(kept, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await chmod(kept, 0o600);
  console.error(`What it made, secrets among it, is kept in ${path.relative(process.cwd(), kept)} (mode 0600).`);
  return made;
}

function serve(env) {
  const [program, args] = backends[language];
  if (language === "rust") console.error("Building demo/rust with cargo; a few minutes the first time.");
  const env2 = { ...process.env, ...env, CARGO_TARGET_DIR: path.join(root, "target") };
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env: env2 });
  child.on("error", () => stop(new Remedy(`${program} is missing: install it, or set DEMO to another of ${Object.keys(backends).join(", ")}.`)));
  child.on("exit", (code, signal) => (process.exitCode = signal ? 0 : (code ?? 1)));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
}

function stop(error) {
  const nobody = error.cause?.code === "ECONNREFUSED" || error.cause?.code === "ECONNRESET";
  const remedy =
    (error instanceof Remedy && error.message) ||
    (nobody && `nothing answers at ${url}: start 'make run' in another terminal, or set MINTMARK_URL to where yours is.`) ||
    (error.code === "invalid_credentials" && "e-mail and password do not fit together: use those with which you sign in to the dashboard.") ||
    (error.code === "insufficient_role" && "that account or API key may not make products and keys: take an owner's or admin's.") ||
    (error instanceof Refused && `Mintmark refused: ${error.message}`);
  if (!remedy) throw error;
  console.error(`make demo: ${remedy}`);
  process.exitCode = 1;
}

try {
  if (!Object.hasOwn(backends, language)) throw new Remedy(`DEMO=${language} is none of ${Object.keys(backends).join(", ")}.`);
  serve(await settings());
} catch (error) {
  stop(error);
}
