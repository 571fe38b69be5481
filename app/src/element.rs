//! The elements of the SDK that pages put into themselves, by the names that pages, files and people use.

use serde::{Deserialize, Serialize};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    /// What is published.
    Pricing,
    /// Somebody signs in, in a window of ours.
    SignIn,
    /// Who is signed in.
    UserButton,
    /// What a widget token may do.
    TokenSession,
    /// Messages and what is answered.
    Chat,
}

impl Element {
    /// All of them, the simplest first.
    pub const ALL: [Self; 5] = [Self::Pricing, Self::SignIn, Self::UserButton, Self::Chat, Self::TokenSession];

    /// As addresses name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pricing => "pricing",
            Self::SignIn => "sign-in",
            Self::UserButton => "user-button",
            Self::TokenSession => "token-session",
            Self::Chat => "chat",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pricing => "Pricing",
            Self::SignIn => "Sign-in",
            Self::UserButton => "User button",
            Self::TokenSession => "Widget token",
            Self::Chat => "Chat",
        }
    }

    /// Its tag in a page.
    #[must_use]
    pub fn tag(self) -> String {
        format!("mintmark-{}", self.as_str())
    }

    /// Its module of the SDK.
    #[must_use]
    pub fn file(self) -> String {
        format!("{}.js", self.as_str())
    }

    /// By the name that an address gives.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.as_str() == name)
    }
}

/// What the elements speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// As `lang` names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "German",
        }
    }

    /// By the name that an address gives.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == name)
    }
}
