/** Sessions of a page: how they begin, stay fresh and end. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../src/mintmark.js";
import { ADA, BASE, GRACE, KEY, MINUTE, anew, create, end, later, listen, load, network, pass, refused, settled, sleep, started } from "./mint.js";

beforeEach(anew);
afterEach(end);

describe("a session begins", () => {
  test("with nobody, where nobody vouches", async () => {
    const { names } = network();
    const session = await create();
    await session.ready;
    expect([session.state, session.customer, session.getToken(), await session.getSessionJwt()]).toEqual(["anonymous", null, null, null]);
    expect(names()).toEqual(["GET config"]);
  });

  test("with one exchange, however many ask for it", async () => {
    const net = network({ "POST sessions/exchange": () => started() });
    const session = await create({ bridgeToken: "bridge" });
    const told = listen(session);
    const tokens = await Promise.all([session.getSessionJwt(), session.getSessionJwt(), session.ready.then(() => session.getToken())]);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^ey/);
    expect(net.count("POST sessions/exchange")).toBe(1);
    expect(net.asked[0]).toMatchObject({ body: { bridge_token: "bridge" }, bearer: undefined });
    expect(net.asked[0]!.url.searchParams.get("key")).toBe(KEY);
    expect(told).toEqual(["signed-in", ["signed-in", ADA.id], "ready"]);
    const init = net.fetch.mock.calls[0]![1]!;
    expect([init.credentials, init.referrerPolicy]).toEqual(["omit", "strict-origin"]);
  });

  test("once for a page, though many ask and the script is there twice", async () => {
    const net = network({ "POST sessions/exchange": () => started() });
    const first = await load();
    const second = await load();
    expect(second.createSession).not.toBe(first.createSession);
    const options = { embedKey: KEY, baseUrl: `${BASE}/` };
    const [one, two] = [first.createSession({ ...options, bridgeToken: "bridge" }), second.createSession(options)];
    expect(two).toBe(one);
    const seen: unknown[] = [];
    const leave = [first, second].map(({ page }) => page.join(options, (session) => seen.push(session)));
    await one.ready;
    expect(seen.map((session) => session === one)).toEqual([true, true]);
    expect(net.count("POST sessions/exchange")).toBe(1);
    for (const end of leave) end();
    one.destroy();
  });

  test("again after failures that pass, no sooner than the server says", async () => {
    let round = 0;
    const at: number[] = [];
    const net = network({
      "POST sessions/exchange": () => {
        at.push(Date.now());
        return [refused(503, "unavailable"), refused(429, "rate_limited", { "retry-after": "7" }), "nothing" as const, started()][round++]!;
      },
    });
    const session = await create({ getBridgeToken: () => `bridge ${round}` });
    await settled();
    await pass(20_000);
    expect(session.state).toBe("signed-in");
    expect(at.slice(1).map((time, before) => time - at[before]!)).toEqual([500, 7_000, 2_000]);
    expect(net.asked.filter(({ name }) => name.startsWith("POST")).map(({ body }) => body.bridge_token)).toEqual(["bridge 0", "bridge 1", "bridge 2", "bridge 3"]);
  });

  test("as soon as the network is back", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    let online = false;
    network({ "POST sessions/exchange": () => (online ? started() : "nothing") });
    const session = await create({ bridgeToken: "bridge" });
    await settled();
    expect(session.state).toBe("starting");
    online = true;
    window.dispatchEvent(new Event("online"));
    await settled();
    expect(session.state).toBe("signed-in");
  });

  test("not with a token that the server does not take: that is told, once", async () => {
    const net = network({ "POST sessions/exchange": () => refused(401, "bridge_token_replayed") });
    const session = await create({ bridgeToken: "bridge" });
    const told = listen(session);
    await session.ready;
    expect(told).toEqual(["failed", ["error", "bridge_token_replayed"], "ready"]);
    expect(session.problem).toMatchObject({ code: "bridge_token_replayed", status: 401, requestId: "req_1" });
    await expect(session.getSessionJwt()).rejects.toMatchObject({ code: "bridge_token_replayed" });
    await pass(10 * MINUTE);
    expect(net.count("POST sessions/exchange")).toBe(1);
  });

  test("not with another product than the page means", async () => {
    network({ "POST sessions/exchange": () => started(ADA, { product: "prod_2" }) });
    const session = await create({ bridgeToken: "bridge", product: "prod_1" });
    await session.ready;
    expect([session.state, session.problem?.code, session.getToken()]).toEqual(["failed", "product_mismatch", null]);
  });

  test("not where what answers is no Mintmark", async () => {
    network({ "POST sessions/exchange": () => ({ body: { ...started().body, token: "no token" } }) });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    expect([session.state, session.problem?.code]).toEqual(["failed", "bad_answer"]);
  });
});

describe("a session stays fresh", () => {
  const renewing = (options = {}) => network({ "POST sessions/exchange": () => started(ADA, options), "POST sessions/refresh": () => started(ADA, options) });

  test("five minutes before the end of its hour", async () => {
    const net = renewing();
    const session = await create({ bridgeToken: "bridge" });
    const told = listen(session);
    await session.ready;
    const first = session.getToken();
    await pass(55 * MINUTE - 1_000);
    expect(net.count("POST sessions/refresh")).toBe(0);
    await pass(1_000);
    expect(net.count("POST sessions/refresh")).toBe(1);
    expect(net.asked.at(-1)!.bearer).toBe(first);
    expect(session.getToken()).not.toBe(first);
    expect(told.at(-1)).toEqual(["token-refreshed", "session"]);
    await pass(55 * MINUTE);
    expect(net.count("POST sessions/refresh")).toBe(2);
  });

  test("a minute before the end of a quarter of an hour", async () => {
    const net = renewing({ minutes: 15 });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    await pass(14 * MINUTE - 1_000);
    expect(net.count("POST sessions/refresh")).toBe(0);
    await pass(1_000);
    expect(net.count("POST sessions/refresh")).toBe(1);
  });

  test("with one refresh for all who ask at the same time", async () => {
    const net = renewing();
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    const first = session.getToken();
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    const tokens = await Promise.all([session.getSessionJwt(), session.getSessionJwt(), session.credential()]);
    expect(net.count("POST sessions/refresh")).toBe(1);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
  });

  test("after a sleep, as soon as somebody looks, though no timer rang", async () => {
    const net = renewing();
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    await sleep(57 * MINUTE);
    expect(net.count("POST sessions/refresh")).toBe(1);
    expect(session.state).toBe("signed-in");
  });

  for (const [words, skew] of [["ten minutes behind", 10 * MINUTE], ["ten minutes ahead", -10 * MINUTE], ["three hours behind", 180 * MINUTE], ["three hours ahead", -180 * MINUTE]] as const) {
    test(`on a computer whose clock is ${words}: never too late, and never all the time`, async () => {
      const net = renewing({ skew });
      const session = await create({ bridgeToken: "bridge" });
      await session.ready;
      expect(session.getToken()).not.toBeNull();
      await pass(20 * MINUTE);
      expect(net.count("POST sessions/refresh")).toBe(0);
      await pass(35 * MINUTE + 1_000);
      expect(net.count("POST sessions/refresh")).toBe(1);
      expect(session.state).toBe("signed-in");
    });
  }

  test("while the server cannot answer, until the token's own end", async () => {
    let round = 0;
    network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => (round++ < 3 ? "nothing" : started()) });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    const first = session.getToken();
    await pass(55 * MINUTE);
    expect([session.state, session.getToken()]).toEqual(["signed-in", first]);
    await pass(10_000);
    expect(session.state).toBe("signed-in");
    expect(session.getToken()).not.toBe(first);
  });

  test("by a new exchange, where the session is at its end and the backend vouches", async () => {
    const net = network({ "POST sessions/exchange": () => started(ADA, { hours: 1 }) });
    const session = await create({ getBridgeToken: () => "bridge" });
    await session.ready;
    await pass(55 * MINUTE);
    expect(net.count("POST sessions/exchange")).toBe(2);
    expect(session.state).toBe("signed-in");
  });
});

describe("a session ends", () => {
  test("when the server says that it was revoked, and says so", async () => {
    network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => refused(401, "session_revoked"), "GET me": () => refused(401, "session_revoked") });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    const told = listen(session);
    await expect(session.call(session.url("me"))).rejects.toMatchObject({ code: "session_revoked" });
    expect([session.state, session.customer, session.getToken()]).toEqual(["revoked", null, null]);
    expect(told).toContainEqual(["signed-out", "revoked"]);
    expect(told.filter((one) => Array.isArray(one) && one[0] === "error")).toEqual([]);
  });

  test("and what somebody wanted to do is never done in nobody's name", async () => {
    const net = network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => refused(401, "session_revoked"), "POST messages": () => refused(401, "session_revoked") });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    await expect(session.call(session.url("messages"), { method: "POST", body: {} })).rejects.toMatchObject({ code: "session_revoked" });
    expect(net.asked.filter(({ name }) => name === "POST messages").map(({ bearer }) => typeof bearer)).toEqual(["string"]);
  });

  test("when it is destroyed, and no late answer revives it", async () => {
    const answer = later<any>();
    network({ "POST sessions/exchange": () => answer.promise });
    const session = await create({ bridgeToken: "bridge" });
    const told = listen(session);
    await settled();
    session.destroy();
    answer.settle(started());
    await pass(MINUTE);
    expect([session.state, session.customer, session.getToken()]).toEqual(["destroyed", null, null]);
    await expect(session.getSessionJwt()).rejects.toMatchObject({ code: "destroyed" });
    expect(told).toEqual(["destroyed"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("in the midst of a refresh, and its answer is not heard", async () => {
    const answer = later<any>();
    network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => answer.promise, "DELETE sessions/current": () => ({ body: {} }) });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    await pass(55 * MINUTE);
    const out = session.signOut();
    answer.settle(started());
    await out;
    await settled();
    expect([session.state, session.getToken()]).toEqual(["anonymous", null]);
  });

  test("by signing out, here and on the server, and even if the server says that it had ended", async () => {
    const net = network({ "POST sessions/exchange": () => started(), "DELETE sessions/current": () => refused(401, "session_expired"), "DELETE sessions": () => ({ body: {} }) });
    const session = await create({ bridgeToken: "bridge" });
    await session.ready;
    const token = session.getToken();
    const told = listen(session);
    await session.signOut();
    expect(net.asked.at(-1)).toMatchObject({ name: "DELETE sessions/current", bearer: token });
    expect(told).toEqual(["anonymous", ["signed-out", "signed_out"], "ready"]);
    await pass(2 * 60 * MINUTE);
    expect(net.asked.at(-1)!.name).toBe("DELETE sessions/current");
  });

  test("when it is destroyed, and the next one of the page is another", async () => {
    let customer = ADA;
    network({ "POST sessions/exchange": () => started(customer) });
    const { createSession, page } = await load();
    const options = { embedKey: KEY, baseUrl: BASE };
    const seen: (Session | null)[] = [];
    const leave = page.join(options, (session) => seen.push(session));
    const first = createSession({ ...options, bridgeToken: "one" });
    await first.ready;
    first.destroy();
    customer = GRACE;
    const second = createSession({ ...options, bridgeToken: "two" });
    await second.ready;
    expect(seen.map((session) => [first, null, second].indexOf(session))).toEqual([0, 1, 2]);
    expect([first.customer, second.customer?.id]).toEqual([null, GRACE.id]);
    leave();
    second.destroy();
  });
});
