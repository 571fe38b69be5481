//! The site's files under `/pkg/`: embedded in a release, read from `target/site/` while developing.
//!
//! The build gives every file a name with a hash of its content, so that browsers may keep it for ever, and lays its compressed forms
//! beside it. `manifest.json` leads from plain names to hashed ones.

use crate::{
    Context,
    encoded::smallest,
    error::no_such_route,
    tagged::{FOR_EVER, Tagged},
};
use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::HeaderMap,
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

pub(crate) fn router() -> Router<Context> {
    Router::new().route("/pkg/{*name}", get(file))
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match kind(&name).and_then(|kind| smallest(&name, &headers, |name| tagged(name, kind))) {
        Some(response) => response,
        None => no_such_route().await.into_response(),
    }
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

    #[test]
    fn what_the_build_left_for_us_is_not_for_browsers() {
        for name in ["manifest.json", "app.1.js.br", "app.2.js", "../Cargo.toml", "..", ""] {
            assert!(name.is_empty() || kind(name).is_none() || tagged(name, "text/plain").is_none(), "{name}");
        }
    }
}
