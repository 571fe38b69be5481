//! What is promised of our scripts in other people's pages: a part of the page's text.

use super::promises::{Part, promise};

/// The browser SDK and its elements.
pub(super) const SDK: Part = Part {
    id: "sdk",
    title: "Our scripts in your pages",
    intro: "The SDK and its elements run in pages that you build, with the rights of those pages. A policy of yours has to name Mintmark in script-src (or give our script tag your nonce) and in connect-src; nothing for styles, frames or evaluated code, but for frame-src where a product keeps its customers signed in.",
    promises: &[
        promise(
            "Tokens are in memory, and nowhere else: in no storage, database, cache or cookie, in no log of ours, in no event that an element fires. A reload has none. The token of a mailed link leaves the address before anything else happens.",
            &["OR9", "OR11"],
            &[
                "a page shows what is published, under a strict policy, and its browser keeps nothing",
                "a link in a mail leads back to the page, signs in, and is gone from its address",
                "each tab has a session of its own; signing out everywhere ends all of them at their next call",
            ],
        ),
        promise(
            "They run under default-src 'none' with a nonce and Trusted Types for scripts: no inline style, no HTML from strings, no eval. A page that pins a version by its hash gets those bytes or none.",
            &["OR10"],
            &[
                "a page shows what is published, under a strict policy, and its browser keeps nothing",
                "a classic script and a pinned module are one SDK, and other bytes than the pinned ones do not run",
            ],
        ),
        promise(
            "What the sign-in window says is heard from its origin, from that very window, in answer to that very question. Nothing else that is posted to the page changes anything.",
            &["OR8"],
            &["the window signs in with a password, and words from elsewhere change nothing"],
        ),
        promise(
            "What was ended is ended in the page at its next call; what the page destroyed no late answer revives; an element that leaves takes its timers and listeners along.",
            &["RV1"],
            &[
                "a session that is ended in the dashboard is ended in the page, and another customer begins anew",
                "an element that leaves the page leaves neither timer nor listener, and comes back signed in",
            ],
        ),
        promise(
            "An API key or a verification secret in a page is refused before anything is sent, and so is a page that came over http.",
            &["OR6"],
            &["a secret in a page, a page that is no embed key's, and a page over http are refused before anything is sent"],
        ),
    ],
};
