//! Files that lie beside their compressed forms: the smallest that the browser reads is sent.

use crate::tagged::Tagged;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

/// The smallest form of this file that the browser reads, as `find` has them: by its name, with `.br` and with `.gz`.
pub(crate) fn smallest(name: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Tagged>) -> Option<Response> {
    let forms = [("br", ".br"), ("gzip", ".gz")].into_iter().filter(|(encoding, _)| accepts(headers, encoding));
    let compressed = forms.into_iter().find_map(|(encoding, end)| Some((find(&format!("{name}{end}"))?, Some(encoding))));
    let (found, encoding) = compressed.or_else(|| Some((find(name)?, None)))?;
    let mut response = found.answer(headers);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Whether the browser reads this encoding; one with `q=0` it does not.
pub(crate) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let said = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|said| said.to_str().ok());
    said.flat_map(|said| said.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let none = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !none
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagged::FOR_EVER;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    /// A script in all forms and a font that compression did not help.
    fn find(name: &str) -> Option<Tagged> {
        let there = ["app.1.js", "app.1.js.br", "app.1.js.gz", "font.1.woff2"].contains(&name);
        there.then(|| Tagged::new(name.to_owned(), "text/javascript; charset=utf-8", FOR_EVER))
    }

    fn sent(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().expect("text"))
    }

    #[test]
    fn the_best_form_is_sent_for_ever_and_once() {
        for (accept, name, encoding) in [
            ("gzip, deflate, br", "app.1.js", Some("br")),
            ("gzip", "app.1.js", Some("gzip")),
            ("", "app.1.js", None),
            ("gzip, br", "font.1.woff2", None),
        ] {
            let asked = headers(&[(header::ACCEPT_ENCODING, accept)]);
            let first = smallest(name, &asked, find).expect("is there");
            assert_eq!(first.status(), 200);
            assert_eq!(sent(&first, header::CONTENT_ENCODING), encoding, "{accept} {name}");
            assert_eq!(sent(&first, header::CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
            assert_eq!(sent(&first, header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
            assert_eq!(sent(&first, header::VARY), Some("accept-encoding"));
            let tag = sent(&first, header::ETAG).expect("a tag");
            let again =
                smallest(name, &headers(&[(header::ACCEPT_ENCODING, accept), (header::IF_NONE_MATCH, tag)]), find).expect("is there");
            assert_eq!(again.status(), 304, "{accept} {name}");
        }
        assert!(smallest("app.2.js", &HeaderMap::new(), find).is_none());
    }

    #[test]
    fn an_encoding_is_taken_only_when_it_is_accepted() {
        let with = |said: &str| headers(&[(header::ACCEPT_ENCODING, said)]);
        assert!(accepts(&with("gzip, deflate, br, zstd"), "br"));
        assert!(accepts(&with("BR;q=0.5"), "br"));
        for said in ["gzip", "br;q=0", "br; q=0.0, gzip", "brotli", ""] {
            assert!(!accepts(&with(said), "br"), "{said}");
        }
    }
}
