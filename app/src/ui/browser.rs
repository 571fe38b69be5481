//! The few things that islands ask of the browser. On the server each does nothing.

#![cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "the server has no browser"))]

use mintmark::Time;

/// Puts a text in the clipboard and says `done`, or that it could not.
pub fn copy(text: &str, done: &str) {
    #[cfg(feature = "hydrate")]
    {
        let written = leptos::prelude::window().navigator().clipboard().write_text(text);
        let done = done.to_owned();
        leptos::task::spawn_local(async move {
            let ok = js_sys::futures::JsFuture::from(written).await.is_ok();
            say(if ok { &done } else { "The browser did not let us copy. Select the text instead." });
        });
    }
}

/// Shows a short text at the edge of the page and reads it out.
pub fn say(text: &str) {
    #[cfg(feature = "hydrate")]
    super::live::say(text);
}

/// Says it once the next page is there.
pub fn say_later(text: &str) {
    #[cfg(feature = "hydrate")]
    super::live::say_later(text);
}

/// Loads the page anew.
pub fn reload() {
    #[cfg(feature = "hydrate")]
    let _ = leptos::prelude::window().location().reload();
}

/// Goes to an own path.
pub fn go(path: &str) {
    #[cfg(feature = "hydrate")]
    let _ = leptos::prelude::window().location().assign(path);
}

/// Opens a [`Dialog`](super::Dialog) as a modal one.
pub fn open_dialog(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog(id)
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

/// Moves the focus to the element of this id.
pub fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }
}

/// Asks for proof of presence, and does `again` once it is there. `false` where the page cannot ask.
pub fn ask_presence(again: impl FnOnce() + 'static) -> bool {
    #[cfg(feature = "hydrate")]
    return super::live::ask(again);
    #[cfg(not(feature = "hydrate"))]
    false
}

/// Saves a text as a file.
pub fn download(name: &str, text: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let parts = js_sys::Array::of1(&text.into());
        let made = web_sys::Blob::new_with_str_sequence(&parts)
            .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob))
            .ok()
            .zip(leptos::prelude::document().create_element("a").ok());
        if let Some((url, link)) = made {
            let _ = link.set_attribute("href", &url);
            let _ = link.set_attribute("download", name);
            link.unchecked_into::<web_sys::HtmlElement>().click();
            let _ = web_sys::Url::revoke_object_url(&url);
        }
    }
}

/// The browser's time; the server's pages have [`Now`](super::Now).
#[must_use]
pub fn now() -> Option<Time> {
    #[cfg(feature = "hydrate")]
    {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit")]
        return Some(Time::from_millis(js_sys::Date::now() as i64));
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

#[cfg(feature = "hydrate")]
fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    use wasm_bindgen::JsCast;
    leptos::prelude::document().get_element_by_id(id)?.dyn_into().ok()
}
