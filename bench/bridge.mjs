// Bridge tokens as a tenant's backend signs them, a line each: for a thousand customers, so that most have been here before.

import { createHmac, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const customers = 1_000;

/** Writes `count` HS256 tokens of this key to `file`, good for the next minutes; answers the file. */
export async function bridgeTokens(file, { kid, secret, audience }, count) {
  const header = part({ alg: "HS256", kid, typ: "JWT" });
  const iat = Math.floor(Date.now() / 1000);
  const lines = Array.from({ length: count }, (_, at) => {
    const number = at % customers;
    const claims = { external_customer_id: `customer-${number}`, name: `Customer ${number}`, aud: audience, jti: randomUUID(), iat, exp: iat + 300 };
    const signed = `${header}.${part(claims)}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}\n`;
  });
  await writeFile(file, lines.join(""));
  return file;
}

/** The page's call: each token once. */
export const exchange = (address, key, origin) => ({
  address,
  method: "POST",
  path: `/embed/v1/sessions/exchange?key=${key}`,
  headers: [["content-type", "application/json"], ["origin", origin]],
  body: '{"bridge_token":"{0}"}',
  once: true,
});
