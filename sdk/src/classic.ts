/** What a classic script tag sets as `window.mintmark`: only what pages are promised. */

export { MintmarkError, createSession, version } from "./mintmark.js";
