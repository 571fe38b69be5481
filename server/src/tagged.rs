//! Bytes that are the same for everybody: made once, told apart by an `ETag`, answered with 304 to who has them.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mintmark::secret::Digest;

/// For what has another name once it changes: a year, the longest that means anything.
pub(crate) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A body with its `ETag`, content type and `Cache-Control`.
#[derive(Debug, Clone)]
pub struct Tagged {
    body: Bytes,
    etag: HeaderValue,
    kind: HeaderValue,
    cache: HeaderValue,
}

impl Tagged {
    /// Of bytes; the tag is their hash.
    #[must_use]
    pub fn new(body: impl Into<Bytes>, kind: &'static str, cache: HeaderValue) -> Self {
        let body = body.into();
        let etag = format!("\"{}\"", &Digest::of(&body).to_hex()[..32]);
        Self::known(body, &etag, kind, cache)
    }

    /// Of bytes whose tag is known, quotes included.
    #[must_use]
    pub fn known(body: impl Into<Bytes>, etag: &str, kind: &'static str, cache: HeaderValue) -> Self {
        let body = body.into();
        let etag = HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\""));
        Self { body, etag, kind: HeaderValue::from_static(kind), cache }
    }

    /// 200 with the body, or 304 when `If-None-Match` names it.
    #[must_use]
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|said| said.to_str().ok());
        let same = known.flat_map(|said| said.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.etag);
        let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(self.body.clone()).into_response() };
        let headers = response.headers_mut();
        if !same {
            headers.insert(header::CONTENT_TYPE, self.kind.clone());
        }
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, self.cache.clone());
        response
    }
}
