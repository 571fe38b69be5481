// SE7: neither the answer nor its time tells whether an address has an account: in the dashboard, and with a customer's password.

import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { install } from "../ours.mjs";

const MOST = 0.55; // of the area under the curve; 0.5 is a coin

export async function* signIn({ folder, servers, many }) {
  const it = await install("sqlite", folder, 100, () => {});
  const samples = many(2_000);
  // As many accounts as attempts: one account's attempts grow slower, which is not what is asked here.
  const database = new DatabaseSync(join(it.data, "mintmark.db"));
  const { password_hash: hash } = database.prepare("select password_hash from dashboard_user limit 1").get();
  const page = customers(database, samples, hash);
  const insert = database.prepare("insert into dashboard_user (id, email, name, password_hash, created_at) values (?, ?, 'Known', ?, 0)");
  database.exec("begin");
  for (let n = 0; n < samples; n += 1) insert.run(`usr_${n.toString(16).padStart(24, "0")}`, `known-${n}@acme.example`, hash);
  database.exec("commit");
  database.close();
  const server = await it.start({ env: { MINTMARK_TRUSTED_PROXIES: "127.0.0.1/32", MINTMARK_LOG: "error" } });
  servers.push(server);
  let asked = 0;
  /** Posts this from a client of its own; answers how long it took, and what was said but for what is each answer's own. */
  const timed = async (path, body, headers = {}) => {
    asked += 1;
    const from = `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`;
    const began = performance.now();
    const answer = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": from, ...headers },
      body: JSON.stringify(body),
    });
    const { request_id: _, ...said } = await answer.json();
    const took = performance.now() - began;
    const names = [...answer.headers.keys()].filter((name) => name !== "x-request-id" && name !== "date");
    return { took, answer: JSON.stringify([answer.status, said, names]) };
  };
  const wrong = "not the password of anybody here";
  const ways = {
    "known and unknown addresses": (email) => timed("/v1/sessions", { email, password: wrong, tenant: it.tenant.slug }),
    "customers with a password and unknown addresses": (email) =>
      timed(`/popup/password?${page}`, { email, password: wrong }, { origin: server.url }),
  };
  for (const [what, attempt] of Object.entries(ways)) {
    for (let n = 0; n < 20; n += 1) await attempt(`nobody-before-${n}@acme.example`);
    const [known, unknown, answers] = [[], [], new Set()];
    for (let n = 0; n < samples; n += 1) {
      // Which comes first changes from pair to pair.
      const pair = [[known, `known-${n}@acme.example`], [unknown, `nobody-${n}@acme.example`]];
      for (const [times, email] of n % 2 ? pair : pair.reverse()) {
        const { took, answer } = await attempt(email);
        times.push(took);
        answers.add(answer);
      }
    }
    const area = auc(known, unknown);
    const figure = `${answers.size} kind of answer, area under the curve ${area.toFixed(3)} over 2 x ${samples.toLocaleString("en")} (at most ${MOST})`;
    yield { what, holds: answers.size === 1 && answers.values().next().value.startsWith("[401") && Math.max(area, 1 - area) <= MOST, figure };
  }
}

/** As many customers with a password, of a product that takes passwords; answers what our window says of the page that opened it. */
function customers(database, samples, hash) {
  const { id: key, tenant_id: tenant, product_id: product, origins } = database.prepare("select * from embed_key limit 1").get();
  database.exec("begin");
  database.prepare("update product set sign_in = 1, passwords = 1 where id = ?").run(product);
  const person = database.prepare(
    "insert into customer (id, tenant_id, mode, email, email_verified, first_seen_by, created_at, updated_at) values (?, ?, 'live', ?, 1, 'magic_link', 0, 0)",
  );
  const password = database.prepare("insert into customer_password (customer_id, tenant_id, hash, set_at) values (?, ?, ?, 0)");
  for (let n = 0; n < samples; n += 1) {
    const id = `cus_${n.toString(16).padStart(24, "0")}`;
    person.run(id, tenant, `known-${n}@acme.example`);
    password.run(id, tenant, hash);
  }
  database.exec("commit");
  return new URLSearchParams({ key, origin: JSON.parse(origins)[0] });
}

/** How often one of the first took longer than one of the second (Mann and Whitney). */
function auc(first, second) {
  const all = [...first.map((value) => [value, 1]), ...second.map((value) => [value, 0])].sort(([a], [b]) => a - b);
  let ranks = 0;
  all.forEach(([, is], at) => (ranks += is * (at + 1)));
  return (ranks - (first.length * (first.length + 1)) / 2) / (first.length * second.length);
}
