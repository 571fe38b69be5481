//! `GET /widget/organization`: the one organization that the page's token reads and writes.

use crate::{
    error::Result,
    extract::{Json, NoQuery},
};
use axum::Extension;
use mintmark::token::{Grant, WidgetOrganization};

/// Name and origins of the token's organization. Any scope will do.
#[utoipa::path(get, path = "/widget/organization", tag = "widget", responses((status = 200, description = "The organization", body = WidgetOrganization)))]
pub(super) async fn organization(Extension(grant): Extension<Grant>, _: NoQuery) -> Result<Json<WidgetOrganization>> {
    Ok(Json(grant.organization().await?))
}
