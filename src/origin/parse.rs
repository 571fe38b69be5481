//! Reading an origin that a person typed, and the one that a browser sent.

use super::{MOST, Origin, OriginCheck, OriginExample};
use crate::{Code, Error, Result};
use url::{Host, Url};

const WILDCARD: &str = "Wildcards are not allowed: name each origin.";

/// What no name on the Internet has, in a host as it was understood (a full-width asterisk is an asterisk by now): in the list of sources of a
/// Content-Security-Policy a wildcard lets in more than was typed, and a semicolon or comma ends the list.
pub(crate) fn stray(host: &Host<&str>) -> Option<char> {
    let Host::Domain(name) = host else { return None };
    name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
}

fn refuse(why: &'static str) -> Error {
    Error::new(Code::InvalidOrigin, why).field("origin")
}

impl Origin {
    /// Reads what a person typed. `development` lets in `http` on loopback, `localhost` and IP addresses (OR1).
    pub fn parse(text: &str, development: bool) -> Result<Self> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(refuse("An origin is scheme, host and port, such as https://app.example.com."));
        }
        if text.len() > 255 {
            return Err(refuse("An origin has at most 255 characters."));
        }
        if text.eq_ignore_ascii_case("null") {
            return Err(refuse("`null` is what browsers send for pages without an origin; it cannot be allowed."));
        }
        if text.contains('*') {
            return Err(refuse(WILDCARD));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(refuse("An origin contains no spaces and no control characters."));
        }
        let (scheme, authority) = text.split_once("://").ok_or_else(|| refuse("An origin starts with https://."))?;
        if let Some(at) = authority.find(['/', '?', '#', '\\']) {
            return Err(refuse(match &authority[at..] {
                "/" => "A trailing slash is a path, and an origin has none: remove it.",
                rest if rest.starts_with('?') => "An origin has no query.",
                rest if rest.starts_with('#') => "An origin has no fragment.",
                _ => "An origin has no path.",
            }));
        }
        if authority.contains('@') {
            return Err(refuse("An origin has no user name or password."));
        }
        if authority.contains('%') {
            return Err(refuse("The host is written without percent signs."));
        }
        Self::from_url(scheme, text, development)
    }

    fn from_url(scheme: &str, text: &str, development: bool) -> Result<Self> {
        let url = Url::parse(text).map_err(|_| refuse("The host or the port cannot be read."))?;
        let host = url.host().ok_or_else(|| refuse("An origin names a host."))?;
        if let Host::Domain(name) = &host
            && name.ends_with('.')
        {
            return Err(refuse("The host ends in a dot; browsers treat that as another origin. Remove it."));
        }
        if let Some(stray) = stray(&host) {
            return Err(refuse(if stray == '*' { WILDCARD } else { "A host is made of letters, digits, hyphens and dots." }));
        }
        if url.port() == Some(0) {
            return Err(refuse("Port 0 is no port."));
        }
        let loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.octets() == [127, 0, 0, 1],
            Host::Ipv6(address) => address.is_loopback(),
        };
        let address = !matches!(host, Host::Domain(_));
        match (scheme.to_ascii_lowercase().as_str(), loopback, address) {
            ("https", false, false) => {}
            ("https", _, _) | ("http", true, _) if development => {}
            ("https" | "http", true, _) => {
                return Err(refuse("Loopback origins need the switch for development origins."));
            }
            ("https", false, true) => return Err(refuse("An IP address needs the switch for development origins.")),
            ("http", false, _) => return Err(refuse("Only https: a page on http can be changed by anybody on the way.")),
            _ => return Err(refuse("The scheme is https.")),
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// A list that a person typed: at least one, at most twenty, duplicates collapsed, in the order given.
    pub fn parse_list(texts: &[String], development: bool) -> Result<Vec<Self>> {
        if texts.is_empty() {
            return Err(refuse("Name at least one origin: an empty list allows nothing.").field("origins"));
        }
        if texts.len() > MOST {
            return Err(refuse("At most 20 origins.").field("origins"));
        }
        let mut origins: Vec<Self> = Vec::with_capacity(texts.len());
        for text in texts {
            let origin = Self::parse(text, development).map_err(|error| error.field("origins"))?;
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        Ok(origins)
    }

    /// What it would be stored as, and which pages it would let through, judged by the same code as the guard's.
    pub fn check(text: &str, development: bool) -> Result<OriginCheck> {
        let origin = Self::parse(text, development)?;
        let mut examples = vec![example(&origin, origin.to_string(), "")];
        if let Some((scheme, authority)) = origin.0.split_once("://") {
            let other = if scheme == "https" { "http" } else { "https" };
            // The last colon of `[::1]` is no port's.
            let host = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(authority, |(host, _)| host);
            examples.push(example(&origin, format!("{other}://{authority}"), "The scheme differs."));
            examples.push(example(&origin, format!("{scheme}://{host}:8443"), "The port differs."));
            if !authority.starts_with('[') && host.contains('.') && host.parse::<std::net::Ipv4Addr>().is_err() {
                examples.push(example(&origin, format!("{scheme}://sub.{authority}"), "A sub-domain is another origin."));
                if let Some((_, parent)) = authority.split_once('.').filter(|(_, parent)| parent.contains('.')) {
                    examples.push(example(&origin, format!("{scheme}://{parent}"), "The parent domain is another origin."));
                }
            }
        }
        Ok(OriginCheck { origin, examples })
    }
}

fn example(origin: &Origin, page: String, why: &str) -> OriginExample {
    let matches = origin.0 == page;
    OriginExample { why: (!matches).then(|| why.to_owned()), matches, page }
}

/// The origin of a page: the `Origin` header as it stands, or that of `Referer` where there is none.
pub(crate) fn of_page(origin: Option<&str>, referer: Option<&str>) -> Option<String> {
    if let Some(origin) = origin {
        return Some(origin.to_owned());
    }
    let url = Url::parse(referer?).ok()?;
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}
