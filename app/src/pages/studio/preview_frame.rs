//! The frame in which an element stands as in a page of another origin. What is typed beside it reaches it from `live/preview.rs`.

use crate::element::{Element, Language};
use leptos::prelude::*;
use mintmark::{embed_key::EmbedKey, product::Mode};

/// How it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    pub element: Element,
    pub theme: Mode,
    pub language: Language,
    pub width: Width,
}

impl Default for Sight {
    fn default() -> Self {
        Self { element: Element::Pricing, theme: Mode::Auto, language: Language::En, width: Width::Full }
    }
}

/// How wide the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Phone,
    Tablet,
    Full,
}

impl Width {
    pub const ALL: [Self; 3] = [Self::Full, Self::Tablet, Self::Phone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "320",
            Self::Tablet => "768",
            Self::Full => "full",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "320 pixels",
            Self::Tablet => "768 pixels",
            Self::Full => "As wide as it fits",
        }
    }
}

/// Where an element stands alone.
pub(super) fn address(origin: &str, key: &EmbedKey, sight: Sight) -> String {
    let Sight { element, theme, language, .. } = sight;
    format!("{origin}/?key={}&element={}&theme={}&lang={}", key.id, element.as_str(), theme.as_str(), language.as_str())
}

/// The frame. It runs scripts of its own origin, and may open a window; it cannot lead this page away.
#[component]
pub(super) fn PreviewFrame(
    /// The preview's origin.
    origin: String,
    /// The key with which it asks.
    key: EmbedKey,
    /// How it is seen at first.
    sight: Sight,
) -> impl IntoView {
    let src = address(&origin, &key, sight);
    let title = format!("Preview: {}", sight.element.name());
    view! {
        <div class="preview" data-width=sight.width.as_str() tabindex="0" role="group" aria-label="Preview">
            <iframe
                class="preview__frame"
                src=src
                title=title
                data-preview=origin
                sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
                referrerpolicy="no-referrer"
                height="360"
            ></iframe>
        </div>
    }
}
