// Pictures of the main job: widget tokens, minting, organizations, origins.

import { host, mintmark, owner } from "../harness/index.mjs";

const long = "Österreichische Gesellschaft für unverhältnismäßig lange Firmennamen und verwandte Rechtsformen mit beschränkter Haftung";

export const worlds = {
  /** A tenant in which nobody has done anything yet. */
  async blank(t) {
    const server = await mintmark(t);
    return { server, acme: await owner(server) };
  },
  /** Every state, long names, full lists. */
  async full(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const site = await host(t, { mintmark: server.url });
    const customer = await acme.customer(site.origin);
    const empty = await acme.call("POST", "/v1/organizations", { name: "Hooli" });
    const verbose = await acme.call("POST", "/v1/organizations", { name: long, slug: "a-slug-of-the-greatest-possible-length-x" });
    const origins = [];
    for (let at = 1; at <= 20; at++) {
      const origin = `https://customer-portal-${at}.a-rather-long-subdomain.of-a-long-domain.example${at % 3 ? "" : ":8443"}`;
      origins.unshift((await acme.call("POST", `/v1/organizations/${verbose.id}/origins`, { origin })).origin);
    }
    for (let at = 1; at <= 52; at++) await acme.mint(customer, { label: `Page view ${at}`, ttl_seconds: 300 + 60 * at });
    const wide = await acme.call("POST", "/v1/widget-tokens", {
      organization_id: verbose.id,
      scope: ["sso_connection", "directory_sync"],
      origins,
      label: "A label that says more than a label needs to say, but people do write such labels, up to one hundred and twenty.",
    });
    const dead = await acme.mint(customer, { label: "Leaked in a support ticket" });
    const used = await acme.mint(customer, { scope: ["sso_connection"], label: undefined });
    const call = (token, origin) => fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } });
    await call(used.token, site.origin);
    await call(dead.token, site.origin);
    await acme.call("DELETE", `/v1/widget-tokens/${dead.id}`, { reason: "Pasted into ticket 4711 by mistake; the customer got a new one." });
    for (let at = 0; at < 3; at++) await call(dead.token, site.origin);
    await call(wide.token, "https://evil.example");
    return { server, acme, customer, empty, verbose, wide, dead, used };
  },
};

/** Signs in, then goes there. */
const at = (path) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme${typeof path === "function" ? path(world) : path}`);
};

/** The same, then does something on the page. */
const then = (path, act) => async (page, world) => {
  await at(path)(page, world);
  await page.locator("html[data-live=true]").waitFor({ state: "attached" });
  await act(page, world);
};

const mint = async (page, { customer }) => {
  const dialog = page.getByRole("dialog", { name: "Mint widget token" });
  await page.getByRole("button", { name: "Mint token" }).first().click();
  await dialog.getByLabel("Organization").selectOption(customer.id);
  await dialog.getByLabel("Single sign-on").check();
  await dialog.getByRole("checkbox", { name: customer.origin }).waitFor();
  return dialog;
};

export const pictures = [
  { world: "blank", name: "tokens", open: at("/tokens") },
  { world: "blank", name: "organizations", open: at("/organizations") },
  { world: "blank", name: "tokens-new", open: at("/tokens/new") },
  { world: "full", name: "tokens", open: at("/tokens") },
  { world: "full", name: "tokens-history", open: at("/tokens?include_revoked=true&q=a") },
  { world: "full", name: "tokens-no-match", open: at("/tokens?q=nothing-has-this-label&scope=directory_sync") },
  { world: "full", name: "tokens-wide", open: at(({ verbose }) => `/tokens?organization=${verbose.id}`) },
  {
    world: "full",
    name: "tokens-selected",
    open: then("/tokens", async (page) => {
      await page.getByRole("checkbox", { name: /^Select/ }).nth(0).check();
      await page.getByRole("checkbox", { name: /^Select/ }).nth(2).check();
    }),
  },
  { world: "full", name: "tokens-mint", open: then("/tokens", mint) },
  {
    world: "full",
    name: "tokens-mint-origin",
    open: then("/tokens", async (page, world) => {
      const dialog = await mint(page, world);
      await dialog.getByText("Add an origin to the allowlist").click();
      await dialog.getByLabel("Origin optional").fill("HTTPS://App.Bücher.example:443");
      await dialog.getByText("Stored as").waitFor();
    }),
  },
  {
    world: "full",
    name: "tokens-minted",
    open: then("/tokens", async (page, world) => {
      const dialog = await mint(page, world);
      await dialog.getByRole("button", { name: "Mint token" }).click();
      await page.getByRole("dialog", { name: "Widget token minted" }).waitFor();
      await page.locator("summary", { hasText: "Mint from your backend" }).click();
    }),
  },
  { world: "full", name: "tokens-new", open: at(({ verbose }) => `/tokens/new?organization=${verbose.id}&scope=sso_connection`) },
  { world: "full", name: "token-live", open: at(({ used }) => `/tokens/${used.id}`) },
  { world: "full", name: "token-wide", open: at(({ wide }) => `/tokens/${wide.id}`) },
  { world: "full", name: "token-revoked", open: at(({ dead }) => `/tokens/${dead.id}`) },
  { world: "full", name: "token-missing", open: at("/tokens/wtok_000000000000000000000000"), tolerate: /status of 404/ },
  {
    world: "full",
    name: "token-revoke",
    open: then(({ used }) => `/tokens/${used.id}`, async (page) => {
      await page.getByRole("button", { name: "Revoke token" }).first().click();
    }),
  },
  { world: "full", name: "tokens-revoke", open: at(({ customer }) => `/tokens/revoke?organization_id=${customer.id}`) },
  { world: "full", name: "tokens-revoke-ticked", open: at(({ used, wide }) => `/tokens/revoke?token=${used.id}&token=${wide.id}`) },
  { world: "full", name: "organizations", open: at("/organizations") },
  {
    world: "full",
    name: "organizations-new",
    open: then("/organizations", async (page) => {
      await page.getByRole("button", { name: "New organization" }).click();
    }),
  },
  { world: "full", name: "organization", open: at(({ verbose }) => `/organizations/${verbose.id}`) },
  {
    world: "full",
    name: "organization-delete",
    open: then(({ customer }) => `/organizations/${customer.id}`, async (page) => {
      await page.getByRole("button", { name: "Delete organization" }).first().click();
    }),
  },
  { world: "full", name: "origins", open: at(({ verbose }) => `/organizations/${verbose.id}/origins`) },
  { world: "full", name: "origins-empty", open: at(({ empty }) => `/organizations/${empty.id}/origins`) },
  {
    world: "full",
    name: "origins-refused",
    open: then(({ empty }) => `/organizations/${empty.id}/origins`, async (page) => {
      await page.getByLabel("Origin", { exact: true }).fill("http://app.example.com/");
      await page.locator(".probe__refused").waitFor();
    }),
  },
  {
    world: "full",
    name: "origins-remove",
    open: then(({ customer }) => `/organizations/${customer.id}/origins`, async (page) => {
      await page.getByRole("button", { name: "Remove" }).first().click();
    }),
  },
];
