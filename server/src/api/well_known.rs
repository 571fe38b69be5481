//! The published keys, and where they lie: `/.well-known/*`, for the installation and under each tenant's issuer (JWKS: JW13).

use crate::{Context, error::Result, extract::Path, tagged::Tagged};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use mintmark::{Error, Problem, key::Algorithm};
use serde_json::json;

/// The live public keys of every tenant.
///
/// Verify a token with the key that its `kid` names, ask for the issuer of the tenant you expect and for the `typ` and `kind` you expect.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "public", security(()), responses((status = 200, description = "A JWKS (RFC 7517)", body = serde_json::Value), (status = 304, description = "You have it")))]
pub(super) async fn jwks(State(context): State<Context>, headers: HeaderMap) -> Result<Response> {
    keys(&context, None, &headers).await
}

/// The live public keys of one tenant.
#[utoipa::path(get, path = "/t/{slug}/.well-known/jwks.json", tag = "public", security(()), params(("slug" = String, Path, description = "The tenant's slug")), responses((status = 200, description = "A JWKS (RFC 7517)", body = serde_json::Value), (status = 304, description = "You have it"), (status = 404, description = "`not_found`", body = Problem)))]
pub(super) async fn tenant_jwks(State(context): State<Context>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    keys(&context, Some(known_form(&slug)?), &headers).await
}

/// Where the keys lie: the part of `OpenID` Discovery that is true here. Nobody signs in here for another site.
#[utoipa::path(get, path = "/.well-known/openid-configuration", tag = "public", security(()), responses((status = 200, description = "Issuer, JWKS address, algorithms", body = serde_json::Value), (status = 304, description = "You have it")))]
pub(super) async fn configuration(State(context): State<Context>, headers: HeaderMap) -> Response {
    describe(&context, &context.core.settings().public_url, &headers)
}

/// The same under a tenant's issuer, which is the `iss` of all its tokens.
#[utoipa::path(get, path = "/t/{slug}/.well-known/openid-configuration", tag = "public", security(()), params(("slug" = String, Path, description = "The tenant's slug")), responses((status = 200, description = "Issuer, JWKS address, algorithms", body = serde_json::Value), (status = 304, description = "You have it"), (status = 404, description = "`not_found`", body = Problem)))]
pub(super) async fn tenant_configuration(State(context): State<Context>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response> {
    let slug = known_form(&slug)?;
    context.core.jwks(Some(slug)).await?;
    Ok(describe(&context, &context.core.settings().issuer(slug), &headers))
}

async fn keys(context: &Context, slug: Option<&str>, headers: &HeaderMap) -> Result<Response> {
    let jwks = context.core.jwks(slug).await?;
    Ok(Tagged::known(jwks.body.clone(), &jwks.etag, "application/json", for_as_long_as_keys_are_announced(context)).answer(headers))
}

fn describe(context: &Context, issuer: &str, headers: &HeaderMap) -> Response {
    let document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "id_token_signing_alg_values_supported": Algorithm::ALL,
        // Required members of the document; here there is no authorization endpoint to ask for a response.
        "response_types_supported": [],
        "subject_types_supported": ["public"],
    });
    Tagged::new(document.to_string(), "application/json", for_as_long_as_keys_are_announced(context)).answer(headers)
}

/// A next key has been published for at least this long before it signs.
fn for_as_long_as_keys_are_announced(context: &Context) -> HeaderValue {
    let cache = format!("public, max-age={}", context.core.settings().jwks_max_age);
    HeaderValue::try_from(cache).unwrap_or(HeaderValue::from_static("no-store"))
}

/// What has not the form of a slug is nobody's.
fn known_form(slug: &str) -> Result<&str> {
    let plain = !slug.is_empty() && slug.len() <= 64 && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain { Ok(slug) } else { Err(Error::not_found("tenant").into()) }
}
