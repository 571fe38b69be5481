// Builds the SDK: what Mintmark serves under /sdk (target/sdk), and with --npm what is published (dist).
//
//   node build.mjs            target/sdk: the bundles of this version and of every released one, compressed, with their hashes
//   node build.mjs --npm      dist: the same modules, readable, with their types
//   node build.mjs --release  released/<version>: the bundles as they are now, kept for good
//
// A page that pins /sdk/<version>/ by integrity has to go on working after an upgrade. So the bundles of a release lie in
// released/ and are served as they are, and a version that is there is never built to other bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));

/** Ends the build with a sentence that names the remedy. */
class Refusal extends Error {}

const version = (folder) => JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).version;

const folders = (folder) =>
  existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort() : [];

/** Every file of src/elements is an element with a bundle of its name. */
function elements(folder) {
  const names = existsSync(path.join(folder, "src/elements")) ? readdirSync(path.join(folder, "src/elements")) : [];
  return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).sort().map((name) => `src/elements/${name}`);
}

/** Whoever imports what has a bundle of its own finds that beside itself: the elements of a page share one core. */
const share = (folder) => ({
  name: "share",
  setup({ onResolve }) {
    const shared = ["src/mintmark.ts", ...elements(folder)].map((entry) => path.join(folder, entry));
    onResolve({ filter: /^\./ }, ({ path: asked, kind, resolveDir }) => {
      const found = path.resolve(resolveDir, asked).replace(/(\.js|\.ts)?$/, ".ts");
      if (kind === "entry-point" || !shared.includes(found)) return undefined;
      return { path: `./${path.basename(found, ".ts")}.js`, external: true };
    });
  },
});

/** Bundles by name: the same bytes on every machine. */
async function bundles(folder, { served }) {
  const common = {
    absWorkingDir: folder,
    bundle: true,
    write: false,
    outdir: "out",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    minify: served,
    logLevel: "error",
    banner: { js: `/*! Mintmark SDK ${version(folder)}, Apache-2.0 */` },
    define: { MINTMARK_VERSION: JSON.stringify(version(folder)), MINTMARK_SERVED: String(served) },
  };
  const modules = build({
    ...common,
    format: "esm",
    entryPoints: [
      ...["src/mintmark.ts", ...elements(folder)].map((entry) => ({ in: entry, out: path.basename(entry, ".ts") })),
      ...(served ? [] : [{ in: "react/index.ts", out: "react" }]),
    ],
    external: ["react"],
    // What somebody bundles has no address of ours, and says so without import.meta, which not every bundle has.
    define: served ? common.define : { ...common.define, "import.meta.url": "undefined" },
    plugins: [share(folder)],
  });
  // A classic script has no import.meta; it finds its address in document.currentScript.
  const script = build({
    ...common,
    format: "iife",
    entryPoints: [{ in: "src/classic.ts", out: "mintmark.iife" }],
    define: { ...common.define, "import.meta.url": "undefined" },
  });
  const files = (await Promise.all(served ? [modules, script] : [modules])).flatMap(({ outputFiles }) => outputFiles);
  return new Map(files.map(({ path: name, contents }) => [path.basename(name), Buffer.from(contents)]).sort());
}

/** What a page pins: a hash for each bundle, as `integrity` wants it. */
function hashes(version, files) {
  const sha384 = (content) => `sha384-${createHash("sha384").update(content).digest("base64")}`;
  const scripts = [...files].filter(([name]) => name.endsWith(".js"));
  return { version, bundles: Object.fromEntries(scripts.map(([name, content]) => [name, sha384(content)])) };
}

const withHashes = (version, files) =>
  new Map([...files, ["sri.json", Buffer.from(`${JSON.stringify(hashes(version, files), null, 2)}\n`)]]);

/** A release as it was kept; one that somebody touched is refused. */
function kept(folder, version) {
  const at = path.join(folder, "released", version);
  const files = new Map(readdirSync(at).sort().map((name) => [name, readFileSync(path.join(at, name))]));
  const said = files.get("sri.json");
  files.delete("sri.json");
  const whole = withHashes(version, files);
  if (!said?.equals(whole.get("sri.json"))) {
    throw new Refusal(`released/${version} is not what was released: its files do not fit its sri.json. Restore the folder from the history.`);
  }
  return whole;
}

const same = (a, b) => a.size === b.size && [...a].every(([name, content]) => b.get(name)?.equals(content));

function write(folder, files, { compressed }) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(path.join(folder, name), content);
    if (!compressed) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(path.join(folder, `${name}.br`), brotliCompressSync(content, { params }));
    writeFileSync(path.join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

/** What is served: a folder for each version, and `current`, which names the one behind /sdk/v1. */
export async function serve(folder = here, out = path.join(here, "../target/sdk")) {
  const now = version(folder);
  const built = withHashes(now, await bundles(folder, { served: true }));
  const released = new Map(folders(path.join(folder, "released")).map((version) => [version, kept(folder, version)]));
  if (released.has(now) && !same(released.get(now), built)) {
    throw new Refusal(`Version ${now} is released and its bundles would change: raise the version in sdk/package.json (npm version patch).`);
  }
  const next = `${out}.next`;
  rmSync(next, { recursive: true, force: true });
  for (const [version, files] of released.set(now, built)) write(path.join(next, version), files, { compressed: true });
  writeFileSync(path.join(next, "current"), now);
  rmSync(out, { recursive: true, force: true });
  renameSync(next, out);
  return { version: now, files: built };
}

/** Keeps the bundles of this version for good. */
export async function release(folder = here) {
  const now = version(folder);
  const built = withHashes(now, await bundles(folder, { served: true }));
  const at = path.join(folder, "released", now);
  if (existsSync(at) && !same(kept(folder, now), built)) {
    throw new Refusal(`Version ${now} is released with other bundles: raise the version in sdk/package.json (npm version patch).`);
  }
  write(at, built, { compressed: false });
  return { version: now, files: built };
}

/** What npm gets. */
async function pack(folder = here) {
  const dist = path.join(folder, "dist");
  rmSync(dist, { recursive: true, force: true });
  const files = await bundles(folder, { served: false });
  write(dist, files, { compressed: false });
  const types = spawnSync(process.execPath, [path.join(folder, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.dist.json"], {
    cwd: folder,
    stdio: "inherit",
  });
  if (types.status !== 0) throw new Refusal("tsc refused: see above.");
  return { version: version(folder), files };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const what = { undefined: serve, "--npm": pack, "--release": release }[process.argv[2]];
  try {
    if (!what) throw new Refusal(`unknown '${process.argv[2]}': use --npm, --release, or nothing.`);
    const { version, files } = await what();
    const sizes = [...files].filter(([name]) => name.endsWith(".js"));
    console.error(`SDK ${version}: ${sizes.map(([name, content]) => `${name} ${gzipSync(content, { level: 9 }).length}`).join(", ")} bytes in gzip`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`sdk: ${error.message}`);
    process.exitCode = 1;
  }
}
