//! Short words at the edge of the page, read out politely.

use super::{after, all, document, window};
use std::sync::atomic::{AtomicBool, Ordering};

const KEPT_AS: &str = "mintmark-said";
/// Milliseconds: long enough to be read twice.
const STAYS: i32 = 6_000;
/// Whether something was kept by this page: then it is not this page's to say.
static KEPT: AtomicBool = AtomicBool::new(false);

/// Says what the page before left.
pub fn start() {
    // A live region is only heard when it changes after it was there; and what is kept comes from another process, for which a page waits.
    after(150, || {
        if KEPT.load(Ordering::Relaxed) {
            return;
        }
        if let Some(storage) = window().session_storage().ok().flatten()
            && let Ok(Some(text)) = storage.get_item(KEPT_AS)
        {
            let _ = storage.remove_item(KEPT_AS);
            say(&text);
        }
    });
}

/// Shows and reads out.
pub fn say(text: &str) {
    let Some(place) = all("dialog:modal > .toasts").last().or_else(|| document().get_element_by_id("toasts")) else { return };
    let Ok(toast) = document().create_element("div") else { return };
    toast.set_class_name("toast");
    toast.set_text_content(Some(text));
    if place.append_child(&toast).is_ok() {
        after(STAYS, move || toast.remove());
    }
}

/// Keeps it for the page that comes next.
pub fn say_later(text: &str) {
    KEPT.store(true, Ordering::Relaxed);
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.set_item(KEPT_AS, text);
    }
}
