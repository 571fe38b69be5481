//! What every page holds for the code that runs in the browser (`app/src/live`).

use super::problem::ProblemTemplate;
use leptos::prelude::*;

/// Mounted once, last in the page, by the frames: the place where things are said, and what a refusal looks like.
#[component]
pub fn Live() -> impl IntoView {
    view! {
        <div class="toasts" id="toasts" role="status" aria-live="polite"></div>
        <ProblemTemplate/>
    }
}
