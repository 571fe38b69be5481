/** What lets a reload find a customer signed in, where the product wants that: a hidden frame of Mintmark's origin, with a cookie of its own. */

import type { StartedSession } from "../answers.js";
import { type Said, question } from "./question.js";

/** For how long the frame may take, in milliseconds: a visitor waits. */
const PATIENCE = 10_000;
/** For how long one that is there may say nothing. */
const SILENCE = 1_500;

/** What the frame answers. */
interface Kept extends Said {
  readonly session?: StartedSession | null;
}

const ANSWERS = { keep: "kept", restore: "restored", forget: "forgotten" };

/** Asks the frame one thing, and takes it away again. Whatever fails, nobody is kept: that is no error to anybody. */
export function kept(base: string, embedKey: string, verb: keyof typeof ANSWERS, turn: AbortSignal, token?: string): Promise<Kept | null> {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    let heard = false;
    let timer = setTimeout(leave, PATIENCE);
    const wait = (time: number) => {
      clearTimeout(timer);
      timer = setTimeout(leave, time);
    };
    const open = (address: string) => {
      frame.hidden = true;
      frame.src = address;
      // A policy without frame-src loads an empty frame, which says nothing.
      frame.onload = () => heard || wait(SILENCE);
      document.documentElement.append(frame);
      return () => frame.contentWindow;
    };
    const stop = question<Kept>(base, embedKey, "frame", open, (said, reply) => {
      const type = said.type?.slice("mintmark:".length);
      if (type === ANSWERS[verb]) settle(said);
      if (type === "frame-failed") leave();
      if (type !== "frame-ready") return;
      heard = true;
      wait(PATIENCE);
      reply({ type: `mintmark:${verb}`, token });
    });
    function settle(said: Kept | null): void {
      clearTimeout(timer);
      stop();
      turn.removeEventListener("abort", leave);
      frame.remove();
      resolve(said);
    }
    function leave(): void {
      settle(null);
    }
    turn.addEventListener("abort", leave);
  });
}
