/** The sign-in window: a page of Mintmark's own origin, which answers this page by `postMessage`. */

import { MintmarkError } from "../errors.js";
import type { StartedSession } from "../answers.js";

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
  const mintmark = new URL(base).origin;
  const state = crypto.randomUUID();
  const query = new URLSearchParams({ key: embedKey, origin: location.origin, state });
  const [width, height] = [480, 640];
  const left = Math.round(screenX + Math.max(outerWidth - width, 0) / 2);
  const top = Math.round(screenY + Math.max(outerHeight - height, 0) / 3);
  const popup = window.open(`${base}/popup/sign-in?${query}${step ? `#${step}` : ""}`, "_blank", `popup,width=${width},height=${height},left=${left},top=${top}`);
  if (!popup) throw new MintmarkError("popup_blocked", "The browser did not open the sign-in window. Allow it, and press the button again.");
  let close = () => popup.close();
  const answer = new Promise<StartedSession | null>((resolve) => {
    let closing = 0;
    const settle = (session: StartedSession | null) => {
      clearInterval(watch);
      clearTimeout(closing);
      removeEventListener("message", hear);
      resolve(session);
    };
    const hear = ({ origin, source, data }: MessageEvent) => {
      // From Mintmark, from this very window, and in answer to this very question.
      if (origin !== mintmark || source !== popup || data?.state !== state) return;
      if (data.type === "mintmark:signed-in" && typeof data.token === "string") settle(data);
    };
    // What the window says when it goes is not asked: it goes on a reload as well.
    const watch = setInterval(() => {
      if (!popup.closed || closing) return;
      // A window that closes may have said something a moment before.
      closing = setTimeout(settle, LOOK, null) as unknown as number;
    }, LOOK);
    addEventListener("message", hear);
    close = () => {
      popup.close();
      settle(null);
    };
  });
  return { answer, focus: () => popup.focus(), close: () => close() };
}
