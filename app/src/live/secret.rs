//! The one moment in which a secret is seen: what a form with `data-answers` is answered goes into the panel of that id.
//!
//! The texts are kept here and in what the panel shows, never in an attribute, an address or an event; both places are
//! emptied when the panel is done with.

use super::{ask::text_of, browser, closest, document, first, mark, on, send, times, within};
use js_sys::{Array, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlButtonElement, HtmlDialogElement, HtmlElement, HtmlFormElement, HtmlInputElement};

/// What is shown now.
struct Shown {
    texts: Vec<String>,
    panel: Element,
    form: HtmlFormElement,
    next: Option<String>,
}

thread_local! {
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

pub fn start() {
    on("click", |event: Event| {
        let Some(button) = closest(&event, "button[data-secret-do]") else { return };
        match button.get_attribute("data-secret-do").as_deref() {
            Some("reveal") => reveal(&button),
            Some("copy") => copy(&button),
            Some("download") => download(&button),
            Some("done") => done(),
            _ => {}
        }
    });
    on("change", |event: Event| {
        let Some(stored) = closest(&event, "[data-secret-stored]") else { return };
        let button = stored.closest("[data-secrets]").ok().flatten().and_then(|panel| first(&panel, "[data-secret-do='done']"));
        if let Some(button) = button.and_then(|button: Element| button.dyn_into::<HtmlButtonElement>().ok()) {
            button.set_disabled(!stored.unchecked_into::<HtmlInputElement>().checked());
        }
    });
}

/// Shows `{ "texts": [...], "beside": "<html>", "picture": "<html>", "then": "/path" }`, of which only the first must be
/// there. `false` if it cannot be read.
pub fn show(form: &HtmlFormElement, answer: Option<JsValue>) -> bool {
    let panel = form.get_attribute("data-answers").and_then(|id| document().get_element_by_id(&id));
    let texts = answer.as_ref().and_then(|answer| Reflect::get(answer, &"texts".into()).ok()?.dyn_into::<Array>().ok());
    let (Some(answer), Some(panel), Some(texts)) = (answer, panel, texts) else { return false };
    let texts: Vec<_> = texts.iter().filter_map(|text| text.as_string()).collect();
    // A dialog stands over the list that will show the new row; a form in a page leads on from it.
    let dialog = form.closest("dialog").ok().flatten();
    let next = text_of(&answer, "then").filter(|_| dialog.is_none());
    if let Some(dialog) = dialog {
        browser::close_dialog(&dialog.id());
    }
    for place in within(&panel, "[data-secret]") {
        match place.get_attribute("data-secret").as_deref() {
            Some("value") => place.set_text_content(Some(&seen(&texts, place.has_attribute("data-shown")))),
            Some("list") => texts.iter().for_each(|text| item(&place, text)),
            // Our own server's HTML.
            Some(piece) => place.set_inner_html(&text_of(&answer, piece).unwrap_or_default()),
            None => {}
        }
    }
    times::freshen();
    form.reset();
    if panel.is_instance_of::<HtmlDialogElement>() {
        browser::open_dialog(&panel.id());
    } else {
        mark(form, "hidden", true);
        mark(&panel, "hidden", false);
        if let Some(field) = first::<HtmlElement>(&panel, "input:not([type=hidden])") {
            let _ = field.focus();
        }
    }
    SHOWN.set(Some(Shown { texts, panel, form: form.clone(), next }));
    on("beforeunload", |event: Event| {
        if unsaved() {
            event.prevent_default();
        }
    });
    true
}

/// Whether something is shown whose box "I have stored it" is not ticked.
fn unsaved() -> bool {
    SHOWN.with_borrow(|shown| {
        let stored = shown.as_ref().and_then(|shown| first::<HtmlInputElement>(&shown.panel, "[data-secret-stored]"));
        stored.is_some_and(|stored| !stored.checked())
    })
}

/// As it stands in the page: whole, or its first letters.
fn seen(texts: &[String], whole: bool) -> String {
    let all = texts.join("\n");
    if whole {
        return all;
    }
    all.chars().take(5).chain(std::iter::repeat_n('•', 27)).collect()
}

fn item(list: &Element, text: &str) {
    if let (Ok(item), Ok(code)) = (document().create_element("li"), document().create_element("code")) {
        code.set_text_content(Some(text));
        let _ = item.append_child(&code);
        let _ = list.append_child(&item);
    }
}

/// Every text of what is shown now, one a line; the spaces that make it readable are none of it, unless it is a file.
fn shown_texts() -> String {
    SHOWN.with_borrow(|shown| {
        let Some(shown) = shown else { return String::new() };
        let all = shown.texts.join("\n");
        if first::<Element>(&shown.panel, "[data-verbatim]").is_some() { all.trim_end().to_owned() } else { all.replace(' ', "") }
    })
}

fn reveal(button: &Element) {
    let whole = button.get_attribute("aria-pressed").as_deref() != Some("true");
    let _ = button.set_attribute("aria-pressed", if whole { "true" } else { "false" });
    SHOWN.with_borrow(|shown| {
        let Some(shown) = shown else { return };
        if let Some(value) = first::<Element>(&shown.panel, "[data-secret='value']") {
            mark(&value, "data-shown", whole);
            value.set_text_content(Some(&seen(&shown.texts, whole)));
        }
    });
}

fn copy(button: &Element) {
    browser::copy(&shown_texts(), &button.get_attribute("data-done").unwrap_or_default());
    mark(button, "data-copied", true);
}

fn download(button: &Element) {
    let said = |name: &str| button.get_attribute(name).unwrap_or_default();
    browser::download(&said("data-file"), &format!("{}{}\n", said("data-before"), shown_texts()));
}

/// Takes the secret out of the page, and goes on.
fn done() {
    let Some(Shown { panel, form, next, .. }) = SHOWN.take() else { return };
    for place in within(&panel, "[data-secret]") {
        place.set_inner_html("");
    }
    browser::close_dialog(&panel.id());
    send::follow(&form, next);
}
