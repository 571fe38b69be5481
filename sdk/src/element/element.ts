/** What every element does: attributes and properties alike, one session, the product's looks, and states that people can read. */

import { type Appearance, MintmarkError, type Session, type Unsubscribe, page } from "../mintmark.js";
import { h, sheet } from "./dom.js";
import { BASE, looks } from "./looks.js";
import { COMMON, type Common, type Language, type Words, fill, languageOf } from "./words.js";

/** On a server there are no elements; what imports this there gets a class that nobody makes. */
const Host = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

let shared: CSSStyleSheet | undefined;

/**
 * The ground of all elements.
 *
 * @attribute embed-key - which product: `pk_live_...` or `pk_test_...`
 * @attribute bridge-token - what the tenant's backend vouches for the visitor with; it opens one session for all elements of the page
 * @attribute theme - `auto`, `light` or `dark`
 * @attribute lang - `en` or `de`; else that of what it stands in
 * @attribute base-url - where Mintmark is, if this script did not come from it
 */
export abstract class MintmarkElement<Name extends string = never> extends Host {
  static observedAttributes: string[] = ["embed-key", "bridge-token", "theme", "lang", "base-url"];

  /** Texts of its own. */
  protected abstract readonly words: Words<Name>;
  /** Rules of its own. */
  protected abstract readonly rules: CSSStyleSheet;

  readonly #root: ShadowRoot;
  readonly #look = sheet("");
  readonly #view = h("div", { part: "root" });
  readonly #status = h("p", { role: "status", class: "heard" });
  #session: Session | null = null;
  #leave: Unsubscribe | null = null;
  #off: Unsubscribe[] = [];
  #appearance: Appearance | null = null;
  #bridgeToken = "";
  #gone = false;
  #getBridgeToken: (() => string | null | undefined | Promise<string | null | undefined>) | null = null;
  #refusal: MintmarkError | null = null;
  #drawing = false;
  #joining = false;
  #language: Language = "en";

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.append(this.#view, this.#status);
  }

  connectedCallback(): void {
    // What was set before the element was known to the browser stands beside its class.
    for (const [name, value] of Object.entries(this)) {
      delete (this as Record<string, unknown>)[name];
      (this as Record<string, unknown>)[name] = value;
    }
    this.#root.adoptedStyleSheets = [(shared ??= sheet(BASE)), this.#look, this.rules];
    this.#language = languageOf(this);
    this.#join();
    this.update();
  }

  disconnectedCallback(): void {
    this.#part();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === "bridge-token") this.bridgeToken = now;
    if (!this.isConnected) return;
    this.#language = languageOf(this);
    if (name === "embed-key" || name === "base-url") this.#join();
    this.update();
  }

  get embedKey(): string {
    return this.getAttribute("embed-key") ?? "";
  }
  set embedKey(value: string | null | undefined) {
    this.reflect("embed-key", value);
  }

  /** Setting it does not write the attribute: whoever reads the document finds no token there. */
  get bridgeToken(): string {
    return this.#bridgeToken;
  }
  set bridgeToken(value: string | null | undefined) {
    this.#bridgeToken = value ?? "";
    if (value && this.isConnected) this.#join();
  }

  get theme(): string {
    return this.getAttribute("theme") ?? "auto";
  }
  set theme(value: string | null | undefined) {
    this.reflect("theme", value);
  }

  get baseUrl(): string {
    return this.getAttribute("base-url") ?? "";
  }
  set baseUrl(value: string | null | undefined) {
    this.reflect("base-url", value);
  }

  /** Fetches a bridge token whenever the session has to begin anew. */
  get getBridgeToken() {
    return this.#getBridgeToken;
  }
  set getBridgeToken(value) {
    this.#getBridgeToken = value ?? null;
    if (this.isConnected) this.#join();
  }

  /** Looks instead of the product's. */
  get appearance(): Appearance | null {
    return this.#appearance;
  }
  set appearance(value: Appearance | null) {
    this.#appearance = value;
    if (value) this.#look.replaceSync(looks(value));
    else void this.session?.config().then((config) => this.dress(config.appearance), () => {});
  }

  /** The session that it shares with the page's other elements of its embed key. */
  get session(): Session | null {
    return this.#session;
  }

  /** What is to be seen now. */
  protected abstract view(): Node[];

  /** Called with the session, when there is one and whenever another takes its place; answers what ends its interest. */
  protected attached(_session: Session): Unsubscribe[] {
    return [];
  }

  /** Called when there is none any more: the element has left, or the page destroyed it. */
  protected detached(): void {}

  /** Whether it needs an embed key at all. */
  protected get keyed(): boolean {
    return true;
  }

