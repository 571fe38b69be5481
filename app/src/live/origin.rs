//! Asks the server's own check while an origin is typed, and shows its verdict: what is shown is what will happen.

use super::{
    after,
    ask::{Refusal, ask},
    chosen, first, form_of, on,
};
use js_sys::futures::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

/// Milliseconds: long enough not to ask at every key, short enough to feel instant.
const PAUSE: i32 = 180;

/// Every form with a place that says whom to ask (`data-judge`) and with which of its values (`data-asks`, the judged one
/// last).
pub fn start() {
    on("input", |event: Event| consider(&event, false));
    on("change", |event: Event| consider(&event, true));
}

/// A switch or a mode that changes may change the verdict as well.
fn consider(event: &Event, chose: bool) {
    let Some(form) = form_of(event) else { return };
    let Some(around) = first(&form, "[data-asks]").or_else(|| form.closest("[data-asks]").ok()?) else { return };
    let Some(names) = around.get_attribute("data-asks") else { return };
    let judged = names.rsplit(' ').next().unwrap_or_default();
    let Some(field) = first::<Element>(&form, &format!("[name='{judged}']")) else { return };
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let ticked = chose && target.matches("[type='checkbox'], [type='radio']").unwrap_or(false);
    if !ticked && (chose || target != field) {
        return;
    }
    let question = names.split(' ').filter_map(|name| Some((name.to_owned(), chosen(&form, name).pop()?))).collect();
    if let Some(place) = first(&around, ".probe") {
        judge(place, field, around.get_attribute("data-judge"), question);
    }
}

/// Shows the verdict on what stands in the field, a moment after the last key.
pub fn judge(place: Element, field: Element, url: Option<String>, question: Vec<(String, String)>) {
    let typed = value(&field);
    if typed.trim().is_empty() {
        place.set_inner_html("");
        return;
    }
    after(PAUSE, move || {
        if value(&field) != typed {
            return;
        }
        spawn_local(async move {
            let question: Vec<_> = question.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let verdict = ask(&url.unwrap_or_default(), &question).await;
            if value(&field) == typed {
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

fn value(field: &Element) -> String {
    let input = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    input.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value)).unwrap_or_default()
}
