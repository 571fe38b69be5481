//! States and small labels: a word, a shape and a colour, never the colour alone.

use leptos::prelude::*;

/// What a state means; each has a colour and a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Over, off, none: a ring.
    #[default]
    Neutral,
    /// Alive, allowed: a disc.
    Good,
    /// Soon over, to be looked at: a triangle.
    Warn,
    /// Revoked, refused, failed: a square.
    Danger,
    /// On its way, planned: a half disc.
    Info,
}

impl Tone {
    /// As in `data-tone`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Info => "info",
        }
    }

    const fn shape(self) -> &'static str {
        match self {
            Self::Neutral => "M4 1.75a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5M4 .5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7",
            Self::Good => "M4 .75a3.25 3.25 0 1 1 0 6.5 3.25 3.25 0 0 1 0-6.5",
            Self::Warn => "M4 .6L7.75 7.25H.25z",
            Self::Danger => "M1 1h6v6H1z",
            Self::Info => "M4 .5a3.5 3.5 0 1 1 0 7zM4 .5a3.5 3.5 0 1 0 0 7V6.25a2.25 2.25 0 1 1 0-4.5z",
        }
    }
}

/// The state of a thing: its shape and its word.
#[component]
pub fn Status(
    /// What it means.
    tone: Tone,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="status" data-tone=tone.as_str()>
            <svg class="status__shape" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true" focusable="false">
                <path d=tone.shape() fill-rule="evenodd"></path>
            </svg>
            <span>{children()}</span>
        </span>
    }
}

/// A small label: a scope, a role, a kind.
#[component]
pub fn Badge(
    /// What it means, where it means something.
    #[prop(optional)]
    tone: Tone,
    /// For scopes and ids.
    #[prop(optional)]
    mono: bool,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! { <span class="badge" class:badge--mono=mono data-tone=tone.as_str()>{children()}</span> }
}
