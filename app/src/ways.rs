//! The four ways in which a page gets what it shows, and its snippet in each.

use crate::element::Element;
use mintmark::embed_key::{EmbedKey, EmbedKeyStatus};
use serde::{Deserialize, Serialize};

/// How a page comes to know for whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It does not: everybody sees what is published.
    Anonymous,
    /// The tenant's backend signs a bridge token.
    Bridge,
    /// The visitor reads a mail.
    MagicLink,
    /// The visitor signs in in a window of ours.
    SignIn,
}

impl Way {
    /// All of them, the simplest first.
    pub const ALL: [Self; 4] = [Self::Anonymous, Self::Bridge, Self::MagicLink, Self::SignIn];

    /// As addresses name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Bridge => "bridge",
            Self::MagicLink => "magic_link",
            Self::SignIn => "sign_in",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "Embed key alone",
            Self::Bridge => "Bridge token",
            Self::MagicLink => "Magic link",
            Self::SignIn => "Sign-in window",
        }
    }

    /// By the name that an address gives.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == name)
    }

    /// As it stands in `docs/snippets`, where the journeys run it.
    const fn file(self) -> &'static str {
        match self {
            Self::Anonymous => include_str!("../../docs/snippets/config.html"),
            Self::Bridge => include_str!("../../docs/snippets/session.html"),
            Self::MagicLink => include_str!("../../docs/snippets/sign-in.html"),
            Self::SignIn => include_str!("../../docs/snippets/sign-in-window.html"),
        }
    }

    /// What to copy into a page.
    #[must_use]
    pub fn snippet(self, url: &str, embed_key: &str) -> String {
        self.file().replace("{{url}}", url).replace("{{key}}", embed_key).trim_end().to_owned()
    }

    /// What that puts into the page.
    #[must_use]
    pub const fn element(self) -> Element {
        match self {
            Self::Anonymous => Element::Pricing,
            Self::Bridge => Element::UserButton,
            Self::MagicLink | Self::SignIn => Element::SignIn,
        }
    }
}

/// The key that snippets carry: one that works and has no successor, visitors' before those for trying things out, the
/// newest first. That of our own preview lets in no page of theirs.
#[must_use]
pub fn carried(keys: Vec<EmbedKey>, preview: Option<&str>) -> Option<EmbedKey> {
    let fits = |key: &EmbedKey| {
        key.status == EmbedKeyStatus::Active && key.rotated_to.is_none() && !preview.is_some_and(|preview| key.is_only_for(preview))
    };
    keys.into_iter().filter(fits).min_by_key(|key| key.mode)
}

#[cfg(test)]
mod tests {
    use super::Way;

    #[test]
    fn each_puts_its_element_into_the_page_and_runs_nothing_inline() {
        for way in Way::ALL {
            let snippet = way.snippet("https://mint.example", "pk_live_1");
            let element = way.element();
            for part in [
                format!("<script type=\"module\" src=\"https://mint.example/sdk/v1/{}\"></script>", element.file()),
                format!("<{} embed-key=\"pk_live_1\"", element.tag()),
            ] {
                assert!(snippet.contains(&part), "{way:?}: {snippet}");
            }
            assert!(!snippet.contains("{{") && snippet.matches("<script").count() == 1, "{way:?}: {snippet}");
        }
        let written = Way::Anonymous.snippet("https://mint.example", "pk_live_1");
        assert!(
            written.ends_with(&Way::Anonymous.element().snippet("https://mint.example", "pk_live_1")),
            "the Preview tab shows the same"
        );
    }

    #[test]
    fn names_in_addresses_come_back() {
        for way in Way::ALL {
            assert_eq!(Way::named(way.as_str()), Some(way));
            assert_eq!(serde_json::to_value(way).expect("json"), way.as_str());
        }
    }
}
