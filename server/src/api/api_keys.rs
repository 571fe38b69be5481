//! `/v1/api-keys`: what the tenant's backend signs in with.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, Named, NoQuery, Paging, Path, Split},
};
use mintmark::{
    ApiKeyId, Page, Problem,
    api_key::{ApiKey, ApiKeyRotation, CreatedApiKey, NewApiKey},
    token::Revocation,
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Also those that work no more.
    #[serde(default)]
    include_revoked: bool,
}

impl Named for Which {
    const NAMES: &'static [&'static str] = &["include_revoked"];
}

/// The tenant's keys, newest first, never their text.
#[utoipa::path(get, path = "/v1/api-keys", tag = "API keys", params(Which, Paging), responses((status = 200, description = "A page", body = Page<ApiKey>)))]
pub(super) async fn list(Caller(op): Caller, Split(which, paging): Split<Which, Paging>) -> Result<Json<Page<ApiKey>>> {
    Ok(Json(op.api_keys(which.include_revoked, paging.limit()?, paging.cursor()).await?))
}

/// Makes a key, at most admin and never more than its maker. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/api-keys", tag = "API keys", request_body = NewApiKey, responses((status = 201, description = "The key and its text, shown once", body = CreatedApiKey)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewApiKey>) -> Result<Created<CreatedApiKey>> {
    Ok(Created(op.create_api_key(asked).await?))
}

/// One key, never its text.
#[utoipa::path(get, path = "/v1/api-keys/{id}", tag = "API keys", params(("id" = String, Path, description = "`apik_...`")), responses((status = 200, description = "The key", body = ApiKey)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<ApiKeyId>, _: NoQuery) -> Result<Json<ApiKey>> {
    Ok(Json(op.api_key(&id).await?))
}

/// Makes the key's successor; the old one works on for as long as was said. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/api-keys/{id}/rotate", tag = "API keys", params(("id" = String, Path, description = "`apik_...`")), request_body = ApiKeyRotation, responses((status = 201, description = "The successor and its text, shown once", body = CreatedApiKey), (status = 409, description = "`conflict`: the key works no more, or has a successor", body = Problem)))]
pub(super) async fn rotate(
    Caller(op): Caller,
    Path(id): Path<ApiKeyId>,
    _: NoQuery,
    Json(asked): Json<ApiKeyRotation>,
) -> Result<Created<CreatedApiKey>> {
    Ok(Created(op.rotate_api_key(&id, asked).await?))
}

/// Ends a key and the live tokens that it minted, at once. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/api-keys/{id}", tag = "API keys", params(("id" = String, Path, description = "`apik_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The key, with `revoked_at`", body = ApiKey)))]
pub(super) async fn revoke(
    Caller(op): Caller,
    Path(id): Path<ApiKeyId>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<ApiKey>> {
    Ok(Json(op.revoke_api_key(&id, why.and_then(|Json(why)| why.reason)).await?))
}

/// Lets a key work again that a restore held. Owners only.
#[utoipa::path(post, path = "/v1/api-keys/{id}/release", tag = "API keys", params(("id" = String, Path, description = "`apik_...`")), responses((status = 200, description = "The key, no longer held", body = ApiKey), (status = 409, description = "`conflict`: nobody holds it", body = Problem)))]
pub(super) async fn release(Caller(op): Caller, Path(id): Path<ApiKeyId>, _: NoQuery) -> Result<Json<ApiKey>> {
    Ok(Json(op.release_api_key(&id).await?))
}
