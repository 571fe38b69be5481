//! `/embed/v1/*`: what a page of another origin may call with an embed key. Never a cookie.

use crate::{Context, client::From, cors::CheckedOrigin, error::Result, extract::Query, tagged::Tagged};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use mintmark::embed_key::{EmbedCall, EmbedConfig};
use serde::Deserialize;
use utoipa::IntoParams;

/// For how long a page may go on with what it has; then it asks whether anything changed.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// Who asks for what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `pk_live_...` or `pk_test_...`
    key: String,
    /// The tenant's slug; the key suffices, but if it is there it must be right.
    tenant: Option<String>,
}

impl Asked {
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }
}

/// What the key's product shows: its looks and its published offerings.
///
/// For pages of the key's origins only, as their browser says in `Origin`. May be kept for 60 seconds.
#[utoipa::path(get, path = "/embed/v1/config", tag = "embed", security(()), params(Asked), responses((status = 200, description = "What the page shows", body = EmbedConfig), (status = 304, description = "You have it")))]
pub(super) async fn config(
    State(context): State<Context>,
    From(from): From,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let origin = the_origin(&headers);
    let call = EmbedCall { key: &asked.key, tenant: asked.tenant.as_deref(), origin: origin.and_then(|said| said.to_str().ok()), from };
    let served = context.core.embed_config(call).await?;
    let mut response = Tagged::known(served.body.clone(), &served.etag, "application/json", CACHE).answer(&headers);
    if let Some(origin) = origin {
        response.extensions_mut().insert(CheckedOrigin(origin.clone()));
    }
    Ok(response)
}

/// What a browser says once; a header that is there twice is nobody's.
pub(super) fn the_origin(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut said = headers.get_all(header::ORIGIN).iter();
    match (said.next(), said.next()) {
        (Some(origin), None) => Some(origin),
        _ => None,
    }
}
