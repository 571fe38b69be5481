//! Whose password a form is about.

use leptos::prelude::*;

/// So that password managers know whose password it is; the server does not read it, and nobody sees it.
#[component]
pub fn Username(
    /// The account's address.
    email: String,
) -> impl IntoView {
    view! { <input class="visually-hidden" type="email" autocomplete="username" value=email readonly=true tabindex="-1" aria-hidden="true"/> }
}
