/** A page: what it may hold, what it hears, and what its elements leave behind. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../src/mintmark.js";
import { BASE, CONFIG, KEY, MINUTE, anew, create, end, jwt, listen, load, network, pass, probe, refused, settled, sleep, started } from "./mint.js";

beforeEach(anew);
afterEach(end);

describe("a mailed link", () => {
  const redeeming = (answer: any = started()) => network({ "POST magic-links/redeem": () => answer });

  test("is redeemed once, and leaves the address as it was without it", async () => {
    history.replaceState({ own: 1 }, "", "/portal?a=1+2&mintmark_magic_token=mgl_secret&b=%20x&a=3#part");
    const length = history.length;
    const net = redeeming();
    const session = await create();
    expect(location.pathname + location.search + location.hash).toBe("/portal?a=1+2&b=%20x&a=3#part");
    expect([history.length, history.state]).toEqual([length, { own: 1 }]);
    await session.ready;
    expect(session.state).toBe("signed-in");
    expect(net.asked.filter(({ name }) => name.startsWith("POST")).map(({ body }) => body)).toEqual([{ token: "mgl_secret" }]);
    expect(document.body.innerHTML + document.cookie).not.toContain("mgl_secret");
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
  });

  test("that stands alone leaves no question mark", async () => {
    history.replaceState(null, "", "/portal?mintmark_magic_token=x");
    redeeming();
    await create();
    expect(location.href).toMatch(/\/portal$/);
  });

  test("that was used leaves a visitor whom nobody knows, and says why", async () => {
    history.replaceState(null, "", "/?mintmark_magic_token=x");
    network({ "POST magic-links/redeem": () => refused(410, "link_consumed") });
    const session = await create();
    const told = listen(session);
    await session.ready;
    expect([session.state, session.problem?.code]).toEqual(["anonymous", "link_consumed"]);
    expect(told).toContainEqual(["error", "link_consumed"]);
  });
});

describe("a page", () => {
  test("that holds a secret, names no embed key, or came over http is refused before anything is sent", async () => {
    const net = network();
    const { createSession, MintmarkError } = await load();
    const code = (options: Record<string, unknown>) => {
      try {
        createSession({ embedKey: KEY, baseUrl: BASE, ...options });
        return "made";
      } catch (error) {
        expect(error).toBeInstanceOf(MintmarkError);
        return (error as { code: string }).code;
      }
    };
    expect(code({ embedKey: "sk_live_x" })).toBe("secret_key_in_page");
    expect(code({ embedKey: " vs_x" })).toBe("secret_key_in_page");
    expect(code({ bridgeToken: "sk_test_x" })).toBe("secret_key_in_page");
    expect(code({ embedKey: "pk_live_short" })).toBe("invalid_option");
    expect(code({ embedKey: undefined })).toBe("invalid_option");
    expect(code({ baseUrl: "no address" })).toBe("invalid_option");
    expect(code({ baseUrl: undefined })).toBe("invalid_option");
    for (const [page, said] of [["http://portal.example", "insecure_page"], ["http://localhost.portal.example", "insecure_page"], ["http://192.168.1.2", "insecure_page"]] as const) {
      vi.stubGlobal("location", new URL(page));
      expect([page, code({})]).toEqual([page, said]);
    }
    expect(net.asked).toEqual([]);
    for (const page of ["https://portal.example", "http://localhost:5173", "http://app.localhost", "http://127.0.0.1:8080", "http://[::1]:80"]) {
      vi.stubGlobal("location", new URL(page));
      expect([page, code({})]).toEqual([page, "made"]);
    }
  });

  test("whose fetcher answers a secret fails, and sends nothing", async () => {
    const net = network();
    const session = await create({ getBridgeToken: () => "sk_live_x" });
    await session.ready;
    expect([session.state, session.problem?.code]).toEqual(["failed", "secret_key_in_page"]);
    expect(net.names()).toEqual([]);
  });

  test("hears of events until it no longer wants to, and of readiness however late it comes", async () => {
    network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => started() });
    const session = await create({ bridgeToken: "bridge" });
    const heard: string[] = [];
    const listener = () => heard.push("refreshed");
    const leave = session.on("token-refreshed", listener);
    session.on("token-refreshed", listener);
    await session.ready;
    session.on("ready", ({ customer }) => heard.push(`ready ${customer?.id}`));
    const unwanted = session.on("ready", () => heard.push("never"));
    unwanted();
    await settled();
    expect([session.isReady, heard]).toEqual([true, ["ready cus_1"]]);
    await pass(55 * MINUTE);
    expect(heard).toEqual(["ready cus_1", "refreshed", "refreshed"]);
    leave();
    leave();
    await pass(55 * MINUTE);
    expect(heard).toEqual(["ready cus_1", "refreshed", "refreshed", "refreshed"]);
  });

  test("whose last element leaves has neither timer nor listener, and one that comes back finds the session fresh", async () => {
    const { listeners, timers } = probe();
    const net = network({ "POST sessions/exchange": () => started(), "POST sessions/refresh": () => started() });
    const { page } = await load();
    const options = { embedKey: KEY, baseUrl: BASE, bridgeToken: "bridge" };
    let session: Session | null = null;
    const first = page.join(options, (one) => (session = one));
    const second = page.join(options, () => {});
    await settled();
    expect([timers(), listeners.size > 0]).toEqual([1, true]);
    const seen = new Set(listeners);
    first();
    await settled();
    expect(timers()).toBe(1);
    second();
    await settled();
    expect([timers(), [...listeners]]).toEqual([0, []]);
    expect(session!.state).toBe("signed-in");
    await pass(57 * MINUTE);
    expect(net.count("POST sessions/refresh")).toBe(0);
    const third = page.join(options, () => {});
    await settled();
    expect(net.count("POST sessions/refresh")).toBe(1);
    expect(listeners.size).toBe(seen.size);
    third();
    await settled();
    expect([timers(), [...listeners]]).toEqual([0, []]);
    session!.destroy();
  });

  test("asks what the product shows once, and again after a failure", async () => {
    let fails = true;
    const net = network({ "GET config": () => (fails ? refused(503, "unavailable") : { body: CONFIG }) });
    const session = await create({ bridgeToken: "bridge" });
    const both = Promise.allSettled([session.config(), session.config()]);
    await pass(6_000);
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const tried = net.count("GET config");
    fails = false;
    await Promise.all([session.config(), session.config()]);
    expect([tried > 1, net.count("GET config")]).toEqual([true, tried + 1]);
  });

  test("of a computer that jumps two hours while a token of the backend is held goes on with a new one", async () => {
    network();
    const session = await create();
    const fetcher = vi.fn(() => jwt(15, { sub: "u-1" }));
    await session.identify(fetcher);
    await sleep(120 * MINUTE);
    expect(fetcher).toHaveBeenCalledTimes(2);
    expect(session.getToken()).not.toBeNull();
  });
});
