// npm install jose
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { importPKCS8, SignJWT } from "jose";

const { MINTMARK_AUDIENCE, MINTMARK_BRIDGE_KEY, MINTMARK_BRIDGE_ALGORITHM: alg, MINTMARK_BRIDGE_KEY_FILE } = process.env;
const text = (await readFile(MINTMARK_BRIDGE_KEY_FILE, "utf8")).trim();
// An HS256 secret is used as its ASCII bytes; every other key is a private half in PKCS#8.
const key = alg === "HS256" ? new TextEncoder().encode(text) : await importPKCS8(text, alg);

// Whoever is signed in with you, from your own session; never from what the browser says.
const customer = { external_customer_id: "customer-42", email: "ada@example.com", email_verified: true, name: "Ada Lovelace" };

const token = await new SignJWT(customer)
  .setProtectedHeader({ alg, kid: MINTMARK_BRIDGE_KEY, typ: "JWT" })
  .setAudience(MINTMARK_AUDIENCE)
  .setJti(randomUUID()) // a token opens one session, once
  .setIssuedAt()
  .setExpirationTime("5m")
  .sign(key);
console.log(token);
