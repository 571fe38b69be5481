// What both peers in Node keep: rows of tokens and a history, in a SQLite file that is as durable as ours.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Opens the file in `folder`; `sql` makes the tables, `fill` is run once with the number of rows to begin with. */
export function open(folder, sql, fill, rows) {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, "peer.db"));
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; ${sql}`);
  if (!db.prepare("select exists (select 1 from token) as filled").get().filled) {
    db.exec("pragma synchronous = off");
    db.prepare(fill).run(rows);
    db.exec("pragma wal_checkpoint(truncate); pragma synchronous = full");
  }
  return db;
}
