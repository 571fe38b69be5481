//! Asks the server's own check while an origin is typed, and shows its verdict: what is shown is what will happen.

use super::{
    after,
    ask::{Refusal, ask},
    chosen, closest, first, on,
};
use js_sys::futures::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement};

/// Milliseconds: long enough not to ask at every key, short enough to feel instant.
const PAUSE: i32 = 180;

/// The form on an organization's page.
pub fn start() {
    on("input", |event: Event| {
        let Some(around) = closest(&event, "#origin-adder") else { return };
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let form = first::<HtmlFormElement>(&around, "form");
        if let (Some(field), Some(form), Some(place)) = (field, form, first(&around, ".probe")) {
            let value = |name: &'static str| (name, chosen(&form, name).pop().unwrap_or_default());
            judge(place, field, around.get_attribute("data-judge"), vec![value("tenant"), value("organization"), value("origin")]);
        }
    });
}

/// Shows the verdict on what stands in the field, a moment after the last key.
pub fn judge(place: Element, field: HtmlInputElement, url: Option<String>, question: Vec<(&'static str, String)>) {
    let typed = field.value();
    if typed.trim().is_empty() {
        place.set_inner_html("");
        return;
    }
    after(PAUSE, move || {
        if field.value() != typed {
            return;
        }
        spawn_local(async move {
            let verdict = ask(&url.unwrap_or_default(), &question).await;
            if field.value() == typed {
                show(&place, verdict);
            }
        });
    });
}

/// A piece of our own server's HTML, or the sentence of a problem.
pub fn show(place: &Element, html: Result<String, Refusal>) {
    match html {
        Ok(html) => place.set_inner_html(&html),
        Err(refusal) => place.set_text_content(Some(&refusal.message)),
    }
}
