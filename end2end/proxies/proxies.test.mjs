// Each proxy that deploy/ has a file for, in front of the real binary: what must come through does, and what must not does not.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { mintmark } from "../harness/mintmark.mjs";
import { owner } from "../harness/owner.mjs";
import { host, ids, names, proxy } from "../harness/proxy.mjs";
import { framings } from "./framings.mjs";

const page = "http://localhost:4010";
/** A client that is not the proxy; all of 127.0.0.0/8 is this machine. */
const client = "127.0.0.9";

const settings = {
  MINTMARK_PUBLIC_URL: `https://${host}`,
  MINTMARK_TRUSTED_PROXIES: "127.0.0.1/32",
  MINTMARK_LOG: "info,mintmark::access=debug",
  MINTMARK_HEADER_TIMEOUT: "2",
  MINTMARK_BODY_TIMEOUT: "2",
};

/** One request through the proxy; answers `{ status, headers, text }`, the headers as sent, once a line. */
async function send(proxied, method, path, { headers = {}, body, from = client } = {}) {
  const outgoing = request({ ...proxied.options(from), method, path, headers: { host, ...headers } });
  outgoing.end(body);
  const [answer] = await once(outgoing, "response");
  let text = "";
  for await (const piece of answer.setEncoding("utf8")) text += piece;
  assert.ok(answer.complete, `${method} ${path} broke off`);
  return { status: answer.statusCode, headers: answer.headersDistinct, text };
}

let counted = 0;
const newId = () => `req_${(++counted).toString(16).padStart(24, "0")}`;
const head = (id, more = "") => `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nx-request-id: ${id}\r\n${more}\r\n`;

/** The ids of the requests that reached Mintmark, all of which it has written down by now. */
async function reached(server) {
  const last = newId();
  await fetch(`${server.url}/healthz`, { headers: { "x-request-id": last } });
  while (!server.log().includes(last)) await pause(10);
  return ids(server.log());
}

