// A million tokens and their million events, put straight into the database, with a history that `mintmark audit verify`
// believes: each event carries the hash of the one before, and the end is signed with the history's own key, which the
// master key of this throw-away installation opens. Nothing that reads the rows can tell them from minted ones.

import { createDecipheriv, createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { readFile } from "node:fs/promises";
import { run } from "../end2end/harness/run.mjs";

const tokenColumns =
  "id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at, revoked_at, revoked_by, revoked_by_name";
const eventColumns = "chain, seq, id, at, action, actor_id, organization_id, target_id, outcome, body, hash";
/** The rows lie this many milliseconds back: less than the purge or a filter by time would take for disorder. */
const stretch = 300_000;

/**
 * Seeds `count` rows like the newest token of the installation, which is stopped. `database` is a SQLite file or a URL.
 * Answers the cursors of the deepest whole pages of both lists, which spares the turning of twenty thousand pages: they
 * are authenticated under the master key too, and one that is not right is refused.
 */
export async function seed(database, masterKeyFile, count) {
  const store = database.startsWith("postgres") ? postgres(database) : sqlite(database);
  const [token] = await store.rows("select * from widget_token order by id desc limit 1");
  const [model] = await store.rows(`select * from audit_event where target_id = '${token.id}' limit 1`);
  const [head] = await store.rows(`select seq, hash from audit_head where chain = '${token.tenant_id}'`);
  const [installation] = await store.rows("select history_key from installation");
  const chain = new Chain(model, head);
  const oldest = Number(head.seq) + 1;
  const now = Date.now();
  const hex = (number, digits) => number.toString(16).padStart(digits, "0");
  const rows = function* () {
    for (let i = 0; i < count; i += 1) {
      const at = now - stretch + Math.floor((i * stretch) / count);
      yield { at, suffix: hex(at, 12) + hex(i, 12), dead: i % 10 === 0 };
    }
  };
  await store.insert("widget_token", tokenColumns, map(rows(), ({ at, suffix, dead }) => [
    `wtok_${suffix}`, token.tenant_id, token.organization_id, token.signing_key_id, token.scope, token.origins, token.minted_by_type,
    token.minted_by, token.minted_by_name, at, Math.floor(at / 1000) * 1000 + 3_600_000,
    ...(dead ? [at, token.minted_by, token.minted_by_name] : [null, null, null]),
  ]));
  await store.insert("audit_event", eventColumns, map(rows(), (row) => chain.next(row)));
  const masterKey = Buffer.from((await readFile(masterKeyFile, "utf8")).trim(), "hex");
  const historyKey = open(masterKey, "history_key", installation.history_key);
  const mac = createHmac("sha256", historyKey).update(`head ${token.tenant_id} ${chain.seq} ${chain.hash}`).digest("hex");
  await store.finish(`update audit_head set seq = ${chain.seq}, hash = '${chain.hash}', mac = '${mac}' where chain = '${token.tenant_id}'`);
  // A tenth of the tokens is dead and not listed, so 60 rows hold a page of 50.
  const at = now - stretch + Math.floor((60 * stretch) / count);
  return {
    tokens: cursor(masterKey, `widget_tokens/${token.tenant_id}`, `${at} wtok_${hex(at, 12)}${hex(60, 12)}`),
    history: cursor(masterKey, `history/${token.tenant_id}`, `${oldest + 51} `),
  };
}

const derive = (masterKey, purpose) => createHmac("sha256", masterKey).update(`mintmark/${purpose}`).digest();

/** A page's cursor: base64url of an HMAC and the position below which the page begins. */
function cursor(masterKey, list, position) {
  const mac = createHmac("sha256", derive(masterKey, "mac")).update(`cursor/${list}\0${position}`).digest("hex");
  return Buffer.from(`${mac} ${position}`).toString("base64url");
}

function* map(rows, change) {
  for (const row of rows) yield change(row);
}

/** Events like `model`, each with the hash of the one before. */
class Chain {
  constructor(model, head) {
    this.model = model;
    this.seq = Number(head.seq);
    this.hash = head.hash;
    const { id, at } = JSON.parse(model.body);
    // Cut where id, time and target stand, so that a body is three joins.
    this.parts = model.body.split(new RegExp(`(${id}|${at}|${model.target_id})`));
    this.words = { [id]: "id", [at]: "at", [model.target_id]: "target" };
  }

  next({ at, suffix }) {
    const values = { id: `aud_${suffix}`, at: new Date(at).toISOString(), target: `wtok_${suffix}` };
    const body = this.parts.map((part) => (part in this.words ? values[this.words[part]] : part)).join("");
    this.seq += 1;
    const seq = Buffer.alloc(8);
    seq.writeBigInt64BE(BigInt(this.seq));
    this.hash = createHash("sha256").update(this.hash, "hex").update(seq).update(body).digest("hex");
    const { chain, action, actor_id, organization_id, outcome } = this.model;
    return [chain, this.seq, values.id, at, action, actor_id, organization_id, values.target, outcome, body, this.hash];
  }
}

/** What the master key sealed for this owner: AES-256-GCM under a key derived from it, `v1.` and base64url. */
function open(masterKey, owner, sealed) {
  const bytes = Buffer.from(sealed.slice("v1.".length), "base64url");
  const cipher = createDecipheriv("aes-256-gcm", derive(masterKey, "seal"), bytes.subarray(0, 12));
  cipher.setAAD(Buffer.from(owner));
  cipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]);
}

function sqlite(file) {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  db.exec("pragma synchronous = off; pragma cache_size = -500000; pragma temp_store = memory");
  return {
    rows: (sql) => db.prepare(sql).all(),
    insert(table, columns, rows) {
      const insert = db.prepare(`insert into ${table} (${columns}) values (${columns.replaceAll(/\w+/g, "?")})`);
      // In pieces, so that the log does not grow to the size of the table.
      let at = 0;
      db.exec("begin immediate");
      for (const row of rows) {
        insert.run(...row);
        at += 1;
        if (at % 100_000 === 0) db.exec("commit; begin immediate");
      }
      db.exec("commit");
    },
    finish(sql) {
      db.exec(sql);
      db.exec("pragma wal_checkpoint(truncate)");
      db.close();
    },
  };
}

function postgres(url) {
  const psql = ["-qXAt", "-v", "ON_ERROR_STOP=1", url];
  return {
    rows: async (sql) => JSON.parse(await run("psql", [...psql, "-c", `select coalesce(json_agg(t), '[]') from (${sql}) t`])),
    async insert(table, columns, rows) {
      // Without the triggers that look foreign keys up, row by row.
      const copy = ["-c", "set session_replication_role = replica", "-c", `copy ${table} (${columns}) from stdin`];
      const child = spawn("psql", [...psql, ...copy], { stdio: ["pipe", "inherit", "inherit"] });
      let text = "";
      const flush = async () => {
        if (!child.stdin.write(text)) await once(child.stdin, "drain");
        text = "";
      };
      for (const row of rows) {
        text += `${row.map((value) => (value === null ? "\\N" : String(value).replaceAll("\\", "\\\\"))).join("\t")}\n`;
        if (text.length > 1 << 20) await flush();
      }
      child.stdin.end(text);
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(`psql could not copy into ${table}`);
    },
    async finish(sql) {
      await run("psql", [...psql, "-c", sql, "-c", "vacuum analyze", "-c", "checkpoint"]);
    },
  };
}
