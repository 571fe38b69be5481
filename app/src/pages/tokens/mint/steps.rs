//! What to do with a token that was just minted, under its text.

use crate::ui::{CodeBlock, CodeTabs, Snippet};
use leptos::prelude::*;

/// Try it, mint it from a backend, verify it. Holds no secret.
#[component]
pub fn NextSteps(environment: String, mint: Vec<Snippet>, verify: Vec<Snippet>) -> impl IntoView {
    view! {
        <section class="next-steps">
            <h3 class="next-steps__title">"Try it from another origin"</h3>
            <p>
                "Run " <code>"make host"</code> " beside Mintmark, open "
                <a href="http://localhost:4010/" target="_blank" rel="noopener">"localhost:4010"</a>
                " and paste the token there. The organization needs its switch for development origins, and that origin on its allowlist."
            </p>
        </section>
        <details class="next-steps">
            <summary class="next-steps__title">"Mint from your backend"</summary>
            <p>"Once per page view, with an API key that never leaves the backend. Set these first:"</p>
            <CodeBlock code=environment label="Environment"/>
            <CodeTabs id="mint-snippets" label="Mint from your backend" snippets=mint/>
        </details>
        <details class="next-steps">
            <summary class="next-steps__title">"Verify it in your own service"</summary>
            <p>
                "With the published keys any service can tell a genuine token, what it may do, and until when. What it cannot see is a revocation: "
                "until the token expires, only Mintmark knows that it was revoked. Where that matters, ask Mintmark."
            </p>
            <CodeTabs id="verify-snippets" label="Verify it in your own service" snippets=verify/>
        </details>
    }
}
