//! `/v1/products/:id/bridge-keys`: what a tenant's backend vouches for its customers with.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Query},
};
use mintmark::{
    BridgeKeyId, Page, Problem, ProductId,
    bridge::{BridgeKey, BridgeKeyChange, CreatedBridgeKey, NewBridgeKey},
};

/// A product's keys, newest first, those that are over among them.
#[utoipa::path(get, path = "/v1/products/{id}/bridge-keys", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), Paging), responses((status = 200, description = "A page", body = Page<BridgeKey>)))]
pub(super) async fn list(Caller(op): Caller, Path(id): Path<ProductId>, Query(paging): Query<Paging>) -> Result<Json<Page<BridgeKey>>> {
    Ok(Json(op.bridge_keys(&id, paging.limit()?, paging.cursor()).await?))
}

/// Makes a key, or takes over the public half of one of yours. A product's first key is active, later ones are next; all of them
/// verify at once. Owners and admins of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/bridge-keys", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`")), request_body = NewBridgeKey, responses((status = 201, description = "The key, with its `secret` or `private_key` this once", body = CreatedBridgeKey), (status = 409, description = "`conflict`: ten verify already", body = Problem), (status = 422, description = "`weak_or_invalid_key`, also for a private half; `unknown_field`, `missing_field`, `invalid_field`", body = Problem)))]
pub(super) async fn create(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(asked): Json<NewBridgeKey>,
) -> Result<Created<CreatedBridgeKey>> {
    Ok(Created(op.create_bridge_key(&id, asked).await?))
}

/// One key.
#[utoipa::path(get, path = "/v1/products/{id}/bridge-keys/{key_id}", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`brk_...`")), responses((status = 200, description = "The key", body = BridgeKey)))]
pub(super) async fn show(Caller(op): Caller, Path((id, key)): Path<(ProductId, BridgeKeyId)>, _: NoQuery) -> Result<Json<BridgeKey>> {
    Ok(Json(op.bridge_key(&id, &key).await?))
}

/// `next` becomes active; the active key retires, and goes on verifying. Owners and admins of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/bridge-keys/{key_id}/promote", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`brk_...`")), request_body = Option<BridgeKeyChange>, responses((status = 200, description = "The key", body = BridgeKey), (status = 409, description = "`key_state`: it is not next", body = Problem)))]
pub(super) async fn promote(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, BridgeKeyId)>,
    _: NoQuery,
    why: Option<Json<BridgeKeyChange>>,
) -> Result<Json<BridgeKey>> {
    Ok(Json(op.promote_bridge_key(&id, &key, said(why)).await?))
}

/// The key opens no new session; those that it vouched for live on. Owners and admins of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/bridge-keys/{key_id}/retire", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`brk_...`")), request_body = Option<BridgeKeyChange>, responses((status = 200, description = "The key", body = BridgeKey), (status = 409, description = "`key_state`: it is active; promote its successor first", body = Problem)))]
pub(super) async fn retire(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, BridgeKeyId)>,
    _: NoQuery,
    why: Option<Json<BridgeKeyChange>>,
) -> Result<Json<BridgeKey>> {
    Ok(Json(op.retire_bridge_key(&id, &key, said(why)).await?))
}

/// The key and every session that it vouched for die at once. The oldest next key succeeds the active one. Owners and admins of the
/// tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/bridge-keys/{key_id}/revoke", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`brk_...`")), request_body = Option<BridgeKeyChange>, responses((status = 200, description = "The key, with `revoked_at`", body = BridgeKey)))]
pub(super) async fn revoke(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, BridgeKeyId)>,
    _: NoQuery,
    why: Option<Json<BridgeKeyChange>>,
) -> Result<Json<BridgeKey>> {
    Ok(Json(op.revoke_bridge_key(&id, &key, said(why)).await?))
}

/// Lets a key work again that a restore held. Owners of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/bridge-keys/{key_id}/release", tag = "bridge keys", params(("id" = String, Path, description = "`prod_...`"), ("key_id" = String, Path, description = "`brk_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The key", body = BridgeKey), (status = 409, description = "`conflict`: nothing holds it", body = Problem)))]
pub(super) async fn release(
    Caller(op): Caller,
    Path((id, key)): Path<(ProductId, BridgeKeyId)>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<BridgeKey>> {
    Ok(Json(op.release_bridge_key(&id, &key).await?))
}

fn said(why: Option<Json<BridgeKeyChange>>) -> BridgeKeyChange {
    why.map(|Json(why)| why).unwrap_or_default()
}
