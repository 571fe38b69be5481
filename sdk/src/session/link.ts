/** The token that a mailed link brings in the page's address. */

/** The parameter's name. */
const PARAMETER = "mintmark_magic_token";

/** Takes it out of the address, so that nobody shares or bookmarks it: other parameters, the hash and the history's length stay. */
export function takeLink(): string | null {
  if (typeof location === "undefined") return null;
  const here = new URL(location.href);
  const token = here.searchParams.get(PARAMETER);
  if (token === null) return null;
  // By hand, so that what other scripts wrote into the address stays as they wrote it.
  const kept = location.search.slice(1).split("&").filter((part) => !new URLSearchParams(part).has(PARAMETER));
  history.replaceState(history.state, "", `${location.origin}${location.pathname}${kept.length ? `?${kept.join("&")}` : ""}${location.hash}`);
  return token || null;
}
