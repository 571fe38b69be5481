/** Who the tenant's backend says the visitor is: a token that the page fetches, kept fresh. */

import { Alarm } from "../alarm.js";
import { MintmarkError, asError } from "../errors.js";
import { fetched, pause, persist } from "../http.js";
import { type Held, held } from "../jwt.js";

/** What a fetcher may answer: a token, the backend's whole answer with one, or nothing for a visitor whom nobody knows. */
export type Identified = string | { readonly token?: string | null } | null | undefined;

/** Asks the tenant's backend for an identity token of whoever is signed in to this page. */
export type IdentityFetcher = () => Identified | Promise<Identified>;

/** Fetches on being set and before the token ends, one fetch at a time. */
export class Identity {
  readonly #alarm = new Alarm();
  readonly #changed: (renewed: boolean) => void;
  readonly #failed: (error: MintmarkError) => void;
  #fetcher: IdentityFetcher | null = null;
  #held: Held | null = null;
  /** What was said last, by whichever fetcher. */
  #said: Held | null = null;
  #flight: Promise<void> | null = null;
  #turn = new AbortController();
  #pause = new AbortController();
  #failures = 0;

  constructor(changed: (renewed: boolean) => void, failed: (error: MintmarkError) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** The token, if there is one that is good still. */
  get token(): string | null {
    return this.#held && Date.now() < this.#held.until ? this.#held.token : null;
  }

  /** Whom it was said to be; nobody, once that was said. The token may have ended meanwhile. */
  get who(): string | undefined {
    return this.#said?.who;
  }

  /** Asks this fetcher from now on, and at once; none forgets who it was. */
  set(fetcher: IdentityFetcher | null): Promise<void> {
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#alarm.clear();
    this.#fetcher = fetcher;
    this.#held = null;
    this.#flight = null;
    if (fetcher) return this.renew();
    this.#say(null);
    return Promise.resolve();
  }

  /** The token, fetched anew if that is due; nothing for a visitor whom nobody knows. */
  async fresh(): Promise<string | null> {
    if (this.#fetcher && (this.#flight || (this.#held && Date.now() >= this.#held.until))) await this.renew();
    return this.token;
  }

  /** Fetches now. A failure is told, and leaves what there is. */
  renew(): Promise<void> {
    return (this.#flight ??= this.#fetch(this.#turn.signal));
  }

  async #fetch(turn: AbortSignal): Promise<void> {
    const fetcher = this.#fetcher;
    if (!fetcher) return;
    try {
      // For as long as the token is good; the first time, for half a minute.
      const said = await persist(() => fetched(fetcher), Math.max(this.#held?.until ?? 0, Date.now() + 30_000), turn, this.#pause.signal);
      if (turn.aborted) return;
      const token = typeof said === "string" ? said : said?.token;
      const now = token ? held(token, Date.now(), true) : null;
      if (token && !now) throw new MintmarkError("fetcher_failed", "The page's token fetcher answered no token.");
      this.#failures = 0;
      this.#say(now);
      this.#arm();
    } catch (thrown) {
      if (turn.aborted) return;
      const error = asError(thrown);
      this.#failed(error);
      if (this.token === null && this.#held) this.#changed(false);
      // Later somebody may answer.
      this.#failures++;
      if (!this.#pause.signal.aborted) this.#alarm.set(pause(this.#failures, error, 30_000, 600_000), () => void this.renew());
    } finally {
      if (!turn.aborted) this.#flight = null;
    }
  }

  /** Another token of the same person is no change of who is here. */
  #say(now: Held | null): void {
    const before = this.#said;
    this.#held = this.#said = now;
    if (before?.token !== now?.token) this.#changed(!!now && before?.who === now.who);
  }

  #arm(): void {
    if (this.#held && !this.#pause.signal.aborted) this.#alarm.set(this.#held.renewAt - Date.now(), () => void this.renew());
  }

  /** Leaves neither timer nor listener; the token stays. */
  rest(): void {
    this.#pause.abort();
    this.#alarm.clear();
  }

  /** Goes on after a rest. */
  wake(): void {
    this.#pause = new AbortController();
    if (this.#failures) void this.renew();
    this.#arm();
  }

  /** Forgets everything. */
  destroy(): void {
    void this.set(null);
  }
}
