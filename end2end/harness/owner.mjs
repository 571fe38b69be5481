// Somebody who owns a tenant and speaks to the HTTP API, for journeys whose point lies elsewhere than in setting up.

import assert from "node:assert/strict";

const email = "olive@acme.example";
const password = "correct horse battery staple";

/**
 * Makes an owner from the command line and signs in. Answers
 * `{ email, password, tenant, token, call(method, path, body, headers), backend(method, path, body), signIn(page),
 * customer(origin), mint(customer, more) }`.
 * `call` fails on anything but a 2xx and answers the JSON; `backend` does the same with an API key; `customer` makes an organization that lists one development
 * origin; `mint` a token of it for that origin.
 */
export async function owner(server, slug = "acme") {
  const made = await server.command(
    ["owner", "create", "--tenant-name", "Acme", "--tenant-slug", slug, "--email", email, "--password-stdin", "--json"],
    `${password}\n`,
  );
  const tenant = { id: JSON.parse(made).tenant_id, slug };
  const request = async (method, path, body, headers = {}) => {
    const answer = await fetch(server.url + path, {
      method,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  };
  const { token } = await request("POST", "/v1/sessions", { email, password, tenant: slug });
  const call = (method, path, body, headers) =>
    request(method, path, body, { authorization: `Bearer ${token}`, "x-mintmark-tenant": tenant.id, ...headers });
  let cookies = null;
  let key = null;
  /** As the tenant's own backend, with an API key of its own. */
  const backend = async (method, path, body) => {
    key ??= (await call("POST", "/v1/api-keys", { name: "Backend", role: "admin" })).key;
    return request(method, path, body, { authorization: `Bearer ${key}` });
  };
  return {
    email,
    password,
    tenant,
    token,
    call,
    backend,
    async customer(origin) {
      const organization = await call("POST", "/v1/organizations", { name: "Customer" });
      await call("PATCH", `/v1/organizations/${organization.id}`, { allow_development_origins: true });
      await call("POST", `/v1/organizations/${organization.id}/origins`, { origin });
      return { ...organization, origin };
    },
    /** Signs in as this owner in the browser of a page, without showing the form. */
    async signIn(page) {
      if (cookies) return page.context().addCookies(cookies);
      const answer = await page.request.post(`${server.url}/api/sign_in`, {
        form: { email, password },
        headers: { accept: "application/json", "sec-fetch-site": "same-origin" },
      });
      assert.ok(answer.ok(), `sign in: ${answer.status()} ${await answer.text()}`);
      cookies = await page.context().cookies();
    },
    mint: (customer, more = {}, headers = {}) =>
      call("POST", "/v1/widget-tokens", { organization_id: customer.id, scope: ["directory_sync"], origins: [customer.origin], ...more }, headers),
  };
}
