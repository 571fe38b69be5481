// `make bench`: starts everything, measures in alternating rounds, prints the table and writes bench/results.
//
//   node bench/run.mjs [--all] [--rows 1000000] [--rounds 5]
//
// `--all` is `make bench-all`: the further peers too, and 5,000,000 rows unless it is told how many.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort, root } from "../end2end/harness/mintmark.mjs";
import { run } from "../end2end/harness/run.mjs";
import { dashboard } from "./dashboard.mjs";
import { compare, further, round as furtherRound } from "./further.mjs";
import { judge } from "./goals.mjs";
import { install } from "./ours.mjs";
import * as peers from "./peers.mjs";
import { expectOnly, load, measure, pinned } from "./program.mjs";
import { room } from "./room.mjs";
import { print } from "./table.mjs";

const { values: options } = parseArgs({ options: { all: { type: "boolean" }, rows: { type: "string" }, rounds: { type: "string", default: "5" } } });
const [rows, rounds] = [Number(options.rows ?? (options.all ? 5_000_000 : 1_000_000)), Number(options.rounds)];
const others = options.all ? further : [];
await room(rows, options.all);
const say = (text) => console.error(`[${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s] ${text}`);
const began = Date.now();
const folder = await mkdtemp(join(tmpdir(), "mintmark-bench-"));
const running = [];

/** Every figure, a value a round: `figures["sqlite guard hot"] = [41000, 42000, ...]`. */
const figures = {};
const note = (name, value) => (figures[name] ??= []).push(value);
/** How many of the revoked tokens opened anything after the revocation had been answered. */
const accepted = {};

/** The rate of a closed loop, and the processor's microseconds that the server spent on each request. */
async function rate(name, server, stream, status, more) {
  const before = await server.cpu();
  const done = await load(stream, status, more);
  note(name, done.rate);
  // The kernel's hundredths make this coarse; it says where time goes when other programs disturb the rate.
  note(`${name} cpu us`, ((await server.cpu()) - before) * 1e6 / done.sent);
  return done;
}

/** Writes lines of some files of tokens to another: `count` of them, or what there is, `skip` lines in. */
async function slice(files, to, count, skip = 0) {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const lines = texts.join("").trimEnd().split("\n").slice(skip, skip + count);
  await writeFile(to, `${lines.join("\n")}\n`);
  return to;
}

/** Revokes the tokens of a file on `there`, asking the guard of `here`. */
async function revocation(name, there, here, values) {
  const report = await measure("revoke", { revoke: there.revoke, guard: here.guard(), values });
  note(`${name} revoke p50`, report.latency_ms.p50);
  note(`${name} revoke p99`, report.latency_ms.p99);
  accepted[name] ??= { revoked: 0, accepted: 0 };
  accepted[name].revoked += report.revoked;
  accepted[name].accepted += report.accepted_after_answer;
}

const revoked = 2_000; // a round; five rounds make the 10,000 of the goal
const exchanged = 8_000; // bridge tokens a round, each good once
const unseen = { sqlite: 20_000, postgres: 10_000 }; // tokens for a run of calls that are all new to the process

const tail = 4; // seconds for a p99, which is that of half a second, the median of eight

/** The guard while 8 connections mint: how much it serves, and its tail at a quarter of what it serves alone. `file` makes room for tokens. */
async function beside(name, at, one, alone, file) {
  for (const [what, asked] of [["rate", undefined], ["p99", Math.round(alone / 4)]]) {
    const streams = [{ name: "guard", connections: asked ? 64 : 16, rate: asked, ...at.guard(one) }, { name: "mint", connections: 8, ...at.mint(file(what)) }];
    const both = await measure("load", { seconds: asked ? tail : 1.5, warmup: 0.25, streams });
    expectOnly(both.guard, 200, "guard beside minting");
    expectOnly(both.mint, 201, "mint beside the guard");
    note(`${name} guard beside ${what}`, asked ? both.guard.latency_ms.window_p99 : both.guard.rate);
    note(`${name} mint beside ${what}`, both.mint.rate);
  }
}

