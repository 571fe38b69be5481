//! Keeps "3 min ago" right, and adds the reader's own clock to the exact moment.

use super::{after, all, browser, closest, document, mark, on, set_text, window};
use crate::words::{exact, relative};
use mintmark::Time;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

/// Soon, because the server has just written them, then twice a minute while the page is seen.
pub fn start() {
    after(0, freshen);
    let again = Closure::<dyn FnMut()>::new(freshen);
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(again.as_ref().unchecked_ref(), 30_000);
    again.forget();
    // Only a time that somebody points at says what it is here: a browser that is asked for its first local time loads what it
    // knows of zones and languages, which took most of what a page needed to be awake.
    on("pointerover", |event: Event| here(&event));
    on("focusin", |event: Event| here(&event));
}

fn here(event: &Event) {
    let Some(time) = closest(event, "time[datetime]:not([data-here])") else { return };
    if let Some((at, date)) = moment(&time) {
        let here = date.to_locale_string("default", &js_sys::Object::new());
        let _ = time.set_attribute("data-tip", &format!("{}\n{} here", exact(at), String::from(here)));
        mark(&time, "data-here", true);
    }
}

/// Every time of the page, those included that have just come.
pub fn freshen() {
    if document().hidden() {
        return;
    }
    let now = browser::now();
    for time in all("time[data-relative]") {
        if let Some((at, _)) = moment(&time) {
            set_text(&time, &relative(at, now));
        }
    }
}

fn moment(time: &Element) -> Option<(Time, js_sys::Date)> {
    let date = js_sys::Date::new(&time.get_attribute("datetime")?.into());
    let millis = date.get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit")]
    millis.is_finite().then(|| (Time::from_millis(millis as i64), date))
}
