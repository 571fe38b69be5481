//! Dialogs and popovers, where the browser alone is not enough.

use super::{all, closest};
use crate::ui::browser;
use leptos::{ev, prelude::*, web_sys};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, closure::Closure};

thread_local! {
    /// The button that opened the present dialog.
    static OPENER: RefCell<Option<web_sys::HtmlElement>> = const { RefCell::new(None) };
}

pub fn start() {
    window_event_listener(ev::click, |event| {
        if let Some(button) = closest(&event, "button[commandfor]") {
            remember(&button);
            without_commands(&button);
        }
    });
    // `close` does not bubble, but it passes down through the window.
    let closed = Closure::<dyn FnMut(web_sys::Event)>::new(|_| give_back());
    let _ = window().add_event_listener_with_callback_and_bool("close", closed.as_ref().unchecked_ref(), true);
    closed.forget();
    // Browsers that do not know `closedby` still must not lose a secret to the Escape key.
    let cancelled = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        if closest(&event, "dialog[data-locked]").is_some() {
            event.prevent_default();
        }
    });
    let _ = window().add_event_listener_with_callback_and_bool("cancel", cancelled.as_ref().unchecked_ref(), true);
    cancelled.forget();
    // A refusal that a form without scripts brought back.
    for dialog in all("dialog[data-open]") {
        browser::close_dialog(&dialog.id());
        browser::open_dialog(&dialog.id());
    }
}

fn remember(button: &web_sys::Element) {
    if button.get_attribute("command").as_deref() == Some("show-modal") {
        OPENER.with_borrow_mut(|opener| *opener = button.clone().dyn_into().ok());
    }
}

/// The browser gives focus back to the opener itself, unless that one stood in a menu which is closed by now.
fn give_back() {
    let Some(opener) = OPENER.take() else { return };
    let menu = opener.closest("[popover]").ok().flatten().and_then(|menu| {
        document().query_selector(&format!("[popovertarget='{}']", menu.id())).ok()??.dyn_into::<web_sys::HtmlElement>().ok()
    });
    if let Some(menu) = menu {
        let _ = menu.focus();
    }
}

/// Does what `command` says where the browser does not know it.
fn without_commands(button: &web_sys::Element) {
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
