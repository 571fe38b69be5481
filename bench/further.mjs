// The further peers of `make bench-all`: whole servers of tokens and sessions, each measured where it has the path. Their
// rates stand beside ours of the same round; no goal hangs on them.

import { join } from "node:path";
import { root } from "../end2end/harness/mintmark.mjs";
import { run } from "../end2end/harness/run.mjs";
import { median } from "./goals.mjs";
import { node } from "./peers.mjs";
import * as glewlwyd from "./peers/glewlwyd.mjs";
import { environment, measure, pinned, serve } from "./program.mjs";

const script = (name) => join(root, "bench/peers", name);
const python = join(root, ".tools/django-oauth/bin/python");
const json = ["content-type", "application/json"];
const form = ["content-type", "application/x-www-form-urlencoded"];
const basic = (client) => ["authorization", `Basic ${btoa(`${client}:bench-key`)}`];
// How often a round revokes, and mints for a client whose secret is kept like a password.
const [revoked, hashed] = [300, 32];

/** Client credentials, introspection and revocation as RFC 6749, 7662 and 7009 have them; `answered` is what a live token is answered with. */
async function oauth(address, [token, introspect, revoke, jwks], answered) {
  const buy = (client, scope) => ({ address, method: "POST", path: token, headers: [basic(client), form], body: `grant_type=client_credentials&scope=${scope}` });
  const { headers, body } = buy("plain", "introspection");
  const { access_token: asking } = await fetch(`http://${address}${token}`, { method: "POST", headers, body }).then((answer) => answer.json());
  const ask = [["authorization", `Bearer ${asking}`], form];
  return {
    mint: (file) => ({ ...buy("plain", "widget"), save: { file, fields: ["access_token"] } }),
    hashed: buy("hashed", "widget"),
    guard: (values) => ({ address, method: "POST", path: introspect, headers: ask, body: "token={0}", values, holds: answered }),
    revoke: { address, method: "POST", path: revoke, headers: [basic("plain"), form], body: "token={0}" },
    jwks: { address, path: jwks },
  };
}

/**
 * `prepare` makes a folder with so many rows, once a run; `command` is what serves it on a port, `ready` a path that answers
 * then, `paths` what is asked of it there. `guard` names what answers whether a token lives.
 */
