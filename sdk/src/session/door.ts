/** What an embed key opens for anybody: what the product shows, and a link by mail. */

import type { Config } from "../answers.js";
import { MintmarkError } from "../errors.js";
import { ask, persist } from "../http.js";

/** For how long the product's looks are tried, in milliseconds: somebody waits for them. */
const PATIENCE = 5_000;

/** One product, from one page. */
export class Door {
  readonly base: string;
  readonly embedKey: string;
  /** Aborted while nobody looks. */
  protected resting = new AbortController();
  readonly #shut = new AbortController();
  #config: Promise<Config> | null = null;

  constructor(base: string, embedKey: string) {
    this.base = base;
    this.embedKey = embedKey;
  }

  /** What the product shows; asked once, and again after a failure. */
  config(): Promise<Config> {
    const load = () => ask<Config>(this.url("config"), { signal: this.#shut.signal });
    this.#config ??= persist(load, Date.now() + PATIENCE, this.#shut.signal, this.resting.signal).catch((error) => {
      this.#config = null;
      throw error;
    });
    return this.#config;
  }

  /** Has a sign-in link mailed that leads back to this page. The answer is the same whether or not anybody is known by that address. */
  async requestLink(email: string, returnUrl: string = location.href): Promise<void> {
    this.alive();
    await ask(this.url("magic-links"), { method: "POST", body: { email, return_url: returnUrl }, signal: this.#shut.signal });
  }

  /** The address of one of the calls that an embed key may make. */
  url(path: string, more: Record<string, string> = {}): string {
    return `${this.base}/embed/v1/${path}?${new URLSearchParams({ key: this.embedKey, ...more })}`;
  }

  /** Ends all that is on its way, and all that would be. */
  protected shut(): void {
    this.#shut.abort();
  }

  protected alive(): void {
    if (this.#shut.signal.aborted) throw new MintmarkError("destroyed", "This session was destroyed.");
  }
}
