/** Who the tenant's backend says the visitor is: asked at once, before a token ends, and after failures. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../src/mintmark.js";
import { MINUTE, anew, create as begin, end, jwt, later, listen, network, pass, probe, refused, settled, started } from "./mint.js";

let session: Session;
async function create(options: Record<string, unknown> = {}) {
  session = await begin(options);
  await session.ready;
  const told = listen(session);
  await settled();
  told.length = 0;
  return told;
}

beforeEach(() => {
  anew();
  network();
});
afterEach(end);

describe("an identity", () => {
  test("is asked for at once, and again a minute before its token ends", async () => {
    const told = await create();
    const fetcher = vi.fn(() => jwt(15, { sub: "u-1" }));
    await session.identify(fetcher);
    const first = session.getToken();
    expect([session.visitor, first !== null, told]).toEqual(["u-1", true, ["anonymous"]]);
    await pass(14 * MINUTE - 1_000);
    expect(fetcher).toHaveBeenCalledTimes(1);
    await pass(1_000);
    expect(fetcher).toHaveBeenCalledTimes(2);
    expect(session.getToken()).not.toBe(first);
    expect(told).toEqual(["anonymous", ["token-refreshed", "identity"]]);
  });

  test("may come as the backend's whole answer", async () => {
    await create();
    const token = jwt(15, { sub: "u-1" });
    await session.identify(async () => ({ token, expires_at: "2026-01-01T12:15:00Z" }));
    expect(await session.credential()).toBe(token);
  });

  for (const [words, answer] of [["an empty text", ""], ["nothing", undefined], ["null", null], ["an answer without a token", { token: null }]] as const) {
    test(`is nobody's, where the fetcher answers ${words}`, async () => {
      const told = await create();
      const fetcher = vi.fn(() => answer);
      await session.identify(fetcher);
      expect([session.getToken(), await session.credential(), session.visitor, told]).toEqual([null, null, undefined, []]);
      await pass(60 * MINUTE);
      expect(fetcher).toHaveBeenCalledTimes(1);
    });
  }

  test("that has ended is not shown to anybody, and is asked for anew before anything is done", async () => {
    await create();
    let works = true;
    const fetcher = vi.fn(() => {
      if (!works) throw new Error("the backend is down");
      return jwt(15, { sub: "u-1" });
    });
    await session.identify(fetcher);
    works = false;
    vi.setSystemTime(Date.now() + 16 * MINUTE);
    const asked = session.credential();
    await pass(60_000);
    expect([await asked, session.getToken()]).toEqual([null, null]);
    expect(session.visitor, "nobody said that they left").toBe("u-1");
    works = true;
    await pass(2 * MINUTE);
    expect(await session.credential()).not.toBeNull();
  });

  test("whose fetcher fails is tried again in growing steps, is told, and again a minute later", async () => {
    const told = await create();
    let works = false;
    const at: number[] = [];
    const fetcher = vi.fn(() => {
      at.push(Date.now());
      if (!works) throw new Error("the backend is down");
      return jwt(15, { sub: "u-1" });
    });
    void session.identify(fetcher);
    await pass(30_000);
    expect(at.slice(1).map((time, before) => time - at[before]!)).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    expect(told).toEqual([["error", "fetcher_failed"]]);
    works = true;
    await pass(MINUTE);
    expect(session.visitor).toBe("u-1");
  });

  test("that is no token is told", async () => {
    const told = await create();
    await session.identify(() => "no token");
    expect([session.getToken(), told]).toEqual([null, [["error", "fetcher_failed"]]]);
  });

  test("is fetched once, however many ask, and a later fetcher counts more than an earlier one's late answer", async () => {
    await create();
    const answer = later<string>();
    const slow = vi.fn(() => answer.promise);
    void session.identify(slow);
    const asked = Promise.all([session.credential(), session.credential()]);
    await settled();
    const second = jwt(15, { sub: "u-2" });
    await session.identify(() => second);
    answer.settle(jwt(15, { sub: "u-1" }));
    await asked;
    expect(slow).toHaveBeenCalledTimes(1);
    expect([session.getToken(), session.visitor]).toEqual([second, "u-2"]);
  });

  test("of somebody else is a change, also where the page says so by another fetcher, and where nobody is left", async () => {
    const told = await create();
    let who: string | null = "u-1";
    const fetcher = () => (who ? jwt(15, { sub: who }) : null);
    await session.identify(fetcher);
    who = "u-2";
    await pass(14 * MINUTE);
    expect([session.visitor, told]).toEqual(["u-2", ["anonymous", "anonymous"]]);
    await session.identify(() => jwt(15, { sub: "u-2" }));
    expect([session.visitor, told.at(-1)]).toEqual(["u-2", ["token-refreshed", "identity"]]);
    await session.identify(() => null);
    expect([session.visitor, told.slice(3)]).toEqual([undefined, ["anonymous"]]);
    await session.identify(fetcher);
    await session.identify(null);
    expect([session.visitor, session.getToken(), told.slice(4)]).toEqual([undefined, null, ["anonymous", "anonymous"]]);
  });

  test("is asked for anew, once, where the server does not take it", async () => {
    const seen: (string | undefined)[] = [];
    network({ "GET me": ({ bearer }) => (seen.push(bearer), seen.length < 2 ? refused(401, "invalid_token") : { body: { ok: true } }) });
    await create();
    const fetcher = vi.fn(() => jwt(15, { sub: "u-1" }));
    await session.identify(fetcher);
    expect(await session.call(session.url("me"))).toEqual({ ok: true });
    expect(new Set(seen).size).toBe(2);
    expect(fetcher).toHaveBeenCalledTimes(2);
  });

  test("steps back behind a session", async () => {
    network({ "POST sessions/exchange": () => started() });
    await create({ bridgeToken: "bridge" });
    await session.identify(() => jwt(15, { sub: "u-1" }));
    expect([session.visitor, await session.credential()]).toEqual(["cus_1", await session.getSessionJwt()]);
  });

  test("leaves neither timer nor listener when the session is destroyed, not even in the midst of a fetch", async () => {
    const { listeners, timers } = probe();
    const told = await create();
    const answer = later<string>();
    await session.identify(() => jwt(15, { sub: "u-1" }));
    expect(timers()).toBe(1);
    void session.identify(() => answer.promise);
    session.destroy();
    answer.settle(jwt(15, { sub: "u-1" }));
    await pass(MINUTE);
    expect([timers(), [...listeners], session.getToken(), told]).toEqual([0, [], null, ["anonymous", "destroyed"]]);
  });
});
