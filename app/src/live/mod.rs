//! What runs in the browser: acts on what the server's HTML asks for by `data-` attributes, for as long as the page lives.
//!
//! It is plain code on the browser's own objects. The framework renders on the server only, so the WebAssembly holds
//! neither its views nor its signals, and a page waits for a tenth of the bytes. Everything listens at the window, so it
//! serves what is put into the page later as well.
//!
//! Reading order: forms (`send`, `presence`, `secret`, `only`), then what single pages need (`mint`, `origin`, `inspector`, `preview`, `hints`),
//! then what every page has.

mod ask;
mod browser;
mod dialogs;
mod hints;
mod inspector;
mod mint;
mod only;
mod origin;
mod presence;
mod preview;
mod secret;
mod send;
mod small;
mod times;
mod toast;

use wasm_bindgen::{JsCast, closure::Closure, prelude::wasm_bindgen};
use web_sys::{Element, Event, FormData, HtmlFormElement};

/// What the page's script calls once the WebAssembly is there.
#[wasm_bindgen]
pub fn wake() {
    small::start();
    dialogs::start();
    send::start();
    secret::start();
    only::start();
    hints::start();
    origin::start();
    mint::start();
    inspector::start();
    preview::start();
    times::start();
    toast::start();
}

fn window() -> web_sys::Window {
    web_sys::window().expect("runs in a page")
}

fn document() -> web_sys::Document {
    window().document().expect("runs in a page")
}

/// Listens at the window for as long as the page lives: for events of this name that bubble.
fn on<E: JsCast>(name: &str, mut act: impl FnMut(E) + 'static) {
    listen(name, false, move |event| act(event.unchecked_into()));
}

/// The same for events that do not bubble, and before anybody else hears them.
fn on_way_down(name: &str, act: impl FnMut(Event) + 'static) {
    listen(name, true, act);
}

fn listen(name: &str, capture: bool, act: impl FnMut(Event) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(act);
    let _ = window().add_event_listener_with_callback_and_bool(name, act.as_ref().unchecked_ref(), capture);
    act.forget();
}

/// Does it once, so many milliseconds from now.
fn after(millis: i32, act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), millis);
}

/// The element that an event happened in, or the nearest one around it that fits.
fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_ref::<Element>()?.closest(selector).ok()?
}

/// The form that an event happened in.
fn form_of(event: &Event) -> Option<HtmlFormElement> {
    closest(event, "form")?.dyn_into().ok()
}

/// Every element of the page that fits.
fn all(selector: &str) -> impl Iterator<Item = Element> {
    listed(document().query_selector_all(selector).ok())
}

/// Every element within this one that fits.
fn within(place: &Element, selector: &str) -> impl Iterator<Item = Element> {
    listed(place.query_selector_all(selector).ok())
}

fn listed(list: Option<web_sys::NodeList>) -> impl Iterator<Item = Element> {
    let length = list.as_ref().map_or(0, web_sys::NodeList::length);
    (0..length).filter_map(move |at| list.as_ref()?.item(at)?.dyn_into().ok())
}

/// The first element within this one that fits, as what it is.
fn first<T: JsCast>(place: &Element, selector: &str) -> Option<T> {
    place.query_selector(selector).ok()??.dyn_into().ok()
}

/// Every value that the form would send under this name.
fn chosen(form: &HtmlFormElement, name: &str) -> Vec<String> {
    let Ok(data) = FormData::new_with_form(form) else { return Vec::new() };
    data.get_all(name).iter().filter_map(|value| value.as_string()).collect()
}

/// Writes only what changes, so that no live region speaks twice and no selection is lost.
fn set_text(place: &Element, text: &str) {
    if place.text_content().as_deref() != Some(text) {
        place.set_text_content(Some(text));
    }
}

/// An attribute without a value, there or not.
fn mark(element: &Element, name: &str, there: bool) {
    let _ = if there { element.set_attribute(name, "") } else { element.remove_attribute(name) };
}
