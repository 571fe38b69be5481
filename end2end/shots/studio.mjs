// Pictures of Embed Studio: products with their keys, offerings and domains.

import { alive, mintmark, owner } from "../harness/index.mjs";

const long = "The Consolidated Northumbrian Lighthouse & Harbour Instruments Company of Alnmouth (Holdings) Limited";

export const worlds = {
  /** A tenant with two products: one as it starts, one with everything in every state. */
  async studio(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const [{ id: first }] = (await acme.call("GET", "/v1/products")).data;
    const { id: portal } = await acme.call("POST", "/v1/products", { name: "Customer portal" });
    const at = `/v1/products/${portal}`;
    const key = await acme.call("POST", `${at}/embed-keys`, { name: "Website", origins: ["https://www.acme.example", "https://app.acme.example"], mode: "live" });
    await acme.call("POST", `${at}/embed-keys`, { name: "Staging", origins: ["http://localhost:3000"], mode: "test" });
    const old = await acme.call("POST", `${at}/embed-keys`, { name: `Blog of ${long}`.slice(0, 110), origins: ["https://blog.acme.example"], mode: "live" });
    await acme.call("DELETE", `${at}/embed-keys/${old.id}`, { reason: "The blog is gone" });
    const rotated = await acme.call("POST", `${at}/embed-keys`, { name: "Help centre", origins: ["https://help.acme.example"], mode: "live" });
    await acme.call("POST", `${at}/embed-keys/${rotated.id}/rotate`, { overlap_seconds: 86400 });
    const offer = (name, amount, status, more = {}) =>
      acme.call("POST", `${at}/offerings`, { name, price: { amount, currency: "EUR", interval: "month" }, features: ["Five seats", "Support by mail"], status, ...more });
    const basic = await offer("Basic", 1900, "PUBLISHED", { description: "For a team that starts.", cta_url: "https://www.acme.example/buy" });
    await offer("Team", 4950, "PUBLISHED");
    await offer(`Enterprise for ${long}`.slice(0, 110), 0, "DRAFT");
    await offer("Founder", 900, "ARCHIVED");
    const keyOf = async (algorithm) => (await acme.call("POST", `${at}/bridge-keys`, { algorithm })).id;
    const oldest = await keyOf("HS256");
    await keyOf("RS256");
    await acme.call("POST", `${at}/bridge-keys/${oldest}/revoke`, { reason: "It lay in a repository that somebody made public" });
    await keyOf("ES256");
    await acme.call("POST", `${at}/bridge-keys/${await keyOf("EdDSA")}/promote`);
    const secrets = `${at}/verification-secrets`;
    const leaked = await acme.call("POST", secrets, { name: "Staging" });
    await acme.call("DELETE", `${secrets}/${leaked.id}`, { reason: "It lay in a repository that somebody made public" });
    const earlier = await acme.call("POST", secrets, { name: "Web, production" });
    await acme.call("POST", `${secrets}/${earlier.id}/rotate`, { overlap_seconds: 86400 });
    await acme.call("POST", secrets, { name: long.slice(0, 110) });
    const customers = [
      { external_id: "customer-42", name: "Ada Lovelace", email: "ada@example.com", email_verified: true, metadata: { plan: "team", seats: 12 } },
      { external_id: "5f0c6a1e-9d0b-4f52-8f0e-2f6a3c1d7b90", email: "somebody.with.a.very.long.address@subsidiary.consolidated.example" },
      { external_id: "customer-7", name: long },
      { external_id: "try-1", name: "Somebody who tries", mode: "test" },
    ];
    const made = [];
    for (const customer of customers) made.push(await acme.call("POST", "/v1/customers", customer));
    await acme.call("PATCH", `/v1/customers/${made[2].id}`, { banned: true, reason: "Abuse of the trial" });
    await acme.call("PATCH", at, { appearance: { accent: "#ffe08a", radius: 8, font: "Inter, Helvetica Neue" } });
    await acme.call("POST", `${at}/domains`, { origin: "https://www.acme.example" });
    return { server, acme, first, portal, key, basic, ada: made[0] };
  },
};

