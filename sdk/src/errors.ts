/** What can go wrong: the server's codes, and the few that only a page can meet. */

import type { Code } from "./codes.js";

/** What no server says, because no server was reached or asked. */
export type ClientCode =
  /** Nothing answered: offline, blocked, or too slow. */
  | "network"
  /** What answered was not Mintmark, or not as it should. */
  | "bad_answer"
  /** A secret key stands in a page. */
  | "secret_key_in_page"
  /** The page came over `http:`, from elsewhere than this computer. */
  | "insecure_page"
  /** An option is missing or cannot be meant. */
  | "invalid_option"
  /** The embed key names another product than the page does. */
  | "product_mismatch"
  /** The browser did not open the sign-in window. */
  | "popup_blocked"
  /** The fetcher that the page gave failed. */
  | "fetcher_failed"
  /** The session was destroyed meanwhile. */
  | "destroyed";

/** What else an error knows. */
export interface ErrorFacts {
  /** HTTP, or 0 where nothing answered. */
  status?: number;
  /** What support may ask for. */
  requestId?: string | undefined;
  /** Which field of the request is to blame. */
  field?: string | undefined;
  /** In how many seconds the same may work. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** Every failure of this SDK. Branch on `code`; `message` is for people, in English, and may change. */
export class MintmarkError extends Error {
  declare readonly code: Code | ClientCode;
  /** HTTP, or 0 where nothing answered. */
  declare readonly status: number;
  declare readonly requestId: string | undefined;
  declare readonly field: string | undefined;
  /** In how many seconds the same may work. */
  declare readonly retryAfter: number | undefined;

  constructor(code: Code | ClientCode, message: string, facts: ErrorFacts = {}) {
    super(message);
    Object.assign(this, { name: "MintmarkError", status: 0, ...facts, code });
  }

  /** Of any copy of this script: a page may have loaded it twice. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return (thrown as MintmarkError | null)?.name === "MintmarkError";
  }

  /** Whether the same may work a little later without anybody doing anything. */
  get passing(): boolean {
    return this.code === "network" || this.code === "bad_answer" || this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

/** Any thrown thing as one of ours. */
export const asError = (thrown: unknown, code: ClientCode = "network", message = "Mintmark cannot be reached."): MintmarkError =>
  thrown instanceof MintmarkError ? thrown : new MintmarkError(code, message, { cause: thrown });
