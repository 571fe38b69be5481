// A customer's session by way of a bridge token, for journeys that want one and not the way to it.

import { SignJWT } from "jose";
import { randomUUID } from "node:crypto";

/** Of a page of this origin. Answers `{ product, key, token }`: the product's and the embed key's ids, and the session JWT. */
export async function vouched(server, acme, origin) {
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  const key = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [origin], mode: "test", allow_development_origins: true });
  const bridge = await acme.call("POST", `/v1/products/${product}/bridge-keys`, { algorithm: "HS256" });
  const claims = new SignJWT({ external_customer_id: "u-1" }).setProtectedHeader({ alg: "HS256", kid: bridge.id, typ: "JWT" });
  const bridged = await claims.setIssuedAt().setExpirationTime("5m").setJti(randomUUID()).setAudience(acme.tenant.id).sign(new TextEncoder().encode(bridge.secret));
  const answer = await fetch(`${server.url}/embed/v1/sessions/exchange?key=${key.id}`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ bridge_token: bridged }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`exchange: ${answer.status} ${text}`);
  return { product, key: key.id, token: JSON.parse(text).token };
}
