// Makes what the demo's portal needs at a Mintmark, over its HTTP API: again and again with the same result.
import { createHmac, randomUUID } from "node:crypto";

const NAME = "Demo portal";
const SWITCHES = { sign_in: true, anyone_may_sign_in: true, passwords: true };
const month = (amount) => ({ amount, currency: "EUR", interval: "month" });
const OFFERINGS = [
  { name: "Starter", description: "For one person who tries it out.", price: month(0), features: ["One project", "Community support"] },
  { name: "Team", description: "For a team that works on it every day.", price: month(2900), features: ["Ten projects", "Single sign-on", "Answers within a day"] },
  { name: "Company", description: "For everybody.", price: month(9900), features: ["As many projects as you like", "Directory sync", "Answers within an hour"] },
];

/** What Mintmark refused, with its code. */
export class Refused extends Error {
  constructor(status, { code, message }) {
    super(`${code}: ${message}`);
    Object.assign(this, { status, code });
  }
}

/** Calls Mintmark; answers the JSON of a good answer. */
async function call(url, method, path, body, headers = {}) {
  const init = { method, headers: { ...(body && { "content-type": "application/json" }), ...headers }, body: body && JSON.stringify(body) };
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, JSON.parse(text));
  return text && JSON.parse(text);
}

/** A dashboard JWT for a person's password. Answers what `prepare` takes. */
export async function signIn(url, { email, password, code }) {
  const { token, tenants } = await call(url, "POST", "/v1/sessions", { email, password, ...(code && { code }) });
  return { authorization: `Bearer ${token}`, "x-mintmark-tenant": tenants[0].id };
}

/** The same for an API key. */
export const withKey = (key) => ({ authorization: `Bearer ${key}` });

/** Makes or finds everything, and answers the settings that a backend of the portal at `origin` wants. */
export async function prepare(url, origin, credential) {
  const api = (method, path, body) => call(url, method, path, body, credential);
  const all = async (path, rows = [], cursor = null) => {
    const { data, next_cursor } = await api("GET", path + (cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""));
    return next_cursor ? all(path, [...rows, ...data], next_cursor) : [...rows, ...data];
  };
  const found = async (path, same = ({ name }) => name === NAME) => (await all(path)).find(same);
  const { tenant_id: tenant } = await api("GET", "/v1/me");

  const product = (await found("/v1/products")) ?? (await api("POST", "/v1/products", { name: NAME, appearance: { accent: "#0f766e", radius: 10 } }));
  const at = `/v1/products/${product.id}`;
  await api("PATCH", at, SWITCHES);

  const living = ({ name, mode, status }) => name === NAME && mode === "test" && status === "active";
  let key = await found(`${at}/embed-keys`, living);
  key ??= await api("POST", `${at}/embed-keys`, { name: NAME, origins: [origin], mode: "test", allow_development_origins: true });
  if (!key.origins.includes(origin)) await api("PATCH", `${at}/embed-keys/${key.id}`, { origins: [...key.origins, origin] });

  const offered = new Set((await all(`${at}/offerings`)).map(({ name }) => name));
  for (const offering of OFFERINGS.filter(({ name }) => !offered.has(name))) {
    await api("POST", `${at}/offerings`, { ...offering, status: "PUBLISHED" });
  }

  const name = "Northwind";
  const allow_development_origins = true;
  const organization = (await found("/v1/organizations", (row) => row.name === name)) ?? (await api("POST", "/v1/organizations", { name, allow_development_origins }));
  if (!organization.allow_development_origins) await api("PATCH", `/v1/organizations/${organization.id}`, { allow_development_origins });
  const listed = await all(`/v1/organizations/${organization.id}/origins`);
  if (!listed.some((row) => row.origin === origin)) await api("POST", `/v1/organizations/${organization.id}/origins`, { origin });

  // A secret is shown once. Whoever comes here has lost theirs, so what it opened is ended.
  const alive = ({ revoked_at }) => !revoked_at;
  const reason = "The demo made a new one";
  for (const { id } of (await all(`${at}/bridge-keys`)).filter(alive)) await api("POST", `${at}/bridge-keys/${id}/revoke`, { reason });
  for (const { id } of (await all(`${at}/verification-secrets`)).filter(alive)) await api("DELETE", `${at}/verification-secrets/${id}`);
  for (const { id } of (await all("/v1/api-keys")).filter((row) => row.name === NAME && alive(row))) await api("DELETE", `/v1/api-keys/${id}`);
  const bridge = await api("POST", `${at}/bridge-keys`, { algorithm: "HS256" });
  const identity = await api("POST", `${at}/verification-secrets`, { name: NAME });
  // It mints for this organization and knows no other.
  const backend = await api("POST", "/v1/api-keys", { name: NAME, role: "admin", organization_id: organization.id });

  return {
    MINTMARK_URL: url,
    MINTMARK_TENANT: tenant,
    MINTMARK_PRODUCT: product.id,
    MINTMARK_EMBED_KEY: key.id,
    MINTMARK_BRIDGE_KEY: bridge.id,
    MINTMARK_BRIDGE_SECRET: bridge.secret,
    MINTMARK_VERIFICATION_SECRET: identity.secret,
    MINTMARK_API_KEY: backend.key,
    MINTMARK_ORGANIZATION: organization.id,
    PORTAL_ORIGIN: origin,
  };
}

/** Whether all that was kept still opens what it should; answers the refusal otherwise. */
export async function refusal(settings) {
  const { MINTMARK_URL: url, MINTMARK_EMBED_KEY: key, MINTMARK_ORGANIZATION: organization_id, PORTAL_ORIGIN: origin } = settings;
  try {
    await call(url, "GET", `/embed/v1/config?key=${key}`, undefined, { origin });
    const bridge_token = vouch(settings, { external_customer_id: "demo-check" });
    const { token } = await call(url, "POST", `/embed/v1/sessions/exchange?key=${key}`, { bridge_token }, { origin });
    await call(url, "DELETE", "/embed/v1/sessions/current", undefined, { origin, authorization: `Bearer ${token}` });
    const { MINTMARK_PRODUCT: product_id, MINTMARK_VERIFICATION_SECRET: verification_secret } = settings;
    await call(url, "POST", "/v1/auth/user-token", { product_id, verification_secret, user_id: "demo-check" });
    const asked = { organization_id, scope: ["directory_sync"], origins: [origin], ttl_seconds: 60 };
    await call(url, "POST", "/v1/widget-tokens", asked, withKey(settings.MINTMARK_API_KEY));
    return null;
  } catch (error) {
    if (error instanceof Refused && error.status < 500) return error;
    throw error;
  }
}

/** A bridge token, as every backend of the demo makes it. */
function vouch({ MINTMARK_TENANT: aud, MINTMARK_BRIDGE_KEY: kid, MINTMARK_BRIDGE_SECRET: secret }, person) {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid })}.${part({ ...person, aud, iat, exp: iat + 300, jti: randomUUID() })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
