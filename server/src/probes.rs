//! `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: what it counted.

use crate::{Context, error::Result};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use mintmark::{Code, Error, Problem, secret::Digest};
use serde_json::json;

/// `/metrics` of the main listener; only where a token for it is set.
pub(crate) fn router(context: &Context) -> Router<Context> {
    if context.config.metrics_token.is_some() { Router::new().route("/metrics", get(metrics)) } else { Router::new() }
}

/// The routes of the listener that is for metrics alone.
pub(crate) fn metrics_router() -> Router {
    Router::new().route("/metrics", get(|| async { text() }))
}

/// Whether the process lives. Touches nothing.
#[utoipa::path(get, path = "/healthz", tag = "process", responses((status = 200, description = "Alive")), security(()))]
pub(crate) async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// Whether requests can be served: the database answers, the clock is right, and the process is not shutting down.
#[utoipa::path(get, path = "/readyz", tag = "process", responses((status = 200, description = "Ready"), (status = 503, description = "Not now", body = Problem)), security(()))]
pub(crate) async fn readyz(State(context): State<Context>) -> Result<Response> {
    if context.is_draining() {
        return Err(Error::new(Code::Unavailable, "This process is shutting down.").retry_after(5).into());
    }
    context.core.ready().await?;
    Ok((StatusCode::OK, Json(json!({ "status": "ready" }))).into_response())
}

async fn metrics(State(context): State<Context>, headers: HeaderMap) -> Result<Response> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(given) = given else {
        return Err(Error::new(Code::MissingToken, "Metrics need their token.").into());
    };
    match &context.config.metrics_token {
        Some(token) if token.matches(&Digest::of(given.as_bytes())) => Ok(text()),
        _ => Err(Error::new(Code::InvalidToken, "This is not the token for metrics.").into()),
    }
}

fn text() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], crate::metrics::render()).into_response()
}
