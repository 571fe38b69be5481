// What the peers keep their rows in: a SQLite file that is as durable as ours.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The file in `folder`, made when absent. */
export function database(folder) {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, "peer.db"));
  db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
  return db;
}

/** Runs the statement that makes so many rows, without a journal: a log of five million rows is as large as they are. */
export function fill(db, sql, rows) {
  db.exec("pragma journal_mode = off; pragma synchronous = off");
  db.prepare(sql).run(rows);
  db.exec("pragma journal_mode = wal; pragma synchronous = full");
}

/** Opens the file in `folder`; `sql` makes the tables, `filling` is run once with the number of rows to begin with. */
export function open(folder, sql, filling, rows) {
  const db = database(folder);
  db.exec(sql);
  if (!db.prepare("select exists (select 1 from token) as filled").get().filled) fill(db, filling, rows);
  return db;
}
