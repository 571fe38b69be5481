// However many visitors a product has: what they came through ends, and what is kept of them changes.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { run } from "../../end2end/harness/run.mjs";
import { bridgeTokens } from "../bridge.mjs";
import { install, origin } from "../ours.mjs";
import { mints, timed } from "./alive.mjs";

/** As long as a request may take. */
const longest = 30_000;
/** As long as a mint beside it may. */
const page = 2_000;

export async function* visitors({ folder, servers, many }) {
  const rows = many(1_000_000);
  for (const engine of ["sqlite", "postgres"]) {
    const own = join(folder, engine);
    await mkdir(own);
    const pages = {};
    const it = await install(engine, own, 10, () => {}, async (it, server) => Object.assign(pages, await first(it, server)));
    await database(it, crowd(pages, rows));
    const server = await it.start({ env: { MINTMARK_LOG: "error" } });
    servers.push(server);
    for (const [what, { end, left }] of Object.entries(ends(it, pages))) {
      const beside = await mints(it, "backend", `Beside: ${what}`);
      yield await timed(`${engine}, ${what}`, longest, end);
      const slowest = await beside();
      yield { what: `${engine}, a mint during: ${what}`, holds: slowest.failed === 0 && slowest.ms < page, figure: `${slowest.ms.toFixed(0)} ms at most of ${slowest.minted}, ${slowest.failed} failed` };
      const count = Number(await database(it, `select count(*) from ${left}`));
      yield { what: `${engine}, left: ${what}`, holds: count === 0, figure: count.toLocaleString("en") };
    }
    await server.stop();
  }
}

/** Two pages of a product, each with a visitor who has a session that a browser keeps, and a conversation. */
async function first(it, server) {
  const ask = async (path, body) => {
    const headers = { origin, "content-type": "application/json" };
    const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  };
  const product = await it.owner.call("POST", "/v1/products", { name: "Pages" });
  const bridge = await it.owner.call("POST", `/v1/products/${product.id}/bridge-keys`, { algorithm: "HS256" });
  const keys = [];
  for (const name of ["One", "Another"]) {
    const key = await it.owner.call("POST", `/v1/products/${product.id}/embed-keys`, { name, origins: [origin], mode: "live" });
    keys.push(key.id);
    const file = await bridgeTokens(join(it.data, "one.tsv"), { kid: bridge.id, secret: bridge.secret, audience: it.tenant.id }, 1);
    await ask(`/embed/v1/sessions/exchange?key=${key.id}`, { bridge_token: (await readFile(file, "utf8")).trim() });
    await ask(`/embed/v1/messages?key=${key.id}`, { text: "Hello" });
  }
  return { product: product.id, keys };
}

/** For each of the two keys half of so many kept sign-ins, sessions and conversations. */
function crowd({ keys }, rows) {
  const many = Math.ceil(rows / 2);
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${many})`;
  return keys.flatMap((key) => [
    `insert into kept_sign_in (id, tenant_id, customer_id, embed_key_id, way, origin, secret_hash, rotated_at, created_at, ends_at)
     ${numbers} select 'kept' || s.id || n.i, s.tenant_id, s.customer_id, s.embed_key_id, 'sign_in', s.origin, s.id || n.i, s.created_at, s.created_at, s.created_at + 40000000
     from customer_session s, n where s.embed_key_id = '${key}'`,
    `insert into customer_session (id, tenant_id, product_id, customer_id, embed_key_id, mode, way, bridge_key_id, signing_key_id, origin,
        created_at, refreshed_at, expires_at, ends_at, kept_id)
     ${numbers} select s.id || n.i, s.tenant_id, s.product_id, s.customer_id, s.embed_key_id, s.mode, s.way, s.bridge_key_id, s.signing_key_id, s.origin,
        s.created_at, s.refreshed_at, s.expires_at - 20 * (n.i % 13000), s.ends_at, 'kept' || s.id || n.i
     from customer_session s, n where s.embed_key_id = '${key}'`,
    `insert into conversation (id, tenant_id, product_id, embed_key_id, origin, mode, token_hash, status, messages, last_from, last_text,
        created_at, last_message_at, ends_at)
     ${numbers} select c.id || n.i, c.tenant_id, c.product_id, c.embed_key_id, c.origin, c.mode, c.token_hash || n.i, c.status, c.messages, c.last_from,
        c.last_text, c.created_at, c.last_message_at - 20 * n.i, c.ends_at - 20 * n.i
     from conversation c, n where c.embed_key_id = '${key}'`,
  ]).join(";\n");
}

/** In this order, and what may not be left after each. */
const ends = (it, { product, keys }) => ({
  "conversations are kept for longer": {
    end: () => it.owner.call("PATCH", `/v1/products/${product}`, { conversation_days: 90 }),
    left: `conversation where product_id = '${product}' and ends_at <> last_message_at + 7776000000`,
  },
  "an embed key is disabled": {
    end: () => it.owner.call("DELETE", `/v1/products/${product}/embed-keys/${keys[0]}`),
    left: `customer_session where embed_key_id = '${keys[0]}' and revoked_at is null`,
  },
  "a product is deleted": {
    end: () => it.owner.call("DELETE", `/v1/products/${product}`),
    left: `customer_session where product_id = '${product}' and revoked_at is null`,
  },
});

/** Runs this beside the program; answers the first column of the last row. */
async function database(it, sql) {
  const url = it.env.MINTMARK_DATABASE_URL;
  // Without the triggers that look foreign keys up, row by row.
  if (it.engine === "postgres") {
    return (await run("psql", ["-qXAt", "-v", "ON_ERROR_STOP=1", url, "-c", "set session_replication_role = replica", "-c", sql])).trim();
  }
  const file = new DatabaseSync(url.slice("sqlite:".length), { enableForeignKeyConstraints: false, timeout: 5_000 });
  try {
    if (!sql.startsWith("select")) return void file.exec(sql);
    return Object.values(file.prepare(sql).get())[0];
  } finally {
    file.close();
  }
}
