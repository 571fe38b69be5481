/** The way in by the tenant's backend: it vouches for the visitor with a bridge token, which opens one session, once. */

import { asError } from "../errors.js";
import { ask, fetched, persist } from "../http.js";
import { safe } from "../place.js";
import type { StartedSession } from "../answers.js";

/** For how long a session's beginning is tried, in milliseconds. */
export const PATIENCE = 20_000;

/** A bridge token, fresh from the tenant's backend; nothing for a visitor who is not signed in there. */
export type BridgeTokenFetcher = () => string | null | undefined | Promise<string | null | undefined>;

/** Tokens that were given once: whoever shows one again, an element that moved say, shows nothing new. */
const seen = new Set<string>();

/** What a page was given, and what is left of it. */
export class Bridge {
  readonly #url: string;
  #token: string | null = null;
  #ever = false;
  #fetcher: BridgeTokenFetcher | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /** Whether the page ever had this way. */
  get ever(): boolean {
    return this.#ever || this.lasting;
  }

  /** Whether a token can be had that was not used yet. */
  get open(): boolean {
    return this.#token !== null || this.lasting;
  }

  /** Whether there will always be another. */
  get lasting(): boolean {
    return this.#fetcher !== null;
  }

  take(token: string | null | undefined, fetcher: BridgeTokenFetcher | null | undefined): void {
    safe(token);
    if (fetcher) this.#fetcher = fetcher;
    if (!token) return;
    this.#ever = true;
    if (!seen.has(token)) this.#token = token;
    seen.add(token);
  }

  /** Exchanges it; each attempt takes a fresh one, where there is a fetcher. Nothing for a visitor whom the backend does not know. */
  exchange(turn: AbortSignal, resting: AbortSignal): Promise<StartedSession | null> {
    const attempt = async () => {
      const said = this.#token;
      this.#token = null;
      const token = said ?? (this.#fetcher && (await fetched(this.#fetcher)));
      safe(token);
      if (!token || turn.aborted) return null;
      try {
        return await ask<StartedSession>(this.#url, { method: "POST", body: { bridge_token: token }, signal: turn });
      } catch (error) {
        // Nothing answered: the token may be good still, and is the only one.
        if (asError(error).passing && !this.lasting) this.#token = said;
        throw error;
      }
    };
    return persist(attempt, Date.now() + PATIENCE, turn, resting);
  }
}
