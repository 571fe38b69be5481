/** `<mintmark-token-session>`: what a widget token may do, from where, and until when. The pattern for elements behind the guard; longer than
 * most, because its words in two languages stand in it. */

import { h, sheet } from "../element/dom.js";
import { MintmarkElement, define } from "../element/element.js";
import type { Words } from "../element/words.js";
import { Alarm, MintmarkError, ask, base, held, safe } from "../mintmark.js";

type Name = "about" | "may" | "where" | "here" | "until" | "soon" | "refresh" | "sso_connection" | "directory_sync" | "nobody" | "dead" | "gone" | "elsewhere" | "kind" | "bad";

const WORDS: Words<Name> = {
  en: {
    about: "Access of this page",
    may: "What it may do",
    where: "From where",
    here: "this page",
    until: "Until",
    soon: "in less than a minute",
    refresh: "Check again",
    sso_connection: "Set up single sign-on",
    directory_sync: "Set up directory sync",
    nobody: "There is no access for you here.",
    dead: "This access has expired.",
    gone: "This access was revoked. The next call is refused.",
    elsewhere: "This access is not for this page. The page’s origin is {origin}.",
    kind: "This is a token of another kind: a widget token is needed here.",
    bad: "This token is not valid.",
  },
  de: {
    about: "Zugriff dieser Seite",
    may: "Was sie darf",
    where: "Von wo",
    here: "diese Seite",
    until: "Bis",
    soon: "in weniger als einer Minute",
    refresh: "Erneut prüfen",
    sso_connection: "Single Sign-on einrichten",
    directory_sync: "Verzeichnisabgleich einrichten",
    nobody: "Für dich gibt es hier keinen Zugriff.",
    dead: "Dieser Zugriff ist abgelaufen.",
    gone: "Dieser Zugriff wurde widerrufen. Der nächste Aufruf wird abgewiesen.",
    elsewhere: "Dieser Zugriff gilt nicht für diese Seite. Der Ursprung der Seite ist {origin}.",
    kind: "Das ist ein Token anderer Art: Hier wird ein Widget-Token gebraucht.",
    bad: "Dieses Token ist nicht gültig.",
  },
};

const RULES = `
.facts{display:grid;gap:12px;width:100%}
.facts>div{display:grid;grid-template-columns:minmax(0,180px) minmax(0,1fr);gap:2px 16px}
dt{color:var(--_muted)}
dd ul{display:grid;gap:4px}
@container (max-width:380px){.facts>div{grid-template-columns:minmax(0,1fr)}}
[part=root]{container-type:inline-size}
`;

/** `GET /widget/session`, and the name of `GET /widget/organization`. */
interface Facts {
  readonly scope: readonly string[];
  readonly origins: readonly string[];
  readonly expires_at: string;
  readonly name: string;
}

/** What the page gives: a token of its backend, or nothing where nobody may do anything. */
export type TokenFetcher = () => string | null | undefined | Promise<string | null | undefined>;

/** Ends that another token mends. */
const ENDS: ReadonlyMap<string, "expired" | "revoked"> = new Map([["widget_token_expired", "expired"], ["widget_token_revoked", "revoked"]]);

/** What there are words for; a scope that is newer than this script is called by its name. */
const SCOPES = ["sso_connection", "directory_sync"];

/** How it stands. `waiting`: nobody gave a token; `none`: asked for one, the page had none. */
type State = "waiting" | "none" | "loading" | "shown" | "expired" | "revoked" | "failed";

/**
 * What the page may do with the widget token that it was given. It needs no embed key; with one it wears the product's looks.
 *
 * @attribute token - the widget token, `eyJ...`; better set as a property, which does not stand in the document
 * @fires mintmark-load - it shows what the token may do: `{ scope }`
 * @fires mintmark-error - that could not be found out: `{ code }`
 * @fires mintmark-expired - the token's time is over, and there is no other
 * @fires mintmark-revoked - somebody revoked the token, and there is no other
 * @csspart root, loading, error, empty, ended, card, name, facts, scopes, origins, until, button
 */
