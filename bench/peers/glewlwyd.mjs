// glewlwyd on SQLite, as scripts/further-peers unpacked it: client credentials buy signed tokens, introspection reads their
// row, revocation marks it. Its tables get the index that they lack. It opens the file with SQLite's defaults, so commits are durable; the write-ahead log, which the
// file remembers, makes it faster than it is by itself.

import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "../../end2end/harness/mintmark.mjs";
import { environment, serve } from "../program.mjs";
import { database, fill } from "./rows.mjs";

const home = join(root, ".tools/glewlwyd/files/usr");
const [machine] = await readdir(join(home, "lib")).then((names) => names.filter((name) => name.includes("-linux-")), () => []);
export const env = { ...environment(), LD_LIBRARY_PATH: join(home, "lib", machine ?? "") };

/** The command line that serves the folder on this port. */
export const command = (folder, port) => [join(home, "bin/glewlwyd"), `--config-file=${join(folder, "glewlwyd.conf")}`, `--port=${port}`];

/** Makes the folder: tables, a signing key, two clients through its own administration, and so many tokens. */
export async function prepare(folder, rows) {
  const db = database(folder);
  db.exec(gunzipSync(await readFile(join(home, "share/doc/glewlwyd/database/init.sqlite3.sql.gz"))).toString());
  const none = join(folder, "none");
  await mkdir(none);
  const modules = ["user", "client", "plugin"].map((kind) => `${kind}_module_path = "${join(home, "lib/glewlwyd", kind)}"`);
  await writeFile(join(folder, "glewlwyd.conf"), [
    'bind_address = "127.0.0.1"', 'external_url = "http://127.0.0.1"', 'api_prefix = "api"', 'login_url = "login.html"', "cookie_secure = 0",
    'log_mode = "console"', 'log_level = "NONE"', 'session_key = "session"', 'admin_scope = "g_admin"', 'profile_scope = "g_profile"',
    `static_files_path = "${join(home, "share/glewlwyd/webapp")}"`, 'hash_algorithm = "SHA256"',
    ...modules, `user_middleware_module_path = "${none}"`, `user_auth_scheme_module_path = "${join(home, "lib/glewlwyd/scheme")}"`,
    `database = { type = "sqlite3"; path = "${join(folder, "peer.db")}" };\n`,
  ].join("\n"));
  const server = await serve((port) => command(folder, port), { ready: "/config", env });
  try {
    await administer(server.url);
  } finally {
    await server.stop();
  }
  const numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)";
  fill(db, `${numbers} insert into gpo_access_token (gpoa_id, gpoa_plugin_name, gpoa_authorization_type, gpoa_client_id, gpoa_issued_at, gpoa_issued_for, gpoa_user_agent, gpoa_token_hash, gpoa_jti)
            select i, 'oidc', 5, 'plain', i, '127.0.0.1 - 127.0.0.1', 'bench', printf('{SHA256}%044d', i), printf('%032d', i) from n`, rows);
  fill(db, `${numbers} insert into gpo_access_token_scope (gpoa_id, gpoas_scope) select i, 'widget' from n`, rows);
  // Its schema has no index by which to find the scopes of a token: introspection would read those of all tokens.
  db.exec("create index bench_scope on gpo_access_token_scope (gpoa_id)");
  db.close();
}

async function administer(url) {
  let cookie = "";
  const call = async (path, body) => {
    const answer = await fetch(url + path, { method: "POST", headers: { "content-type": "application/json", cookie }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`glewlwyd answered ${path} with ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const entered = await call("/api/auth/", { username: "admin", password: "password" });
  cookie = entered.headers.getSetCookie()[0].split(";")[0];
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const off = Object.fromEntries(["code", "token", "implicit", "password", "refresh"].map((kind) => [`auth-type-${kind}-enabled`, false]));
  await call("/api/mod/plugin/", {
    module: "oidc", name: "oidc", display_name: "oidc", enabled: true,
    parameters: {
      ...off, iss: "http://127.0.0.1", "jwt-type": "ecdsa", "jwt-key-size": "256", "allow-non-oidc": true, "auth-type-client-enabled": true,
      key: privateKey.export({ type: "pkcs8", format: "pem" }), cert: publicKey.export({ type: "spki", format: "pem" }),
      "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600, "jwks-show": true,
      "introspection-revocation-allowed": true, "introspection-revocation-allow-target-client": true, "introspection-revocation-auth-scope": ["introspection"],
    },
  });
  for (const name of ["widget", "introspection"]) await call("/api/scope/", { name, display_name: name, password_required: false });
  // `plain` keeps its secret as it is; `hashed` has a password, which costs 150,000 rounds of PBKDF2 whenever it is shown.
  for (const [client_id, secret] of [["plain", { client_secret: "bench-key" }], ["hashed", { password: "bench-key" }]]) {
    await call("/api/client/", {
      client_id, name: client_id, ...secret, confidential: true, enabled: true, scope: ["widget", "introspection"],
      authorization_type: ["client_credentials"], token_endpoint_auth_method: ["client_secret_basic"],
    });
  }
}
