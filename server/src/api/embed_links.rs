//! `/embed/v1/magic-links`: a page asks for a link by mail, and redeems it when its visitor comes back. Never a cookie.

use super::embed::{Asked, the_origin};
use crate::{
    Context,
    client::{ClientIp, From, neighbourhood},
    cors::CheckedOrigin,
    error::Result,
    extract::{Json, Query},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use mintmark::{
    Code, Problem,
    customer_session::StartedSession,
    embed_key::EmbedCall,
    magic_link::{AcceptedRequest, NewMagicLink, Redemption},
};
use serde::Serialize;

/// Asks for a sign-in link by mail.
///
/// For pages of the embed key's origins only. The answer is the same whether or not anybody is known by that address, whatever was typed,
/// and past the limits of ten requests a minute and client and five an hour and address; mail goes to a customer's verified address alone,
/// or to anybody where the product takes in anybody. The link is the return URL with `mintmark_magic_token` added before its hash.
#[utoipa::path(post, path = "/embed/v1/magic-links", tag = "embed", security(()), params(Asked), request_body = NewMagicLink, responses((status = 202, description = "It was heard, and nothing more is said", body = AcceptedRequest), (status = 422, description = "`origin_not_allowed`: the return URL's origin is not on the key's list; `invalid_field`: it is no whole address of a page; `unknown_field`, `missing_field`", body = Problem)))]
pub(super) async fn request(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Json(link): Json<NewMagicLink>,
) -> Result<Response> {
    let origin = the_origin(&headers).and_then(|said| said.to_str().ok());
    let call = EmbedCall { key: asked.key(), tenant: asked.tenant(), origin, from };
    let accepted = context.core.request_magic_link(&link, &neighbourhood(ip).to_string(), call).await?;
    Ok(readable(&headers, StatusCode::ACCEPTED, accepted))
}

/// Redeems a link for a session of an hour, once.
///
/// The page that the link leads to sends what `mintmark_magic_token` holds. Only this call uses the link up, so that programs which open
/// the links in a mail do not.
#[utoipa::path(post, path = "/embed/v1/magic-links/redeem", tag = "embed", security(()), params(Asked), request_body = Redemption, responses((status = 200, description = "The session token, this once, and whose it is", body = StartedSession), (status = 401, description = "`invalid_token`: no link of this product", body = Problem), (status = 410, description = "`link_consumed`: used already; `link_expired`: late, or what it came through has ended", body = Problem), (status = 429, description = "`rate_limited`: too many tokens that are none", body = Problem)))]
pub(super) async fn redeem(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Json(redemption): Json<Redemption>,
) -> Result<Response> {
    let origin = the_origin(&headers).and_then(|said| said.to_str().ok());
    let call = EmbedCall { key: asked.key(), tenant: asked.tenant(), origin, from: from.clone() };
    let redeemed = context.core.redeem_magic_link(&redemption, call).await;
    // Guessing is hopeless, and limited all the same (ML4); a right token is never in the way of another one.
    if redeemed.as_ref().is_err_and(|error| error.code() == Code::InvalidToken) {
        context.limits.wrong_link.take(ip).inspect_err(|_| context.core.limited("magic_link", &from))?;
    }
    Ok(readable(&headers, StatusCode::OK, redeemed?))
}

/// For the page whose origin was checked, and no other.
fn readable(headers: &HeaderMap, status: StatusCode, body: impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Some(origin) = the_origin(headers) {
        response.extensions_mut().insert(CheckedOrigin(origin.clone()));
    }
    response
}
