// oidc-provider on SQLite: client credentials buy opaque tokens, introspection reads their row. One durable commit a token.
//
//   node oidc.mjs <port> <folder> <rows>

import Provider from "oidc-provider";
import { open } from "./rows.mjs";

const [port, folder, rows] = process.argv.slice(2);
const db = open(
  folder,
  "create table if not exists token (id text primary key, payload text not null, expires_at integer not null) without rowid;",
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
   insert into token select printf('ClientCredentials:%024d', i), printf('%.300c', 'x'), i from n`,
  Number(rows),
);
const put = db.prepare("insert into token values (?, ?, ?) on conflict (id) do update set payload = excluded.payload");
const read = db.prepare("select payload, expires_at from token where id = ?");
const remove = db.prepare("delete from token where id = ?");

class Rows {
  constructor(name) {
    this.name = name;
  }
  async upsert(id, payload, seconds) {
    put.run(`${this.name}:${id}`, JSON.stringify(payload), Date.now() + (seconds ?? 86_400) * 1000);
  }
  async find(id) {
    const row = read.get(`${this.name}:${id}`);
    return row && row.expires_at > Date.now() ? JSON.parse(row.payload) : undefined;
  }
  async destroy(id) {
    remove.run(`${this.name}:${id}`);
  }
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Rows,
  clients: [{ client_id: "bench", client_secret: "oidc-key", grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
  },
  ttl: { ClientCredentials: 3600 },
});
provider.listen(Number(port), "127.0.0.1");
