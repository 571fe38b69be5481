//! The browser SDK under `/sdk/`, for pages of any origin: embedded in a release, read from `target/sdk/` while developing.
//!
//! The build leaves a folder for every version that was ever released and `current`, which names the newest. Pages that load
//! `/sdk/v1/` get the newest within five minutes; those that pin a version by its hash get the same bytes for ever.

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
    http::{HeaderMap, HeaderValue},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
};

#[derive(RustEmbed)]
#[folder = "../target/sdk"]
#[allow_missing = true]
struct Sdk;

/// The path's name for the newest version whose major number is 1.
const ALIAS: &str = "v1";
/// How late a page may hear of a new version.
const BRIEFLY: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(crate) fn router() -> Router<Context> {
    Router::new().route("/sdk/{version}/{name}", get(file))
}

async fn file(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match kind(&name).and_then(|kind| smallest(&name, &headers, |name| tagged(&version, name, kind))) {
        Some(response) => response,
        None => no_such_route().await.into_response(),
    }
}

/// The content type of a bundle and of the list of their hashes; nothing else is served.
fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "json" => Some("application/json"),
        _ => None,
    }
}

/// The file of a version or of the alias, tagged once in a release.
fn tagged(version: &str, name: &str, kind: &'static str) -> Option<Tagged> {
    static KNOWN: LazyLock<RwLock<HashMap<(String, String), Tagged>>> = LazyLock::new(RwLock::default);
    let asked = (version.to_owned(), name.to_owned());
    if !cfg!(debug_assertions)
        && let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&asked)
    {
        return Some(known.clone());
    }
    let (folder, cache) = if version == ALIAS { (current()?, BRIEFLY) } else { (version.to_owned(), FOR_EVER) };
    let content = match Sdk::get(&format!("{folder}/{name}"))?.data {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => Bytes::from(read),
    };
    let tagged = Tagged::new(content, kind, cache);
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(asked, tagged.clone());
    Some(tagged)
}

/// The newest version's number; none while the SDK is not built.
pub(crate) fn current() -> Option<String> {
    String::from_utf8(Sdk::get("current")?.data.into_owned()).ok()
}

/// The newest version with the hashes of its files, for pages that say how to pin it; none while the SDK is not built.
pub(crate) fn newest() -> Option<app::Sdk> {
    static RELEASE: LazyLock<Option<app::Sdk>> = LazyLock::new(read_newest);
    if cfg!(debug_assertions) { read_newest() } else { RELEASE.clone() }
}

fn read_newest() -> Option<app::Sdk> {
    serde_json::from_slice(&Sdk::get(&format!("{}/sri.json", current()?))?.data).ok()
}
