//! `/embed/v1/messages`: a visitor writes to the product from a page of another origin, and reads what was answered. Never a cookie.

use super::embed::{Asked, the_origin};
use crate::{
    Context,
    bearer::bearer,
    client::{ClientIp, From},
    cors::CheckedOrigin,
    error::Result,
    extract::{Json, Query},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use mintmark::{
    ConversationMessageId, Origination, Problem,
    conversation::{Door, NewVisitorMessage, SaidMessage, VisitorMessages},
    embed_key::EmbedCall,
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// Which messages of which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// `pk_live_...` or `pk_test_...`
    key: String,
    /// The tenant's slug; the key suffices, but if it is there it must be right.
    tenant: Option<String>,
    /// `cmsg_...`: only what was written after this one.
    after: Option<ConversationMessageId>,
}

/// Writes to the product: begins a conversation, or goes on with the one whose token is sent.
///
/// For pages of the embed key's origins only. Who writes is said by an identity token or a session token of the product, sent as the
/// bearer token of every message; without one the message is anonymous. With a live embed key an identity token is believed on the
/// product's registered domains alone. A token that has expired is no error: the message is kept without
/// a name, and `identity` says `expired`. One that is forged, revoked or another product's is 401. Keep `conversation_token` from the
/// first answer and send it with every later message: without it a new conversation begins. At most 20 messages a minute and conversation.
#[utoipa::path(post, path = "/embed/v1/messages", tag = "embed", security((), ("end_user_token" = [])), params(Asked), request_body = NewVisitorMessage, responses((status = 201, description = "The message as it is kept; with the conversation's token, this once, if it began one", body = SaidMessage), (status = 401, description = "`invalid_token`: forged, revoked, or not of this product; `session_revoked`; `missing_token`: not a bearer token", body = Problem), (status = 404, description = "`not_found`: no conversation of this product has this token, or it has ended", body = Problem), (status = 409, description = "`conversation_taken`: another customer was known in it, begin a new one; `conversation_full`: it has a thousand messages", body = Problem), (status = 422, description = "`invalid_field`: not a text of 1 to 4,000 characters; `unknown_field`, `missing_field`", body = Problem), (status = 429, description = "`rate_limited`: too many messages in this conversation, from this client or to this product, with `Retry-After`", body = Problem)))]
pub(super) async fn say(
    State(context): State<Context>,
    From(from): From,
    ClientIp(ip): ClientIp,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Json(message): Json<NewVisitorMessage>,
) -> Result<Response> {
    let shown = if headers.contains_key(header::AUTHORIZATION) { Some(bearer(&headers)?) } else { None };
    let door = door(&context, &headers, asked.key(), asked.tenant(), from.clone()).await?;
    context.limits.messages_of_client.take(ip).inspect_err(|_| context.core.limited("messages", &from))?;
    context.limits.messages_to_product.take(door.product().as_str()).inspect_err(|_| context.core.limited("messages", &from))?;
    let said = door.say(shown, &message).await?;
    Ok(readable(&headers, StatusCode::CREATED, said))
}

/// Reads the conversation whose token is the bearer token: what the visitor wrote, and what was answered.
///
/// For pages of the embed key's origins only. Ask again every five seconds while the visitor looks, every minute while they do not, with
/// `after` the last message that you have. Show every text as text.
#[utoipa::path(get, path = "/embed/v1/messages", tag = "embed", security(("conversation_token" = [])), params(Since), responses((status = 200, description = "At most 100 messages, oldest first", body = VisitorMessages), (status = 401, description = "`missing_token`; `invalid_token`: not a conversation's token", body = Problem), (status = 404, description = "`not_found`: no conversation of this product has this token, or it has ended", body = Problem)))]
pub(super) async fn read(
    State(context): State<Context>,
    From(from): From,
    Query(since): Query<Since>,
    headers: HeaderMap,
) -> Result<Response> {
    let token = bearer(&headers)?;
    let door = door(&context, &headers, &since.key, since.tenant.as_deref(), from).await?;
    let messages = door.messages(token, since.after.as_ref()).await?;
    Ok(readable(&headers, StatusCode::OK, messages))
}

async fn door(context: &Context, headers: &HeaderMap, key: &str, tenant: Option<&str>, from: Origination) -> mintmark::Result<Door> {
    let origin = the_origin(headers).and_then(|said| said.to_str().ok());
    context.core.conversation_door(EmbedCall { key, tenant, origin, from }).await
}

/// For the page whose origin was checked, and no other.
fn readable(headers: &HeaderMap, status: StatusCode, body: impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Some(origin) = the_origin(headers) {
        response.extensions_mut().insert(CheckedOrigin(origin.clone()));
    }
    response
}
