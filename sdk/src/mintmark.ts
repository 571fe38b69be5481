/** The browser SDK: sessions of a page's visitors with Mintmark. Elements build on it; pages may use it by itself. */

import { page } from "./page.js";
import type { SessionOptions } from "./session/events.js";
import type { Session } from "./session/session.js";

export { type ClientCode, MintmarkError } from "./errors.js";
export type { Code } from "./codes.js";
export type { Unsubscribe } from "./emitter.js";
export type { Identified, IdentityFetcher } from "./session/identity.js";
export type { BridgeTokenFetcher } from "./session/bridge.js";
export type { SessionEvents, SessionOptions, SessionState } from "./session/events.js";
export type { Session } from "./session/session.js";
export type { Appearance, Config, Customer, Offering } from "./answers.js";

/** Of this script, as in `/sdk/<version>/`. */
export const version: string = MINTMARK_VERSION;

/** For the elements, which share this script: not part of what is promised. */
export { Alarm } from "./alarm.js";
export { ask } from "./http.js";
export { held } from "./jwt.js";
export { base, safe } from "./place.js";
export { page };

/**
 * The session of this page's visitor with the product that the embed key names. It begins at once: with a link's token from the page's
 * address, with a bridge token if there is one, else with nobody. A page and its elements share one per embed key.
 *
 * Throws a `MintmarkError`: `invalid_option`, `insecure_page`, or `secret_key_in_page`.
 */
export function createSession(options: SessionOptions): Session {
  return page.create(options);
}

// For who came earlier. A classic script sets `window.mintmark` right after this.
if (typeof window !== "undefined") queueMicrotask(() => window.dispatchEvent(new CustomEvent("mintmark:ready")));
