//! Small behaviours: copy, show a password, theme, language, refused controls, tips.

use super::{after, all, browser, closest, document, mark, on, on_way_down, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDocument, HtmlInputElement, KeyboardEvent};

const LANGUAGE: &str = "mintmark-language";

pub fn start() {
    refuse();
    on("click", |event: Event| {
        if let Some(button) = closest(&event, "[data-copy]") {
            copy(button);
        } else if let Some(button) = closest(&event, "[data-reveal]") {
            reveal(&button);
        } else if let Some(link) = closest(&event, "a[data-return]") {
            bring_back(&link);
        }
    });
    on("change", |event: Event| {
        if let Some(input) = closest(&event, "[data-theme-choice]") {
            theme(&input.unchecked_into::<HtmlInputElement>().value());
        } else if let Some(input) = closest(&event, "[data-language]") {
            let language = input.unchecked_into::<HtmlInputElement>().value();
            if let Some(storage) = window().local_storage().ok().flatten() {
                let _ = storage.set_item(LANGUAGE, &language);
            }
            speak(&language);
        }
    });
    // Most pages have nothing to choose it for, and what is kept comes from another process.
    if all("[data-language]").next().is_some()
        && let Some(language) = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(LANGUAGE).ok()?)
    {
        speak(&language);
    }
    tips();
}

/// A control that is disabled with a reason stays in the tab order; a press on it must do nothing, whoever listens.
fn refuse() {
    on_way_down("click", |event| {
        if closest(&event, "[aria-disabled='true'], [aria-busy='true']:is(button)").is_some() {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
}

fn copy(button: Element) {
    browser::copy(&button.get_attribute("data-copy").unwrap_or_default(), "Copied");
    mark(&button, "data-copied", true);
    after(2_000, move || mark(&button, "data-copied", false));
}

fn reveal(button: &Element) {
    let field = button.get_attribute("data-reveal").and_then(|id| document().get_element_by_id(&id));
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        let shown = field.type_() == "password";
        field.set_type(if shown { "text" } else { "password" });
        button.set_text_content(Some(if shown { "Hide" } else { "Show" }));
        let _ = button.set_attribute("aria-pressed", if shown { "true" } else { "false" });
    }
}

/// The link leads away to prove something and must lead back here.
fn bring_back(link: &Element) {
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
    let _ =
        document().unchecked_into::<HtmlDocument>().set_cookie(&format!("theme={choice}; path=/; max-age=31536000; samesite=lax{secure}"));
}

fn speak(language: &str) {
    for input in all("[data-language]").filter_map(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        if input.value() == language {
            input.set_checked(true);
        }
    }
}

/// WCAG 1.4.13: Escape hides a tip without moving the pointer or the focus; either movement brings tips back.
fn tips() {
    let show = |on: bool| {
        if let Some(root) = document().document_element() {
            let _ = if on { root.remove_attribute("data-tips") } else { root.set_attribute("data-tips", "off") };
        }
    };
    on("keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            show(false);
        }
    });
    on("focusin", move |_: Event| show(true));
    on("pointerover", move |_: Event| show(true));
}
