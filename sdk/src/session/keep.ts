/** What lets a reload find a customer signed in, where the product wants that: a hidden frame of Mintmark's origin, with a cookie of its own. */

import type { StartedSession } from "../answers.js";

/** For how long the frame may take, in milliseconds: a visitor waits. */
const PATIENCE = 10_000;

/** What the frame answers. */
interface Said {
  readonly type?: string;
  readonly state?: string;
  readonly session?: StartedSession | null;
}

/** Asks the frame one thing, and takes it away again. Whatever fails, nobody is kept: that is no error to anybody. */
function ask(base: string, embedKey: string, message: { type: string; token?: string }, answer: string, turn: AbortSignal): Promise<Said | null> {
  const state = crypto.randomUUID();
  const mintmark = new URL(base).origin;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = `${base}/popup/frame?${new URLSearchParams({ key: embedKey, origin: location.origin, state })}`;
  return new Promise((resolve) => {
    const settle = (said: Said | null) => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      turn.removeEventListener("abort", leave);
      frame.remove();
      resolve(said);
    };
    const leave = () => settle(null);
    const hear = ({ origin, source, data }: MessageEvent<Said>) => {
      if (origin !== mintmark || source !== frame.contentWindow || data?.state !== state) return;
      if (data.type === "mintmark:frame-ready") frame.contentWindow?.postMessage({ ...message, state }, mintmark);
      if (data.type === answer) settle(data);
      if (data.type === "mintmark:frame-failed") leave();
    };
    const timer = setTimeout(leave, PATIENCE);
    addEventListener("message", hear);
    turn.addEventListener("abort", leave);
    document.documentElement.append(frame);
  });
}

/** Has this session outlive a reload. */
export const keep = async (base: string, embedKey: string, token: string, turn: AbortSignal): Promise<void> =>
  void (await ask(base, embedKey, { type: "mintmark:keep", token }, "mintmark:kept", turn));

/** The session that outlived one, if any did. */
export const restore = async (base: string, embedKey: string, turn: AbortSignal): Promise<StartedSession | null> =>
  (await ask(base, embedKey, { type: "mintmark:restore" }, "mintmark:restored", turn))?.session ?? null;
