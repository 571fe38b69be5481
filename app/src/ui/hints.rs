//! What a form can say while one types: the address that a name makes, and how far a password is from long enough.

use leptos::prelude::*;

/// Watches the password of the form with this scope, and its `tenant_name` and `slug` where it has them. It says what the
/// server will count; whether a password is easy to guess the server alone says.
#[island]
pub fn Hints(
    /// As in the ids of its fields: `f-<form>-password`.
    form: String,
    /// The name of the password's field.
    password: String,
    /// The least characters it may have (SE5).
    least: usize,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let enough = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    watch::start(form, password, least, said, enough);
    #[cfg(not(feature = "hydrate"))]
    let _ = (form, password, least);
    view! { <p class="strength" role="status" data-enough=move || enough.get().then_some("") hidden=move || said.with(String::is_empty)>{said}</p> }
}

#[cfg(feature = "hydrate")]
mod watch {
    use leptos::{ev, prelude::*, web_sys};
    use mintmark::text::slug_from;
    use wasm_bindgen::JsCast;

    fn field(form: &str, name: &str) -> Option<web_sys::HtmlInputElement> {
        document().get_element_by_id(&format!("f-{form}-{name}"))?.dyn_into().ok()
    }

    pub fn start(form: String, password: String, least: usize, said: RwSignal<String>, enough: RwSignal<bool>) {
        window_event_listener(ev::input, move |_| {
            if let Some(field) = field(&form, &password) {
                let length = field.value().chars().count();
                let missing = least.saturating_sub(length);
                enough.set(missing == 0);
                said.set(match (length, missing) {
                    (0, _) => String::new(),
                    (_, 0) => format!("{length} characters: long enough."),
                    (_, 1) => "1 more character.".to_owned(),
                    (_, missing) => format!("{missing} more characters."),
                });
            }
            if let (Some(name), Some(slug)) = (field(&form, "tenant_name"), field(&form, "slug")) {
                let typed = slug.value();
                let slug_now = if typed.trim().is_empty() { slug_from(&name.value(), "home") } else { typed.trim().to_owned() };
                slug.set_placeholder(&slug_now);
                if let Some(hint) = document().get_element_by_id(&format!("f-{form}-slug-hint")) {
                    let origin = window().location().origin().unwrap_or_default();
                    hint.set_text_content(Some(&format!("{origin}/t/{slug_now} is part of every token's issuer and never changes.")));
                }
            }
        });
    }
}
