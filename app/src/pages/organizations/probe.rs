//! Asks the server's own check while an origin is typed, and shows its verdict: what is shown is what will happen.

use crate::{api::organizations::JudgeOrigin, ui::ask};
use leptos::{
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    web_sys::{Element, HtmlInputElement},
};
use mintmark::Problem;
use std::time::Duration;

/// Long enough not to ask at every key, short enough to feel instant.
const PAUSE: Duration = Duration::from_millis(180);

/// Shows the verdict on what stands in the field, a moment after the last key.
pub fn judge(place: Element, field: HtmlInputElement, question: Vec<(&'static str, String)>) {
    let typed = field.value();
    if typed.trim().is_empty() {
        place.set_inner_html("");
        return;
    }
    set_timeout(
        move || {
            if field.value() != typed {
                return;
            }
            spawn_local(async move {
                let verdict = ask::<String>(JudgeOrigin::url(), &question).await;
                if field.value() == typed {
                    show(&place, verdict);
                }
            });
        },
        PAUSE,
    );
}

/// A piece of our own server's HTML, or the sentence of a problem.
pub fn show(place: &Element, html: Result<String, Problem>) {
    match html {
        Ok(html) => place.set_inner_html(&html),
        Err(problem) => place.set_text_content(Some(&problem.message)),
    }
}
