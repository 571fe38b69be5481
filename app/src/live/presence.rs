//! What waits for proof of presence, to be done again once it is there.

use super::{all, browser, document};
use crate::words::STEP_UP;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

thread_local! {
    static WAITING: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// Opens the dialog and keeps `again` for after it. Not where there is no dialog: then the refusal is shown.
pub fn ask(again: impl FnOnce() + 'static) -> bool {
    if document().get_element_by_id(STEP_UP).is_none() {
        return false;
    }
    WAITING.set(Some(Box::new(again)));
    browser::open_dialog(STEP_UP);
    true
}

/// Presence was proved: what was typed goes, the dialog closes, and what waited is done again.
pub fn proved() {
    for form in all(&format!("#{STEP_UP} form")).filter_map(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        form.reset();
    }
    browser::close_dialog(STEP_UP);
    match WAITING.take() {
        Some(again) => again(),
        None => browser::reload(),
    }
}
