//! `/v1/products/:id/embed-keys`: what pages name a product by.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Query},
};
use mintmark::{
    EmbedKeyId, Page, Problem, ProductId,
    embed_key::{EmbedKey, EmbedKeyChange, EmbedKeyRotation, NewEmbedKey},
    token::Revocation,
};

/// A product's keys, newest first, those that work no more among them.
#[utoipa::path(get, path = "/v1/products/{id}/embed-keys", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), Paging), responses((status = 200, description = "A page", body = Page<EmbedKey>)))]
pub(super) async fn list(Caller(op): Caller, Path(id): Path<ProductId>, Query(paging): Query<Paging>) -> Result<Json<Page<EmbedKey>>> {
    Ok(Json(op.embed_keys(&id, paging.limit()?, paging.cursor()).await?))
}

/// Makes a key for pages of these origins. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/embed-keys", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`")), request_body = NewEmbedKey, responses((status = 201, description = "The key; it is no secret", body = EmbedKey), (status = 409, description = "`conflict`: 50 work already", body = Problem), (status = 422, description = "`invalid_origin` with the reason; `unknown_field`, `missing_field`, `invalid_field`", body = Problem)))]
pub(super) async fn create(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(asked): Json<NewEmbedKey>,
) -> Result<Created<EmbedKey>> {
    Ok(Created(op.create_embed_key(&id, asked).await?))
}

/// One key.
#[utoipa::path(get, path = "/v1/products/{id}/embed-keys/{key_id}", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`pk_live_...` or `pk_test_...`")), responses((status = 200, description = "The key", body = EmbedKey)))]
pub(super) async fn show(Caller(op): Caller, Path((id, key)): Path<(ProductId, EmbedKeyId)>, _: NoQuery) -> Result<Json<EmbedKey>> {
    Ok(Json(op.embed_key(&id, &key).await?))
}

/// Changes name, origins or the development switch; what is absent stays. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/products/{id}/embed-keys/{key_id}", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`pk_live_...` or `pk_test_...`")), request_body = EmbedKeyChange, responses((status = 200, description = "The key as it is now", body = EmbedKey), (status = 409, description = "`conflict`: it was changed a moment ago", body = Problem), (status = 422, description = "`invalid_origin`, also when the list does not fit the switch; `unknown_field`, `invalid_field`", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, EmbedKeyId)>,
    _: NoQuery,
    Json(change): Json<EmbedKeyChange>,
) -> Result<Json<EmbedKey>> {
    Ok(Json(op.update_embed_key(&id, &key, change).await?))
}

/// Disables a key: pages that carry it are refused at their next call. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/products/{id}/embed-keys/{key_id}", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`pk_live_...` or `pk_test_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The key, with `disabled_at`", body = EmbedKey)))]
pub(super) async fn disable(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, EmbedKeyId)>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<EmbedKey>> {
    Ok(Json(op.disable_embed_key(&id, &key, why.and_then(|Json(why)| why.reason)).await?))
}

/// Lets pages in again that carry a disabled key. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/embed-keys/{key_id}/enable", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`pk_live_...` or `pk_test_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The key", body = EmbedKey), (status = 409, description = "`conflict`: it was replaced, and its end has come", body = Problem)))]
pub(super) async fn enable(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, EmbedKeyId)>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<EmbedKey>> {
    Ok(Json(op.enable_embed_key(&id, &key).await?))
}

/// Makes the key's successor, with its name, origins and switch; the old one works on for as long as was said. Owners and admins of
/// the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/embed-keys/{key_id}/rotate", tag = "embed keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`pk_live_...` or `pk_test_...`")), request_body = EmbedKeyRotation, responses((status = 201, description = "The successor", body = EmbedKey), (status = 409, description = "`conflict`: the key works no more, or has a successor", body = Problem)))]
pub(super) async fn rotate(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, EmbedKeyId)>,
    _: NoQuery,
    Json(asked): Json<EmbedKeyRotation>,
) -> Result<Created<EmbedKey>> {
    Ok(Created(op.rotate_embed_key(&id, &key, &asked).await?))
}
