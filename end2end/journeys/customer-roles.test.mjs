// A customer's role: made in the dashboard, given to a customer, relied on by a live token, and taken back.

import { alive, assert, axe, browser, mintmark, noOverflow, owner, test } from "../harness/index.mjs";

const origin = "http://localhost:4010";

for (const engine of ["sqlite", "postgres"]) {
  test(`a role says what breaks before it is saved, and what it loses is refused at the next call: ${engine}`, async (t) => {
    const server = await mintmark(t, { engine });
    const acme = await owner(server);
    const place = await acme.customer(origin);
    const { page } = await browser(t);
    await acme.signIn(page);

    await page.goto(`${server.url}/t/acme`);
    await page.getByRole("navigation").getByRole("link", { name: "Roles", exact: true }).click();
    await alive(page);
    await page.getByRole("row", { name: /Admin/ }).waitFor();
    await axe(page);
    await noOverflow(page);
    await page.getByRole("button", { name: "Create role" }).click();
    const dialog = page.getByRole("dialog", { name: "Create role" });
    await dialog.getByLabel("Name").fill("IT support");
    await dialog.getByRole("checkbox", { name: "Single sign-on" }).check();
    await axe(page);
    await dialog.getByRole("button", { name: "Create role" }).click();
    await page.getByRole("heading", { name: "IT support", level: 1 }).waitFor();
    await page.getByText("Nobody yet.").waitFor();
    const role = page.url();

    const customer = await acme.call("POST", "/v1/customers", { external_id: "u1", name: "Ada Lovelace", organization_ids: [place.id] });
    await page.goto(`${server.url}/t/acme/customers/${customer.id}`);
    await alive(page);
    await page.getByLabel("In Customer").selectOption({ label: "IT support" });
    await page.getByRole("button", { name: "Save role" }).click();
    await page.getByText("Role saved").first().waitFor();
    await axe(page);

    const { token } = await acme.backend("POST", "/v1/widgets/token", { user_id: customer.id, scopes: ["sso_connection"] });
    const call = async () => (await fetch(`${server.url}/widget/session`, { headers: { authorization: `Bearer ${token}`, origin } })).status;
    assert.equal(await call(), 200);

    await page.goto(role);
    await alive(page);
    await page.getByText("1 live token needs it and would be refused at its next call.").waitFor();
    await page.getByRole("link", { name: "Ada Lovelace" }).waitFor();
    await axe(page);
    await noOverflow(page);
    await page.getByRole("checkbox", { name: "Single sign-on" }).uncheck();
    await page.getByRole("button", { name: "Save role" }).click();
    await page.getByText("Role saved").first().waitFor();
    assert.equal(await call(), 403);

    await alive(page);
    await page.getByRole("button", { name: "Delete role" }).click();
    const danger = page.getByRole("dialog", { name: "Delete role" });
    await danger.getByText("It is taken from 1 customer").waitFor();
    await axe(page);
    await danger.getByRole("button", { name: "Delete role" }).click();
    await page.getByRole("heading", { name: "Roles", level: 1 }).waitFor();
    assert.equal(await page.getByRole("row").count(), 2, "a head and Admin");

    await page.setViewportSize({ width: 320, height: 800 });
    await axe(page);
    await noOverflow(page);
  });
}