/** One round of ours on one engine: a new process, so that it has seen no token. */
async function ours(it) {
  const name = it.engine;
  const server = await it.start();
  running.push(server);
  const at = it.at(server.address);
  await new Promise((done) => setTimeout(done, 1000)); // Every chore has had its first turn.
  note(`${name} idle MiB`, (await server.rss()).now);
  const one = await slice([it.tokens], join(it.data, "one.tsv"), 1);
  // The first call reads the key. Those that come while it does are not what is measured here.
  await load({ ...at.guard(one), connections: 1 }, 200, { seconds: 0.25, warmup: 0 });
  await rate(`${name} guard new`, server, { ...at.guard(it.tokens), once: true }, 200);
  const hot = await rate(`${name} guard hot`, server, at.guard(one), 200);
  await rate(`${name} introspect`, server, at.introspect(one), 200);
  const open = await load({ ...at.guard(one), connections: 64, rate: Math.round(hot.rate / 2) }, 200, { seconds: tail });
  note(`${name} guard at half rate p50`, open.latency_ms.p50);
  note(`${name} guard at half rate p99`, open.latency_ms.window_p99);

  const minted = [];
  const file = (what) => minted[minted.push(join(it.data, `minted-${what}.tsv`)) - 1];
  await beside(name, at, one, hot.rate, file);

  if (name === "sqlite") note("commit1", (await measure("commit1", "", { args: [it.data] })).rate);
  const mint = await rate(`${name} mint`, server, at.mint(file("alone")), 201);
  note(`${name} mint p99`, mint.latency_ms.p99);
  await rate(`${name} exchange`, server, { ...at.exchange, values: await it.bridged(exchanged) }, 200);

  await rate(`${name} jwks`, server, at.jwks, 200, { seconds: 1 });
  for (const [kind, cursor] of Object.entries(it.deepest)) {
    note(`${name} ${kind} first ms`, (await load({ ...at.list(kind, ""), connections: 1 }, 200, { seconds: 0.5 })).latency_ms.p50);
    note(`${name} ${kind} deepest ms`, (await load({ ...at.list(kind, cursor), connections: 1 }, 200, { seconds: 0.5 })).latency_ms.p50);
  }
  const memory = await server.rss();
  note(`${name} loaded MiB`, memory.now);
  note(`${name} highest MiB`, memory.highest);
  // On PostgreSQL the promise is put to the test between two nodes, and one of them alone is only timed.
  const alone = name === "sqlite" ? revoked : revoked / 4;
  await revocation(name, at, at, await slice(minted, join(it.data, "revoke.tsv"), alone));
  if (name === "postgres") {
    const port = await freePort();
    const second = await it.start({ port, env: { MINTMARK_LISTEN: `127.0.0.1:${port}` } });
    running.push(second);
    await revocation("two nodes", at, it.at(second.address), await slice(minted, join(it.data, "revoke.tsv"), revoked, alone));
    await second.stop();
  }
  await server.stop();
  await cold(name, pinned([await it.copy(), "serve"]), it.env, { address: server.address, path: "/readyz" });
}

async function cold(name, command, env, ask) {
  note(`${name} cold ms`, (await measure("cold", { command, ask }, { env })).ms);
}

async function helloRound() {
  const { server, root: path } = await peers.hello();
  running.push(server);
  await rate("hello", server, path, 200);
  await server.stop();
}

async function peerRound(name, start) {
  const peer = await start(folder, rows);
  running.push(peer.server);
  const tokens = join(folder, `${name}.tsv`);
  note(`${name} idle MiB`, (await peer.server.rss()).now);
  await rate(`${name} mint`, peer.server, peer.mint(tokens), name === "oidc" ? 200 : 201);
  const one = await slice([tokens], join(folder, `${name}-one.tsv`), 1);
  const guard = peer.guard ?? peer.introspect;
  // New tokens first: the limit server remembers signatures, the others do not.
  if (peer.guard) await rate(`${name} guard new`, peer.server, { ...peer.guard(tokens), once: true }, 200);
  const hot = await rate(`${name} guard hot`, peer.server, guard(one), 200);
  if (name.startsWith("limit")) await beside(name, peer, one, hot.rate, (what) => join(folder, `${name}-${what}.tsv`));
  if (peer.exchange) await rate(`${name} exchange`, peer.server, { ...peer.exchange, values: await peer.bridged(exchanged) }, 200);
  if (peer.jwks) await rate(`${name} jwks`, peer.server, peer.jwks, 200, { seconds: 1 });
  if (name === "limit") await rate("limit dressed jwks", peer.server, peer.dressed, 200, { seconds: 1 });
  note(`${name} loaded MiB`, (await peer.server.rss()).now);
  if (peer.revoke) await revocation(name, peer, peer, await slice([tokens], join(folder, `${name}-revoke.tsv`), revoked));
  await peer.server.stop();
}

