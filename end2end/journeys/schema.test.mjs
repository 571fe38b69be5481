// What /openapi.json describes is what is answered: schemathesis calls every operation with and without a credential (DS7).
// The same calls each time; `make volumes WHAT=schema` makes tens of thousands that differ.

import { assert, mintmark, owner, test, vouched } from "../harness/index.mjs";
import { conform } from "../schema/conform.mjs";

const page = "http://localhost:1";
const examples = 6;

test("nobody gets anything, and every refusal is one that the description has", async (t) => {
  const calls = await conform(await mintmark(t), { examples });
  assert.ok(calls > 1_000, `${calls} calls`);
});

test("an owner gets what the description says, and loses nothing of it by asking strangely", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  await acme.mint(await acme.customer(page));
  const calls = await conform(server, { token: acme.token, headers: { "x-mintmark-tenant": acme.tenant.id }, examples });
  assert.ok(calls > 1_000, `${calls} calls`);
});

test("a page gets what the description says, with a widget token and with a session", async (t) => {
  const server = await mintmark(t);
  const acme = await owner(server);
  const { token } = await acme.mint(await acme.customer(page));
  const widget = await conform(server, { token, headers: { origin: page }, paths: "^/widget/", examples });
  const session = await vouched(server, acme, page);
  const embed = await conform(server, { token: session.token, headers: { origin: page }, paths: "^/embed/v1/(me|sessions/refresh)", examples });
  assert.ok(widget > 10 && embed > 10, `${widget} and ${embed} calls`);
});
