//! `/embed/v1/sessions/*` and `/embed/v1/me`: a customer's session, from a page of another origin. Never a cookie.

use super::embed::{Asked, the_origin};
use crate::{
    Context,
    bearer::bearer,
    client::From,
    cors::CheckedOrigin,
    error::Result,
    extract::{Json, NoQuery, Nothing, Query},
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use mintmark::{
    Origination, Problem,
    bridge::Exchange,
    customer_session::{CustomerCall, EndedCustomerSession, Me, RevokedSessions, StartedSession, Visit},
    embed_key::EmbedCall,
    identity::IdentityMe,
    token::Kind,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The customer of a session, or whom an identity token names.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes the answer; each is written as it is")]
pub(super) enum Whoever {
    /// With a session.
    Session(Me),
    /// With an identity token.
    Identity(IdentityMe),
}

/// Exchanges a bridge token, which your backend signed, for a session of an hour.
///
/// For pages of the embed key's origins only. A token opens one session, once; a customer who was never seen is written down.
#[utoipa::path(post, path = "/embed/v1/sessions/exchange", tag = "embed", security(()), params(Asked), request_body = Exchange, responses((status = 200, description = "The session token, this once, and whose it is", body = StartedSession), (status = 401, description = "`invalid_token`: not signed by a bridge key of this product, or a claim is wrong, which `field` names; `bridge_token_replayed`", body = Problem), (status = 403, description = "`invalid_embed_key`; `embed_origin_not_allowed`; `customer_banned`", body = Problem)))]
pub(super) async fn exchange(
    State(context): State<Context>,
    From(from): From,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Json(token): Json<Exchange>,
) -> Result<Response> {
    let origin = the_origin(&headers).and_then(|said| said.to_str().ok());
    let call = EmbedCall { key: asked.key(), tenant: asked.tenant(), origin, from };
    let started = context.core.exchange_bridge_token(&token, call).await?;
    Ok(readable(&headers, started))
}

/// More time for a live session, up to twelve hours from its beginning.
///
/// An hour; a quarter of one after a sign-in in our popup. There a token is refreshed once: shown again to refresh, but for the half minute
/// in which an answer may have been lost, it ends the session, because somebody has a copy of it. For calls it lives on until its own end.
#[utoipa::path(post, path = "/embed/v1/sessions/refresh", tag = "embed", security(("session_token" = [])), request_body = Option<Nothing>, responses((status = 200, description = "A new session token, this once; the old one lives on until its own end", body = StartedSession), (status = 401, description = "`session_expired`; `session_revoked`: ended, or a token that was refreshed before; `invalid_token`; `missing_token`", body = Problem), (status = 403, description = "`embed_origin_not_allowed`", body = Problem)))]
pub(super) async fn refresh(
    State(context): State<Context>,
    From(from): From,
    headers: HeaderMap,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Response> {
    let started = visit(&context, &headers, from).await?.refresh().await?;
    Ok(readable(&headers, started))
}

/// Ends the session: the customer signed out.
#[utoipa::path(delete, path = "/embed/v1/sessions/current", tag = "embed", security(("session_token" = [])), request_body = Option<Nothing>, responses((status = 200, description = "The session, with `revoked_at`", body = EndedCustomerSession), (status = 401, description = "`session_expired`, `session_revoked`, `invalid_token`, `missing_token`", body = Problem), (status = 403, description = "`embed_origin_not_allowed`", body = Problem)))]
pub(super) async fn end(
    State(context): State<Context>,
    From(from): From,
    headers: HeaderMap,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Response> {
    let ended = visit(&context, &headers, from).await?.end().await?;
    Ok(readable(&headers, ended))
}

/// Ends every session of its customer: they signed out everywhere.
///
/// Those of other pages and products of the tenant too, however they began.
#[utoipa::path(delete, path = "/embed/v1/sessions", tag = "embed", security(("session_token" = [])), request_body = Option<Nothing>, responses((status = 200, description = "How many live sessions ended, this one among them", body = RevokedSessions), (status = 401, description = "`session_expired`, `session_revoked`, `invalid_token`, `missing_token`", body = Problem), (status = 403, description = "`embed_origin_not_allowed`", body = Problem)))]
pub(super) async fn end_everywhere(
    State(context): State<Context>,
    From(from): From,
    headers: HeaderMap,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Response> {
    let ended = visit(&context, &headers, from).await?.end_everywhere().await?;
    Ok(readable(&headers, ended))
}

/// Whose session it is, or whom an identity token names.
///
/// A session is read by pages of its embed key's origins, an identity by pages of its product's registered domains. An identity that has
/// expired is nobody's, and no error: `anonymous` says so, and why.
#[utoipa::path(get, path = "/embed/v1/me", tag = "embed", security(("session_token" = []), ("end_user_token" = [])), responses((status = 200, description = "The customer, and the session or what the identity token says", body = Whoever), (status = 401, description = "`session_expired`, `session_revoked`, `invalid_token`, `missing_token`", body = Problem), (status = 403, description = "`embed_origin_not_allowed`", body = Problem)))]
pub(super) async fn me(State(context): State<Context>, From(from): From, headers: HeaderMap, _: NoQuery) -> Result<Response> {
    let shown = bearer(&headers)?;
    if Kind::named_by(shown) == Some(Kind::Identity) {
        let origin = the_origin(&headers).and_then(|said| said.to_str().ok());
        let who = context.core.identity_me(CustomerCall { bearer: Some(shown), origin, from }).await?;
        return Ok(readable(&headers, who));
    }
    let visit = visit(&context, &headers, from).await?;
    Ok(readable(&headers, visit.me()))
}

async fn visit(context: &Context, headers: &HeaderMap, from: Origination) -> Result<Visit> {
    let origin = the_origin(headers).and_then(|said| said.to_str().ok());
    Ok(context.core.customer_visit(CustomerCall { bearer: Some(bearer(headers)?), origin, from }).await?)
}

/// For the page whose origin was checked, and no other.
fn readable(headers: &HeaderMap, body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    if let Some(origin) = the_origin(headers) {
        response.extensions_mut().insert(CheckedOrigin(origin.clone()));
    }
    response
}
