/** A visitor's session with one product: how it begins, how it is kept fresh, and how it ends. Tokens are in memory, and nowhere else. */

import { Alarm } from "../alarm.js";
import { Emitter, type Unsubscribe } from "../emitter.js";
import { MintmarkError, asError } from "../errors.js";
import { type Call, ask, pause, persist } from "../http.js";
import { type Held, held } from "../jwt.js";
import type { Customer, StartedSession } from "../answers.js";
import { Bridge, PATIENCE } from "./bridge.js";
import type { SessionEvents, SessionOptions, SessionState } from "./events.js";
import { Door } from "./door.js";
import { Identity, type IdentityFetcher } from "./identity.js";
import { kept } from "./keep.js";
import { type Popup, type PopupStep, openPopup } from "./popup.js";


/** After how long it is tried again, at first and at most, in milliseconds. */
const [AGAIN, LONGEST] = [30_000, 600_000];

/** One per embed key and page: see `createSession`. */
export class Session extends Door {
  readonly #events = new Emitter<SessionEvents>();
  readonly #alarm = new Alarm();
  readonly #bridge: Bridge;
  readonly #identity: Identity;
  readonly #forget: () => void;
  #product: string | undefined;
  #state: SessionState = "starting";
  #problem: MintmarkError | null = null;
  #customer: Customer | null = null;
  #held: (Held & { readonly last: boolean }) | null = null;
  #flight: Promise<void> | null = null;
  #turn = new AbortController();
  #popup: Popup | null = null;
  #signing: Promise<Customer | null> | null = null;
  #failures = 0;

  /** Whether the first attempt to find out who is there is over. */
  isReady = false;
  /** Settles then, whoever is there; it never rejects. */
  readonly ready: Promise<void>;