export const further = [
  {
    name: "better-auth",
    guard: "get-session",
    ready: "/api/auth/jwks",
    env: () => ({ ...environment(), NODE_ENV: "production" }),
    prepare: (folder, rows) => run(node, ["--no-warnings", script("better-auth.mjs"), "fill", folder, String(rows)], { env: environment() }),
    command: (folder, port) => [node, "--no-warnings", script("better-auth.mjs"), "serve", folder, String(port)],
    paths: (address) => {
      const headers = [["authorization", "Bearer {0}"]];
      return {
        mint: (file) => ({ address, method: "POST", path: "/api/auth/sign-in/anonymous", headers: [json], body: "{}", save: { file, fields: ["token"] } }),
        guard: (values) => ({ address, path: "/api/auth/get-session", headers, values, holds: '"token":"' }),
        revoke: { address, method: "POST", path: "/api/auth/sign-out", headers: [...headers, json], body: "{}" },
        jwks: { address, path: "/api/auth/jwks" },
      };
    },
  },
  {
    name: "glewlwyd",
    guard: "introspection",
    ready: "/config",
    env: () => glewlwyd.env,
    prepare: glewlwyd.prepare,
    command: glewlwyd.command,
    paths: (address) => oauth(address, ["token/", "introspect/", "revoke/", "jwks"].map((path) => `/api/oidc/${path}`), '"active":true'),
  },
  {
    name: "django-oauth-toolkit",
    guard: "introspection",
    ready: "/o/.well-known/jwks.json",
    env: (folder) => ({ ...environment(), BENCH_FOLDER: folder, PYTHONPATH: script(""), PYTHONDONTWRITEBYTECODE: "1" }),
    prepare: (folder, rows) => run(python, [script("django_oauth.py"), folder, String(rows)], { env: environment() }),
    command: (_, port) => [python, "-m", "granian", "--host", "127.0.0.1", "--port", String(port), "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "django_oauth:application"],
    paths: (address) => oauth(address, ["token/", "introspect/", "revoke_token/", ".well-known/jwks.json"].map((path) => `/o/${path}`), '"active": true'),
  },
];

/** One round of one of them. `folder` is what `prepare` made; the rest is what `run.mjs` measures with. */
export async function round(peer, folder, { note, rate, slice, running }) {
  const named = (what) => `${peer.name} ${what}`;
  const env = peer.env(folder);
  const server = await serve((port) => peer.command(folder, port), { ready: peer.ready, env });
  running.push(server);
  note(named("idle MiB"), (await server.rss()).now);
  const paths = await peer.paths(server.address);
  const tokens = `${folder}.tsv`;
  // Longer than the others are, because they come with more code to get warm.
  const warm = { warmup: 1 };
  await rate(named("mint"), server, paths.mint(tokens), 200, warm);
  const some = (count) => slice([tokens], `${folder}-some.tsv`, count, 1);
  // So slow that requests are counted rather than seconds; each line of the file is one.
  if (paths.hashed) await rate(named("mint hashed"), server, { ...paths.hashed, values: await some(hashed), once: true }, 200, { seconds: 120 });
  const one = await slice([tokens], `${folder}-one.tsv`, 1);
  await rate(named("guard hot"), server, paths.guard(one), 200, warm);
  await rate(named("jwks"), server, paths.jwks, 200, { seconds: 1, ...warm });
  note(named("loaded MiB"), (await server.rss()).now);
  const report = await measure("revoke", { revoke: paths.revoke, guard: paths.guard(), values: await some(revoked) });
  note(named("revoked"), report.revoked);
  note(named("revoke p50"), report.latency_ms.p50);
  note(named("revoke p99"), report.latency_ms.p99);
  note(named("accepted after the answer"), report.accepted_after_answer);
  await server.stop();
  const plan = { command: pinned(peer.command(folder, server.port)), ask: { address: server.address, path: peer.ready } };
  note(named("cold ms"), (await measure("cold", plan, { env })).ms);
}

/** What is compared: a peer's figure, ours, and whether the smaller is the better one. */
const lines = (guard) => [
  ["mint, a second", "mint", "sqlite mint"],
  ["mint with a hashed client secret, a second", "mint hashed", "sqlite mint"],
  [`${guard}, a second`, "guard hot", "sqlite guard hot"],
  ["JWKS, a second", "jwks", "sqlite jwks"],
  ["revoke to first refusal, p50 ms", "revoke p50", "sqlite revoke p50", true],
  ["revoke to first refusal, p99 ms", "revoke p99", "sqlite revoke p99", true],
  ["cold start, ms", "cold ms", "sqlite cold ms", true],
  ["memory idle, MiB", "idle MiB", "sqlite idle MiB", true],
  ["memory loaded, MiB", "loaded MiB", "sqlite loaded MiB", true],
];

/** A line for each path of each peer: its figures, ours, and how many times as fast or as small we are, round by round. */
export function compare(figures) {
  const measured = further.filter((peer) => figures[`${peer.name} mint`]);
  return measured.flatMap((peer) => [
    ...lines(peer.guard).flatMap(([path, theirs, ours, smaller]) => {
      const [their, own] = [figures[`${peer.name} ${theirs}`], figures[ours]];
      if (!their) return [];
      const times = own.map((value, at) => (smaller ? their[at] / value : value / their[at]));
      return [{ peer: peer.name, path, theirs: spread(their), ours: spread(own), times: spread(times) }];
    }),
    { peer: peer.name, path: `accepted after the answer, of ${sum(figures[`${peer.name} revoked`]).figure}`, theirs: sum(figures[`${peer.name} accepted after the answer`]) },
  ]);
}

const spread = (values) => ({ figure: median(values), low: Math.min(...values), high: Math.max(...values) });
const sum = (values) => {
  const figure = values.reduce((a, b) => a + b);
  return { figure, low: figure, high: figure };
};
