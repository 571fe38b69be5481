//! Points in time for people: "3 min ago" to read, the exact moment on hover and focus.

use crate::words::{exact, relative};
use leptos::prelude::*;
use mintmark::Time;

/// The moment of this request, which the server provides through Leptos' context from its own clock. Without it the
/// server writes exact times, and `Live` makes them relative.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub Time);

/// A moment, or the word for "never". `Live` keeps the words right while the page stays open.
#[component]
pub fn When(
    /// The moment, a `Time` or an `Option<Time>`.
    #[prop(into)]
    at: Option<Time>,
    /// What stands there when it never was.
    #[prop(default = "never")]
    never: &'static str,
    /// Not reachable by Tab: in tables whose rows lead to a page that shows it exactly.
    #[prop(optional)]
    quiet: bool,
    /// The exact moment as text, for detail pages and history.
    #[prop(optional)]
    full: bool,
) -> impl IntoView {
    let Some(at) = at else { return view! { <span class="when when--never">{never}</span> }.into_any() };
    let now = use_context::<Now>().map(|Now(now)| now);
    let words = match now {
        Some(now) if !full => relative(at, now),
        _ => exact(at),
    };
    view! {
        <time class="when" datetime=at.to_string() data-relative=(!full).then_some("") data-tip=exact(at) tabindex=(!quiet).then_some("0")>
            {words}
        </time>
    }
    .into_any()
}
