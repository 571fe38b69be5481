/** Where Mintmark is, and whether this page may speak to it at all. */

import { MintmarkError } from "./errors.js";

/** `https://mint.example` of `https://mint.example/sdk/v1/mintmark.js`; nothing of a script that came from elsewhere. */
export function baseOf(script: string | undefined): string | undefined {
  const end = script?.search(/\/sdk\/[^/]+\/[\w.-]+\.js(?:[?#]|$)/) ?? -1;
  return end > 0 ? script?.slice(0, end) : undefined;
}

// A classic script finds its own address only while it runs, a module always. What was bundled into somebody else's script has none.
const running = typeof document === "undefined" ? null : (document.currentScript as HTMLScriptElement | null);
const own = MINTMARK_SERVED ? baseOf(running?.src || import.meta.url) : undefined;

/** The address of Mintmark without a slash at its end: as the page says, else from where this script came. */
export function base(said: string | undefined): string {
  const address = said ?? own;
  if (!address) throw new MintmarkError("invalid_option", "baseUrl (base-url) is missing: this script did not come from Mintmark.");
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new MintmarkError("invalid_option", `baseUrl is no address: ${address}`, { cause });
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Refuses a secret of a backend, because whoever opens this page can read it; and a page that came over `http:` from another computer,
 * because whoever carried it may have changed it.
 */
export function safe(said: string | null | undefined): void {
  const kind = /^\s*(sk|vs)_/.exec(said ?? "")?.[1];
  if (kind) {
    throw new MintmarkError("secret_key_in_page", `A secret (${kind}_...) stands in this page, where everybody can read it. Revoke it, and use an embed key (pk_...).`);
  }
  if (location.protocol === "http:" && !LOOPBACK.test(location.hostname)) {
    throw new MintmarkError("insecure_page", "Serve this page over https: Mintmark runs there, and on localhost.");
  }
}
