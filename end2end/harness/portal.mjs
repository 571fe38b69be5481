// A tenant's own page with the SDK in it: a product, its keys, and a strict policy.

import { SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import { mintmark } from "./mintmark.mjs";
import { owner } from "./owner.mjs";
import { shop } from "./shop.mjs";

const NONCE = "cG9ydGFs";

/** A host's policy under which nothing runs but what it names: no inline style, and no HTML from strings. */
export const strict = (url, more = "") =>
  `default-src 'none'; script-src 'nonce-${NONCE}'; connect-src ${url}; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'${more}`;

/**
 * A running Mintmark with a product, a test key for a page of a second origin, and a bridge key. Answers `{ server, acme, site, product, key,
 * bridgeToken(claims), show(html, more, headers), script(text) }`: `show` puts HTML into the main part of the page under the strict policy, where `{{sdk}}` is
 * `.../sdk/v1` and `{{key}}` the embed key, and `script` is a module that the policy lets run.
 */
export async function portal(t, { engine, env, clock, product: looks = {} } = {}) {
  const site = await shop(t);
  const server = await mintmark(t, { engine, env, clock });
  const acme = await owner(server);
  const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
  if (Object.keys(looks).length > 0) await acme.call("PATCH", `/v1/products/${product}`, looks);
  const { id: key } = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Portal", origins: [site.origin], mode: "test" });
  const bridge = await acme.call("POST", `/v1/products/${product}/bridge-keys`, { algorithm: "HS256" });
  const bridgeToken = (claims = {}) =>
    new SignJWT({ external_customer_id: "u-1", ...claims })
      .setProtectedHeader({ alg: "HS256", kid: bridge.id, typ: "JWT" })
      .setIssuedAt()
      .setExpirationTime("5m")
      .setJti(randomUUID())
      .setAudience(acme.tenant.id)
      .sign(new TextEncoder().encode(bridge.secret));
  const fill = (text) => text.replaceAll("{{sdk}}", `${server.url}/sdk/v1`).replaceAll("{{key}}", key);
  const script = (text) => `<script type="module">${fill(text)}</script>`;
  const show = (html, more = "", headers = {}) => {
    const body = `<main>${fill(html)}</main>`.replaceAll(/<(script|link) /g, `<$1 nonce="${NONCE}" `);
    site.show(body, { "content-security-policy": strict(server.url, more), ...headers });
  };
  return { server, acme, site, product, key, bridgeToken, show, script };
}

/** An offering that pages can see. */
export const published = (acme, product, more = {}) =>
  acme.call("POST", `/v1/products/${product}/offerings`, {
    name: "Team",
    description: "For teams that ship together.",
    price: { amount: 4900, currency: "EUR", interval: "month" },
    features: ["Up to 20 people", "Single sign-on"],
    cta_url: "https://acme.example/buy",
    status: "PUBLISHED",
    ...more,
  });

/** That a page and its browser keep nothing: no storage, no database, no cache, no cookie. */
export const keepsNothing = (page) =>
  page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
  }));

/** What `keepsNothing` answers where nothing is. */
export const NOTHING = { local: {}, session: {}, cookie: "", databases: 0, caches: 0 };
