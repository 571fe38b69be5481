//! What visitors wrote to a product: look, answer, close, erase, and how long it is kept.

use super::{acting, given, id, studio::ProductSetup};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    ConversationId, ConversationMessageId, Limit, Page, ProductId,
    conversation::{Conversation, ConversationChange, ConversationFilter, ConversationStatus, Message, NewAnswer, Thread},
    product::{Product, ProductChange},
};

fn both(product: &str, conversation: &str) -> Answer<(ProductId, ConversationId)> {
    Ok((id(product, ProductId::NOUN)?, id(conversation, ConversationId::NOUN)?))
}

/// Those with the newest message first; and, where there is none at all, what a page needs to write the first.
#[server(endpoint = "list_conversations")]
pub async fn list_conversations(
    tenant: String,
    product: String,
    filter: ConversationFilter,
    cursor: Option<String>,
) -> Answer<(Page<Conversation>, Option<ProductSetup>)> {
    let wanted = id::<ProductId>(&product, ProductId::NOUN)?;
    let page = acting(&tenant).await?.conversations(&wanted, &filter, Limit::default(), cursor.as_deref()).await?;
    let nothing = page.data.is_empty() && cursor.is_none() && filter == ConversationFilter::default();
    let setup = if nothing { Some(super::studio::show_product_setup(tenant, product).await?) } else { None };
    Ok((page, setup))
}

/// One of them with its latest messages, or those before one of them.
#[server(endpoint = "show_conversation")]
pub async fn show_conversation(tenant: String, product: String, conversation: String, before: Option<String>) -> Answer<Thread> {
    let (product, conversation) = both(&product, &conversation)?;
    let before = given(before).map(|before| id::<ConversationMessageId>(&before, ConversationMessageId::NOUN)).transpose()?;
    Ok(acting(&tenant).await?.thread(&product, &conversation, before.as_ref()).await?)
}

/// The page reads it the next time it asks.
#[server(endpoint = "answer_conversation")]
pub async fn answer_conversation(tenant: String, product: String, conversation: String, text: String) -> Answer<Message> {
    let (product, conversation) = both(&product, &conversation)?;
    Ok(acting(&tenant).await?.answer_conversation(&product, &conversation, &NewAnswer { text }).await?)
}

/// Closes it, or opens it again.
#[server(endpoint = "set_conversation_status")]
pub async fn set_conversation_status(
    tenant: String,
    product: String,
    conversation: String,
    status: ConversationStatus,
) -> Answer<Conversation> {
    let (product, conversation) = both(&product, &conversation)?;
    Ok(acting(&tenant).await?.update_conversation(&product, &conversation, &ConversationChange { status }).await?)
}

/// Erases it with every message and goes back to the list.
#[server(endpoint = "delete_conversation")]
pub async fn delete_conversation(tenant: String, product: String, conversation: String) -> Answer<Conversation> {
    let (product, conversation) = both(&product, &conversation)?;
    let erased = acting(&tenant).await?.delete_conversation(&product, &conversation).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/studio/{product}/conversations"));
    Ok(erased)
}

/// For how many days after its last message a conversation is kept.
#[server(endpoint = "keep_conversations")]
pub async fn keep_conversations(tenant: String, product: String, days: i64) -> Answer<Product> {
    let change = ProductChange { conversation_days: Some(days), ..ProductChange::default() };
    Ok(acting(&tenant).await?.update_product(&id(&product, ProductId::NOUN)?, change).await?)
}
