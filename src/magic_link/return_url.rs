//! Where a link may lead: a page of an origin on the embed key's list, in one unmistakable form (ML7, ML8).

use super::PARAMETER;
use crate::{Code, Error, Result, Secret, origin::Origin};
use url::Url;

/// The longest, in bytes.
const LONGEST: usize = 2_048;

/// An address that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnUrl(Url);

impl ReturnUrl {
    /// As a browser would write it in `location.href`; whatever two programs could read differently is refused.
    pub(super) fn parse(text: &str, listed: &[Origin]) -> Result<Self> {
        let url = Self::read(text).ok_or_else(|| {
            Error::invalid("return_url", "A return URL is the whole address of a page, such as https://shop.example/account?x=1#y.")
        })?;
        let origin = url.0.origin().ascii_serialization();
        if !listed.iter().any(|listed| listed.as_str() == origin) {
            let message = "The return URL's origin is not on this embed key's list.";
            return Err(Error::new(Code::OriginNotAllowed, message).field("return_url"));
        }
        Ok(url)
    }

    /// One that was judged before.
    pub(super) fn read(text: &str) -> Option<Self> {
        let plain = text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'<' | b'>' | b'"'));
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !plain || authority.is_empty() || authority.contains(['@', '%']) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        (url.username().is_empty() && url.password().is_none()).then_some(Self(url))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same address with the token before the hash, in place of one that an earlier link left there.
    pub(super) fn with(&self, token: &Secret) -> String {
        let mut url = self.0.clone();
        let own = format!("{PARAMETER}=");
        let kept = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&own));
        let mut query: Vec<_> = kept.map(ToOwned::to_owned).collect();
        query.push(format!("{own}{}", token.reveal()));
        url.set_query(Some(&query.join("&")));
        url.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Vec<Origin> {
        ["https://shop.example", "https://shop.example:8443"].map(|origin| Origin::parse(origin, false).expect("an origin")).into()
    }

    fn judged(text: &str) -> std::result::Result<String, Code> {
        ReturnUrl::parse(text, &listed()).map(|url| url.as_str().to_owned()).map_err(|error| error.code())
    }

    #[test]
    fn a_page_of_a_listed_origin_may_be_returned_to() {
        for fine in
            ["https://shop.example/", "https://shop.example/a/b?x=1&y=%2F#z", "https://shop.example:8443/?next=https://evil.example/"]
        {
            assert_eq!(judged(fine).as_deref(), Ok(fine));
        }
        assert_eq!(judged("https://shop.example:443").as_deref(), Ok("https://shop.example/"));
        assert_eq!(judged("https://SHOP.example/A").as_deref(), Ok("https://shop.example/A"));
    }

    /// ML8
    #[test]
    fn no_other_place_is_ever_led_to() {
        for text in [
            "https://evil.example/",
            "http://shop.example/",
            "https://shop.example.evil.example/",
            "https://evilshop.example/",
            "https://shop.example:444/",
            "https://shop.example:80/",
            "https://sub.shop.example/",
            "https://shop.example./",
        ] {
            assert_eq!(judged(text), Err(Code::OriginNotAllowed), "{text}");
        }
        for text in [
            "",
            "/",
            "//evil.example/",
            "///evil.example/",
            "/\\evil.example/",
            "\\\\evil.example/",
            "https:evil.example",
            "https:/evil.example",
            "https:shop.example",
            "https:///shop.example/",
            "https://",
            "https:// shop.example/",
            " https://shop.example/",
            "https://shop.example/\n",
            "https://shop.example/\tx",
            "https://shop.example\\@evil.example/",
            "https://shop.example%2f@evil.example/",
            "https://shop.example%2f%2fevil.example/",
            "%2f%2fevil.example",
            "https://user@shop.example/",
            "https://user:pass@shop.example/",
            "https://evil.example@shop.example/",
            "https://shop.example@evil.example/",
            "https://@shop.example/",
            "javascript:alert(1)",
            "JavaScript://shop.example/%0aalert(1)",
            "data:text/html,x",
            "blob:https://shop.example/x",
            "ftp://shop.example/",
            "HTTPS://shop.example/",
            "https://shop.example/\"><script>",
            "https://shop.example/\u{202e}",
            &format!("https://shop.example/{}", "x".repeat(LONGEST)),
        ] {
            assert_eq!(judged(text), Err(Code::InvalidField), "{text:?}");
        }
    }

    #[test]
    fn the_token_stands_before_the_hash_once_and_nothing_else_changes() {
        let with = |text: &str| ReturnUrl::parse(text, &listed()).expect("judged").with(&Secret::new("magic_x".to_owned()));
        assert_eq!(with("https://shop.example/a"), "https://shop.example/a?mintmark_magic_token=magic_x");
        assert_eq!(with("https://shop.example/a?b=%20c+d&e#f?g"), "https://shop.example/a?b=%20c+d&e&mintmark_magic_token=magic_x#f?g");
        assert_eq!(
            with("https://shop.example/?mintmark_magic_token=old&b=1#f"),
            "https://shop.example/?b=1&mintmark_magic_token=magic_x#f"
        );
    }
}
