// Mintmark as it is measured: an installation made through the command line and the HTTP API, then filled.

import { randomBytes } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, root } from "../end2end/harness/mintmark.mjs";
import { owner } from "../end2end/harness/owner.mjs";
import { run } from "../end2end/harness/run.mjs";
import { bridgeTokens, exchange } from "./bridge.mjs";
import { environment, load, serve } from "./program.mjs";
import { seed } from "./seed.mjs";

export const origin = "https://app.customer.example";
const binary = join(root, "target/dist/mintmark");

/** An installation with `rows` tokens and events on this engine, in `folder`. Nothing runs yet; `start()` starts a process. `small` looks at it while it is small. */
export async function install(engine, folder, rows, say, small = async () => {}) {
  const data = join(folder, engine);
  await mkdir(data, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const keyFile = join(data, "own.key");
  await writeFile(keyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  const database = engine === "postgres" ? (await run(join(root, "scripts/postgres"), ["database"])).trim() : join(data, "mintmark.db");
  const env = {
    ...environment(),
    MINTMARK_LISTEN: `127.0.0.1:${port}`,
    MINTMARK_PUBLIC_URL: url,
    MINTMARK_DATA_DIR: data,
    MINTMARK_MASTER_KEY_FILE: keyFile,
    MINTMARK_DATABASE_URL: engine === "postgres" ? database : `sqlite:${database}`,
  };
  let copies = 0;
  const copy = async () => {
    // Where a program lies in memory decides a few per cent of its speed, so each process runs from a copy of its own.
    const path = join(folder, `mintmark-${engine}-${(copies += 1)}`);
    await copyFile(binary, path);
    return path;
  };
  const start = async (more = {}) => {
    const path = await copy();
    const server = await serve(() => [path, "serve"], {
      ready: "/readyz",
      env: { ...env, ...more.env },
      cwd: data,
      port: more.port ?? port,
    });
    await rm(path);
    return server;
  };
  const command = (args, stdin = "") => run(binary, args, { env, stdin });

  const server = await start();
  const boss = await owner({ url, command });
  const organization = await boss.call("POST", "/v1/organizations", { name: "Customer" });
  await boss.call("POST", `/v1/organizations/${organization.id}/origins`, { origin });
  const { key } = await boss.call("POST", "/v1/api-keys", { name: "bench", role: "admin" });
  const backend = [["authorization", `Bearer ${key}`]];
  const product = (await boss.call("GET", "/v1/products")).data[0].id;
  const embedKey = (await boss.call("POST", `/v1/products/${product}/embed-keys`, { name: "Page", origins: [origin], mode: "live" })).id;
  const bridge = await boss.call("POST", `/v1/products/${product}/bridge-keys`, { algorithm: "HS256" });
  const asked = { organization_id: organization.id, scope: ["directory_sync"], origins: [origin], ttl_seconds: 3600 };
  const it = {
    engine, env, data, url, port, backend, organization, tenant: boss.tenant, owner: boss, start, command, copy,
    tokens: join(data, "tokens.tsv"),
    /** A file of so many bridge tokens. */
    bridged: (count) => bridgeTokens(join(data, "bridged.tsv"), { kid: bridge.id, secret: bridge.secret, audience: boss.tenant.id }, count),
    at: (address) => ({
      address,
      mint: (file) => ({
        address,
        method: "POST",
        path: "/v1/widget-tokens",
        headers: [...backend, ["content-type", "application/json"]],
        body: JSON.stringify(asked),
        save: { file, fields: ["id", "token"] },
      }),
      guard: (values) => ({ address, path: "/widget/session", headers: [["authorization", "Bearer {1}"], ["origin", origin]], values }),
      exchange: exchange(address, embedKey, origin),
      introspect: (values) => ({
        address,
        method: "POST",
        path: "/v1/introspect",
        headers: [...backend, ["content-type", "application/x-www-form-urlencoded"]],
        body: "token={1}",
        holds: '"active":true',
        values,
      }),
      revoke: { address, method: "DELETE", path: "/v1/widget-tokens/{0}", headers: backend },
      jwks: { address, path: `/t/${boss.tenant.slug}/.well-known/jwks.json` },
      list: (kind, cursor) => ({
        address,
        path: `${lists[kind]}?limit=50&${kind === "tokens" ? `organization_id=${organization.id}&` : ""}cursor=${cursor}`,
        headers: backend,
      }),
    }),
  };
  // One token for the rows to look like, then the rows.
  await load({ ...it.at(server.address).mint(it.tokens), connections: 1 }, 201, { seconds: 0.25, warmup: 0 });
  await small(it, server);
  await server.stop();
  const begun = Date.now();
  it.deepest = await seed(database, keyFile, rows);
  say(`${engine}: ${rows.toLocaleString("en")} tokens and events in ${seconds(begun)} s`);
  const verified = Date.now();
  await command(["audit", "verify"]);
  say(`${engine}: mintmark audit verify believes the history, ${seconds(verified)} s`);
  return it;
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);
const lists = { tokens: "/v1/widget-tokens", history: "/v1/audit-events" };
