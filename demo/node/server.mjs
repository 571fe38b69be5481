// The portal's backend in Node 20, without any package: who is signed in here, and tokens for Mintmark's elements.
import { createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const env = process.env;
const { MINTMARK_URL: mintmark, PORTAL_ORIGIN: origin } = env;
const portal = new URL("../portal/", import.meta.url);
const people = JSON.parse(await readFile(new URL("people.json", portal), "utf8"));
const sessions = new Map(); // the cookie's value -> whose it is; yours are in your database

const pages = { "/": "pricing.html", "/account": "account.html", "/support": "support.html", "/sign-in": "sign-in.html" };
const files = ["portal.css", "portal.js", "pricing.js", "account.js", "support.js", "sign-in.js", "icon.svg"];
const types = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
// What Mintmark's elements need of a strict policy, and nothing else.
const policy =
  `default-src 'none'; script-src 'self' ${mintmark}; connect-src 'self' ${mintmark}; frame-src ${mintmark}; style-src 'self'; img-src 'self'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Says to Mintmark who is signed in here: the page exchanges it for a session, once. */
function bridgeToken({ plan, ...person }) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { ...person, email_verified: true, metadata: { plan }, aud: env.MINTMARK_TENANT, iat, exp: iat + 300, jti: randomUUID() };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: env.MINTMARK_BRIDGE_KEY })}.${part(claims)}`;
  return { token: `${signed}.${createHmac("sha256", env.MINTMARK_BRIDGE_SECRET).update(signed).digest("base64url")}` };
}

/** Asks Mintmark, as this backend. */
async function ask(path, body, headers = {}) {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const answer = await fetch(mintmark + path, init);
  const said = await answer.json();
  if (answer.ok) return { token: said.token };
  throw new Error(`${path}: ${said.code}: ${said.message}`);
}

const tokens = {
  "/tokens/bridge": bridgeToken,
  "/tokens/identity": ({ external_customer_id: user_id, name, plan }) => {
    const { MINTMARK_PRODUCT: product_id, MINTMARK_VERIFICATION_SECRET: verification_secret } = env;
    return ask("/v1/auth/user-token", { product_id, verification_secret, user_id, name, metadata: { plan } });
  },
  "/tokens/widget": () => {
    const asked = { organization_id: env.MINTMARK_ORGANIZATION, scope: ["directory_sync"], origins: [origin], ttl_seconds: 600, label: "Demo portal" };
    return ask("/v1/widget-tokens", asked, { authorization: `Bearer ${env.MINTMARK_API_KEY}` });
  },
};

const cookie = (request) => /(?:^|; )demo_portal=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];

async function answer(request, response) {
  const path = new URL(request.url, origin).pathname;
  const who = sessions.get(cookie(request)) ?? "";
  const send = (status, body, headers = {}) => response.writeHead(status, { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers }).end(body);
  if (request.method === "POST" && path === "/person") {
    if (request.headers.origin !== origin) return send(403, "Another site may not do that.");
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) if ((body += chunk).length > 1000) return send(413);
    const form = new URLSearchParams(body);
    const back = Object.hasOwn(pages, form.get("back")) ? form.get("back") : "/";
    sessions.delete(cookie(request));
    const session = randomUUID();
    if (Object.hasOwn(people, form.get("person"))) sessions.set(session, form.get("person"));
    return send(303, "", { location: back, "set-cookie": `demo_portal=${session}; HttpOnly; SameSite=Lax; Path=/` });
  }
  if (request.method !== "GET") return send(405);
  if (Object.hasOwn(tokens, path)) {
    if (!who) return send(200, '{"token":null}', { "content-type": "application/json" });
    return send(200, JSON.stringify(await tokens[path](people[who])), { "content-type": "application/json" });
  }
  const file = Object.hasOwn(pages, path) ? pages[path] : files.find((name) => path === `/${name}`);
  if (!file) return send(404, "There is no such page.");
  const values = { mintmark, embed_key: env.MINTMARK_EMBED_KEY, who, path };
  const text = (await readFile(new URL(file, portal), "utf8")).replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
  const more = file.endsWith(".html") ? { "content-security-policy": policy, "referrer-policy": "strict-origin-when-cross-origin" } : {};
  return send(200, text, { "content-type": `${types[file.split(".").at(-1)]}; charset=utf-8`, ...more });
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message); // for your log, not for the page
    response.writeHead(500).end();
  });
});
server.on("error", ({ code, message }) => {
  console.error(code === "EADDRINUSE" ? `${origin} is taken: end what listens there, or set DEMO_PORT to another port.` : message);
  process.exitCode = 1;
});
server.listen(Number(new URL(origin).port), "localhost", () => console.log(`The demo's portal (Node): ${origin}/`));
