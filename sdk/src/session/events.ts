/** What a page says of a session, and what it is told. */

import type { MintmarkError } from "../errors.js";
import type { Customer } from "../answers.js";
import type { BridgeTokenFetcher } from "./bridge.js";

/** What a page says of its session. */
export interface SessionOptions {
  /** `pk_live_...` or `pk_test_...` */
  embedKey: string;
  /** `prod_...`: need not be said, the key names it; if it is, it must be the key's. */
  product?: string | undefined;
  /** What the tenant's backend wrote into this page. It opens one session, once. */
  bridgeToken?: string | null | undefined;
  /** The same, fetched whenever a session has to begin anew. */
  getBridgeToken?: BridgeTokenFetcher | null | undefined;
  /** Where Mintmark is, if this script did not come from it. */
  baseUrl?: string | undefined;
}

/**
 * How a session stands. `anonymous`: nobody signed in; `starting`, `signed-in`; `expired`, `revoked`: it was, and has ended; `failed`: it
 * could not begin, `problem` says why; `destroyed`: by the page.
 */
export type SessionState = "starting" | "anonymous" | "signed-in" | "expired" | "revoked" | "failed" | "destroyed";

/** What listeners are told. */
export interface SessionEvents {
  /** The first attempt to find out who is there is over. */
  ready: { readonly customer: Customer | null };
  "signed-in": { readonly customer: Customer };
  "signed-out": { readonly reason: "signed_out" | "expired" | "revoked" | "destroyed" };
  /** Anything of state, customer or identity. */
  "session-changed": { readonly state: SessionState; readonly customer: Customer | null };
  "token-refreshed": { readonly kind: "session" | "identity" };
  error: MintmarkError;
}
