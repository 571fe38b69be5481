//! The site's files under `/pkg/`: embedded in a release, read from `target/site/` while developing.
//!
//! The build gives every file a name with a hash of its content, so that browsers may keep it for ever, and lays its compressed forms
//! beside it. `manifest.json` leads from plain names to hashed ones.

use crate::{Context, error::no_such_route, tagged::Tagged};
use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{LazyLock, PoisonError, RwLock},
};

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// A year: the longest that means anything.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(crate) fn router() -> Router<Context> {
    Router::new().route("/pkg/{*name}", get(file))
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match best(&name, &headers, tagged) {
        Some(response) => response,
        None => no_such_route().await.into_response(),
    }
}

/// The smallest form that the browser reads.
fn best(name: &str, headers: &HeaderMap, find: impl Fn(&str, &'static str) -> Option<Tagged>) -> Option<Response> {
    let kind = kind(name)?;
    let forms = [("br", ".br"), ("gzip", ".gz")].into_iter().filter(|(encoding, _)| accepts(headers, encoding));
    let compressed = forms.into_iter().find_map(|(encoding, end)| Some((find(&format!("{name}{end}"), kind)?, Some(encoding))));
    let (found, encoding) = compressed.or_else(|| Some((find(name, kind)?, None)))?;
    let mut response = found.answer(headers);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The content type of what may be served; neither the manifest nor a compressed form by its own name.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// Whether the browser reads this encoding; one with `q=0` it does not.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let said = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|said| said.to_str().ok());
    said.flat_map(|said| said.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let none = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !none
    })
}

/// The file, tagged once in a release.
fn tagged(name: &str, kind: &'static str) -> Option<Tagged> {
    static KNOWN: LazyLock<RwLock<HashMap<String, Tagged>>> = LazyLock::new(RwLock::default);
    if !cfg!(debug_assertions)
        && let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(name)
    {
        return Some(known.clone());
    }
    let content = match Site::get(name)?.data {
        std::borrow::Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        std::borrow::Cow::Owned(read) => Bytes::from(read),
    };
    let tagged = Tagged::new(content, kind, FOR_EVER);
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), tagged.clone());
    Some(tagged)
}

/// The names that pages write into their heads. Without a built site, those of a development build.
pub(crate) fn names() -> app::Assets {
    static RELEASE: LazyLock<app::Assets> = LazyLock::new(read_names);
    if cfg!(debug_assertions) { read_names() } else { RELEASE.clone() }
}

fn read_names() -> app::Assets {
    let manifest = Site::get("manifest.json");
    let names: BTreeMap<String, String> = manifest.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    let plain = app::Assets::default();
    let hashed = |name: &str, plain: String| names.get(name).map_or(plain, |hashed| format!("/pkg/{hashed}"));
    let fonts = names.iter().filter(|(name, _)| kind(name) == Some("font/woff2")).map(|(_, hashed)| format!("/pkg/{hashed}"));
    app::Assets {
        js: hashed("app.js", plain.js),
        wasm: hashed("app_bg.wasm", plain.wasm),
        css: hashed("main.css", plain.css),
        favicon: hashed("favicon.svg", plain.favicon),
        fonts: fonts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    /// A site with a script in all forms and a font that compression did not help.
    fn find(name: &str, kind: &'static str) -> Option<Tagged> {
        let there = ["app.1.js", "app.1.js.br", "app.1.js.gz", "font.1.woff2", "manifest.json"].contains(&name);
        there.then(|| Tagged::new(name.to_owned(), kind, FOR_EVER))
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
            let first = best(name, &asked, find).expect("is there");
            assert_eq!(first.status(), 200);
            assert_eq!(sent(&first, header::CONTENT_ENCODING), encoding, "{accept} {name}");
            assert_eq!(sent(&first, header::CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
            assert_eq!(sent(&first, header::VARY), Some("accept-encoding"));
            let tag = sent(&first, header::ETAG).expect("a tag");
            let again = best(name, &headers(&[(header::ACCEPT_ENCODING, accept), (header::IF_NONE_MATCH, tag)]), find).expect("is there");
            assert_eq!(again.status(), 304, "{accept} {name}");
        }
        assert_eq!(
            sent(&best("app.1.js", &HeaderMap::new(), find).expect("is there"), header::CONTENT_TYPE),
            Some("text/javascript; charset=utf-8")
        );
    }

    #[test]
    fn what_the_build_left_for_us_is_not_for_browsers() {
        for name in ["manifest.json", "app.1.js.br", "app.2.js", "../Cargo.toml", "..", ""] {
            assert!(best(name, &HeaderMap::new(), find).is_none(), "{name}");
            assert!(name.is_empty() || kind(name).is_none() || tagged(name, "text/plain").is_none(), "{name}");
        }
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
