// Pictures of refusals and of the token inspector.

import { alive, mintmark, owner } from "../harness/index.mjs";

const origin = "http://localhost:4010";
const wrong = "http://www.subsidiary-of-a-consolidated-group.a-rather-long-subdomain.of-a-long-domain.example:8443";

export const worlds = {
  /** Calls of every kind, refused for every reason that a page can cause. */
  async refused(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const customer = await acme.customer(origin);
    const [good, dead] = [await acme.mint(customer), await acme.mint(customer)];
    const call = (token, from, path = "/widget/session") => fetch(server.url + path, { headers: { authorization: `Bearer ${token}`, origin: from } });
    await acme.call("DELETE", `/v1/widget-tokens/${dead.id}`, { reason: "Leaked" });
    for (let n = 0; n < 12; n++) await call(good.token, wrong);
    for (let n = 0; n < 5; n++) await call(dead.token, origin);
    await call(good.token, origin, "/widget/sso-connection");
    await call(acme.token, origin);
    await call(`${good.token.slice(0, -4)}AAAA`, origin);
    const [{ id: product }] = (await acme.call("GET", "/v1/products")).data;
    const key = await acme.call("POST", `/v1/products/${product}/embed-keys`, { name: "Website", origins: [origin], mode: "test" });
    for (let n = 0; n < 3; n++) await fetch(`${server.url}/embed/v1/config?key=${key.id}`, { headers: { origin: wrong } });
    await server.restart();
    return { server, acme, good, dead };
  },
};

const visit = (path) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme/${path(world)}`);
  await alive(page);
};

const pasted = (text, from) => async (page, world) => {
  await visit(() => "inspector")(page, world);
  await page.getByLabel("Token or its id").fill(text(world));
  await page.getByLabel("Origin of the page").fill(from);
  await page.getByRole("button", { name: "Inspect" }).click();
  await page.locator("[data-inspect=verdict] > *, [data-inspect=kept]:not([hidden])").first().waitFor();
};

export const pictures = [
  { world: "refused", name: "refusals", open: visit(() => "refusals") },
  { world: "refused", name: "refusals-no-match", open: visit(() => "refusals?reason=customer_banned") },
  { world: "refused", name: "inspector", open: visit(() => "inspector") },
  { world: "refused", name: "inspector-good", open: pasted(({ good }) => good.token, origin) },
  { world: "refused", name: "inspector-origin", open: pasted(({ good }) => good.token, wrong) },
  { world: "refused", name: "inspector-dead", open: visit(({ dead }) => `inspector?token_id=${dead.id}&origin=${origin}`) },
  { world: "refused", name: "inspector-secret", open: pasted(() => `sk_live_${"a".repeat(49)}`, origin) },
];
