//! Whether a list names a page, and if it does not, which entry comes nearest and in what they differ.

use super::{NearMiss, Origin};
use url::Url;

/// The comparison that every call meets: byte for byte (contract, section 6).
pub(crate) fn names(list: &[Origin], page: Option<&str>) -> bool {
    list.iter().any(|origin| Some(origin.as_str()) == page)
}

/// The entry that differs least from a page's origin, where the two have anything in common.
pub(crate) fn nearest(list: &[Origin], page: &str) -> Option<NearMiss> {
    let page = Url::parse(page).ok()?;
    let misses = list.iter().filter_map(|origin| Some((differ(&Url::parse(origin.as_str()).ok()?, &page)?, origin)));
    misses.min_by_key(|((far, _), _)| *far).map(|((_, why), origin)| NearMiss { origin: origin.clone(), why: why.to_owned() })
}

/// How far two origins are apart, and in what.
fn differ(listed: &Url, page: &Url) -> Option<(u8, &'static str)> {
    let (known, seen) = (listed.host_str()?, page.host_str()?);
    let below = |name: &str, parent: &str| name.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'));
    if known == seen {
        // Of scheme, host and port that is all that is left.
        return Some(if listed.scheme() == page.scheme() { (1, "The port differs.") } else { (0, "The scheme differs.") });
    }
    if below(seen, known) {
        return Some((2, "A sub-domain is another origin."));
    }
    below(known, seen).then_some((3, "The parent domain is another origin."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> Vec<Origin> {
        texts.iter().map(|text| Origin::parse(text, true).expect("an origin")).collect()
    }

    #[test]
    fn the_entry_that_differs_least_is_named() {
        let listed = list(&["https://www.acme.example", "https://acme.example:8443", "https://other.example"]);
        for (page, origin, why) in [
            ("http://www.acme.example", "https://www.acme.example", "The scheme differs."),
            ("https://acme.example", "https://acme.example:8443", "The port differs."),
            ("https://shop.other.example", "https://other.example", "A sub-domain is another origin."),
            ("https://a.www.acme.example", "https://www.acme.example", "A sub-domain is another origin."),
            ("https://acme.example", "https://www.acme.example", "The parent domain is another origin."),
        ] {
            let among = if why.starts_with("The parent") { &listed[..1] } else { &listed[..] };
            let near = nearest(among, page).unwrap_or_else(|| panic!("{page} has a neighbour"));
            assert_eq!((near.origin.as_str(), near.why.as_str()), (origin, why), "{page}");
        }
        for stranger in ["https://acme.example.evil.example", "https://notother.example", "null", ""] {
            assert_eq!(nearest(&listed, stranger), None, "{stranger}");
        }
    }

    #[test]
    fn a_list_names_what_is_equal_and_nothing_else() {
        let listed = list(&["https://www.acme.example"]);
        assert!(names(&listed, Some("https://www.acme.example")));
        for other in [
            None,
            Some("null"),
            Some(""),
            Some("https://www.acme.example/"),
            Some("HTTPS://www.acme.example"),
            Some("http://www.acme.example"),
        ] {
            assert!(!names(&listed, other), "{other:?}");
        }
        assert!(!names(&[], None), "an empty list allows nothing");
    }
}
