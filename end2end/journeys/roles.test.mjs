// What each role sees and may: refused controls say why, and the server refuses all the same.

import { alive, assert, axe, browser, member, mintmark, owner, signIn, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";

/** A tenant with two customers, and a browser for somebody with this role in the tenant, or in the first customer. */
async function somebody(t, role, inOrganization = false) {
  const server = await mintmark(t);
  const acme = await owner(server);
  const [first, second] = [await acme.customer(origin), await acme.call("POST", "/v1/organizations", { name: "Second customer" })];
  const minted = await acme.mint(first);
  const person = await member(server, acme, role, { organization_id: inOrganization ? first.id : undefined });
  const { page, tolerate } = await browser(t);
  await signIn(page, server, person);
  const visit = async (path) => {
    const answer = await page.goto(`${server.url}/t/acme/${path}`);
    await alive(page);
    return answer.status();
  };
  return { server, acme, first, second, minted, page, tolerate, visit };
}

/** The names in the sidebar. */
const places = (page) => page.getByRole("navigation").first().getByRole("link").allTextContents();

/** Calls a server function from a page of the dashboard, as its forms do. */
const call = (page, name, fields) =>
  page.evaluate(
    async ([name, fields]) => {
      const answer = await fetch(`/api/${name}`, { method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" } });
      return `${answer.status} ${(await answer.text()).match(/"code":"(\w+)"/)?.[1] ?? ""}`.trim();
    },
    [name, fields],
  );

/** Fails unless the control is there, does nothing and names the role that it takes. */
async function refused(control, role) {
  const one = control.first();
  await one.waitFor();
  assert.equal(await one.getAttribute("aria-disabled"), "true");
  assert.match(await one.getAttribute("aria-description"), role);
}

test("a viewer reads tokens, mints none, and is told whom to ask for history", async (t) => {
  const { acme, first, minted, page, tolerate, visit } = await somebody(t, "viewer");
  tolerate(/status of 403/);
  await visit("tokens");
  await refused(page.getByRole("button", { name: "Mint token" }).or(page.getByRole("link", { name: "Mint token" })), /admin/);
  await axe(page);
  await visit(`tokens/${minted.id}`);
  await refused(page.getByRole("button", { name: "Revoke token" }), /admin/);
  await visit("history");
  await page.getByText(/Ask the owner/).waitFor();
  await axe(page);
  const mint = { tenant: "acme", organization_id: first.id, "scope[0]": "directory_sync", "origins[0]": origin };
  assert.equal(await call(page, "mint_token", mint), "403 insufficient_role");
  assert.equal(await call(page, "list_history", { tenant: "acme" }), "403 insufficient_role");
  const { data } = await acme.call("GET", `/v1/widget-tokens?organization_id=${first.id}`);
  assert.deepEqual(data.map(({ id }) => id), [minted.id], "nothing was minted");
});

test("a member reads history too, and still changes nothing", async (t) => {
  const { minted, page, tolerate, visit } = await somebody(t, "member");
  tolerate(/status of 403/);
  await visit("history");
  await page.getByRole("list", { name: "Events, newest first" }).waitFor();
  await visit("settings");
  await refused(page.getByRole("button", { name: /Save/ }), /admin/);
  await refused(page.getByRole("button", { name: /Revoke everything/ }), /owner/);
  assert.equal(await call(page, "revoke_token", { tenant: "acme", token: minted.id }), "403 insufficient_role");
});

test("an admin mints and configures, and leaves what only an owner may", async (t) => {
  const { first, page, tolerate, visit } = await somebody(t, "admin");
  tolerate(/status of 403/);
  await visit(`organizations/${first.id}`);
  const button = page.getByRole("button", { name: "Mint token" }).or(page.getByRole("link", { name: "Mint token" })).first();
  assert.equal(await button.getAttribute("aria-disabled"), null);
  await visit("settings");
  await refused(page.getByRole("button", { name: /Revoke everything/ }), /owner/);
  assert.match(await call(page, "revoke_everything", { tenant: "acme", confirm: "Acme" }), /^403 insufficient_role/);
});

test("a role of one organization sees that one, and of the rest of the tenant not even that it is there", async (t) => {
  const { first, second, minted, page, tolerate, visit } = await somebody(t, "admin", true);
  tolerate(/status of 40[34]/);
  await visit("organizations");
  await page.getByRole("link", { name: first.name, exact: true }).first().waitFor();
  assert.equal(await page.getByText(second.name).count(), 0);
  const seen = await places(page);
  assert.ok(seen.includes("Widget tokens") && !seen.includes("Signing keys") && !seen.includes("API keys"), seen.join());
  assert.equal(await visit(`organizations/${second.id}`), 404);
  assert.equal(await visit("organizations/org_000000000000000000000000"), 404);
  assert.equal(await visit(`tokens/${minted.id}`), 200);
  assert.equal(await call(page, "revoke_token", { tenant: "acme", token: minted.id }), "200");
});

test("a demotion holds at the next click of a page that is open", async (t) => {
  const { acme, first, page, tolerate, visit } = await somebody(t, "admin");
  tolerate(/status of 403/);
  await visit("tokens");
  const { data } = await acme.call("GET", "/v1/members");
  const person = data.find(({ email, user }) => (email ?? user?.email) === "admin@acme.example");
  await acme.call("PATCH", `/v1/members/${person.id ?? person.user_id ?? person.user.id}`, { role: "viewer" });
  const mint = { tenant: "acme", organization_id: first.id, "scope[0]": "directory_sync", "origins[0]": origin };
  assert.equal(await call(page, "mint_token", mint), "403 insufficient_role");
  await visit("tokens");
  await refused(page.getByRole("button", { name: "Mint token" }).or(page.getByRole("link", { name: "Mint token" })), /admin/);
});
