//! `GET /widget/session`: what the page's own token is, may do, and until when.

use crate::extract::{Json, NoQuery};
use axum::Extension;
use mintmark::token::{Grant, WidgetSession};

/// What this token is, what it may do, and until when.
#[utoipa::path(get, path = "/widget/session", tag = "widget", responses((status = 200, description = "The token's own facts", body = WidgetSession)))]
pub(super) async fn session(Extension(grant): Extension<Grant>, _: NoQuery) -> Json<WidgetSession> {
    Json(grant.session())
}
