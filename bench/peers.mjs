// The peers: what is started, and what a mint, a guarded call and a revocation look like there.

import { join } from "node:path";
import { bridgeTokens, exchange } from "./bridge.mjs";
import { serve, tool } from "./program.mjs";

const here = new URL(".", import.meta.url).pathname;
export const node = join(here, "peers/node_modules/node/bin/node");
const origin = "https://app.customer.example";
const json = ["content-type", "application/json"];
const form = ["content-type", "application/x-www-form-urlencoded"];

/** A bare axum route. */
export const hello = async () => {
  const server = await serve((port) => [tool, "hello", String(port)], { ready: "/" });
  return { server, root: { address: server.address, path: "/" } };
};

/** As little as can keep our promises, in Rust; its rows are in a file, or in this PostgreSQL. */
export const limit = (folder, rows, ...database) =>
  ourRoutes("limit-key", (port) => [tool, "limit", String(port), join(folder, "limit"), String(rows), ...database]);

/** The back end that one writes by hand, on Node. */
export const bff = async (folder, rows) => {
  const peer = await ourRoutes("bff-key", (port) => [node, "--no-warnings", join(here, "peers/bff.mjs"), String(port), join(folder, "bff"), String(rows)]);
  const key = { kid: "brk_1", secret: "bff-bridge-secret-of-forty-three-characters", audience: "ten_1" };
  return {
    ...peer,
    bridged: (count) => bridgeTokens(join(folder, "bff-bridged.tsv"), key, count),
    exchange: exchange(peer.server.address, "pk_live_1", origin),
  };
};

async function ourRoutes(key, command) {
  const server = await serve(command, { ready: "/.well-known/jwks.json" });
  const { address } = server;
  const backend = [["authorization", `Bearer ${key}`]];
  return {
    server,
    mint: (file) => ({
      address,
      method: "POST",
      path: "/v1/widget-tokens",
      headers: [...backend, json],
      body: JSON.stringify({ organization_id: "org_1", scope: ["directory_sync"], origins: [origin] }),
      save: { file, fields: ["id", "token"] },
    }),
    guard: (values) => ({ address, path: "/widget/session", headers: [["authorization", "Bearer {1}"], ["origin", origin]], values }),
    revoke: { address, method: "DELETE", path: "/v1/widget-tokens/{0}", headers: backend },
    jwks: { address, path: "/.well-known/jwks.json" },
    dressed: { address, path: "/dressed/jwks.json" },
  };
}

/** oidc-provider: client credentials and introspection. */
export const oidc = async (folder, rows) => {
  const command = (port) => [node, "--no-warnings", join(here, "peers/oidc.mjs"), String(port), join(folder, "oidc"), String(rows)];
  const server = await serve(command, { ready: "/.well-known/openid-configuration" });
  const { address } = server;
  const headers = [["authorization", `Basic ${btoa("bench:oidc-key")}`], form];
  return {
    server,
    mint: (file) => ({
      address, method: "POST", path: "/token", headers, body: "grant_type=client_credentials", save: { file, fields: ["access_token"] },
    }),
    introspect: (values) => ({ address, method: "POST", path: "/token/introspection", headers, body: "token={0}", values }),
  };
};