for (const name of names) {
  test(`behind ${name}`, async (t) => {
    const server = await mintmark(t, { env: settings });
    const acme = await owner(server);
    const customer = await acme.customer(page);
    const { key } = await acme.call("POST", "/v1/api-keys", { name: "Backend", role: "admin" });
    const proxied = await proxy(t, name, server);
    const backend = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const order = JSON.stringify({ organization_id: customer.id, scope: ["directory_sync"], origins: [page] });
    const mint = (headers, from) => send(proxied, "POST", "/v1/widget-tokens", { headers: { ...backend, ...headers }, body: order, from });

    await t.test("a widget calls, and its page may read the answer", async () => {
      const { token } = JSON.parse((await mint({})).text);
      const preflight = { origin: page, "access-control-request-method": "GET", "access-control-request-headers": "authorization" };
      const allowed = await send(proxied, "OPTIONS", "/widget/session", { headers: preflight });
      assert.equal(allowed.status, 204);
      assert.deepEqual(allowed.headers["access-control-allow-origin"], [page]);
      const answer = await send(proxied, "GET", "/widget/session", { headers: { authorization: `Bearer ${token}`, origin: page } });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.headers["access-control-allow-origin"], [page]);
      assert.equal(answer.headers["strict-transport-security"].length, 1, "said by Mintmark, and by nobody else");
      const refused = await send(proxied, "GET", "/widget/session", { headers: { origin: page } });
      assert.equal(JSON.parse(refused.text).code, "missing_token");
      assert.deepEqual(refused.headers["access-control-allow-origin"], [page]);
    });

    await t.test("history has the client's address, whatever the client says", async () => {
      const strange = "198.51.100.7";
      const says = [
        {},
        { "x-forwarded-for": strange },
        { "x-forwarded-for": [strange, `${strange}, 127.0.0.1`] },
        { "x-forwarded-for": `${strange}, 127.0.0.1`, connection: "close, x-forwarded-for" },
        { "X-FORWARDED-FOR": strange, x_forwarded_for: strange },
        { forwarded: `for=${strange}`, "x-real-ip": strange, "true-client-ip": strange, "client-ip": strange },
      ];
      const minted = [];
      for (const headers of says) minted.push(await mint(headers));
      // Also one that shares the proxy's address is nobody else.
      const beside = await mint({ "x-forwarded-for": strange }, "127.0.0.1");
      const { data: items } = await acme.call("GET", "/v1/audit-events?action=widget_token.minted&limit=100");
      const address = (answer) => {
        assert.equal(answer.status, 201, answer.text);
        return items.find((event) => event.target.id === JSON.parse(answer.text).id).ip;
      };
      assert.deepEqual(minted.map(address), says.map(() => client));
      assert.equal(address(beside), "127.0.0.1");
    });

    await t.test("a body of 64 KiB comes through, a larger one is 413", async () => {
      const bodies = { [64 * 1024]: 422, [64 * 1024 + 1]: 413, [1024 * 1024]: 413 };
      for (const [size, expected] of Object.entries(bodies)) {
        const body = JSON.stringify({ email: "" }).padEnd(Number(size));
        const answer = await send(proxied, "POST", "/v1/sessions", { headers: { "content-type": "application/json", "content-length": size }, body });
        assert.equal(answer.status, expected, `${size}: ${answer.text}`);
      }
      const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
      const chunked = `POST /v1/sessions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`;
      assert.match(await proxied.exchange(`${chunked}${chunk}${chunk}0\r\n\r\n`, client), /^HTTP\/1\.1 413 /);
    });

    await t.test("an export arrives whole", async () => {
      for (let more = 0; more < 150; more++) await acme.mint(customer);
      const path = "/v1/audit-events/export?format=jsonl&action=widget_token.minted";
      const through = await send(proxied, "GET", path, { headers: backend });
      const direct = await fetch(server.url + path, { headers: backend });
      assert.equal(through.text, await direct.text());
      assert.ok(through.text.split("\n").length > 150);
    });

    await t.test("what is not https is sent there", async () => {
      const answer = await fetch(`${proxied.redirector}/sign-in?next=a`, { redirect: "manual", headers: { host } });
      assert.equal(answer.status, 308);
      assert.match(answer.headers.get("location"), /^https:\/\/[^/]+\/sign-in\?next=a$/);
    });

    await t.test("who is slow with a head or a body is let go", async () => {
      const open = `POST /v1/sessions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
      const slow = await Promise.all([open, `${open}content-length: 9\r\n\r\n{`].map((bytes) => proxied.exchange(bytes, client)));
      // Some say why, some only close.
      for (const answer of slow) assert.match(answer, /^(HTTP\/1\.1 (408|504) |$)/);
    });

    await t.test("no framing smuggles a request past it (WB9)", async (t) => {
      const cases = framings.map(({ what, make, may = [] }) => ({ what, make, may, outer: newId(), inner: newId(), last: newId() }));
      const exchanged = cases.map(async ({ make, outer, inner, last }) => {
        const { headers, body } = make(head(inner));
        const answers = await proxied.exchange(head(outer, headers) + body + head(last, "connection: close\r\n"), client);
        return answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(-3)) ?? [];
      });
      const statuses = await Promise.all(exchanged);
      const seen = await reached(server);
      // What the proxy took for one request Mintmark takes for one, and what it did not see Mintmark does not.
      const smuggled = async () => {
        const known = await proxied.requests();
        return cases.filter(({ outer, inner, last }) => [outer, inner, last].some((id) => seen.has(id) && !known.has(id)));
      };
      const deadline = Date.now() + 5_000;
      while ((await smuggled()).length > 0 && Date.now() < deadline) await pause(10);
      assert.deepEqual((await smuggled()).map(({ what }) => what), []);
      for (const [at, { what, may, outer, inner, last }] of cases.entries()) {
        const verdict = [outer, inner, last].map((id) => (seen.has(id) ? "x" : "-")).join("");
        t.diagnostic(`${what}: ${statuses[at].join(" ") || "closed"} ${verdict}`);
        if (may.includes(name)) continue;
        assert.match(statuses[at].join(" "), /^(400|501)$/, `${what} is refused, and nothing after it is read`);
        assert.equal(verdict, "---", what);
      }
    });

    await t.test("HTTP/2 with a length that its body does not have is no second request either", async () => {
      const [outer, inner] = [newId(), newId()];
      const session = connectHttp2(`https://${host}`, { createConnection: () => proxied.open(client, ["h2"]) });
      session.on("error", () => {});
      const stream = session.request({ ":path": "/healthz", ":method": "POST", "content-length": "0", "x-request-id": outer });
      stream.on("error", () => {}); // refused by a reset
      stream.resume().end(head(inner));
      await new Promise((closed) => stream.on("close", closed));
      session.destroy();
      assert.ok(!(await reached(server)).has(inner));
    });
  });
}
