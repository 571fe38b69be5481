/** `<mintmark-user-button>`: who is signed in to this page, and the way out. */

import { h, sheet, sign } from "../element/dom.js";
import { MintmarkElement, define } from "../element/element.js";
import type { Words } from "../element/words.js";
import { type Config, type MintmarkError, type Session, type Unsubscribe } from "../mintmark.js";

type Name = "sign_in" | "reload" | "account" | "sign_out" | "everywhere" | "blocked";

const WORDS: Words<Name> = {
  en: { sign_in: "Sign in", reload: "Reload the page", account: "Account of {who}", sign_out: "Sign out", everywhere: "Sign out everywhere", blocked: "The browser did not open the window. Allow it, and press the button again." },
  de: { sign_in: "Anmelden", reload: "Seite neu laden", account: "Konto von {who}", sign_out: "Abmelden", everywhere: "Überall abmelden", blocked: "Der Browser hat das Fenster nicht geöffnet. Erlaube es und drücke noch einmal." },
};

const RULES = `
:host{display:inline-block;position:relative;vertical-align:middle}
.face{width:40px;height:40px;padding:0;border-radius:50%;font-size:.8667em;font-weight:600;letter-spacing:.02em;overflow:hidden}
.face[data-initials]::before{content:attr(data-initials)}
.bones{width:40px;height:40px;padding:0;border-radius:50%;background:var(--_line);border:0}
.panel{position:absolute;z-index:1000;top:calc(100% + 8px);inset-inline-start:0;display:grid;gap:12px;width:max-content;min-width:220px;max-width:min(320px,calc(100vw - 24px));padding:16px;box-shadow:0 8px 28px color-mix(in srgb,#000 18%,transparent)}
.panel.end{inset-inline-start:auto;inset-inline-end:0}
.panel .button{width:100%}
.ways{display:grid;gap:8px}
.name{font-weight:600;overflow-wrap:anywhere}
.wrong{max-width:260px}
`;

/**
 * A round button with the visitor's initials; it opens a panel with their name and the way out. Where nobody is signed in, a button that
 * opens the product's sign-in window, or a link to the page's own.
 *
 * @attribute sign-in-url - where the page's own sign-in is
 * @fires mintmark-signed-in - somebody is
 * @fires mintmark-signed-out - nobody is any more: `{ reason }`
 * @fires mintmark-error - something failed: `{ code }`
 * @csspart root, loading, error, button, face, panel, name, email
 */
export class MintmarkUserButton extends MintmarkElement<Name> {
  static override observedAttributes = [...MintmarkElement.observedAttributes, "sign-in-url"];
  protected readonly words = WORDS;
  protected readonly rules = sheet(RULES);
  #config: Config | null = null;
  #error: MintmarkError | null = null;
  #blocked = false;
  #open = false;
  #atEnd = false;
  #outside: Unsubscribe | null = null;

  get signInUrl(): string {
    return this.getAttribute("sign-in-url") ?? "";
  }
  set signInUrl(value: string | null | undefined) {
    this.reflect("sign-in-url", value);
  }

  override disconnectedCallback(): void {
    this.#close();
    super.disconnectedCallback();
  }

  protected override attached(session: Session): Unsubscribe[] {
    void this.#load(session);
    return [
      session.on("session-changed", () => {
        if (session.state !== "signed-in") this.#close();
        if (this.#error?.passing && session.state !== "failed") void this.#load(session);
        this.update();
      }),
      session.on("signed-in", () => this.fire("signed-in")),
      session.on("signed-out", ({ reason }) => this.fire("signed-out", { reason })),
      session.on("error", ({ code }) => this.fire("error", { code })),
    ];
  }

  async #load(session: Session): Promise<void> {
    this.#error = null;
    if (session.state === "failed") void session.retry();
    try {
      this.#config = await session.config();
    } catch (error) {
      this.#error = error as MintmarkError;
    }
    if (session === this.session) this.update();
  }