  /** Puts the product's looks on, unless the page said others. */
  protected dress(appearance: Appearance): void {
    if (!this.#appearance) this.#look.replaceSync(looks(appearance));
  }

  /** Draws soon, once for all that changes now. Whatever had the focus has it again, if it is there still. */
  protected update(): void {
    if (this.#drawing || !this.isConnected) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      if (!this.isConnected) return;
      const focused = (this.#root.activeElement as HTMLElement | null)?.dataset["key"];
      const said = this.#refusal ? [this.trouble(this.#refusal)] : this.view();
      // A page that destroyed its session is waited for no more.
      const [nodes, now] = [this.#gone ? [] : said, this.#view.childNodes];
      // Nodes that stay keep what is being typed into them, and how far they are scrolled.
      if (nodes.length !== now.length || nodes.some((node, at) => node !== now[at])) this.#view.replaceChildren(...nodes);
      if (focused) this.#view.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
    });
  }

  /** A text in the element's language. */
  protected t(name: Name | Common, values: Record<string, string | number> = {}): string {
    const own = this.words[this.#language] as Record<string, string>;
    return fill(own[name] ?? COMMON[this.#language][name as Common] ?? name, values);
  }

  protected get language(): Language {
    return this.#language;
  }

  /** Lets whoever hears the page hear it. */
  protected say(text: string): void {
    this.#status.textContent = text;
  }

  /** Fires an event that pages can hear outside the element; without anybody's data. Answers whether nobody prevented it. */
  protected fire(name: string, detail: Record<string, unknown> = {}, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(`mintmark-${name}`, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** What a failure means to whoever looks at the page. */
  protected meaning(error: MintmarkError): string {
    const { code, status } = error;
    if (code === "network" || code === "unavailable") return this.t("network");
    if (status === 429) return this.t("busy");
    if (code === "embed_origin_not_allowed" || code === "invalid_embed_key") return this.t("not_here");
    if (code === "session_expired") return this.t("expired");
    if (code === "session_revoked") return this.t("revoked");
    if (code === "customer_banned") return this.t("banned");
    return this.t("failed");
  }

  /** A failure, and how to try again if there is a way; the code is for whoever built the page. */
  protected trouble(error: MintmarkError, retry?: () => void): HTMLElement {
    return h(
      "div",
      { class: "card stack", part: "error", role: "alert" },
      h("div", {}, h("p", {}, this.meaning(error)), h("p", { class: "muted" }, h("code", {}, error.code))),
      retry && this.button(this.t("retry"), retry, "", "retry"),
    );
  }

  /** Something is on its way: lines of these widths, in percent. */
  protected bones(...widths: number[]): HTMLElement {
    const lines = widths.map((width) => {
      const line = h("div", { class: "bone" });
      line.style.setProperty("width", `${width}%`);
      return line;
    });
    return h("div", { class: "card bones", part: "loading", role: "img", "aria-label": this.t("loading") }, ...lines);
  }

  /** A button. */
  protected button(text: string | Node, press: () => void, kind = "", key = ""): HTMLButtonElement {
    return h("button", { type: "button", class: `button ${kind}`, part: `button${kind ? ` ${kind}` : ""}`, "data-key": key || undefined, onclick: press }, text);
  }

  protected reflect(name: string, value: string | null | undefined): void {
    if (value === null || value === undefined || value === "") this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  #join(): void {
    // Attributes come one after the other: all of them count.
    if (this.#joining) return;
    this.#joining = true;
    queueMicrotask(() => {
      this.#joining = false;
      if (!this.isConnected) return;
      if (!this.embedKey && !this.keyed) return;
      const before = this.#leave;
      this.#leave = null;
      this.#refusal = null;
      try {
        const { embedKey, bridgeToken, getBridgeToken, baseUrl } = this;
        this.#leave = page.join({ embedKey, bridgeToken, getBridgeToken, baseUrl: baseUrl || undefined }, (session) => this.#attach(session));
      } catch (error) {
        if (!(error instanceof MintmarkError)) throw error;
        this.#attach(null);
        console.warn(`<${this.localName}>: ${error.message}`);
        this.#refusal = error;
        this.update();
      }
      before?.();
    });
  }

  #part(): void {
    this.#leave?.();
    this.#leave = null;
    this.#attach(null);
  }

  #attach(session: Session | null): void {
    if (session === this.#session && session) return;
    for (const off of this.#off) off();
    this.#off = [];
    this.#gone = !session && !!this.#session && this.isConnected;
    this.#session = session;
    if (!session) this.detached();
    else {
      this.#off = this.attached(session);
      void session.config().then((config) => session === this.#session && this.dress(config.appearance), () => {});
    }
    this.update();
  }
}

/** Makes it known to the browser, once: a page may load a script twice. */
export function define(name: string, element: CustomElementConstructor): void {
  if (typeof customElements !== "undefined" && !customElements.get(name)) customElements.define(name, element);
}
