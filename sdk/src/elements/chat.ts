/** `<mintmark-chat>`: a visitor writes to the product, by name where one is known, and reads what is answered. Longer than most, because its
 * nodes are made once and filled in again. */

import { RULES } from "../chat/rules.js";
import { type Line, Talk } from "../chat/talk.js";
import { type Name, WORDS } from "../chat/words.js";
import { h, sheet, sign } from "../element/dom.js";
import { MintmarkElement, define } from "../element/element.js";
import type { MintmarkError, Session, Unsubscribe } from "../mintmark.js";

/** Characters of a message, at most, and how many are left when that is said. */
const [LONGEST, NEAR] = [4_000, 400];

/**
 * A conversation with a product's team. Whoever is signed in, or identified by the page, is known in it. It lives in memory: a reload
 * begins a new one.
 *
 * @attribute greeting - what is said before anybody wrote
 * @attribute launcher - a round button in the corner of the page opens it; without, it stands where the element stands
 * @attribute open - with `launcher`: whether it is open
 * @fires mintmark-message-sent - a message is kept: `{ conversation }`, the id that a visitor may be asked for
 * @fires mintmark-message-received - somebody answered: `{ count }`
 * @fires mintmark-error - something was not sent, or not read: `{ code }`
 * @csspart root, loading, error, launcher, count, panel, title, log, empty, message, mine, team, who, text, state, note, form, input, button
 */
