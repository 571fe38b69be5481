/** `<mintmark-pricing>`: what a product offers, for anybody. */

import { h, sheet, sign } from "../element/dom.js";
import { MintmarkElement, define } from "../element/element.js";
import type { Words } from "../element/words.js";
import { type MintmarkError, type Offering, type Session, type Unsubscribe } from "../mintmark.js";

type Name = "plans" | "empty" | "choose" | "choose_one" | "once" | "day" | "week" | "month" | "year" | "free";

const WORDS: Words<Name> = {
  en: { plans: "Plans", empty: "There is nothing on offer yet.", choose: "Choose", choose_one: "Choose {name}", once: "once", day: "per day", week: "per week", month: "per month", year: "per year", free: "Free" },
  de: { plans: "Angebote", empty: "Noch gibt es keine Angebote.", choose: "Wählen", choose_one: "{name} wählen", once: "einmalig", day: "pro Tag", week: "pro Woche", month: "pro Monat", year: "pro Jahr", free: "Kostenlos" },
};

const RULES = `
.plans{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,236px),1fr));gap:16px}
.plan{display:flex;flex-direction:column;gap:14px}
.price{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 6px}
.amount{font-size:1.8667em;line-height:1.2;font-weight:650;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.features{display:grid;gap:8px}
.features li{display:grid;grid-template-columns:16px 1fr;gap:10px;overflow-wrap:anywhere}
.features .sign{margin-top:.25em;color:var(--_accent)}
.plan .button{margin-top:auto}
`;

/** In the smallest unit of its currency, as people write it; without the cents where there are none. */
function money(amount: number, currency: string, language: string): string {
  const whole = new Intl.NumberFormat(language, { style: "currency", currency });
  const unit = 10 ** (whole.resolvedOptions().maximumFractionDigits ?? 2);
  if (amount % unit) return whole.format(amount / unit);
  return new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 0 }).format(amount / unit);
}

/**
 * The published offerings of a product, in their order.
 *
 * @attribute selectable - each offering has a button, also one that leads nowhere: the page hears `mintmark-select`
 * @fires mintmark-load - it shows what there is: `{ count }`
 * @fires mintmark-error - it could not be loaded: `{ code }`
 * @fires mintmark-select - an offering was chosen: `{ offering }`, its id; prevent it to stay on the page
 * @csspart root, loading, error, empty, plans, plan, name, description, price, features, button
 */
export class MintmarkPricing extends MintmarkElement<Name> {
  static override observedAttributes = [...MintmarkElement.observedAttributes, "selectable"];
  protected readonly words = WORDS;
  protected readonly rules = sheet(RULES);
  #offerings: readonly Offering[] | null = null;
  #error: MintmarkError | null = null;

  get selectable(): boolean {
    return this.hasAttribute("selectable");
  }
  set selectable(on: boolean) {
    this.toggleAttribute("selectable", on);
  }

  protected override attached(session: Session): Unsubscribe[] {
    void this.#load(session);
    return [session.on("session-changed", () => void (this.#error?.passing && session.state !== "failed" && this.#load(session)))];
  }

  async #load(session: Session): Promise<void> {
    this.#error = null;
    this.update();
    try {
      const { offerings } = await session.config();
      if (session !== this.session) return;
      this.#offerings = offerings;
      this.fire("load", { count: offerings.length });
    } catch (error) {
      if (session !== this.session) return;
      this.#error = error as MintmarkError;
      this.fire("error", { code: this.#error.code });
    }
    this.update();
  }

  protected view(): Node[] {
    if (this.#error) return [this.trouble(this.#error, () => this.session && void this.#load(this.session))];
    if (!this.#offerings) return [h("div", { class: "plans" }, this.bones(40, 65, 90, 80), this.bones(50, 55, 85, 70))];
    if (this.#offerings.length === 0) return [h("p", { class: "card muted", part: "empty" }, this.t("empty"))];
    return [h("ul", { class: "plans", part: "plans", "aria-label": this.t("plans") }, ...this.#offerings.map((offering) => this.#plan(offering)))];
  }

  #plan({ id, name, description, price, features, cta_url }: Offering): HTMLElement {
    const free = price.amount === 0;
    const label = this.t("choose");
    const kind = { class: "button primary", part: "button primary", "data-key": id, "aria-label": this.t("choose_one", { name }) };
    const chosen = (event: Event) => {
      if (!this.fire("select", { offering: id }, true)) event.preventDefault();
    };
    return h(
      "li",
      { class: "card plan", part: "plan" },
      h("h2", { part: "name" }, name),
      description && h("p", { class: "muted", part: "description" }, description),
      h(
        "p",
        { class: "price", part: "price" },
        h("span", { class: "amount" }, free ? this.t("free") : money(price.amount, price.currency, this.language)),
        !free && h("span", { class: "muted" }, this.t(price.interval)),
      ),
      features.length > 0 && h("ul", { class: "features", part: "features" }, ...features.map((feature) => h("li", {}, sign("M3 8.5 6.5 12 13 4.5"), feature))),
      cta_url
        ? h("a", { ...kind, href: cta_url, rel: "noopener", onclick: chosen }, label)
        : this.selectable && h("button", { ...kind, type: "button", onclick: chosen }, label),
    );
  }
}

define("mintmark-pricing", MintmarkPricing);

declare global {
  interface HTMLElementTagNameMap {
    "mintmark-pricing": MintmarkPricing;
  }
}
