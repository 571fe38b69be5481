//! `GET /openapi.json`: the description made from the code.

use crate::{api, tagged::Tagged};
use axum::{
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use std::sync::LazyLock;

static DESCRIPTION: LazyLock<Tagged> = LazyLock::new(|| {
    let json = serde_json::to_vec(&api::description()).unwrap_or_default();
    Tagged::new(json, "application/json", HeaderValue::from_static("public, max-age=300"))
});

/// The description of this API, in OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", tag = "process", responses((status = 200, description = "The description", content_type = "application/json")), security(()))]
pub(super) async fn description(headers: HeaderMap) -> Response {
    DESCRIPTION.answer(&headers)
}