const beside = (path) => async (page, { server, acme, ...things }) => {
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme${path(things)}`);
};

const visit = (path) => async (page, { server, acme, ...things }) => {
  await acme.signIn(page);
  await page.goto(`${server.url}/t/acme/studio${path(things)}`);
};

const pressed = (path, button) => async (page, world) => {
  await visit(path)(page, world);
  await alive(page);
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

async function chosen(page, world) {
  await visit(({ portal }) => `/${portal}`)(page, world);
  await page.getByRole("radio", { name: "Yes", exact: true }).check();
  await page.getByRole("radio", { name: "Our own backend" }).check();
}

export const pictures = [
  { world: "studio", name: "products", open: visit(() => "") },
  { world: "studio", name: "product-new", open: visit(({ first }) => `/${first}`) },
  { world: "studio", name: "product", open: visit(({ portal }) => `/${portal}`) },
  { world: "studio", name: "embed-keys-none", open: visit(({ first }) => `/${first}/keys`) },
  { world: "studio", name: "embed-keys", open: visit(({ portal }) => `/${portal}/keys`) },
  { world: "studio", name: "embed-key-create", open: pressed(({ portal }) => `/${portal}/keys`, "Create embed key") },
  { world: "studio", name: "embed-key", open: visit(({ portal, key }) => `/${portal}/keys/${key.id}`) },
  { world: "studio", name: "offerings-none", open: visit(({ first }) => `/${first}/offerings`) },
  { world: "studio", name: "offerings", open: visit(({ portal }) => `/${portal}/offerings`) },
  { world: "studio", name: "offering-new", open: pressed(({ portal }) => `/${portal}/offerings`, "New offering") },
  { world: "studio", name: "offering", open: visit(({ portal, basic }) => `/${portal}/offerings/${basic.id}`) },
  { world: "studio", name: "bridge-none", open: visit(({ first }) => `/${first}/bridge`) },
  { world: "studio", name: "bridge", open: visit(({ portal }) => `/${portal}/bridge`) },
  { world: "studio", name: "bridge-mint", open: pressed(({ portal }) => `/${portal}/bridge`, "Mint a new signing key") },
  { world: "studio", name: "bridge-revoke", open: pressed(({ portal }) => `/${portal}/bridge`, "Revoke") },
  { world: "studio", name: "customers", open: beside(() => "/customers") },
  { world: "studio", name: "customers-test", open: beside(() => "/customers?mode=test") },
  { world: "studio", name: "customer", open: beside(({ ada }) => `/customers/${ada.id}`) },
  { world: "studio", name: "appearance", open: visit(({ portal }) => `/${portal}/appearance`) },
  { world: "studio", name: "secrets-none", open: visit(({ first }) => `/${first}/security`) },
  { world: "studio", name: "secret-create", open: pressed(({ portal }) => `/${portal}/security`, "Create secret") },
  { world: "studio", name: "secret-rotate", open: pressed(({ portal }) => `/${portal}/security`, "Rotate") },
  { world: "studio", name: "secret-revoke", open: pressed(({ portal }) => `/${portal}/security`, "Revoke") },
  { world: "studio", name: "security", open: visit(({ portal }) => `/${portal}/security`) },
  { world: "studio", name: "security-page", open: visit(({ portal }) => `/${portal}/security?page=http%3A%2F%2Fwww.acme.example%2Fpricing`) },
  {
    world: "studio",
    name: "security-policy",
    open: visit(({ portal }) => `/${portal}/security?way=bridge&policy=default-src+%27self%27%3B+script-src+%27self%27`),
  },
  { world: "studio", name: "chooser", open: chosen },
  { world: "studio", name: "magic-links", open: visit(({ portal }) => `/${portal}/magic-links`) },
  { world: "studio", name: "outbox", open: beside(() => "/outbox") },
];