export class MintmarkChat extends MintmarkElement<Name> {
  static override observedAttributes = [...MintmarkElement.observedAttributes, "greeting", "launcher", "open"];
  protected readonly words = WORDS;
  protected readonly rules = sheet(RULES);
  #talk: Talk | null = null;
  #name = "";
  #known = false;
  /** Why there can be no chat. */
  #problem: MintmarkError | null = null;
  #unread = 0;
  #visible = true;
  readonly #observer = new IntersectionObserver((seen) => {
    this.#visible = seen.at(-1)!.isIntersecting;
    this.#wait();
  });
  readonly #wait = () => this.session && this.#talk?.wait(this.#visible && document.visibilityState === "visible");

  readonly #empty = h("p", { class: "muted", part: "empty" });
  #end = true;
  readonly #log = h("div", {
    class: "log",
    part: "log",
    role: "log",
    tabindex: "0",
    onscroll: () => (this.#end = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 48),
  });
  readonly #title = h("h2", { part: "title" });
  readonly #label = h("label", { for: "text" });
  readonly #count = h("p", { id: "count", class: "muted" });
  readonly #input = h("textarea", {
    id: "text",
    part: "input",
    rows: "1",
    "aria-describedby": "count",
    oninput: () => {
      this.#measure();
      this.#follow();
    },
    onkeydown: (event: KeyboardEvent) => {
      // While an input method composes, Enter takes its suggestion.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#send();
    },
  });
  readonly #submit = this.button(sign("M8 13V3M3.5 7.5 8 3l4.5 4.5"), () => this.#send(), "primary round");
  readonly #close = this.button(sign("M4 4l8 8M12 4l-8 8"), () => this.#toggle(false), "round");
  readonly #news = h("p", { class: "muted", part: "state", role: "status" });
  readonly #panel = h(
    "section",
    {
      id: "panel",
      class: "card",
      part: "panel",
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape" || !this.launcher || event.isComposing) return;
        event.stopPropagation();
        this.#toggle(false);
      },
    },
    h("div", { class: "head" }, this.#title, this.#close),
    this.#log,
    h("div", { class: "write", part: "form" }, this.#news, this.#label, this.#input, this.#submit, this.#count),
  );
  readonly #called = h("span", { class: "heard" });
  readonly #badge = h("span", { class: "count", part: "count" });
  readonly #launcher = this.button(h("span", {}, sign("M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z"), this.#called, this.#badge), () => this.#toggle(!this.open), "primary launcher");

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#wait);
    this.#observer.observe(this.#panel);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#wait);
    this.#observer.disconnect();
  }

  protected override detached(): void {
    this.#talk?.rest();
  }

  get greeting(): string {
    return this.getAttribute("greeting") ?? "";
  }
  set greeting(value: string | null | undefined) {
    this.reflect("greeting", value);
  }

  get launcher(): boolean {
    return this.hasAttribute("launcher");
  }
  set launcher(on: boolean) {
    this.toggleAttribute("launcher", on);
  }

  get open(): boolean {
    return this.hasAttribute("open");
  }
  set open(on: boolean) {
    this.toggleAttribute("open", on);
  }

  protected override attached(session: Session): Unsubscribe[] {
    if (session !== this.#talk?.session) this.#begin(session);
    void this.#introduce(session);
    const look = () => this.#talk!.isFor() || this.#begin(session);
    look();
    this.#wait();
    return [session.on("session-changed", look), session.on("token-refreshed", look)];
  }

  /** A conversation is one person's: what another signs in to is empty. */
  #begin(session: Session): void {
    this.#talk?.rest();
    this.#input.value = "";
    this.#end = true;
    this.#unread = 0;
    this.#talk = new Talk(session, (event, detail = {}) => {
      if (event === "message-received" && this.launcher && !this.open) {
        this.#unread += detail["count"] as number;
        this.say(this.t("unread", { count: this.#unread }));
      }
      if (event) this.fire(event, detail);
      this.update();
    });
    this.update();
  }

  /** Whom one writes to. Without an answer there is a chat still, unless this page may have none. */
  async #introduce(session: Session): Promise<void> {
    this.#problem = null;
    try {
      this.#name = (await session.config()).product.name;
    } catch (thrown) {
      const error = thrown as MintmarkError;
      if (session === this.session && !error.passing) {
        this.#problem = error;
        this.fire("error", { code: error.code });
      }
    }
    this.#known = true;
    this.update();
  }

  #send(): void {
    const text = this.#input.value.trim();
    const { length } = [...text];
    this.#input.focus();
    if (length > LONGEST) this.say(this.#count.textContent!);
    else if (length && this.session) {
      this.#input.value = "";
      this.#end = true;
      this.#talk!.send(text);
    }
  }

  /** Opens or closes it for whoever pressed a key or button, and takes the focus along. */
  #toggle(open: boolean): void {
    this.open = open;
    queueMicrotask(() => (open ? this.#input : this.#launcher).focus());
  }

  /** Shows the end of the log, if that was to be seen before. */
  #follow(): void {
    if (this.#end) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #measure(): void {
    const count = LONGEST - [...this.#input.value.trim()].length;
    this.#count.textContent = count > NEAR ? "" : this.t("left", { count });
    this.#input.ariaInvalid = String(count < 0);
    this.#submit.ariaDisabled = String(count < 0 || count === LONGEST);
  }

  protected override meaning(error: MintmarkError): string {
    return super.meaning(error) + (error.retryAfter ? ` (${error.retryAfter} s)` : "");
  }

  protected view(): Node[] {
    const { launcher, session } = this;
    if (this.#problem) return launcher ? [] : [this.trouble(this.#problem, () => session && void this.#introduce(session))];
    if (!session || !this.#known) return launcher ? [] : [this.bones(35, 70, 50)];
    this.#fill();
    return launcher ? [this.#launcher, this.#panel] : [this.#panel];
  }

  #fill(): void {
    const { open, launcher } = this;
    const { lines, trouble } = this.#talk!;
    const name = this.#name || this.t("team");
    const chat = this.t("chat", { name });
    const count = open ? 0 : this.#unread;
    this.#unread = count;
    this.#panel.ariaLabel = this.#log.ariaLabel = chat;
    this.#close.ariaLabel = this.t("close");
    this.#submit.ariaLabel = this.t("send");
    this.#called.textContent = chat;
    this.#launcher.ariaExpanded = String(open);
    this.#badge.textContent = count ? String(count) : "";
    this.#close.hidden = !launcher;
    this.#title.textContent = name;
    this.#label.textContent = this.t("label");
    this.#news.textContent = trouble ? this.meaning(trouble) : "";
    this.#measure();
    this.#empty.textContent = this.greeting || this.t("empty", { name });
    const nodes = [...(this.greeting || !lines.length ? [this.#empty] : []), ...lines.map((line) => this.#line(line))];
    const log = this.#log;
    this.#panel.hidden = launcher && !open;
    // What is there stays there, so that whoever hears the log hears only what is new.
    nodes.forEach((node, at) => node !== log.childNodes[at] && log.insertBefore(node, log.childNodes[at] ?? null));
    while (log.childNodes.length > nodes.length) log.lastChild!.remove();
    this.#follow();
  }

  #line(line: Line): HTMLElement {
    const { kept, note, error, text } = line;
    const mine = kept?.from !== "team";
    const drawn = [this.language, this.#name, kept?.id, error?.code, error?.retryAfter].join();
    if (line.node && drawn === line.drawn) return line.node;
    line.drawn = drawn;
    line.node ??= note
      ? h("p", { class: "muted", part: "note" })
      : h("div", { class: mine && "mine", part: `message ${mine ? "mine" : "team"}` }, h("p", { class: "muted", part: "who" }), h("p", { part: "text", dir: "auto" }, text), h("p", { class: "muted", part: "state" }));
    if (note) {
      line.node.textContent = this.t(note);
      return line.node;
    }
    const [who, , state] = line.node.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
    const you = kept?.name ? `${this.t("you")} (${kept.name})` : this.t("you");
    who.replaceChildren(mine ? you : this.#name || this.t("team"), ...(kept ? [" ", this.#time(kept.created_at)] : []));
    state.replaceChildren(...(error ? this.#unsent(error) : kept ? [] : [this.t("sending")]));
    return line.node;
  }

  /** Why it was not sent, and the way on: where nobody was believed to have written it, in nobody's name. */
  #unsent(error: MintmarkError): (Node | string)[] {
    const nameless = error.status === 401;
    const again = () => {
      this.#input.focus();
      this.#talk!.again(nameless);
    };
    return [`${this.t("unsent")} ${this.meaning(error)} `, this.button(this.t(nameless ? "nameless" : "retry"), again, "plain")];
  }

  #time(at: string): HTMLElement {
    return h("time", { datetime: at }, new Intl.DateTimeFormat(this.language, { timeStyle: "short" }).format(new Date(at)));
  }
}

define("mintmark-chat", MintmarkChat);

declare global {
  interface HTMLElementTagNameMap {
    "mintmark-chat": MintmarkChat;
  }
}
