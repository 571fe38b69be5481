//! The one island of every page: acts on what parts ask for by `data-` attributes, for as long as the page lives.
//!
//! It listens at the window, so it serves what islands add later as well, and it changes nothing that Leptos renders
//! reactively.

#[cfg(feature = "hydrate")]
pub mod ask;
#[cfg(feature = "hydrate")]
mod dialogs;
#[cfg(feature = "hydrate")]
mod presence;
#[cfg(feature = "hydrate")]
mod send;
#[cfg(feature = "hydrate")]
mod small;
#[cfg(feature = "hydrate")]
mod times;
#[cfg(feature = "hydrate")]
mod toast;

#[cfg(feature = "hydrate")]
pub use presence::ask;
#[cfg(feature = "hydrate")]
pub use toast::{say, say_later};

use leptos::prelude::*;

/// Mounted once, last in the page, by the frames. Copies, sends forms, keeps times right, remembers theme and language,
/// returns focus, and holds the place where things are said.
#[island]
pub fn Live() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        small::start();
        dialogs::start();
        send::start();
        times::start();
        toast::start();
    }
    view! { <div class="toasts" id="toasts" role="status" aria-live="polite"></div> }
}

/// The element that an event happened in, or the nearest one around it that fits.
#[cfg(feature = "hydrate")]
fn closest(event: &leptos::web_sys::Event, selector: &str) -> Option<leptos::web_sys::Element> {
    use wasm_bindgen::JsCast;
    event.target()?.dyn_ref::<leptos::web_sys::Element>()?.closest(selector).ok()?
}

/// Every element of the page that fits.
#[cfg(feature = "hydrate")]
fn all(selector: &str) -> impl Iterator<Item = leptos::web_sys::Element> {
    use wasm_bindgen::JsCast;
    let list = document().query_selector_all(selector).ok();
    let length = list.as_ref().map_or(0, leptos::web_sys::NodeList::length);
    (0..length).filter_map(move |at| list.as_ref()?.item(at)?.dyn_into().ok())
}
