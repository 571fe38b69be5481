/** Where Mintmark is, and whether this page may speak to it at all. */

import { MintmarkError } from "./errors.js";

/** `https://mint.example` of `https://mint.example/sdk/v1/mintmark.js`; nothing of a script that came from elsewhere. */
export function baseOf(script: string | undefined): string | undefined {
  const end = script?.search(/\/sdk\/[^/]+\/[\w.-]+\.js(?:[?#]|$)/) ?? -1;
  return end > 0 ? script?.slice(0, end) : undefined;
}

/** The classic script that runs now. An `<img name="currentScript">` of the page answers to that name as well, and is none. */
function running(): string | undefined {
  const script = typeof document === "undefined" ? null : document.currentScript;
  return script instanceof HTMLScriptElement ? script.src : undefined;
}

// A module always knows its own address. What was bundled into somebody else's script has none.
const own = MINTMARK_SERVED ? baseOf(import.meta.url ?? running()) : undefined;

/** The address of Mintmark without a slash at its end: as the page says, else from where this script came. */
export function base(said: string | undefined): string {
  const address = said ?? own;
  if (!address) throw new MintmarkError("invalid_option", "baseUrl is missing.");
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new MintmarkError("invalid_option", `baseUrl is no address: ${address}`, { cause });
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

/**
 * Refuses a secret of a backend, because whoever opens this page can read it; and a page that came over `http:` from another computer,
 * because whoever carried it may have changed it.
 */
export function safe(said: string | null | undefined): void {
  const kind = /^\s*(sk|vs)_/.exec(said ?? "")?.[1];
  if (kind) {
    throw new MintmarkError("secret_key_in_page", `A secret (${kind}_...) stands in this page. Revoke it, and use an embed key (pk_...).`);
  }
  if (typeof location === "undefined") throw new MintmarkError("invalid_option", "Call this in a browser.");
  if (location.protocol === "http:" && !isSecureContext) {
    throw new MintmarkError("insecure_page", "Serve it over https.");
  }
}
