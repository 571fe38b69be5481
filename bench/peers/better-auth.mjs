// better-auth on SQLite: an anonymous sign-in buys a session (its user and itself, two durable commits), get-session reads
// both rows, sign-out deletes the session. The routes are its own. No cookie cache, with which a session would outlive its
// end; no JWT beside each session, which would sign on every read.
//
//   node better-auth.mjs fill <folder> <rows>      makes the file, with so many users and their sessions
//   node better-auth.mjs serve <folder> <port>

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { anonymous, bearer, jwt } from "better-auth/plugins";
import { createServer } from "node:http";
import { database, fill } from "./rows.mjs";

const [verb, folder, number] = process.argv.slice(2);
const db = database(folder);
const options = {
  baseURL: "http://127.0.0.1",
  secret: "a secret of the bench, worth nothing elsewhere",
  database: db,
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [anonymous(), bearer(), jwt({ disableSettingJwtHeader: true })],
};

if (verb === "fill") {
  await (await getMigrations(options)).runMigrations();
  const then = "'2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'";
  const rows = (sql) => fill(db, `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) ${sql} from n`, Number(number));
  rows(`insert into user (id, name, email, emailVerified, createdAt, updatedAt, isAnonymous)
        select printf('%032d', i), 'Anonymous', printf('%032d@anonymous.placeholder.invalid', i), 0, ${then}, 1`);
  rows(`insert into session (id, token, userId, createdAt, updatedAt, expiresAt, ipAddress, userAgent)
        select printf('%032d', i), printf('%032d', i), printf('%032d', i), ${then}, '2099-01-01T00:00:00.000Z', '', ''`);
} else {
  createServer(toNodeHandler(betterAuth(options))).listen(Number(number), "127.0.0.1");
}
