//! What a form can say while one types: the address that a name makes, and how far a password is from long enough.

use leptos::prelude::*;

/// Follows the password of the form with this scope, and its `tenant_name` and `slug` where it has them.
#[component]
pub fn Hints(
    /// As in the ids of its fields: `f-<form>-password`.
    form: &'static str,
    /// The name of the password's field.
    password: &'static str,
    /// The least characters it may have (SE5).
    least: usize,
) -> impl IntoView {
    view! { <p class="strength" role="status" data-hints=form data-password=password data-least=least.to_string() hidden></p> }
}
