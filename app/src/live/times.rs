//! Keeps "3 min ago" right, and adds the reader's own clock to the exact moment.

use super::{all, browser, document, mark, set_text, window};
use crate::words::{exact, relative};
use mintmark::Time;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

/// At once, then twice a minute while the page is seen.
pub fn start() {
    freshen();
    let again = Closure::<dyn FnMut()>::new(update);
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(again.as_ref().unchecked_ref(), 30_000);
    again.forget();
}

/// Every time of the page, those included that have just come.
pub fn freshen() {
    for time in all("time[datetime]:not([data-here])") {
        if let Some((at, date)) = moment(&time) {
            let here = date.to_locale_string("default", &js_sys::Object::new());
            let _ = time.set_attribute("data-tip", &format!("{}\n{} here", exact(at), String::from(here)));
            mark(&time, "data-here", true);
        }
    }
    update();
}

fn update() {
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
