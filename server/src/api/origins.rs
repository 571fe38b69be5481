//! `/v1/organizations/:id/origins`: the origins that an organization's tokens may name.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Path, Query},
};
use mintmark::{
    OrganizationId, OriginId, Page,
    origin::{AllowedOrigin, NewOrigin, RemovedOrigin},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// The allowlist, newest first; always one page.
#[utoipa::path(get, path = "/v1/organizations/{id}/origins", tag = "origins", params(("id" = String, Path, description = "`org_...`")), responses((status = 200, description = "All of them", body = Page<AllowedOrigin>)))]
pub(super) async fn list(Caller(op): Caller, Path(id): Path<OrganizationId>, _: NoQuery) -> Result<Json<Page<AllowedOrigin>>> {
    Ok(Json(Page { data: op.origins(&id).await?, next_cursor: None }))
}

/// Adds an origin, in its stored form. Owners and admins of the organization.
#[utoipa::path(post, path = "/v1/organizations/{id}/origins", tag = "origins", params(("id" = String, Path, description = "`org_...`")), request_body = NewOrigin, responses((status = 201, description = "The entry", body = AllowedOrigin), (status = 409, description = "`already_exists`, or `conflict` when the list is full", body = mintmark::Problem), (status = 422, description = "`invalid_origin` with the reason; `unknown_field`, `missing_field`, `invalid_field`", body = mintmark::Problem)))]
pub(super) async fn add(
    Caller(op): Caller,
    Path(id): Path<OrganizationId>,
    _: NoQuery,
    Json(asked): Json<NewOrigin>,
) -> Result<Created<AllowedOrigin>> {
    Ok(Created(op.add_origin(&id, &asked).await?))
}

/// What a removal spares.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sparing {
    /// Leave the live tokens that name this origin alive; by default they die with it.
    #[serde(default)]
    keep_tokens: bool,
}

/// Removes an origin, and in the same step the live tokens that name it, unless that is declined. Owners and admins of the organization.
#[utoipa::path(delete, path = "/v1/organizations/{id}/origins/{origin_id}", tag = "origins", params(("id" = String, Path, description = "`org_...`"), ("origin_id" = String, Path, description = "`ori_...`"), Sparing), responses((status = 200, description = "The entry that was, and how many tokens died", body = RemovedOrigin)))]
pub(super) async fn remove(
    Caller(op): Caller,
    Path((id, origin)): Path<(OrganizationId, OriginId)>,
    Query(sparing): Query<Sparing>,
) -> Result<Json<RemovedOrigin>> {
    Ok(Json(op.remove_origin(&id, &origin, sparing.keep_tokens).await?))
}