export class MintmarkTokenSession extends MintmarkElement<Name> {
  static override observedAttributes = [...MintmarkElement.observedAttributes, "token"];
  protected readonly words = WORDS;
  protected readonly rules = sheet(RULES);
  readonly #alarm = new Alarm();
  #token: string | null = null;
  #fetched: string | null = null;
  #getToken: TokenFetcher | null = null;
  #state: State = "waiting";
  #facts: Facts | null = null;
  #error: MintmarkError | null = null;
  /** Until when, by this computer's clock, and for which token. */
  #until = 0;
  #judged: string | null = null;
  #turn = new AbortController();
  /** Whether somebody asked and waits. */
  #busy = false;
  readonly #seen = () => {
    // What has ended is asked for again only where there is a way to another token.
    if (document.visibilityState === "visible" && (this.#getToken || (this.#state !== "expired" && this.#state !== "revoked"))) void this.#load(true);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    this.#turn.abort();
    this.#alarm.clear();
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (name === "token") this.token = now;
    else super.attributeChangedCallback(name, before, now);
  }

  /** The widget token. It stays in memory: setting it does not write the attribute. */
  get token(): string | null {
    return this.#token;
  }
  set token(value: string | null | undefined) {
    if ((value || null) === this.#token) return;
    this.#token = value || null;
    this.#fetched = null;
    this.#state = "waiting";
    void this.#load();
  }

  /** Fetches a token: when there is none, and once when the one that there is has expired or was revoked. */
  get getToken(): TokenFetcher | null {
    return this.#getToken;
  }
  set getToken(value: TokenFetcher | null | undefined) {
    this.#getToken = value ?? null;
    if (this.#state !== "shown") void this.#load();
  }

  /** Asks Mintmark again how the token stands. */
  refresh(): Promise<void> {
    return this.#load();
  }

  protected override get keyed(): boolean {
    return false;
  }

  /** A later one takes the place of an earlier one, whose answer is not heard any more. What is shown stays until there is something else. */
  async #load(quiet = false): Promise<void> {
    this.#turn.abort();
    this.#alarm.clear();
    if (!this.isConnected) return;
    const turn = (this.#turn = new AbortController()).signal;
    await null; // what else the page sets in this very moment still counts
    if (turn.aborted) return;
    this.#busy = !quiet;
    if (this.#state === "waiting" && (this.#token || this.#getToken)) this.#state = "loading";
    this.update();
    try {
      const facts = await this.#read(turn);
      if (turn.aborted) return;
      this.#facts = facts;
      this.#become(facts ? "shown" : this.#getToken ? "none" : "waiting");
      if (!facts) return;
      this.#count();
      if (quiet) return;
      this.say(`${this.t("until")} ${this.#time()}`);
      this.fire("load", { scope: [...facts.scope] });
    } catch (thrown) {
      if (turn.aborted) return;
      const error = thrown as MintmarkError;
      // Nobody asked, and what is shown is as good as it was.
      if (quiet && error.passing && this.#state === "shown" && Date.now() < this.#until) return this.#count();
      this.#error = error;
      const end = ENDS.get(error.code);
      const news = this.#state !== end;
      this.#become(end ?? "failed");
      if (!end) this.fire("error", { code: error.code });
      else if (news) this.fire(end);
    }
  }

  /** With the token that there is; with a fetched one, if that has ended or if there is none. */
  async #read(turn: AbortSignal): Promise<Facts | null> {
    safe(this.embedKey);
    const token = this.#fetched ?? this.#token;
    try {
      if (token) return await this.#ask(token, turn);
    } catch (error) {
      if (!this.#getToken || !ENDS.has((error as MintmarkError).code) || turn.aborted) throw error;
      const fresh = await this.#fetch(turn);
      if (!fresh || fresh === token) throw error;
      return this.#ask(fresh, turn);
    }
    const first = await this.#fetch(turn);
    return first ? this.#ask(first, turn) : null;
  }

  async #fetch(turn: AbortSignal): Promise<string | null> {
    try {
      const token = await this.#getToken?.();
      if (turn.aborted || !token) return null;
      return (this.#fetched = token);
    } catch (cause) {
      throw new MintmarkError("fetcher_failed", "The page's widget token fetcher failed.", { cause });
    }
  }

  async #ask(token: string, signal: AbortSignal): Promise<Facts> {
    safe(token);
    const at = `${base(this.baseUrl || undefined)}/widget/`;
    const [session, { name }] = await Promise.all([ask<Facts>(`${at}session`, { bearer: token, signal }), ask<Facts>(`${at}organization`, { bearer: token, signal })]);
    const now = Date.now();
    if (token !== this.#judged) this.#until = held(token, now, true)?.until ?? 0;
    // Where this clock is ahead, the server takes it still: then we ask in a while again.
    if (this.#until <= now) this.#until = now + 30_000;
    this.#judged = token;
    return { ...session, name };
  }

  /** Draws a second after the minutes changed, and asks a second after they are over: the server says the same then. */
  #count(): void {
    const left = this.#until - Date.now();
    if (left <= -1_000) return void this.#load(true);
    this.#alarm.set((left % 60_000) + 1_000, () => this.#count());
    this.update();
  }

  #become(state: State): void {
    this.#state = state;
    this.#busy = false;
    this.update();
  }

  protected override meaning(error: MintmarkError): string {
    if (error.code === "widget_origin_mismatch") return this.t("elsewhere", { origin: location.origin });
    if (error.code === "widget_token_required" || error.code === "widget_token_not_allowed_here") return this.t("kind");
    if (error.code === "invalid_token") return this.t("bad");
    return super.meaning(error);
  }

  protected view(): Node[] {
    switch (this.#state) {
      case "none":
        return [this.#note("empty", this.t("nobody"))];
      case "expired":
        return [this.#note("ended", this.t("dead"))];
      case "revoked":
        return [this.#note("ended", this.t("gone"))];
      case "failed":
        return [this.#note("error", this.meaning(this.#error!), this.#error!.code)];
      case "shown":
        return [this.#card(this.#facts!)];
      default:
        return [this.bones(45, 80, 65)];
    }
  }

  #note(part: string, text: string, code?: string): HTMLElement {
    return h("div", { class: "card stack", part, role: !this.#busy && "alert" }, h("p", {}, text), code && h("p", { class: "muted" }, h("code", {}, code)), this.#again());
  }

  #again(): HTMLElement {
    const button = this.button(this.t(this.#busy ? "loading" : "refresh"), () => void this.#load(), "", "refresh");
    button.ariaDisabled = String(this.#busy);
    return button;
  }

  /** As in `10:45, in 12 minutes`. */
  #time(): string {
    const minutes = Math.floor((this.#until - Date.now()) / 60_000);
    const left = minutes > 0 ? new Intl.RelativeTimeFormat(this.language).format(minutes, "minute") : this.t("soon");
    return `${new Intl.DateTimeFormat(this.language, { timeStyle: "short" }).format(new Date(this.#facts!.expires_at))}, ${left}`;
  }

  #card({ name, scope, origins, expires_at }: Facts): HTMLElement {
    const fact = (term: Name, said: Node) => h("div", {}, h("dt", {}, this.t(term)), h("dd", {}, said));
    const may = scope.map((one) => h("li", {}, SCOPES.includes(one) ? this.t(one as Name) : h("code", {}, one)));
    const from = origins.map((one) => h("li", {}, one, one === location.origin && h("span", { class: "muted" }, ` (${this.t("here")})`)));
    return h(
      "section",
      { class: "card stack", part: "card", "aria-label": this.t("about") },
      h("h2", { part: "name" }, name),
      h(
        "dl",
        { class: "facts", part: "facts" },
        fact("may", h("ul", { part: "scopes" }, ...may)),
        fact("where", h("ul", { part: "origins" }, ...from)),
        fact("until", h("time", { datetime: expires_at, part: "until" }, this.#time())),
      ),
      this.#again(),
    );
  }
}

define("mintmark-token-session", MintmarkTokenSession);

declare global {
  interface HTMLElementTagNameMap {
    "mintmark-token-session": MintmarkTokenSession;
  }
}
