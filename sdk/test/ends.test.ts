/** A session at its ends, and what it does while nothing answers. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ADA, BASE, CONFIG, KEY, MINUTE, anew, create, end, jwt, listen, load, network, pass, refused, settled, started } from "./mint.js";

beforeEach(anew);
afterEach(end);

/** A session of an hour that cannot be refreshed any more. */
const last = (): any => {
  const answer = started() as any;
  return { ...answer, body: { ...answer.body, ends_at: answer.body.expires_at } };
};

test("an image that calls itself the running script does not say where Mintmark is", async () => {
  const image = document.createElement("img");
  image.setAttribute("name", "currentScript");
  image.setAttribute("src", "https://evil.example/sdk/v1/mintmark.js");
  const before = Object.getOwnPropertyDescriptor(Document.prototype, "currentScript");
  Object.defineProperty(document, "currentScript", { configurable: true, get: () => image });
  try {
    const { base } = await load();
    let said = "nothing";
    try {
      said = base(undefined);
    } catch {
      // The module of a test came from no Mintmark.
    }
    expect(said).not.toContain("evil.example");
  } finally {
    delete (document as any).currentScript;
    expect(Object.getOwnPropertyDescriptor(Document.prototype, "currentScript")).toEqual(before);
  }
});

test("the last token of a session is good to its very end, and another bridge token begins anew", async () => {
  const net = network({ "POST sessions/exchange": last });
  const session = await create({ bridgeToken: "first of two" });
  await session.ready;
  await pass(56 * MINUTE);
  expect(await session.getSessionJwt()).toBe(session.getToken());
  expect([session.state, net.count("POST sessions/refresh")]).toEqual(["signed-in", 0]);
  await pass(5 * MINUTE);
  expect(session.state).toBe("expired");
  const { createSession } = await import("../src/mintmark.js");
  createSession({ embedKey: KEY, baseUrl: BASE, bridgeToken: "second of two" });
  await settled();
  expect([session.state, net.count("POST sessions/exchange")]).toEqual(["signed-in", 2]);
});

test("a computer whose clock is ahead by about a token's life does not renew all the time", async () => {
  for (const ahead of [3_598_000, 899_000, 3_000_000]) {
    anew();
    const token = () => started(ADA, { skew: -ahead });
    const net = network({ "POST sessions/exchange": token, "POST sessions/refresh": token });
    const session = await create({ bridgeToken: `ahead ${ahead}` });
    await session.ready;
    await pass(10 * MINUTE);
    expect([session.state, net.count("POST sessions/refresh")]).toEqual(["signed-in", 0]);
    end();
  }
  anew();
});

test("a session that was destroyed does nothing any more", async () => {
  const net = network({ "POST sessions/exchange": () => started() });
  const open = vi.fn();
  vi.stubGlobal("open", open);
  const session = await create({ bridgeToken: "destroyed" });
  await session.ready;
  session.destroy();
  const asked = net.asked.length;
  const fetcher = vi.fn(() => jwt(15));
  for (const attempt of [session.signIn(), session.identify(fetcher), session.call(`${BASE}/embed/v1/me`), session.requestLink("a@b.example"), session.getSessionJwt()]) {
    await expect(attempt).rejects.toMatchObject({ code: "destroyed" });
  }
  expect([open.mock.calls.length, fetcher.mock.calls.length, net.asked.length, session.getToken(), vi.getTimerCount()]).toEqual([0, 0, asked, null, 0]);
});

test("a fetcher that never answers is given up, and asked again", async () => {
  network({ "POST sessions/exchange": () => started() });
  let hangs = true;
  const session = await create({ getBridgeToken: () => (hangs ? new Promise<string>(() => {}) : "at last") });
  await pass(MINUTE);
  expect([session.state, session.problem?.code]).toEqual(["failed", "fetcher_failed"]);
  hangs = false;
  await pass(2 * MINUTE);
  expect(session.state).toBe("signed-in");
});

test("what does not answer is asked less and less often, and not before it wants to be", async () => {
  const net = network({ "POST sessions/exchange": () => refused(503, "unavailable") });
  let bought = 0;
  const session = await create({ getBridgeToken: () => `bought ${bought++}` });
  await pass(60 * MINUTE);
  expect(session.state).toBe("failed");
  expect(net.count("POST sessions/exchange")).toBeLessThan(80);
  net.answers["POST sessions/exchange"] = () => ({ ...(refused(429, "rate_limited") as any), headers: { "retry-after": "3600" } });
  await pass(15 * MINUTE);
  const asked = net.count("POST sessions/exchange");
  await pass(50 * MINUTE);
  expect(net.count("POST sessions/exchange")).toBe(asked);
});

test("a page that lost its one look at the product takes another by itself", async () => {
  let fails = true;
  const net = network({ "GET config": () => (fails ? "nothing" : { body: CONFIG }) });
  const session = await create();
  const told = listen(session);
  await pass(10_000);
  expect(session.state).toBe("failed");
  fails = false;
  await pass(MINUTE);
  expect([session.state, told.at(-1)]).toEqual(["anonymous", "anonymous"]);
  expect(net.count("GET config")).toBeGreaterThan(2);
});

test("whoever was known is not made nobody in silence", async () => {
  const net = network({ "POST sessions/exchange": last });
  const session = await create({ bridgeToken: "known" });
  await session.ready;
  expect(session.customer).toEqual(ADA);
  await pass(61 * MINUTE);
  const asked = net.asked.length;
  await expect(session.call(`${BASE}/embed/v1/messages`, { method: "POST", body: { text: "Hi" } })).rejects.toMatchObject({ code: "session_expired", status: 401 });
  expect(net.asked.length).toBe(asked);
});

test("while nobody looks nothing is tried again, and whoever comes back finds it tried", async () => {
  const net = network({ "POST sessions/exchange": () => "nothing" });
  const { page } = await load();
  const options = { embedKey: KEY, baseUrl: BASE, getBridgeToken: () => "fresh" };
  const leave = page.join(options, () => {});
  await pass(100);
  leave();
  await settled();
  const asked = net.count("POST sessions/exchange");
  await pass(10 * MINUTE);
  expect([net.count("POST sessions/exchange"), vi.getTimerCount()]).toEqual([asked, 0]);
  net.answers["POST sessions/exchange"] = () => started();
  const back = vi.fn();
  page.join(options, back);
  await pass(1_000);
  expect(back.mock.calls[0]![0].state).toBe("signed-in");
  back.mock.calls[0]![0].destroy();
});
