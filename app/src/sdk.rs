//! What pages load of the SDK, and the HTML that puts one element into a page.

use crate::element::Element;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version that is served, with the hash of each of its files, as `integrity` wants them. The server provides it through Leptos'
/// context; without it nothing can be pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sdk {
    /// `1.0.0`
    pub version: String,
    /// By the file's name.
    pub bundles: BTreeMap<String, String>,
}

impl Element {
    /// What a page holds that follows the SDK's first version: always the newest of it.
    #[must_use]
    pub fn snippet(self, url: &str, key: &str) -> String {
        format!("<script type=\"module\" src=\"{url}/sdk/v1/{}\"></script>\n{}", self.file(), self.html(key))
    }

    /// What a page holds that runs these very files and no others; none of a file that is not served.
    #[must_use]
    pub fn pinned(self, sdk: &Sdk, url: &str, key: &str) -> Option<String> {
        let (core, file) = ("mintmark.js", self.file());
        let place = format!("{url}/sdk/{}", sdk.version);
        Some(format!(
            "<link rel=\"modulepreload\" href=\"{place}/{core}\" integrity=\"{}\" crossorigin>\n\
             <script type=\"module\" src=\"{place}/{file}\" integrity=\"{}\" crossorigin></script>\n{}",
            sdk.bundles.get(core)?,
            sdk.bundles.get(&file)?,
            self.html(key)
        ))
    }

    fn html(self, key: &str) -> String {
        let (tag, credential) =
            (self.tag(), if self == Self::TokenSession { "token=\"eyJ...\"".to_owned() } else { format!("embed-key=\"{key}\"") });
        format!("<{tag} {credential}></{tag}>")
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Sdk};

    const URL: &str = "https://mint.example";

    #[test]
    fn a_page_is_pinned_to_files_that_are_served_and_to_no_others() {
        let bundles = ["mintmark.js", "pricing.js"].map(|name| (name.to_owned(), format!("sha384-{name}"))).into();
        let sdk = Sdk { version: "1.2.3".into(), bundles };
        let pinned = Element::Pricing.pinned(&sdk, URL, "pk_live_1").expect("both are served");
        for part in [
            "href=\"https://mint.example/sdk/1.2.3/mintmark.js\" integrity=\"sha384-mintmark.js\" crossorigin",
            "src=\"https://mint.example/sdk/1.2.3/pricing.js\" integrity=\"sha384-pricing.js\" crossorigin",
            "<mintmark-pricing embed-key=\"pk_live_1\"></mintmark-pricing>",
        ] {
            assert!(pinned.contains(part), "{pinned}");
        }
        assert_eq!(Element::Chat.pinned(&sdk, URL, "pk_live_1"), None);
    }
}
