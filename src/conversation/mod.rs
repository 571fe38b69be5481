//! Conversations: a visitor of a page writes to its product, and members answer (W16 to W22).
//!
//! The reference consumer of identity: whoever a message is from is proved with that message, or it is nobody's. A secret of its own,
//! which only the page that began it has, continues and reads a conversation; no id does.

#[cfg(feature = "db")]
mod answer;
#[cfg(feature = "db")]
mod door;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod manage;
#[cfg(feature = "db")]
mod read;
#[cfg(feature = "db")]
mod say;
#[cfg(feature = "db")]
mod settle;
#[cfg(feature = "db")]
mod speaker;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub use door::Door;

use crate::{ConversationId, ConversationMessageId, CustomerId, ProductId, Secret, Time, customer::Metadata, embed_key::KeyMode};
use serde::{Deserialize, Serialize};

/// The longest message, in characters.
pub const LONGEST: usize = 4_000;
/// The most messages of a conversation, answers among them.
pub const MOST: i64 = 1_000;
/// Messages of a visitor in one conversation in any minute.
pub const MOST_A_MINUTE: i64 = 20;
/// For how many days after its last message a conversation can be kept.
pub const KEPT_DAYS: [i64; 4] = [1, 7, 30, 90];
/// The choice of a new product.
pub const KEPT_DAYS_AT_FIRST: i64 = 30;
/// Messages that one answer holds.
pub const TOGETHER: i64 = 100;

crate::text_enum! {
    /// Who wrote a message, as of that message.
    pub enum Speaker("a speaker") {
        /// A customer whom the message's token proved.
        Known = "known",
        /// Nobody said who they are.
        Anonymous = "anonymous",
        /// The token was good once and had expired: nobody is known, and the conversation goes on.
        Expired = "expired",
        /// A member or an API key answered.
        Team = "team",
    }
}

crate::text_enum! {
    /// Whether anybody still has to look at it.
    pub enum ConversationStatus("a conversation status") {
        /// It goes on.
        Open = "open",
        /// Somebody is done with it; the next message opens it again.
        Closed = "closed",
    }
}

/// `POST /embed/v1/messages`.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVisitorMessage {
    /// 1 to 4,000 characters; of control characters only line breaks and tabs.
    pub text: String,
    /// `conversation_...`, from the answer that began it; a new conversation without.
    #[serde(default)]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub conversation_token: Option<Secret>,
    /// `cnv_...`: need not be sent, and opens nothing; if it is there it must be the token's.
    #[serde(default)]
    pub conversation_id: Option<String>,
}

/// A message as the page reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct VisitorMessage {
    /// `cmsg_...`
    pub id: ConversationMessageId,
    /// `team` is an answer; everything else the visitor wrote.
    #[serde(rename = "from")]
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub speaker: Speaker,
    /// What the visitor was called then, if they were known. Members are not named to pages.
    pub name: Option<String>,
    /// As it was written: show it as text, never as HTML.
    pub text: String,
    /// When.
    pub created_at: Time,
}

/// What `POST /embed/v1/messages` answers.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct SaidMessage {
    /// `cnv_...`: what a visitor may be asked for; it opens nothing.
    pub conversation_id: ConversationId,
    /// `known`, `anonymous`, or `expired`: the token was good once, so send a new one to be known again.
    pub identity: Speaker,
    /// As it is kept.
    pub message: VisitorMessage,
    /// Continues and reads the conversation; only in the answer that began it. Keep it in memory, or in the page's own storage.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::reveal_once_if_any")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub conversation_token: Option<Secret>,
}

/// What `GET /embed/v1/messages` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct VisitorMessages {
    /// `cnv_...`
    pub conversation_id: ConversationId,
    /// Whether somebody is done with it.
    pub status: ConversationStatus,
    /// At most 100, oldest first.
    pub data: Vec<VisitorMessage>,
    /// Whether there are more after the last of them.
    pub has_more: bool,
}

/// A conversation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Conversation {
    /// `cnv_...`
    pub id: ConversationId,
    /// Which product was written to.
    pub product_id: ProductId,
    /// Whether a page for visitors began it, or one for trying things out.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub mode: KeyMode,
    /// The page that began it.
    pub origin: String,
    /// The one customer who was known in it; none while everything was anonymous.
    pub customer_id: Option<CustomerId>,
    /// What they were called in the last message that said so.
    pub name: Option<String>,
    /// Whether it goes on.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: ConversationStatus,
    /// How many messages there are, answers among them.
    pub messages: i64,
    /// Who wrote last.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub last_from: Speaker,
    /// The start of what they wrote: at most 200 characters on one line.
    pub last_text: String,
    /// When it began.
    pub created_at: Time,
    /// When anybody wrote last.
    pub last_message_at: Time,
    /// When it is erased, unless somebody writes before.
    pub ends_at: Time,
    /// When it was erased, in the answer to a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", sqlx(default))]
    pub deleted_at: Option<Time>,
}

impl Conversation {
    /// Whether the visitor wrote last and nobody is done with it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.status == ConversationStatus::Open && self.last_from != Speaker::Team
    }
}

/// A message as members read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Message {
    /// `cmsg_...`
    pub id: ConversationMessageId,
    /// Who wrote it.
    #[serde(rename = "from")]
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub speaker: Speaker,
    /// The customer, if they were known.
    pub customer_id: Option<CustomerId>,
    /// What the customer, the member or the API key was called then.
    pub name: Option<String>,
    /// What the tenant's backend said of the customer in that message's token.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Object))]
    pub metadata: Metadata,
    /// Of an answer, the `usr_` or `apik_` that gave it.
    pub author_id: Option<String>,
    /// As it was written.
    pub text: String,
    /// When.
    pub created_at: Time,
}

/// A conversation with the latest of its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Thread {
    /// Itself.
    pub conversation: Conversation,
    /// At most 100, oldest first.
    pub data: Vec<Message>,
    /// Whether there are earlier ones: ask `before` the first of these.
    pub has_earlier: bool,
}

/// Which conversations a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct ConversationFilter {
    /// Only open, or only closed ones.
    pub status: Option<ConversationStatus>,
    /// Only those of live, or of test pages.
    pub mode: Option<KeyMode>,
    /// Only those of this customer.
    pub customer_id: Option<CustomerId>,
}

/// `POST /v1/products/:id/conversations/:conversation_id/messages`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// 1 to 4,000 characters; of control characters only line breaks and tabs.
    pub text: String,
}

/// `PATCH /v1/products/:id/conversations/:conversation_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConversationChange {
    /// Whether it goes on.
    pub status: ConversationStatus,
}
