//! The few things that several behaviours ask of the browser.

use super::{document, toast::say, window};
use js_sys::futures::{JsFuture, spawn_local};
use mintmark::Time;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlDialogElement, HtmlElement, Url};

/// Puts a text in the clipboard and says `done`, or that it could not.
pub fn copy(text: &str, done: &str) {
    let written = window().navigator().clipboard().write_text(text);
    let done = done.to_owned();
    spawn_local(async move {
        let ok = JsFuture::from(written).await.is_ok();
        say(if ok { &done } else { "The browser did not let us copy. Select the text instead." });
    });
}

/// Loads the page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// Goes to an own path.
pub fn go(path: &str) {
    let _ = window().location().assign(path);
}

/// Opens a dialog as a modal one.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id)
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

/// Saves a text as a file.
pub fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let made = Blob::new_with_str_sequence(&parts)
        .and_then(|blob| Url::create_object_url_with_blob(&blob))
        .ok()
        .zip(document().create_element("a").ok());
    if let Some((url, link)) = made {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        link.unchecked_into::<HtmlElement>().click();
        let _ = Url::revoke_object_url(&url);
    }
}

/// The browser's time; the server's pages have their own.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit")]
pub fn now() -> Time {
    Time::from_millis(js_sys::Date::now() as i64)
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
