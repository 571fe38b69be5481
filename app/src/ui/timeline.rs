//! What happened to one thing, newest first.

use super::{Tone, When};
use leptos::prelude::*;
use mintmark::Time;

/// Holds [`TimelineItem`]s.
#[component]
pub fn Timeline(
    /// Of what this is the history; read out.
    #[prop(into)]
    label: String,
    /// The events.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" role="list" aria-label=label>{children()}</ol> }
}

/// One event.
#[component]
pub fn TimelineItem(
    /// When.
    at: Time,
    /// What happened, as a sentence: "Ada Lovelace revoked it".
    #[prop(into)]
    title: String,
    /// What it meant.
    #[prop(optional)]
    tone: Tone,
    /// Reason, address, request id.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="timeline__item" data-tone=tone.as_str()>
            <p class="timeline__title">{title}</p>
            <p class="timeline__at"><When at/></p>
            {children.map(|children| view! { <div class="timeline__more">{children()}</div> })}
        </li>
    }
}
