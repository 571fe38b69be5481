// However many tokens are alive, what lists and ends them answers: an emergency is no time for a 503.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../ours.mjs";

/** What lists or counts what is alive, and the ends that each need an installation of their own. */
const reads = ["/v1/signing-keys", "/v1/organizations", "/v1/api-keys", "/v1/members"];
/** As long as a request may take. */
const longest = 30_000;
/** As long as a page may. */
const page = 2_000;

export async function* alive({ folder, servers, many }) {
  const rows = many(1_000_000);
  for (const engine of ["sqlite", "postgres"]) {
    for (const [what, { end, by = "backend" }] of Object.entries(ends)) {
      const own = join(folder, `${engine}-${what.replaceAll(" ", "-")}`);
      await mkdir(own);
      const it = await install(engine, own, rows, () => {});
      const server = await it.start({ env: { MINTMARK_LOG: "error" } });
      servers.push(server);
      for (const path of reads) yield await timed(`${engine}, ${path}, before: ${what}`, page, () => it.owner[by]("GET", path));
      const beside = await mints(it, by);
      yield await timed(`${engine}, ${what}`, longest, () => end(it));
      const slowest = await beside();
      yield { what: `${engine}, a mint during: ${what}`, holds: slowest.failed === 0 && slowest.ms < page, figure: `${slowest.ms.toFixed(0)} ms at most of ${slowest.minted}, ${slowest.failed} failed` };
      for (const path of reads) yield await timed(`${engine}, ${path}, after: ${what}`, page, () => it.owner[by]("GET", path));
      await server.stop();
    }
  }
}

/** What is ended, and who looks on: whose own credential does not end with it. */
const ends = {
  "an organization's tokens end": { end: (it) => it.owner.call("POST", "/v1/widget-tokens/revoke", { organization_id: it.organization.id }) },
  "an organization's tokens end, and whoever asked hangs up": { end: unheard },
  "an origin goes": {
    end: async (it) => {
      const list = `/v1/organizations/${it.organization.id}/origins`;
      return it.owner.call("DELETE", `${list}/${(await all(it, list))[0].id}`);
    },
  },
  "an API key ends": {
    end: async (it) => it.owner.call("DELETE", `/v1/api-keys/${(await all(it, "/v1/api-keys")).find(({ name }) => name === "bench").id}`),
  },
  "an organization ends": { end: (it) => it.owner.call("DELETE", `/v1/organizations/${it.organization.id}`) },
  "a signing key ends": {
    end: async (it) => {
      const active = (await all(it, "/v1/signing-keys")).find(({ state }) => state === "active");
      return it.owner.call("POST", `/v1/signing-keys/${active.id}/revoke`, { reason: "leaked" });
    },
  },
  "everything ends": { end: (it) => it.owner.call("POST", "/v1/tenant/revoke-everything", { confirm: "Acme" }), by: "call" },
};

/** Asks, hangs up after a tenth of a second, and looks until none is alive. */
async function unheard(it) {
  const { token, tenant } = it.owner;
  const headers = { authorization: `Bearer ${token}`, "x-mintmark-tenant": tenant.id, "content-type": "application/json" };
  const asked = { method: "POST", headers, body: JSON.stringify({ organization_id: it.organization.id }), signal: AbortSignal.timeout(100) };
  await fetch(`${it.url}/v1/widget-tokens/revoke`, asked).catch(() => {});
  const begun = performance.now();
  const oneAlive = () => it.owner.call("GET", `/v1/widget-tokens?organization_id=${it.organization.id}&status=active&limit=1`);
  while ((await oneAlive()).data.length > 0) {
    if (performance.now() - begun > longest) throw new Error("some live on although it was asked that they end");
    await new Promise((done) => setTimeout(done, 100));
  }
}

const all = async (it, path) => {
  const answer = await it.owner.call("GET", path);
  return answer.data ?? answer;
};

export async function timed(what, most, work) {
  const begun = performance.now();
  const failed = await work().then(
    (answer) => (answer?.revoked === undefined ? "" : `, ${Number(answer.revoked).toLocaleString("en")} ended`),
    (error) => `: ${error.message}`,
  );
  const ms = performance.now() - begun;
  return { what, holds: !failed.startsWith(":") && ms < most, figure: `${ms.toFixed(0)} ms${failed}` };
}

/** Mints for another organization of this name, one after the other, until it is told to stop. */
export async function mints(it, by, name = "Beside") {
  const customer = { ...(await it.owner.call("POST", "/v1/organizations", { name })), origin: "https://beside.example" };
  await it.owner.call("POST", `/v1/organizations/${customer.id}/origins`, { origin: customer.origin });
  const asked = { organization_id: customer.id, scope: ["directory_sync"], origins: [customer.origin] };
  const seen = { ms: 0, minted: 0, failed: 0 };
  let going = true;
  const work = (async () => {
    while (going) {
      const begun = performance.now();
      await it.owner[by]("POST", "/v1/widget-tokens", asked).then(() => (seen.minted += 1), () => (seen.failed += 1));
      seen.ms = Math.max(seen.ms, performance.now() - begun);
    }
  })();
  return async () => {
    going = false;
    await work;
    return seen;
  };
}
