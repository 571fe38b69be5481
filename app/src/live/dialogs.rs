//! Dialogs and popovers, where the browser alone is not enough.

use super::{all, browser, closest, document, on, on_way_down};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

thread_local! {
    /// The button that opened the present dialog.
    static OPENER: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

pub fn start() {
    on("click", |event: Event| {
        if let Some(button) = closest(&event, "button[commandfor]") {
            remember(&button);
            without_commands(&button);
        }
    });
    // `close` does not bubble, but it passes down through the window.
    on_way_down("close", |_| give_back());
    // Browsers that do not know `closedby` still must not lose a secret to the Escape key.
    on_way_down("cancel", |event| {
        if closest(&event, "dialog[data-locked]").is_some() {
            event.prevent_default();
        }
    });
    // A refusal that a form without scripts brought back.
    for dialog in all("dialog[data-open]") {
        browser::close_dialog(&dialog.id());
        browser::open_dialog(&dialog.id());
    }
}

fn remember(button: &Element) {
    if button.get_attribute("command").as_deref() == Some("show-modal") {
        OPENER.with_borrow_mut(|opener| *opener = button.clone().dyn_into().ok());
    }
}

/// The browser gives focus back to the opener itself, unless that one stood in a menu which is closed by now.
fn give_back() {
    let Some(opener) = OPENER.take() else { return };
    let menu = opener
        .closest("[popover]")
        .ok()
        .flatten()
        .and_then(|menu| document().query_selector(&format!("[popovertarget='{}']", menu.id())).ok()??.dyn_into::<HtmlElement>().ok());
    if let Some(menu) = menu {
        let _ = menu.focus();
    }
}

/// Does what `command` says where the browser does not know it.
fn without_commands(button: &Element) {
    if js_sys::Reflect::has(button, &"commandForElement".into()).unwrap_or_default() {
        return;
    }
    let id = button.get_attribute("commandfor").unwrap_or_default();
    match button.get_attribute("command").as_deref() {
        Some("show-modal") => browser::open_dialog(&id),
        Some("close") => browser::close_dialog(&id),
        _ => {}
    }
}
