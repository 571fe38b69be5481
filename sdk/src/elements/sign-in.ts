/** `<mintmark-sign-in>`: a visitor signs in by a link in a mail, or in Mintmark's own window. */

import { h, sheet, sign } from "../element/dom.js";
import { MintmarkElement, define } from "../element/element.js";
import type { Words } from "../element/words.js";
import { type Config, MintmarkError, type Session, type Unsubscribe } from "../mintmark.js";

type Name =
  | "title" | "email" | "send" | "sending" | "wrong" | "sent" | "sent_text" | "other" | "password" | "window" | "or" | "hello" | "sign_out" | "reload"
  | "link_used" | "link_old" | "link_bad" | "blocked" | "nobody" | "again";

const WORDS: Words<Name> = {
  en: {
    title: "Sign in",
    email: "E-mail address",
    send: "Send me a link",
    sending: "Sending …",
    wrong: "Type an e-mail address.",
    sent: "Check your inbox",
    sent_text: "If we know {email}, a link is on its way. It leads back to this page and works once, for 15 minutes.",
    other: "Use another address",
    password: "Sign in with a password",
    window: "Sign in in a window",
    or: "or",
    hello: "Signed in as {who}",
    sign_out: "Sign out",
    reload: "Reloading or closing this page signs you out.",
    link_used: "That link was used already. Ask for a new one.",
    link_old: "That link is too old. Ask for a new one.",
    link_bad: "That is no link of this page. Ask for a new one.",
    blocked: "The browser did not open the window. Allow it, and press the button again.",
    nobody: "The window was closed before anybody signed in.",
    again: "Sign in again.",
  },
  de: {
    title: "Anmelden",
    email: "E-Mail-Adresse",
    send: "Link senden",
    sending: "Wird gesendet …",
    wrong: "Gib eine E-Mail-Adresse ein.",
    sent: "Sieh in dein Postfach",
    sent_text: "Wenn wir {email} kennen, ist ein Link unterwegs. Er führt zu dieser Seite zurück und gilt einmal, 15 Minuten lang.",
    other: "Andere Adresse verwenden",
    password: "Mit Passwort anmelden",
    window: "In einem Fenster anmelden",
    or: "oder",
    hello: "Angemeldet als {who}",
    sign_out: "Abmelden",
    reload: "Wenn du diese Seite neu lädst oder schließt, bist du abgemeldet.",
    link_used: "Dieser Link wurde schon benutzt. Fordere einen neuen an.",
    link_old: "Dieser Link ist zu alt. Fordere einen neuen an.",
    link_bad: "Dieser Link gehört nicht zu dieser Seite. Fordere einen neuen an.",
    blocked: "Der Browser hat das Fenster nicht geöffnet. Erlaube es und drücke noch einmal.",
    nobody: "Das Fenster wurde geschlossen, bevor sich jemand angemeldet hat.",
    again: "Melde dich neu an.",
  },
};

const RULES = `
.card{max-width:420px;margin-inline:auto}
form{display:grid;gap:14px}
form .button,.stack>.button:not(.plain){width:100%}
.or{display:flex;align-items:center;gap:12px;width:100%;color:var(--_muted);font-size:.9333em}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--_line)}
.told{display:grid;grid-template-columns:16px 1fr;gap:10px;width:100%;padding:10px 12px;border-radius:min(var(--_radius),12px);background:var(--_soft);border:1px solid var(--_line)}
.told .sign{margin-top:.25em}
`;

/** What a link that did not work means. */
const LINKS: Partial<Record<string, Name>> = { link_consumed: "link_used", link_expired: "link_old", invalid_token: "link_bad" };

/**
 * Signs a visitor in. A mailed link leads back to this very page; where the product has its window switched on, that is offered as well.
 *
 * @attribute method - `link` or `window`: one of the two; else all that the product has
 * @fires mintmark-link-requested - a mail was asked for
 * @fires mintmark-signed-in - somebody is
 * @fires mintmark-signed-out - nobody is any more: `{ reason }`
 * @fires mintmark-error - something failed: `{ code }`
 * @csspart root, loading, error, form, label, input, button, notice, sent, signed-in
 */
export class MintmarkSignIn extends MintmarkElement<Name> {
  static override observedAttributes = [...MintmarkElement.observedAttributes, "method"];
  protected readonly words = WORDS;
  protected readonly rules = sheet(RULES);
  #config: Config | null = null;
  #error: MintmarkError | null = null;
  #email = "";
  #step: "ask" | "sent" = "ask";
  #busy = false;
  /** What is wrong with the address, and what is to be said above the form. */
  #wrong = "";
  #told = "";

  get method(): string {
    return this.getAttribute("method") ?? "";
  }
  set method(value: string | null | undefined) {
    this.reflect("method", value);
  }

