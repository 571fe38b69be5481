//! Small behaviours: copy, show a password, theme, language, refused controls, tips.

use super::{all, closest};
use crate::ui::browser;
use leptos::{ev, prelude::*, web_sys};
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};

const LANGUAGE: &str = "mintmark-language";

pub fn start() {
    refuse();
    window_event_listener(ev::click, |event| {
        if let Some(button) = closest(&event, "[data-copy]") {
            copy(button);
        } else if let Some(button) = closest(&event, "[data-reveal]") {
            reveal(&button);
        } else if let Some(link) = closest(&event, "a[data-return]") {
            bring_back(&link);
        }
    });
    window_event_listener(ev::change, |event| {
        if let Some(input) = closest(&event, "[data-theme-choice]") {
            theme(&input.unchecked_into::<web_sys::HtmlInputElement>().value());
        } else if let Some(input) = closest(&event, "[data-language]") {
            let language = input.unchecked_into::<web_sys::HtmlInputElement>().value();
            if let Some(storage) = window().local_storage().ok().flatten() {
                let _ = storage.set_item(LANGUAGE, &language);
            }
            speak(&language);
        }
    });
    if let Some(language) = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(LANGUAGE).ok()?) {
        speak(&language);
    }
    tips();
}

/// A control that is disabled with a reason stays in the tab order; a press on it must do nothing, whoever listens.
fn refuse() {
    let stop = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        if closest(&event, "[aria-disabled='true'], [aria-busy='true']:is(button)").is_some() {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    let _ = window().add_event_listener_with_callback_and_bool("click", stop.as_ref().unchecked_ref(), true);
    stop.forget();
}

fn copy(button: web_sys::Element) {
    browser::copy(&button.get_attribute("data-copy").unwrap_or_default(), "Copied");
    let _ = button.set_attribute("data-copied", "");
    set_timeout(move || _ = button.remove_attribute("data-copied"), Duration::from_secs(2));
}

fn reveal(button: &web_sys::Element) {
    let field = button.get_attribute("data-reveal").and_then(|id| document().get_element_by_id(&id));
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let shown = field.type_() == "password";
        field.set_type(if shown { "text" } else { "password" });
        button.set_text_content(Some(if shown { "Hide" } else { "Show" }));
        let _ = button.set_attribute("aria-pressed", if shown { "true" } else { "false" });
    }
}

/// The link leads away to prove something and must lead back here.
fn bring_back(link: &web_sys::Element) {
    let location = window().location();
    let here = format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    let path = link.get_attribute("href").unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let _ = link.set_attribute("href", &format!("{path}?return_to={}", js_sys::encode_uri_component(&here)));
}

fn theme(choice: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", choice);
    }
    let secure = if window().location().protocol().as_deref() == Ok("https:") { "; secure" } else { "" };
    let _ = document()
        .unchecked_into::<web_sys::HtmlDocument>()
        .set_cookie(&format!("theme={choice}; path=/; max-age=31536000; samesite=lax{secure}"));
}

fn speak(language: &str) {
    for input in all("[data-language]").filter_map(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        if input.value() == language {
            input.set_checked(true);
        }
    }
}

/// WCAG 1.4.13: Escape hides a tip without moving the pointer or the focus; either movement brings tips back.
fn tips() {
    let mark = |on: bool| {
        if let Some(root) = document().document_element() {
            let _ = if on { root.remove_attribute("data-tips") } else { root.set_attribute("data-tips", "off") };
        }
    };
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            mark(false);
        }
    });
    window_event_listener(ev::focusin, move |_| mark(true));
    window_event_listener(ev::pointerover, move |_| mark(true));
}
