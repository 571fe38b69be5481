/** The sign-in window: a page of Mintmark's own origin, which answers this page by `postMessage`. */

import { MintmarkError } from "../errors.js";
import type { StartedSession } from "../answers.js";
import { type Said, question } from "./question.js";

/** How often we look whether the window is closed, in milliseconds: nothing tells. */
const LOOK = 500;

/** A window that is open: its answer, and the ways to it. */
export interface Popup {
  /** The session, or nothing if the window was closed. */
  readonly answer: Promise<StartedSession | null>;
  /** Brings it to the front. */
  focus(): void;
  /** Closes it. */
  close(): void;
}

/** How the window begins: with the product's first way, or with a password. */
export type PopupStep = "password" | undefined;

/** Opens the window. Only in the midst of a click or a key press do browsers let it open. */
export function openPopup(base: string, embedKey: string, step: PopupStep): Popup {
  const [width, height] = [480, 640];
  const left = Math.round(screenX + Math.max(outerWidth - width, 0) / 2);
  const top = Math.round(screenY + Math.max(outerHeight - height, 0) / 3);
  let popup!: Window;
  let settle!: (session: StartedSession | null) => void;
  const answer = new Promise<StartedSession | null>((resolve) => (settle = resolve));
  const open = (address: string) => {
    const opened = window.open(`${address}${step ? `#${step}` : ""}`, "_blank", `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!opened) throw new MintmarkError("popup_blocked", "The browser did not open the sign-in window.");
    popup = opened;
    return () => popup;
  };
  const stop = question<Said & StartedSession>(base, embedKey, "sign-in", open, (said) => said.type === "mintmark:signed-in" && typeof said.token === "string" && settle(said));
  // What the window says when it goes is not asked: it goes on a reload as well. One that closes may have said something a moment before.
  const watch = setInterval(() => popup.closed && setTimeout(settle, LOOK, null), LOOK);
  const close = () => {
    popup.close();
    settle(null);
  };
  void answer.then(() => {
    clearInterval(watch);
    stop();
  });
  return { answer, focus: () => popup.focus(), close };
}
