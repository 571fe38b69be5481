//! Addresses that somebody was on their way to: only pages of ours are ever gone back to.

/// The path, if it is one of ours as every browser reads it: no scheme, no host, nothing that a parser might skip.
#[must_use]
pub fn own_path(text: &str) -> Option<&str> {
    let plain = text.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let rest = text.strip_prefix('/')?;
    let no_host = !rest.starts_with('/');
    // Neither may one be sent to where a visit alone would mean something, nor in a circle.
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let no_page = path.starts_with("/api/") || ["/sign-in", "/sign-in/code", "/confirm"].contains(&path);
    (plain && no_host && !no_page && text.len() <= 2_000).then_some(text)
}

/// `path?return_to=<here>`, the query added where there is something to return to.
#[must_use]
pub fn with_return(path: &str, here: Option<&str>) -> String {
    match here.and_then(own_path).filter(|here| *here != "/") {
        Some(here) => format!("{path}?return_to={}", encode(here)),
        None => path.to_owned(),
    }
}

/// Percent-encodes all but what RFC 3986 calls unreserved, and the slash.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_back_to() {
        for fine in ["/", "/t/acme", "/t/acme/tokens?status=active&cursor=x#top", "/t/acme/?a=//b"] {
            assert_eq!(own_path(fine), Some(fine));
        }
        for wrong in [
            "",
            "t/acme",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n//evil.example",
            " /t/acme",
            "/t/ac me",
            "/api/sign_out",
            "/sign-in?return_to=/x",
            "/confirm",
            "/%5cevil.example\u{0}",
            "/ünïcode",
        ] {
            assert_eq!(own_path(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_is_returned_to_travels_in_the_query() {
        assert_eq!(with_return("/sign-in", Some("/t/acme?a=b")), "/sign-in?return_to=/t/acme%3Fa%3Db");
        assert_eq!(with_return("/sign-in", Some("/")), "/sign-in");
        assert_eq!(with_return("/sign-in", Some("//evil.example")), "/sign-in");
    }
}
