/** The hidden frame that lets a reload find a customer signed in: only Mintmark's own frame is heard, and nothing of it stays (OR8, OR11). */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ADA, BASE, CONFIG, KEY, anew, create, end, listen, network, pass, probe, settled, started } from "./mint.js";

/** Frames that were put into the page, each with what was posted into it. */
let frames: (HTMLElement & { src: string; contentWindow: { postMessage: ReturnType<typeof vi.fn> } })[];

beforeEach(() => {
  anew();
  frames = [];
  const make = document.createElement.bind(document);
  vi.spyOn(document, "createElement").mockImplementation((tag: string) => {
    if (tag !== "iframe") return make(tag);
    const frame = Object.assign(make("div"), { src: "", contentWindow: { postMessage: vi.fn() } });
    frames.push(frame);
    return frame as unknown as HTMLElement;
  });
  network({ "GET config": () => ({ body: { ...CONFIG, keep_signed_in: true } }), "POST magic-links/redeem": () => started() });
});
afterEach(end);

/** As a window or frame of that origin posts it. */
function post(data: unknown, origin: string, source: unknown): void {
  const event = new MessageEvent("message", { data, origin });
  Object.defineProperty(event, "source", { value: source });
  window.dispatchEvent(event);
}

/** As the page's only frame posts it. */
const answer = (type: string, more: object = {}) => post({ type, state: state(), ...more }, BASE, frames.at(-1)!.contentWindow);
const state = () => new URL(frames.at(-1)!.src).searchParams.get("state");

describe("the hidden frame", () => {
  test("is asked for whoever was signed in before the reload, and is taken away again", async () => {
    const { listeners, timers } = probe();
    const session = await create();
    await settled();
    const [frame] = frames;
    expect([frames.length, frame!.hidden, frame!.isConnected, session.state]).toEqual([1, true, true, "starting"]);
    const { origin, pathname, searchParams } = new URL(frame!.src);
    expect([origin + pathname, searchParams.get("key"), searchParams.get("origin")]).toEqual([`${BASE}/popup/frame`, KEY, location.origin]);
    answer("mintmark:frame-ready");
    expect(frame!.contentWindow.postMessage.mock.calls).toEqual([[{ type: "mintmark:restore", state: state() }, BASE]]);
    answer("mintmark:restored", { session: started().body });
    await session.ready;
    expect([session.state, session.customer, frame!.isConnected]).toEqual(["signed-in", ADA, false]);
    session.destroy();
    expect([timers(), [...listeners]]).toEqual([0, []]);
  });

  for (const [words, happens] of [
    ["knows nobody", () => answer("mintmark:restored", { session: null })],
    ["fails", () => answer("mintmark:frame-failed")],
    ["says nothing for ten seconds", () => pass(10_000)],
  ] as const) {
    test(`that ${words} leaves a visitor whom nobody knows, without an error`, async () => {
      const session = await create();
      const told = listen(session);
      await settled();
      await happens();
      await session.ready;
      expect([session.state, told, frames[0]!.isConnected]).toEqual(["anonymous", ["anonymous", "ready"], false]);
    });
  }

  test("is told whom a mailed link signed in, and nobody else is", async () => {
    history.replaceState(null, "", "/?mintmark_magic_token=x");
    const session = await create();
    await session.ready;
    await settled();
    const { postMessage } = frames[0]!.contentWindow;
    expect(postMessage).not.toHaveBeenCalled();
    post({ type: "mintmark:frame-ready", state: state() }, "https://evil.example", frames[0]!.contentWindow);
    post({ type: "mintmark:frame-ready", state: state() }, BASE, window);
    post({ type: "mintmark:frame-ready", state: "another" }, BASE, frames[0]!.contentWindow);
    expect(postMessage).not.toHaveBeenCalled();
    answer("mintmark:frame-ready");
    expect(postMessage.mock.calls).toEqual([[{ type: "mintmark:keep", token: session.getToken(), state: state() }, BASE]]);
    answer("mintmark:kept");
    await settled();
    expect(frames[0]!.isConnected).toBe(false);
  });

  test("is not impersonated: other origins, other windows and other questions sign nobody in", async () => {
    const session = await create();
    await settled();
    const right = { type: "mintmark:restored", state: state(), session: started().body };
    const own = frames[0]!.contentWindow;
    for (const origin of ["https://evil.example", "https://mint.example.evil.example", "http://mint.example", "null", "", location.origin]) post(right, origin, own);
    for (const source of [window, null, { postMessage: vi.fn() }]) post(right, BASE, source);
    for (const other of [{ ...right, state: "" }, { ...right, state: crypto.randomUUID() }, { ...right, state: null }, { ...right, type: "mintmark:kept" }, null, "text", 1]) post(other, BASE, own);
    await settled();
    expect([session.state, session.getToken()]).toEqual(["starting", null]);
    post({ ...right, session: { token: "no token", customer: ADA } }, BASE, own);
    await session.ready;
    expect([session.state, session.problem?.code, session.getToken()]).toEqual(["failed", "bad_answer", null]);
  });

  test("leaves with the session that asked for it", async () => {
    const { listeners, timers } = probe();
    const session = await create();
    await settled();
    session.destroy();
    expect([frames[0]!.isConnected, timers(), [...listeners]]).toEqual([false, 0, []]);
  });

  test("is not there where the product does not want it", async () => {
    network();
    const session = await create();
    await session.ready;
    expect([session.state, frames]).toEqual(["anonymous", []]);
  });
});