  protected view(): Node[] {
    const { session } = this;
    if (session?.state === "signed-in") return this.#signedIn(session);
    const error = this.#error ?? (session?.state === "failed" ? session.problem : null);
    if (error) return [this.#again(error)];
    if (!session || !this.#config || session.state === "starting") return [this.bones()];
    // The backend that vouched for the visitor can do so again when it renders the page again.
    const { state } = session;
    if (session.bridged && (state === "expired" || state === "revoked")) return [this.#lost(this.t(state))];
    if (this.signInUrl) return [h("a", { class: "button", part: "button", href: this.signInUrl, "data-key": "button" }, this.t("sign_in"))];
    if (!this.#config.sign_in) return [];
    return [this.button(this.t("sign_in"), () => void this.#signIn(session), "", "button"), h("p", { class: "wrong", role: "alert" }, this.#blocked ? this.t("blocked") : "")];
  }

  /** A failure, small: the button tries again, and says what it was to whoever asks. */
  #again(error: MintmarkError): HTMLElement {
    const retry = () => this.session && void this.#load(this.session);
    const button = this.button(this.t("retry"), retry, "", "button");
    button.title = `${this.meaning(error)} (${error.code})`;
    return button;
  }

  #lost(why: string): HTMLElement {
    const button = this.button(this.t("reload"), () => location.reload(), "", "button");
    button.title = why;
    return button;
  }

  #signedIn(session: Session): Node[] {
    const { name, email, external_id, id } = session.customer ?? { name: null, email: null, external_id: null, id: "" };
    const title = name ?? email ?? external_id ?? id;
    const letters = initials(name ?? email ?? "");
    const face = h(
      "button",
      { type: "button", class: "button face", part: "button face", "data-key": "button", "data-initials": letters || undefined, "aria-label": this.t("account", { who: title }), "aria-expanded": String(this.#open), "aria-controls": "panel", onclick: () => (this.#open ? this.#close() : this.#show()) },
      // Drawn by the style sheet: what is written there is no part of the button's name.
      letters ? null : sign("M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8m-5 5.5c.6-2.4 2.6-3.5 5-3.5s4.4 1.1 5 3.5"),
    );
    if (!this.#open) return [face];
    const out = (everywhere: boolean) => () => {
      this.#face?.focus(); // which is there when the panel is not
      this.#close();
      void session.signOut({ everywhere });
    };
    return [
      face,
      h(
        "div",
        { class: `card panel ${this.#atEnd ? "end" : ""}`, id: "panel", part: "panel" },
        h("div", {}, h("p", { class: "name", part: "name" }, title), name && email && h("p", { class: "muted", part: "email" }, email)),
        h("div", { class: "ways" }, this.button(this.t("sign_out"), out(false), "", "sign-out"), this.button(this.t("everywhere"), out(true), "", "everywhere")),
      ),
    ];
  }

  async #signIn(session: Session): Promise<void> {
    this.#blocked = false;
    try {
      await session.signIn();
    } catch (error) {
      this.#blocked = true;
      this.fire("error", { code: (error as MintmarkError).code });
    }
    this.update();
  }

  /** Opens to the side where there is room, until Escape, a press elsewhere, or the focus leaves. */
  #show(): void {
    this.#open = true;
    const { left, right } = this.getBoundingClientRect();
    const rtl = getComputedStyle(this).direction === "rtl";
    this.#atEnd = rtl ? right < innerWidth / 2 : left > innerWidth / 2;
    const elsewhere = (event: Event) => {
      if (!event.composedPath().includes(this)) this.#close();
    };
    const key = (event: Event) => {
      if ((event as KeyboardEvent).key !== "Escape") return;
      this.#close();
      this.#face?.focus();
    };
    const leaving = (event: Event) => {
      const to = (event as FocusEvent).relatedTarget as Node | null;
      if (to && to !== this && !this.contains(to)) this.#close();
    };
    document.addEventListener("pointerdown", elsewhere);
    this.addEventListener("keydown", key);
    this.addEventListener("focusout", leaving);
    this.#outside = () => {
      document.removeEventListener("pointerdown", elsewhere);
      this.removeEventListener("keydown", key);
      this.removeEventListener("focusout", leaving);
    };
    this.update();
  }

  get #face(): HTMLElement | null | undefined {
    return this.shadowRoot?.querySelector<HTMLElement>(".face");
  }

  #close(): void {
    this.#outside?.();
    this.#outside = null;
    if (!this.#open) return;
    this.#open = false;
    this.update();
  }
}

/** The first letters of the first and the last word; of an address, its first. */
function initials(name: string): string {
  const words = name.split("@")[0]!.split(/[\s.]+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => Array.from(word ?? "")[0] ?? "");
  return letters.join("").toLocaleUpperCase();
}

define("mintmark-user-button", MintmarkUserButton);

declare global {
  interface HTMLElementTagNameMap {
    "mintmark-user-button": MintmarkUserButton;
  }
}
