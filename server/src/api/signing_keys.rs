//! `/v1/signing-keys`: the tenant's key pairs and their states.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Path},
};
use mintmark::{
    KeyId, Page, Problem,
    key::{KeyRevocation, NewSigningKey, Rotation, SigningKey},
};

/// The tenant's keys, newest first; always one page.
#[utoipa::path(get, path = "/v1/signing-keys", tag = "signing keys", responses((status = 200, description = "All of them", body = Page<SigningKey>)))]
pub(super) async fn list(Caller(op): Caller, _: NoQuery) -> Result<Json<Page<SigningKey>>> {
    Ok(Json(Page { data: op.signing_keys().await?, next_cursor: None }))
}

/// Makes a key that is published and signs next; a former `next`, which has signed nothing, is retired. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/signing-keys", tag = "signing keys", request_body = NewSigningKey, responses((status = 201, description = "The key", body = SigningKey), (status = 409, description = "`conflict`: somebody else changed the keys meanwhile", body = Problem)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewSigningKey>) -> Result<Created<SigningKey>> {
    Ok(Created(op.create_signing_key(asked).await?))
}

/// The whole step at once: `next` signs, the old key retires, a new `next` is published. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/signing-keys/rotate", tag = "signing keys", request_body = Option<Rotation>, responses((status = 200, description = "All keys, in their new states", body = Page<SigningKey>), (status = 409, description = "`key_too_young`: not every verifier has seen the next key, see `retry_after`; `key_state`; `conflict`", body = Problem)))]
pub(super) async fn rotate(Caller(op): Caller, _: NoQuery, how: Option<Json<Rotation>>) -> Result<Json<Page<SigningKey>>> {
    let data = op.rotate_signing_keys(how.map(|Json(how)| how).unwrap_or_default()).await?;
    Ok(Json(Page { data, next_cursor: None }))
}

/// One key.
#[utoipa::path(get, path = "/v1/signing-keys/{id}", tag = "signing keys", params(("id" = String, Path, description = "`key_...`")), responses((status = 200, description = "The key", body = SigningKey)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<KeyId>, _: NoQuery) -> Result<Json<SigningKey>> {
    Ok(Json(op.signing_key(&id).await?))
}

/// `next` signs from now on and the old key retires; no new `next` is made. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/signing-keys/{id}/promote", tag = "signing keys", params(("id" = String, Path, description = "`key_...`")), request_body = Option<Rotation>, responses((status = 200, description = "The key, now `active`", body = SigningKey), (status = 409, description = "`key_too_young`, see `retry_after`; `key_state`; `conflict`", body = Problem)))]
pub(super) async fn promote(
    Caller(op): Caller,
    Path(id): Path<KeyId>,
    _: NoQuery,
    how: Option<Json<Rotation>>,
) -> Result<Json<SigningKey>> {
    Ok(Json(op.promote_signing_key(&id, how.map(|Json(how)| how).unwrap_or_default()).await?))
}

/// Takes a key out of the JWKS that nothing alive needs. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/signing-keys/{id}/retire", tag = "signing keys", params(("id" = String, Path, description = "`key_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The key, now `retired`", body = SigningKey), (status = 409, description = "`key_in_use`: live tokens are signed by it; `key_state`", body = Problem)))]
pub(super) async fn retire(Caller(op): Caller, Path(id): Path<KeyId>, _: NoQuery, _: Option<Json<Nothing>>) -> Result<Json<SigningKey>> {
    Ok(Json(op.retire_signing_key(&id).await?))
}

/// Ends a key and all that it signed, at once; `next` takes the active one's place in the same step. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/signing-keys/{id}/revoke", tag = "signing keys", params(("id" = String, Path, description = "`key_...`")), request_body = Option<KeyRevocation>, responses((status = 200, description = "The key, now `revoked`", body = SigningKey)))]
pub(super) async fn revoke(
    Caller(op): Caller,
    Path(id): Path<KeyId>,
    _: NoQuery,
    why: Option<Json<KeyRevocation>>,
) -> Result<Json<SigningKey>> {
    Ok(Json(op.revoke_signing_key(&id, why.map(|Json(why)| why).unwrap_or_default()).await?))
}
