//! What waits for proof of presence, to be done again once it is there.

use crate::ui::{browser, step_up::DIALOG};
use leptos::{prelude::*, web_sys};
use std::cell::RefCell;
use wasm_bindgen::JsCast;

thread_local! {
    static WAITING: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// Opens the dialog and keeps `again` for after it. Not where there is no dialog: then the refusal is shown.
pub fn ask(again: impl FnOnce() + 'static) -> bool {
    if document().get_element_by_id(DIALOG).is_none() {
        return false;
    }
    WAITING.set(Some(Box::new(again)));
    browser::open_dialog(DIALOG);
    true
}

/// Presence was proved: what was typed goes, the dialog closes, and what waited is done again.
pub fn proved() {
    let forms = document().query_selector_all(&format!("#{DIALOG} form")).ok();
    for at in 0..forms.as_ref().map_or(0, web_sys::NodeList::length) {
        if let Some(form) = forms.as_ref().and_then(|forms| forms.item(at)?.dyn_into::<web_sys::HtmlFormElement>().ok()) {
            form.reset();
        }
    }
    browser::close_dialog(DIALOG);
    match WAITING.take() {
        Some(again) => again(),
        None => browser::reload(),
    }
}