async function machine() {
  const debian = (await readFile("/etc/debian_version", "utf8").catch(() => "unknown")).trim();
  return {
    cores: cpus().length,
    model: cpus()[0].model,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    debian,
    load_before: loadavg().map((value) => Number(value.toFixed(2))),
    commit: (await run("git", ["rev-parse", "--short", "HEAD"], { cwd: root })).trim(),
  };
}

const started = await run(join(root, "scripts/postgres"), ["status"]).then(() => false, () => true);
const databases = [];
/** Ends what was started and removes what was made. */
async function tidy() {
  for (const server of running) await server.stop();
  await rm(folder, { recursive: true, force: true });
  // A server that runs on would keep gigabytes.
  for (const url of databases) await run("psql", ["-qX", url.replace(/\/t_[0-9a-f]+/, "/postgres"), "-c", `drop database if exists ${url.match(/t_[0-9a-f]+/)[0]} with (force)`]);
  if (started) await run(join(root, "scripts/postgres"), ["stop"]);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => tidy().finally(() => process.exit(1)));

try {
  const shape = await machine();
  const engines = [];
  for (const engine of ["sqlite", "postgres"]) {
    const small = async (it, server) => {
      if (engine !== "sqlite") return;
      const bare = await peers.hello();
      running.push(bare.server);
      await dashboard("dashboard", it, server, `${bare.server.url}/page`, rounds, note);
      await bare.server.stop();
    };
    const it = await install(engine, folder, rows, say, small);
    engines.push(it);
    if (engine === "postgres") databases.push(it.env.MINTMARK_DATABASE_URL);
    const server = await it.start();
    running.push(server);
    const at = it.at(server.address);
    while ((await readFile(it.tokens, "utf8")).split("\n").length <= unseen[engine]) {
      const more = join(it.data, "more.tsv");
      await load(at.mint(more), 201, { seconds: 3, warmup: 0 });
      await writeFile(it.tokens, await readFile(more), { flag: "a" });
    }
    if (engine === "sqlite") {
      const bare = await peers.hello();
      running.push(bare.server);
      await dashboard("full dashboard", it, server, `${bare.server.url}/page`, rounds, note);
      await bare.server.stop();
      say("sqlite: the dashboard is measured");
    }
    await server.stop();
  }
  const limits = (await run(join(root, "scripts/postgres"), ["database"])).trim();
  databases.push(limits);
  for (const peer of others) {
    const before = Date.now();
    await peer.prepare(join(folder, peer.name), rows);
    say(`${peer.name}: ${rows.toLocaleString("en")} rows in ${((Date.now() - before) / 1000).toFixed(1)} s`);
  }
  for (let round = 1; round <= rounds; round += 1) {
    await helloRound();
    await ours(engines[0]);
    await peerRound("limit", peers.limit);
    await peerRound("bff", peers.bff);
    await peerRound("oidc", peers.oidc);
    for (const peer of others) await furtherRound(peer, join(folder, peer.name), { note, rate, slice, running });
    await peerRound("limit postgres", (...more) => peers.limit(...more, limits));
    await ours(engines[1]);
    say(`round ${round} of ${rounds}`);
  }
  const goals = judge(figures, accepted);
  const results = { at: new Date().toISOString(), machine: shape, rows, rounds, accepted, goals, further: compare(figures), figures };
  const text = print(results);
  console.log(text);
  await mkdir(join(root, "bench/results"), { recursive: true });
  for (const name of [results.at.replaceAll(":", "-").slice(0, 19), "latest"]) {
    await writeFile(join(root, `bench/results/${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
    await writeFile(join(root, `bench/results/${name}.md`), `${text}\n`);
  }
} finally {
  await tidy();
}
