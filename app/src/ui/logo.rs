//! The mark: a struck coin with a mint's mark, and the name beside it.

use leptos::prelude::*;

/// The coin alone.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
            <circle class="logo__coin" cx="16" cy="16" r="15"></circle>
            <circle class="logo__rim" cx="16" cy="16" r="12.25"></circle>
            <path class="logo__strike" d="M10 20.5v-5.6a3 3 0 0 1 6 0v5.6M16 14.9a3 3 0 0 1 6 0v5.6"></path>
            <circle class="logo__mark" cx="16" cy="24.25" r="1.25"></circle>
        </svg>
    }
}

/// The coin with the name.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <Logo/>
            <span class="wordmark__name">"Mintmark"</span>
        </span>
    }
}
