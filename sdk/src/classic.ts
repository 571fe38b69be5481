/** What a classic script tag sets as `window.mintmark`: only what pages are promised. */

import { MintmarkError, createSession, version } from "./mintmark.js";

(globalThis as { mintmark?: object }).mintmark = { MintmarkError, createSession, version };