  protected override attached(session: Session): Unsubscribe[] {
    void this.#load(session);
    return [
      session.on("session-changed", () => {
        // What did not answer does so again.
        if (this.#error?.passing && session.state !== "failed") void this.#load(session);
        this.update();
      }),
      session.on("signed-in", () => {
        this.#step = "ask";
        this.#told = "";
        this.fire("signed-in");
        this.say(this.t("hello", { who: who(session) }));
      }),
      session.on("signed-out", ({ reason }) => {
        this.fire("signed-out", { reason });
        if (reason === "expired" || reason === "revoked") this.#tell(`${this.t(reason)} ${this.t("again")}`);
        this.update();
      }),
      session.on("error", ({ code }) => {
        this.fire("error", { code });
        const name = LINKS[code];
        if (name && session.state === "anonymous") this.#tell(this.t(name));
        this.update();
      }),
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
    if (this.#error) return [this.trouble(this.#error, () => session && void this.#load(session))];
    if (!session || !this.#config || session.state === "starting") return [this.bones(35, 100, 100)];
    if (session.state === "signed-in") return [this.#signedIn(session, this.#config)];
    if (session.state === "failed" && session.problem) return [this.trouble(session.problem, () => void session.retry())];
    return [this.#step === "sent" ? this.#sent() : this.#ask(session, this.#config)];
  }

  #ask(session: Session, { sign_in, passwords }: Config): HTMLElement {
    const byWindow = sign_in && this.method !== "link";
    const byLink = this.method !== "window" || !sign_in;
    const open = this.button(this.t(passwords ? "password" : "window"), () => void this.#open(session, passwords), byLink ? "" : "primary", "window");
    return h(
      "div",
      { class: "card stack" },
      h("h2", {}, this.t("title")),
      this.#told && h("p", { class: "told", part: "notice" }, sign("M8 4.75v4M8 11.25v.01M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5"), this.#told),
      byLink && this.#form(session),
      byLink && byWindow && h("p", { class: "or", "aria-hidden": "true" }, this.t("or")),
      byWindow && open,
    );
  }

  #form(session: Session): HTMLElement {
    const input = h("input", {
      id: "email",
      name: "email",
      type: "email",
      autocomplete: "email",
      required: true,
      part: "input",
      "data-key": "email",
      ".value": this.#email,
      "aria-invalid": this.#wrong ? "true" : undefined,
      "aria-describedby": this.#wrong ? "wrong" : undefined,
      oninput: () => (this.#email = input.value),
    });
    const ask = async (event: Event) => {
      event.preventDefault();
      if (this.#busy) return;
      this.#email = input.value.trim();
      if (!this.#email || !input.validity.valid) return this.#blame(this.t("wrong"));
      this.#busy = true;
      this.#wrong = "";
      this.update();
      try {
        await session.requestLink(this.#email);
        this.#step = "sent";
        this.#told = "";
        this.fire("link-requested");
        this.say(this.t("sent"));
      } catch (error) {
        this.fire("error", { code: (error as MintmarkError).code });
        this.#blame(this.meaning(error as MintmarkError));
      }
      this.#busy = false;
      this.update();
    };
    return h(
      "form",
      { part: "form", novalidate: true, onsubmit: ask },
      h("div", {}, h("label", { for: "email", part: "label" }, this.t("email")), input, h("p", { class: "wrong", id: "wrong" }, this.#wrong)),
      h("button", { class: "button primary", part: "button primary", "aria-disabled": this.#busy ? "true" : undefined, "data-key": "send" }, this.t(this.#busy ? "sending" : "send")),
    );
  }

  #sent(): HTMLElement {
    const other = () => {
      this.#step = "ask";
      this.update();
      queueMicrotask(() => this.shadowRoot?.querySelector("input")?.select());
    };
    return h("div", { class: "card stack", part: "sent" }, h("h2", {}, this.t("sent")), h("p", {}, this.t("sent_text", { email: this.#email })), this.button(this.t("other"), other, "plain", "send"));
  }

  #signedIn(session: Session, { keep_signed_in }: Config): HTMLElement {
    const gone = !keep_signed_in && !session.bridged;
    return h(
      "div",
      { class: "card stack", part: "signed-in" },
      h("p", {}, this.t("hello", { who: who(session) })),
      gone && h("p", { class: "muted" }, this.t("reload")),
      this.button(this.t("sign_out"), () => void session.signOut(), "", "send"),
    );
  }

  async #open(session: Session, passwords: boolean): Promise<void> {
    this.#told = "";
    try {
      if (!(await session.signIn({ step: passwords ? "password" : undefined }))) this.#tell(this.t("nobody"));
    } catch (error) {
      const { code } = error as MintmarkError;
      this.fire("error", { code });
      this.#tell(code === "popup_blocked" ? this.t("blocked") : this.meaning(error as MintmarkError));
    }
    this.update();
  }

  #tell(text: string): void {
    this.#told = text;
    this.say(text);
    this.update();
  }

  #blame(text: string): void {
    this.#wrong = text;
    this.say(text);
    this.update();
    queueMicrotask(() => this.shadowRoot?.querySelector("input")?.focus());
  }
}

/** What a customer is called where they see it themselves. */
const who = ({ customer }: Session): string => customer?.name ?? customer?.email ?? customer?.external_id ?? customer?.id ?? "";

define("mintmark-sign-in", MintmarkSignIn);

declare global {
  interface HTMLElementTagNameMap {
    "mintmark-sign-in": MintmarkSignIn;
  }
}
