//! Keeps "3 min ago" right, and adds the reader's own clock to the exact moment.

use super::all;
use crate::ui::{browser, exact, relative};
use leptos::prelude::*;
use mintmark::Time;
use std::time::Duration;

/// At once, then twice a minute while the page is seen.
pub fn start() {
    for time in all("time[datetime]") {
        if let Some((at, date)) = moment(&time) {
            let here = date.to_locale_string("default", &js_sys::Object::new());
            let _ = time.set_attribute("data-tip", &format!("{}\n{} here", exact(at), String::from(here)));
        }
    }
    update();
    set_interval(update, Duration::from_secs(30));
}

fn update() {
    let Some(now) = browser::now().filter(|_| !document().hidden()) else { return };
    for time in all("time[data-relative]") {
        if let Some((at, _)) = moment(&time) {
            let words = relative(at, now);
            // Only what changes is touched, so that nothing flickers and no selection is lost.
            if time.text_content().as_deref() != Some(words.as_str()) {
                time.set_text_content(Some(&words));
            }
        }
    }
}

fn moment(time: &leptos::web_sys::Element) -> Option<(Time, js_sys::Date)> {
    let date = js_sys::Date::new(&time.get_attribute("datetime")?.into());
    let millis = date.get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit")]
    millis.is_finite().then(|| (Time::from_millis(millis as i64), date))
}
