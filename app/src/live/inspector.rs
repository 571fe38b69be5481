//! The token inspector: reads a token in the browser, and asks the server for its verdict on what is a token at all.
//!
//! What looks like a secret of another kind is named and stays here.

use super::{ask::ask, chosen, closest, document, first, mark, on, origin, set_text};
use crate::words::{Pasted, exact, pasted, relative};
use js_sys::{JSON, Reflect, futures::spawn_local};
use mintmark::Time;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

/// A bridge token is one of the tenant's own backend, and opens a session once.
const BRIDGE: &str = "This is a bridge token: your own backend signed it, and only the exchange judges it. It opens one session, so it is not sent from here.";

pub fn start() {
    on("submit", |event: SubmitEvent| {
        if let Some(form) = form_of(&event) {
            event.prevent_default();
            look(&form, true);
        }
    });
    // Another origin or route for the same token.
    on("change", |event: Event| {
        if let Some(form) = form_of(&event)
            && part("verdict").is_some_and(|place| place.first_element_child().is_some())
        {
            look(&form, false);
        }
    });
}

fn form_of(event: &Event) -> Option<HtmlFormElement> {
    closest(event, "[data-inspect='form']")?.dyn_into().ok()
}

fn part(name: &str) -> Option<Element> {
    document().query_selector(&format!("[data-inspect='{name}']")).ok()?
}

fn look(form: &HtmlFormElement, go_there: bool) {
    let said = |name: &str| chosen(form, name).pop().unwrap_or_default();
    let text = said("token").trim().to_owned();
    let decoded = decode(&text);
    let kept = match pasted(&text) {
        Pasted::Other(sentence) => Some(sentence),
        _ if decoded.as_ref().is_some_and(|token| text_in(&token.header, "kid").starts_with("brk_")) => Some(BRIDGE),
        _ => None,
    };
    show_decoded(decoded.as_ref());
    if let (Some(place), Some(why)) = (part("kept"), part("why")) {
        mark(&place, "hidden", kept.is_none());
        set_text(&why, kept.unwrap_or_default());
    }
    let Some(place) = part("verdict") else { return };
    if kept.is_some() || text.is_empty() {
        place.set_inner_html("");
        return;
    }
    let question = vec![("tenant", said("tenant")), ("token", text.clone()), ("origin", said("origin")), ("path", said("path"))];
    let form = form.clone();
    spawn_local(async move {
        let html = ask(&form.action(), &question).await;
        // Something else may stand in the field by now.
        if chosen(&form, "token").pop().is_some_and(|now| now.trim() == text) {
            origin::show(&place, html);
            if go_there && let Some(place) = place.dyn_ref::<HtmlElement>() {
                let _ = place.focus();
            }
        }
    });
}

/// What a token says of itself, as the browser's own parser reads it.
struct Decoded {
    header: JsValue,
    claims: JsValue,
}

fn decode(text: &str) -> Option<Decoded> {
    let mut parts = text.split('.');
    let (header, claims) = (object(parts.next()?)?, object(parts.next()?)?);
    Some(Decoded { header, claims })
}

/// One part: base64url of a JSON object.
fn object(part: &str) -> Option<JsValue> {
    let padded = format!("{}{}", part.replace('-', "+").replace('_', "/"), "=".repeat((4 - part.len() % 4) % 4));
    let bytes = super::window().atob(&padded).ok()?.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<_>>>()?;
    JSON::parse(&String::from_utf8(bytes).ok()?).ok().filter(JsValue::is_object)
}

fn show_decoded(token: Option<&Decoded>) {
    let Some(place) = part("decoded") else { return };
    mark(&place, "hidden", token.is_none());
    for (name, value) in [("header", token.map(|token| &token.header)), ("claims", token.map(|token| &token.claims))] {
        let text = value.and_then(|value| JSON::stringify_with_replacer_and_space(value, &JsValue::NULL, &2.into()).ok());
        if let Some(code) = first::<Element>(&place, &format!("[data-inspect='{name}']")) {
            set_text(&code, &text.map(String::from).unwrap_or_default());
        }
    }
    let Some(list) = first::<Element>(&place, "[data-inspect='times']") else { return };
    list.set_inner_html("");
    for (name, label) in [("iat", "Issued"), ("nbf", "Valid from"), ("exp", "Expires")] {
        let Some(at) = token.and_then(|token| seconds(&token.claims, name)) else { continue };
        if let Ok(line) = document().create_element("li") {
            set_text(&line, &format!("{label} {} ({})", exact(at), relative(at, super::browser::now())));
            let _ = list.append_child(&line);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what is no time of this era is left out")]
fn seconds(claims: &JsValue, name: &str) -> Option<Time> {
    let seconds = Reflect::get(claims, &name.into()).ok()?.as_f64()?;
    (0.0..253_402_300_800.0).contains(&seconds).then(|| Time::from_seconds(seconds as i64))
}

fn text_in(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}
