/** Reads what a token says of itself. Only the server judges whether it is true. */

/** The claims that a page needs. */
interface Claims {
  /** Seconds since the epoch, by the server's clock. */
  iat: number;
  exp: number;
  product_id?: string;
  /** `cus_...`, or as the tenant's backend names them. */
  sub?: string;
}

/** The claims of a JWT; nothing of what is none. */
function claims(token: string): Claims | null {
  try {
    const part = token.split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? "";
    const said = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
    return typeof said.iat === "number" && typeof said.exp === "number" ? said : null;
  } catch {
    return null;
  }
}

/** A token with its times by this computer's clock, which may be wrong. */
export interface Held {
  readonly token: string;
  /** Whose it is. */
  readonly who: string | undefined;
  /** `prod_...`, with which product. */
  readonly product: string | undefined;
  /** When it is good no more, in milliseconds since the epoch. */
  readonly until: number;
  /** When it is to be renewed. */
  readonly renewAt: number;
}

/**
 * Five minutes before the end, one before that of a short token, never before half of it is over. A token is taken to have been signed a
 * moment ago, unless the page may have kept it, and what is left of it by both clocks is at least a half: then that counts.
 */
export function held(token: string, now: number, kept = false): Held | null {
  const said = claims(token);
  if (!said) return null;
  const life = (said.exp - said.iat) * 1_000;
  const left = said.exp * 1_000 - now;
  const until = now + (kept && left > life / 2 && left < life ? left : life);
  const margin = Math.min(life > 20 * 60_000 ? 300_000 : 60_000, (until - now) / 2);
  return { token, who: said.sub, product: said.product_id, until, renewAt: until - margin };
}
