/** Shapes that the server answers and that pages see. */

/** Whose session it is. */
export interface Customer {
  /** `cus_...` */
  readonly id: string;
  /** As the tenant's backend names them. */
  readonly external_id: string | null;
  readonly email: string | null;
  readonly name: string | null;
}

/** What exchange, redeem, refresh and the sign-in window answer. */
export interface StartedSession {
  readonly token: string;
  readonly expires_at: string;
  readonly ends_at: string;
  readonly customer: Customer;
}

/** How a product's widgets look; what is absent is left to them. */
export interface Appearance {
  mode?: "auto" | "light" | "dark";
  /** `#rrggbb`, as are the others. */
  accent?: string;
  background?: string;
  text?: string;
  /** Of corners, in pixels. */
  radius?: number;
  /** Names of fonts that the page has. */
  font?: string;
}

/** An offering as it is published. */
export interface Offering {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly price: { readonly amount: number; readonly currency: string; readonly interval: "once" | "day" | "week" | "month" | "year" };
  readonly features: readonly string[];
  readonly cta_url: string | null;
}

/** `GET /embed/v1/config`. */
export interface Config {
  readonly tenant: { readonly slug: string; readonly name: string };
  readonly product: { readonly id: string; readonly name: string };
  readonly mode: "live" | "test";
  readonly appearance: Appearance;
  readonly offerings: readonly Offering[];
  /** Whether the sign-in window may be opened. */
  readonly sign_in: boolean;
  /** Whether it takes passwords. */
  readonly passwords: boolean;
  /** Whether a reload finds the customer signed in still. */
  readonly keep_signed_in: boolean;
}