  /** For `Page` only: pages call `createSession`. */
  constructor(base: string, options: SessionOptions, link: string | null, forget: () => void) {
    super(base, options.embedKey);
    this.#forget = forget;
    this.#bridge = new Bridge(this.url("sessions/exchange"));
    this.#identity = new Identity(
      (renewed) => {
        if (renewed) this.#events.emit("token-refreshed", { kind: "identity" });
        else this.#changed();
      },
      (error) => this.#events.emit("error", error),
    );
    this.#take(options);
    this.ready = this.#begin(link ? (turn) => this.#redeem(link, turn).catch((error) => this.#rather(error, turn)) : (turn) => this.#arrive(turn)).finally(() => {
      this.isReady = true;
      this.#events.emit("ready", { customer: this.#customer });
    });
  }

  get state(): SessionState {
    return this.#state;
  }
  /** Why it did not begin, or ended without being asked to. */
  get problem(): MintmarkError | null {
    return this.#problem;
  }
  /** Whose session it is. */
  get customer(): Customer | null {
    return this.#customer;
  }

  /** The token as it stands: the session's, else the identity's, else none. To send it anywhere, `getSessionJwt` is the safer way. */
  getToken(): string | null {
    return (this.#held && Date.now() < this.#held.until ? this.#held.token : null) ?? this.#identity.token;
  }

  /**
   * A session token that is good still, renewed if that is due; nothing where nobody is signed in. Throws a `MintmarkError` where a session
   * should have begun and could not.
   */
  async getSessionJwt(): Promise<string | null> {
    const now = this.#held;
    if (!now) await this.#flight;
    else if (Date.now() >= this.#due(now)) {
      const renewed = this.#renew();
      if (Date.now() >= now.until) await renewed;
    }
    this.alive();
    if (this.#state === "failed") throw this.#problem;
    return this.#held?.token ?? null;
  }

  /**
   * Says who the visitor is by an identity token of the tenant's backend: `fetcher` is asked at once and before a token ends. Whatever is
   * no token (`""`, `null`, `undefined`) means that nobody is known. `null` instead of a fetcher forgets it.
   */
  async identify(fetcher: IdentityFetcher | null): Promise<void> {
    this.alive();
    return this.#identity.set(fetcher);
  }

  /**
   * What to show Mintmark to say who this is: the session's token, else the identity's, else none. Throws where there should be one:
   * whoever was known is not made nobody in silence.
   */
  async credential(): Promise<string | null> {
    const token = (await this.getSessionJwt()) ?? (await this.#identity.fresh());
    if (token === null && (this.#state === "expired" || this.#state === "revoked")) {
      throw new MintmarkError(`session_${this.#state}`, "The session has ended.", { status: 401 });
    }
    return token;
  }

  /** Who this is: the customer of the session, else whom the tenant's backend names. */
  get visitor(): string | undefined {
    return this.#customer?.id ?? this.#identity.who;
  }

  /** Asks anew who this is: the server did not take the token of `credential`, though it is good still by this computer's clock. */
  renewIdentity(): Promise<void> {
    return this.#held ? this.#renew() : this.#identity.renew();
  }

  /**
   * Opens the sign-in window, with its form for a password if that is wanted; call it in a click. Answers whom it signed in, or nothing if
   * somebody closed it.
   */
  async signIn({ step }: { step?: PopupStep } = {}): Promise<Customer | null> {
    this.alive();
    this.#popup?.focus();
    return (this.#signing ??= this.#sign(step).finally(() => (this.#signing = this.#popup = null)));
  }

  /** Ends the session, here and on the server; with `everywhere` all of this customer's. */
  async signOut({ everywhere = false }: { everywhere?: boolean } = {}): Promise<void> {
    const token = this.#held?.token;
    if (!this.#leave("anonymous", "signed_out")) return;
    const gone = new AbortController().signal;
    const forgotten = this.#frame("forget", gone).catch(() => {});
    const end = () => ask(`${this.base}/embed/v1/sessions${everywhere ? "" : "/current"}`, { method: "DELETE", bearer: token });
    await persist(end, Date.now() + PATIENCE, gone).catch((error: MintmarkError) => {
      // It has ended already: that is what was asked for.
      if (error.status !== 401) this.#events.emit("error", error);
    });
    await forgotten;
  }

  /** Tries again to begin, after a failure or an end. */
  retry(): Promise<void> {
    return this.#state === "destroyed" ? Promise.resolve() : this.#begin((turn) => this.#arrive(turn));
  }

  /** Calls `listener` at every event of that name; `ready` at once if it has been. Answers what ends that. */
  on<Name extends keyof SessionEvents>(name: Name, listener: (detail: SessionEvents[Name]) => void): Unsubscribe {
    if (name !== "ready" || !this.isReady) return this.#events.on(name, listener);
    let wanted = true;
    queueMicrotask(() => wanted && (listener as (detail: SessionEvents["ready"]) => void)({ customer: this.#customer }));
    return () => void (wanted = false);
  }

  /** Forgets everything: tokens, timers, listeners, what is on its way. What it was is over; `createSession` begins a new one. */
  destroy(): void {
    if (this.#state === "destroyed") return;
    this.#leave("destroyed", "destroyed");
    this.shut();
    this.#forget();
    this.#events.clear();
    this.#identity.destroy();
  }

  /** Calls as whoever is signed in; if the session has ended meanwhile, once more with a new one if there is a way to it. */
  async call<Answer>(url: string, init: Call = {}): Promise<Answer> {
    this.alive();
    const bearer = await this.credential();
    try {
      return await ask<Answer>(url, { ...init, bearer });
    } catch (error) {
      if (!bearer || !(error instanceof MintmarkError) || error.status !== 401) throw error;
      if (bearer === this.#held?.token) await this.#renew();
      else if (bearer === this.#identity.token) await this.#identity.renew();
      const fresh = await this.credential();
      if (!fresh || fresh === bearer) throw error;
      return ask<Answer>(url, { ...init, bearer: fresh });
    }
  }

  /** What somebody else on the page says of the same session; it begins anew if that opens a way. */
  offer(options: SessionOptions): void {
    const had = this.#bridge.open;
    this.#take(options);
    if (had || !this.#bridge.open) return;
    // What is on its way may find it by itself.
    void Promise.resolve(this.#flight).then(() => {
      if (this.#bridge.open && this.#state !== "signed-in") void this.retry();
    });
  }

  /** Nobody on the page looks: neither timer nor listener is left, what is known stays. */
  rest(): void {
    this.resting.abort();
    this.#alarm.clear();
    this.#identity.rest();
  }

  /** Somebody looks again. */
  wake(): void {
    if (!this.resting.signal.aborted) return;
    this.resting = new AbortController();
    this.#identity.wake();
    this.#arm();
    if (this.#state === "failed" && this.#problem?.passing) void this.retry();
  }

  /** Whether the tenant's backend vouches for the visitor, so that a reload begins anew by itself. */
  get bridged(): boolean {
    return this.#bridge.ever;
  }

  #take({ product, bridgeToken, getBridgeToken }: SessionOptions): void {
    if (product) this.#product = product;
    this.#bridge.take(bridgeToken, getBridgeToken);
  }

  /** Runs a beginning, one at a time. A second one waits for the first, unless somebody signed in by hand meanwhile. */
  #begin(beginning: (turn: AbortSignal) => Promise<StartedSession | null>, instead = false): Promise<void> {
    if (instead) {
      this.#turn.abort();
      this.#turn = new AbortController();
      this.#flight = null;
    }
    return (this.#flight ??= this.#run(beginning, this.#turn.signal));
  }

  async #run(beginning: (turn: AbortSignal) => Promise<StartedSession | null>, turn: AbortSignal): Promise<void> {
    await null; // what else the page does in this very moment still counts
    if (turn.aborted) return;
    if (this.#state !== "starting" && this.#state !== "signed-in") this.#become("starting");
    try {
      const started = await beginning(turn);
      if (turn.aborted) return;
      this.#flight = null;
      this.#failures = 0;
      if (started) this.#hold(started);
      else if (this.#state === "starting") this.#become("anonymous");
    } catch (thrown) {
      if (turn.aborted) return;
      this.#flight = null;
      const error = asError(thrown);
      // A link that is no good leaves a visitor whom nobody knows; everything else was meant to work.
      this.#become(error.status === 410 || (error.status === 401 && !this.bridged) ? "anonymous" : "failed", error);
      this.#events.emit("error", error);
      this.#later(error);
    }
  }

  /** By whichever way this page has. */
  async #arrive(turn: AbortSignal): Promise<StartedSession | null> {
    if (this.#bridge.open) return this.#bridge.exchange(turn, this.resting.signal);
    await this.config();
    // Somebody on the page vouched meanwhile.
    if (this.#bridge.open) return this.#bridge.exchange(turn, this.resting.signal);
    return (await this.#frame("restore", turn))?.session ?? null;
  }

  async #redeem(token: string, turn: AbortSignal): Promise<StartedSession> {
    const started = await persist(() => ask<StartedSession>(this.url("magic-links/redeem"), { method: "POST", body: { token }, signal: turn }), Date.now() + PATIENCE, turn, this.resting.signal);
    // Once it is held, if it is.
    void this.ready.then(() => this.#keep());
    return started;
  }

  /** A link that is no good is told, and does not stand in the way of a backend that vouches. */
  #rather(error: unknown, turn: AbortSignal): Promise<StartedSession | null> {
    if (!this.#bridge.open || turn.aborted) throw error;
    this.#events.emit("error", asError(error));
    return this.#bridge.exchange(turn, this.resting.signal);
  }

  /** Where the product wants it, a reload finds the customer signed in still, until they sign out. */
  async #frame(verb: "keep" | "restore" | "forget", turn: AbortSignal): ReturnType<typeof kept> {
    const { keep_signed_in } = await this.config();
    return keep_signed_in ? kept(this.base, this.embedKey, verb, turn, this.#held?.token) : null;
  }

  #keep(): void {
    if (this.#held) void this.#frame("keep", this.#turn.signal).catch(() => {});
  }

  #hold(started: StartedSession): void {
    const kept = held(started.token, Date.now());
    if (!kept) throw new MintmarkError("bad_answer", "Mintmark answered no token.");
    const { product } = kept;
    if (this.#product && product && product !== this.#product) {
      throw new MintmarkError("product_mismatch", `This embed key is for ${product}, and the page says ${this.#product}.`);
    }
    const known = this.#customer?.id === started.customer.id && this.#state === "signed-in";
    this.#held = { ...kept, last: Date.parse(started.expires_at) >= Date.parse(started.ends_at) };
    this.#customer = started.customer;
    this.#arm();
    if (known) return this.#events.emit("token-refreshed", { kind: "session" });
    this.#become("signed-in");
    this.#events.emit("signed-in", { customer: started.customer });
  }

  /** Sets when to renew; a session at its own end is renewed by a new one, if the page has a way to it. */
  #arm(): void {
    if (this.#held && !this.resting.signal.aborted) this.#alarm.set(this.#due(this.#held) - Date.now(), () => void this.#renew());
  }

  #due({ last, until, renewAt }: { readonly last: boolean } & Held): number {
    return last && !this.#bridge.lasting ? until : renewAt;
  }

  #renew(): Promise<void> {
    return (this.#flight ??= this.#refresh(this.#turn.signal));
  }

  async #refresh(turn: AbortSignal): Promise<void> {
    await null; // so that it is on its way before it is over
    const before = this.#held;
    let ended: MintmarkError | null = null;
    try {
      if (before && !before.last) {
        const refresh = () => ask<StartedSession>(`${this.base}/embed/v1/sessions/refresh`, { method: "POST", bearer: before.token, signal: turn });
        const started = await persist(refresh, before.until, turn, this.resting.signal);
        if (turn.aborted) return;
        this.#flight = null;
        return this.#hold(started);
      }
    } catch (thrown) {
      if (turn.aborted) return;
      ended = asError(thrown);
      // Nobody looks: whoever does next renews it.
      if (ended.passing && this.resting.signal.aborted) return void (this.#flight = null);
    }
    // What has ended can begin anew only where the tenant's backend vouches anew.
    if (this.#bridge.open) {
      try {
        const started = await this.#bridge.exchange(turn, this.resting.signal);
        if (turn.aborted) return;
        this.#flight = null;
        if (started) return this.#hold(started);
      } catch (thrown) {
        if (turn.aborted) return;
        ended = asError(thrown);
      }
    }
    this.#flight = null;
    const revoked = ended?.code === "session_revoked" || ended?.code === "customer_banned";
    this.#problem = ended;
    this.#leave(revoked ? "revoked" : "expired", revoked ? "revoked" : "expired");
    if (ended && ended.code !== "session_expired" && !revoked) this.#events.emit("error", ended);
    this.#later(ended);
  }

  /** What failed because nothing answered is tried again, where there is a way to it. */
  #later(error: MintmarkError | null): void {
    if (!error?.passing || this.resting.signal.aborted || (this.#bridge.ever && !this.#bridge.open)) return;
    this.#alarm.set(pause(this.#failures++, error, AGAIN, LONGEST), () => void this.retry());
  }

  async #sign(step: PopupStep): Promise<Customer | null> {
    const popup = (this.#popup = openPopup(this.base, this.embedKey, step));
    const turn = this.#turn.signal;
    turn.addEventListener("abort", popup.close);
    const started = await popup.answer;
    if (started && !turn.aborted) {
      await this.#begin(async () => started, true);
      this.#keep();
    }
    return this.#customer;
  }

  /** Drops what it holds; what is on its way will not be heard. Answers whether anybody had been signed in. */
  #leave(state: SessionState, reason: SessionEvents["signed-out"]["reason"]): boolean {
    const was = this.#customer !== null;
    const problem = state === "anonymous" ? null : this.#problem;
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#flight = null;
    this.#alarm.clear();
    this.#held = null;
    this.#customer = null;
    this.#become(state, problem);
    if (was) this.#events.emit("signed-out", { reason });
    return was;
  }

  #become(state: SessionState, problem: MintmarkError | null = null): void {
    this.#state = state;
    this.#problem = problem;
    this.#changed();
  }

  #changed(): void {
    this.#events.emit("session-changed", { state: this.#state, customer: this.#customer });
  }
}
