// Pictures of the roles of customers.

import { alive, mintmark, owner } from "../harness/index.mjs";

const origin = "http://localhost:4010";
const long = "Persons who look after the directories of the subsidiaries of a rather large group of companies";

export const worlds = {
  /** Three roles, one of them relied on by live tokens. */
  async roles(t) {
    const server = await mintmark(t);
    const acme = await owner(server);
    const place = await acme.customer(origin);
    const role = await acme.call("POST", "/v1/roles", { name: "IT support", permissions: ["widgets:sso:manage", "widgets:dsync:manage", "widgets:pipes:manage"] });
    await acme.call("POST", "/v1/roles", { name: long, permissions: [] });
    const made = [];
    for (const name of ["Ada Lovelace", long, undefined]) {
      const { id } = await acme.call("POST", "/v1/customers", { external_id: `customer-${made.length}`, name });
      await acme.call("PUT", `/v1/customers/${id}/organizations/${place.id}`, { role_id: role.id });
      made.push(id);
    }
    for (let n = 0; n < 3; n++) await acme.backend("POST", "/v1/widgets/token", { user_id: made[0], scopes: ["sso_connection"] });
    await acme.backend("POST", "/v1/widgets/token", { user_id: made[1], scopes: ["directory_sync"] });
    return { server, acme, role, ada: made[0] };
  },
};

const visit = (path) => async (page, world) => {
  await world.acme.signIn(page);
  await page.goto(`${world.server.url}/t/acme/${path(world)}`);
  await alive(page);
};

const pressed = (path, button) => async (page, world) => {
  await visit(path)(page, world);
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

export const pictures = [
  { world: "roles", name: "roles", open: visit(() => "roles") },
  { world: "roles", name: "role-create", open: pressed(() => "roles", "Create role") },
  { world: "roles", name: "role", open: visit(({ role }) => `roles/${role.id}`) },
  { world: "roles", name: "role-delete", open: pressed(({ role }) => `roles/${role.id}`, "Delete role") },
  { world: "roles", name: "customer-roles", open: visit(({ ada }) => `customers/${ada}`) },
];
