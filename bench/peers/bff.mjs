// The back end that one writes by hand: fastify, jose, node:sqlite, our routes. Each mint and each revocation is one
// durable commit; each call of the guard verifies the signature and reads the row.
//
//   node bff.mjs <port> <folder> <rows>

import fastify from "fastify";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { SignJWT, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { open } from "./rows.mjs";

const [port, folder, rows] = process.argv.slice(2);
const origin = "https://app.customer.example";
const issuer = `http://127.0.0.1:${port}`;
const db = open(
  folder,
  `create table if not exists token (
     id text primary key, organization text not null, scope text not null, origins text not null,
     created_at integer not null, expires_at integer not null, revoked_at integer) without rowid;
   create table if not exists customer (id text primary key, external_id text not null unique, name text, created_at integer not null) without rowid;
   create table if not exists session (id text primary key, customer text not null, created_at integer not null, expires_at integer not null, revoked_at integer) without rowid;
   create table if not exists used (jti text primary key, expires_at integer not null) without rowid;
   create table if not exists event (seq integer primary key, at integer not null, action text not null, target text not null, body text not null);`,
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
   insert into token select printf('wtok_%024d', i), 'org_1', '["directory_sync"]', '["${origin}"]', i, i + 3600000, null from n`,
  Number(rows),
);
const insert = db.prepare("insert into token values (?, ?, ?, ?, ?, ?, null)");
const note = db.prepare("insert into event (at, action, target, body) values (?, ?, ?, ?)");
const read = db.prepare("select organization, scope, origins, expires_at, revoked_at from token where id = ?");
const end = db.prepare("update token set revoked_at = coalesce(revoked_at, ?) where id = ?");

const use = db.prepare("insert or ignore into used values (?, ?)");
const know = db.prepare("select id from customer where external_id = ?");
const meet = db.prepare("insert or ignore into customer values (?, ?, ?, ?)");
const admit = db.prepare("insert into session values (?, ?, ?, ?, null)");

const sha256 = (text) => createHash("sha256").update(text).digest();
const apiKey = sha256("bff-key");
const { publicKey, privateKey } = await generateKeyPair("ES256");
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "key_1", alg: "ES256", use: "sig" }] };
const bearer = (request) => request.headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? "";
const isBackend = (request) => timingSafeEqual(sha256(bearer(request)), apiKey);

function commit(work) {
  db.exec("begin immediate");
  try {
    work();
    db.exec("commit");
  } catch (error) {
    db.exec("rollback");
    throw error;
  }
}

const app = fastify({ logger: false });

app.post("/v1/widget-tokens", async (request, reply) => {
  if (!isBackend(request)) return reply.code(401).send({ code: "invalid_api_key" });
  const { organization_id: organization, scope, origins } = request.body;
  const now = Date.now();
  const id = `wtok_${randomBytes(12).toString("hex")}`;
  const seconds = Math.floor(now / 1000);
  const token = await new SignJWT({ kind: "widget", organization_id: organization, widget_scope: scope, widget_origins: origins })
    .setProtectedHeader({ alg: "ES256", kid: "key_1", typ: "widget+jwt" })
    .setIssuer(issuer).setAudience("ten_1").setSubject(id).setJti(id).setIssuedAt(seconds).setNotBefore(seconds).setExpirationTime(seconds + 3600)
    .sign(privateKey);
  commit(() => {
    insert.run(id, organization, JSON.stringify(scope), JSON.stringify(origins), now, (seconds + 3600) * 1000);
    note.run(now, "widget_token.minted", id, JSON.stringify({ id, organization, scope, origins, ip: request.ip, agent: request.headers["user-agent"] }));
  });
  return reply.code(201).send({ id, token, expires_at: new Date((seconds + 3600) * 1000).toISOString() });
});

app.delete("/v1/widget-tokens/:id", async (request, reply) => {
  if (!isBackend(request)) return reply.code(401).send({ code: "invalid_api_key" });
  const { id } = request.params;
  const now = Date.now();
  commit(() => {
    end.run(now, id);
    note.run(now, "widget_token.revoked", id, JSON.stringify({ id, ip: request.ip }));
  });
  return { id, revoked_at: new Date(now).toISOString() };
});

const bridgeSecret = new TextEncoder().encode("bff-bridge-secret-of-forty-three-characters");

app.post("/embed/v1/sessions/exchange", async (request, reply) => {
  if (request.query.key !== "pk_live_1" || request.headers.origin !== origin) return reply.code(403).send({ code: "embed_origin_not_allowed" });
  let claims;
  try {
    ({ payload: claims } = await jwtVerify(request.body.bridge_token, bridgeSecret, { audience: "ten_1", algorithms: ["HS256"], requiredClaims: ["jti", "exp", "iat"] }));
  } catch {
    return reply.code(401).send({ code: "invalid_bridge_token" });
  }
  const now = Date.now();
  const seconds = Math.floor(now / 1000);
  const id = `ses_${randomBytes(12).toString("hex")}`;
  const { external_customer_id: external, name } = claims;
  let [customer, replayed] = [undefined, false];
  commit(() => {
    replayed = use.run(claims.jti, claims.exp * 1000).changes === 0;
    if (replayed) return;
    customer = know.get(external)?.id;
    if (!customer) {
      meet.run(`cus_${randomBytes(12).toString("hex")}`, external, name, now);
      customer = know.get(external).id;
    }
    admit.run(id, customer, now, (seconds + 3600) * 1000);
    note.run(now, "session.started", id, JSON.stringify({ id, customer, ip: request.ip, agent: request.headers["user-agent"] }));
  });
  if (replayed) return reply.code(401).send({ code: "bridge_token_replayed" });
  const token = await new SignJWT({ kind: "session", sid: id })
    .setProtectedHeader({ alg: "ES256", kid: "key_1", typ: "session+jwt" })
    .setIssuer(issuer).setAudience("prod_1").setSubject(customer).setJti(randomBytes(12).toString("hex")).setIssuedAt(seconds).setNotBefore(seconds).setExpirationTime(seconds + 3600)
    .sign(privateKey);
  reply.header("access-control-allow-origin", request.headers.origin).header("vary", "origin").header("cache-control", "no-store");
  return { token, expires_at: new Date((seconds + 3600) * 1000).toISOString(), customer: { id: customer, external_id: external, email: null, name } };
});

app.get("/widget/session", async (request, reply) => {
  let claims;
  try {
    ({ payload: claims } = await jwtVerify(bearer(request), publicKey, { issuer, audience: "ten_1", typ: "widget+jwt", algorithms: ["ES256"] }));
  } catch {
    return reply.code(401).send({ code: "invalid_token" });
  }
  const row = read.get(claims.jti);
  if (!row || row.revoked_at !== null || row.expires_at <= Date.now()) return reply.code(401).send({ code: "widget_token_revoked" });
  const origins = JSON.parse(row.origins);
  if (!origins.includes(request.headers.origin)) return reply.code(403).send({ code: "widget_origin_mismatch" });
  reply.header("access-control-allow-origin", request.headers.origin).header("vary", "origin").header("cache-control", "no-store");
  return { id: claims.jti, organization_id: row.organization, scope: JSON.parse(row.scope), origins, expires_at: new Date(row.expires_at).toISOString() };
});

app.get("/.well-known/jwks.json", async () => jwks);

await app.listen({ port: Number(port), host: "127.0.0.1" });
