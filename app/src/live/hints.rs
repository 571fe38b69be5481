//! What a form says while one types: the address that a name makes, and how far a password is from long enough.
//!
//! It says what the server will count; whether a password is easy to guess the server alone says.

use super::{all, document, mark, on, set_text, window};
use mintmark::text::slug_from;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

pub fn start() {
    on("input", |_: Event| all("[data-hints]").for_each(|place| hint(&place)));
}

fn hint(place: &Element) {
    let said = |name: &str| place.get_attribute(name).unwrap_or_default();
    let form = said("data-hints");
    let field = |name: &str| document().get_element_by_id(&format!("f-{form}-{name}"))?.dyn_into::<HtmlInputElement>().ok();
    if let Some(field) = field(&said("data-password")) {
        let length = field.value().chars().count();
        let missing = said("data-least").parse().unwrap_or(0_usize).saturating_sub(length);
        mark(place, "data-enough", missing == 0);
        mark(place, "hidden", length == 0);
        set_text(
            place,
            &match (length, missing) {
                (0, _) => String::new(),
                (_, 0) => format!("{length} characters: long enough."),
                (_, 1) => "1 more character.".to_owned(),
                (_, missing) => format!("{missing} more characters."),
            },
        );
    }
    if let (Some(name), Some(slug)) = (field("tenant_name"), field("slug")) {
        let typed = slug.value();
        let slug_now = if typed.trim().is_empty() { slug_from(&name.value(), "home") } else { typed.trim().to_owned() };
        slug.set_placeholder(&slug_now);
        if let Some(hint) = document().get_element_by_id(&format!("f-{form}-slug-hint")) {
            let origin = window().location().origin().unwrap_or_default();
            set_text(&hint, &format!("{origin}/t/{slug_now} is part of every token's issuer and never changes."));
        }
    }
}
