/** The sign-in window: only Mintmark's own window, in answer to the very question, signs anybody in (OR8). */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../src/mintmark.js";
import { ADA, BASE, KEY, anew, create, end, network, pass, probe, refused, settled, started } from "./mint.js";

let session: Session;
let opened: { url: URL; window: { closed: boolean; close: () => void; focus: () => void } }[];

beforeEach(async () => {
  anew();
  network();
  opened = [];
  vi.spyOn(window, "open").mockImplementation((url) => {
    const popup = { closed: false, close: () => void (popup.closed = true), focus: vi.fn() };
    opened.push({ url: new URL(String(url)), window: popup });
    return popup as unknown as Window;
  });
  session = await create();
  await session.ready;
});
afterEach(end);

/** As a window or frame of that origin posts it. */
function post(data: unknown, origin: string, source: unknown): void {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  window.dispatchEvent(event);
}

const answer = () => ({ type: "mintmark:signed-in", state: opened[0]!.url.searchParams.get("state"), ...started().body });

describe("the sign-in window", () => {
  test("is opened with key, origin and a state of its own, and signs in by its answer", async () => {
    const { listeners, timers } = probe();
    const done = session.signIn();
    const { url, window: popup } = opened[0]!;
    expect(url.origin + url.pathname).toBe(`${BASE}/popup/sign-in`);
    expect([url.searchParams.get("key"), url.searchParams.get("origin")]).toEqual([KEY, location.origin]);
    expect(url.searchParams.get("state")).toMatch(/^[0-9a-f-]{36}$/);
    post(answer(), BASE, popup);
    expect(await done).toEqual(ADA);
    expect(session.state).toBe("signed-in");
    session.destroy();
    expect([timers(), [...listeners]]).toEqual([0, []]);
  });

  test("is one, and a second click brings it to the front", async () => {
    const first = session.signIn();
    const second = session.signIn();
    expect(opened).toHaveLength(1);
    expect(opened[0]!.window.focus).toHaveBeenCalled();
    post(answer(), BASE, opened[0]!.window);
    expect([await first, await second]).toEqual([ADA, ADA]);
  });

  test("that somebody closes signs nobody in", async () => {
    const done = session.signIn();
    opened[0]!.window.closed = true;
    await pass(1_500);
    expect([await done, session.state]).toEqual([null, "anonymous"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that says its answer in the moment in which it closes is heard still", async () => {
    const done = session.signIn();
    opened[0]!.window.closed = true;
    await pass(600);
    post(answer(), BASE, opened[0]!.window);
    expect(await done).toEqual(ADA);
  });

  test("that the browser does not open is told", async () => {
    vi.spyOn(window, "open").mockReturnValue(null);
    await expect(session.signIn()).rejects.toMatchObject({ code: "popup_blocked" });
  });

  test("is closed with the session", async () => {
    const done = session.signIn();
    session.destroy();
    expect([await done, opened[0]!.window.closed]).toEqual([null, true]);
  });

  test("takes the place of what had begun: whoever signs in by hand is meant", async () => {
    network({ "POST sessions/exchange": () => refused(503, "unavailable") });
    session.offer({ embedKey: KEY, bridgeToken: "bridge" });
    await settled();
    const done = session.signIn();
    post(answer(), BASE, opened[0]!.window);
    expect(await done).toEqual(ADA);
    await pass(60_000);
    expect(session.state).toBe("signed-in");
  });

  test("is not impersonated: a thousand messages of other windows, other origins and other questions change nothing", async () => {
    const told: string[] = [];
    session.on("session-changed", ({ state }) => told.push(state));
    const done = session.signIn();
    const right = answer();
    const popup = opened[0]!.window;
    const other = { closed: false };
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const pick = <T>(all: readonly T[]) => all[random(all.length)]!;
    const origins = ["https://evil.example", "https://mint.example.evil.example", "http://mint.example", "https://mint.example:8443", "null", "", location.origin, "https://MINT.example"];
    const states = ["", "0", null, undefined, 0, {}, [right.state], `${right.state} `, right.state!.toUpperCase().replace(/[A-F]/, "g"), crypto.randomUUID()];
    const types = ["mintmark:sign-in-closed", "signed-in", "", null, 1, {}];
    const tokens = [null, 1, {}, ["x"], undefined];
    for (let count = 0; count < 1_000; count++) {
      // One of the five is wrong, and each of the others often right.
      const wrong = random(5);
      const say = (which: number, right: unknown, others: readonly unknown[]) => (which !== wrong && random(4) ? right : pick(others));
      const data = { ...right, state: say(2, right.state, states), type: say(3, right.type, types), token: say(4, right.token, tokens) };
      post(random(20) ? data : pick([null, undefined, "", 1, [], right.state]), String(say(0, BASE, origins)), say(1, popup, [other, window, null]));
    }
    await settled();
    expect([session.state, session.getToken(), told]).toEqual(["anonymous", null, []]);
    post(right, BASE, popup);
    expect(await done).toEqual(ADA);
  });
});
