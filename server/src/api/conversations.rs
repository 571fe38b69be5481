//! `/v1/products/:id/conversations`: what visitors wrote to a product, and what they are answered.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Query, Split},
};
use mintmark::{
    ConversationId, ConversationMessageId, Page, Problem, ProductId,
    conversation::{Conversation, ConversationChange, ConversationFilter, Message, NewAnswer, Thread},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// A product's conversations, those with the newest message first. Not for viewers.
#[utoipa::path(get, path = "/v1/products/{id}/conversations", tag = "conversations", params(("id" = String, Path, description = "`prod_...`"), ConversationFilter, Paging), responses((status = 200, description = "A page", body = Page<Conversation>)))]
pub(super) async fn list(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    Split(paging, filter): Split<Paging, ConversationFilter>,
) -> Result<Json<Page<Conversation>>> {
    Ok(Json(op.conversations(&id, &filter, paging.limit()?, paging.cursor()).await?))
}

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct Which {
    /// `cmsg_...`: those before this one; the latest when absent.
    before: Option<ConversationMessageId>,
}

/// One conversation with its latest hundred messages, or those before one of them. Not for viewers.
///
/// A customer's name and metadata are as the token of each message said them. Show every text as text.
#[utoipa::path(get, path = "/v1/products/{id}/conversations/{conversation_id}", tag = "conversations", params(("id" = String, Path, description = "`prod_...`"), ("conversation_id" = String, Path, description = "`cnv_...`"), Which), responses((status = 200, description = "The conversation and its messages", body = Thread)))]
pub(super) async fn show(
    Caller(op): Caller,
    Path((id, conversation)): Path<(ProductId, ConversationId)>,
    Query(which): Query<Which>,
) -> Result<Json<Thread>> {
    Ok(Json(op.thread(&id, &conversation, which.before.as_ref()).await?))
}

/// Answers; the page reads it the next time it asks. Opens a closed conversation. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/conversations/{conversation_id}/messages", tag = "conversations", operation_id = "answer", params(("id" = String, Path, description = "`prod_...`"), ("conversation_id" = String, Path, description = "`cnv_...`")), request_body = NewAnswer, responses((status = 201, description = "The answer as it is kept", body = Message), (status = 409, description = "`conversation_full`: it has a thousand messages; `conflict`: somebody else wrote a moment ago", body = Problem)))]
pub(super) async fn answer(
    Caller(op): Caller,
    Path((id, conversation)): Path<(ProductId, ConversationId)>,
    _: NoQuery,
    Json(asked): Json<NewAnswer>,
) -> Result<Created<Message>> {
    Ok(Created(op.answer_conversation(&id, &conversation, &asked).await?))
}

/// Closes it, or opens it again; the visitor's next message opens it by itself. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/products/{id}/conversations/{conversation_id}", tag = "conversations", params(("id" = String, Path, description = "`prod_...`"), ("conversation_id" = String, Path, description = "`cnv_...`")), request_body = ConversationChange, responses((status = 200, description = "The conversation as it is now", body = Conversation), (status = 409, description = "`conflict`: somebody else changed it a moment ago", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path((id, conversation)): Path<(ProductId, ConversationId)>,
    _: NoQuery,
    Json(change): Json<ConversationChange>,
) -> Result<Json<Conversation>> {
    Ok(Json(op.update_conversation(&id, &conversation, &change).await?))
}

/// Erases it with every message, at once and for good. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/products/{id}/conversations/{conversation_id}", tag = "conversations", params(("id" = String, Path, description = "`prod_...`"), ("conversation_id" = String, Path, description = "`cnv_...`")), request_body = Option<Nothing>, responses((status = 200, description = "What is left, with `deleted_at`", body = Conversation)))]
pub(super) async fn delete(
    Caller(op): Caller,
    Path((id, conversation)): Path<(ProductId, ConversationId)>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<Conversation>> {
    Ok(Json(op.delete_conversation(&id, &conversation).await?))
}
