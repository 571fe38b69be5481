//! `/v1/products/:id/verification-secrets`: what a product's backend buys identity tokens with.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Query},
};
use mintmark::{
    Page, Problem, ProductId, VerificationSecretId,
    token::Revocation,
    verification_secret::{CreatedVerificationSecret, NewVerificationSecret, VerificationSecret, VerificationSecretRotation},
};

/// A product's secrets, newest first, never their text; those that work no more among them.
#[utoipa::path(get, path = "/v1/products/{id}/verification-secrets", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`"), Paging), responses((status = 200, description = "A page", body = Page<VerificationSecret>)))]
pub(super) async fn list(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<VerificationSecret>>> {
    Ok(Json(op.verification_secrets(&id, paging.limit()?, paging.cursor()).await?))
}

/// Makes a secret. Owners and admins of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/verification-secrets", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`")), request_body = Option<NewVerificationSecret>, responses((status = 201, description = "The secret and its text, shown once", body = CreatedVerificationSecret), (status = 409, description = "`conflict`: ten work already", body = Problem)))]
pub(super) async fn create(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    asked: Option<Json<NewVerificationSecret>>,
) -> Result<Created<CreatedVerificationSecret>> {
    let asked = asked.map(|Json(asked)| asked).unwrap_or_default();
    Ok(Created(op.create_verification_secret(&id, asked).await?))
}

/// One secret, never its text.
#[utoipa::path(get, path = "/v1/products/{id}/verification-secrets/{secret_id}", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`"), ("secret_id" = String, Path, description = "`vsid_...`")), responses((status = 200, description = "The secret", body = VerificationSecret)))]
pub(super) async fn show(
    Caller(op): Caller,
    Path((id, secret)): Path<(ProductId, VerificationSecretId)>,
    _: NoQuery,
) -> Result<Json<VerificationSecret>> {
    Ok(Json(op.verification_secret(&id, &secret).await?))
}

/// Makes the secret's successor; the old one works on for as long as was said. Owners and admins of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/verification-secrets/{secret_id}/rotate", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`"), ("secret_id" = String, Path, description = "`vsid_...`")), request_body = VerificationSecretRotation, responses((status = 201, description = "The successor and its text, shown once", body = CreatedVerificationSecret), (status = 409, description = "`conflict`: the secret works no more, or has a successor", body = Problem)))]
pub(super) async fn rotate(
    Caller(op): Caller,
    Path((id, secret)): Path<(ProductId, VerificationSecretId)>,
    _: NoQuery,
    Json(asked): Json<VerificationSecretRotation>,
) -> Result<Created<CreatedVerificationSecret>> {
    Ok(Created(op.rotate_verification_secret(&id, &secret, &asked).await?))
}

/// Ends a secret and the identity tokens that it bought, at once. Owners and admins of the tenant, with presence proved.
#[utoipa::path(delete, path = "/v1/products/{id}/verification-secrets/{secret_id}", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`"), ("secret_id" = String, Path, description = "`vsid_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The secret, with `revoked_at`", body = VerificationSecret)))]
pub(super) async fn revoke(
    Caller(op): Caller,
    Path((id, secret)): Path<(ProductId, VerificationSecretId)>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<VerificationSecret>> {
    Ok(Json(op.revoke_verification_secret(&id, &secret, why.and_then(|Json(why)| why.reason)).await?))
}

/// Lets a secret work again that a restore held. Owners of the tenant, with presence proved.
#[utoipa::path(post, path = "/v1/products/{id}/verification-secrets/{secret_id}/release", tag = "verification secrets", params(("id" = String, Path, description = "`prod_...`"), ("secret_id" = String, Path, description = "`vsid_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The secret", body = VerificationSecret), (status = 409, description = "`conflict`: nothing holds it", body = Problem)))]
pub(super) async fn release(
    Caller(op): Caller,
    Path((id, secret)): Path<(ProductId, VerificationSecretId)>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<VerificationSecret>> {
    Ok(Json(op.release_verification_secret(&id, &secret).await?))
}
