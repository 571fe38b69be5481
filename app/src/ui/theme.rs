//! Light, dark, or as the system has it: a cookie, so that the first paint is right.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// Three choices in a row. It needs the browser, and without scripts the system's choice holds.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = use_context::<http::request::Parts>().map_or(Theme::System, |parts| Theme::from_cookies(&parts.headers));
    let choices = Theme::ALL.map(|theme| {
        let (label, glyph) = match theme {
            Theme::System => ("As the system", Glyph::Monitor),
            Theme::Light => ("Light", Glyph::Sun),
            Theme::Dark => ("Dark", Glyph::Moon),
        };
        view! {
            <label class="theme-switch__choice" data-tip=label>
                <input class="theme-switch__input" type="radio" name="theme" value=theme.as_str() checked=theme == chosen aria-label=label data-theme-choice=""/>
                <Icon glyph/>
            </label>
        }
    });
    view! {
        <fieldset class="theme-switch" data-needs-script>
            <legend class="visually-hidden">"Theme"</legend>
            {choices.into_iter().collect_view()}
        </fieldset>
    }
}

/// The choice that the cookie `theme` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As in the cookie and in `data-theme`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// For `<meta name="color-scheme">`, which the browser obeys before the sheet is there.
    #[must_use]
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads it from a request; anything unknown is `System`.
    #[must_use]
    pub fn from_cookies(headers: &http::HeaderMap) -> Self {
        let chosen = headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix("theme="));
        Self::ALL.into_iter().find(|theme| Some(theme.as_str()) == chosen).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_decides_and_nonsense_does_not() {
        let mut headers = http::HeaderMap::new();
        assert_eq!(Theme::from_cookies(&headers), Theme::System);
        headers.insert("cookie", "mintmark=abc; theme=dark".parse().expect("a header"));
        assert_eq!(Theme::from_cookies(&headers), Theme::Dark);
        headers.insert("cookie", "theme=\"><script>".parse().expect("a header"));
        assert_eq!(Theme::from_cookies(&headers), Theme::System);
    }
}
