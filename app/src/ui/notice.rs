//! A sentence that must be seen.

use super::{Glyph, Icon, Tone};
use leptos::prelude::*;

/// Stands in the page, near what it is about. For the outcome of an action use the form's `done`.
#[component]
pub fn Notice(
    /// `Info`, `Good`, `Warn` or `Danger`.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// A short statement.
    #[prop(optional, into)]
    title: Option<String>,
    /// One or two sentences.
    children: Children,
) -> impl IntoView {
    let glyph = match tone {
        Tone::Good => Glyph::Success,
        Tone::Warn => Glyph::Warning,
        Tone::Danger => Glyph::Danger,
        Tone::Neutral | Tone::Info => Glyph::Info,
    };
    view! {
        <div class="notice" data-tone=tone.as_str()>
            <Icon glyph/>
            <div class="notice__words">
                {title.map(|title| view! { <p class="notice__title">{title}</p> })}
                <div class="notice__text">{children()}</div>
            </div>
        </div>
    }
}
