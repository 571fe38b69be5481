//! Closing, opening again and erasing conversations.

use super::{Conversation, ConversationChange, ConversationStatus, store};
use crate::{
    ConversationId, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
};

impl Op {
    /// Closes it, or opens it again; what it is already stays.
    pub async fn update_conversation(&self, product: &ProductId, id: &ConversationId, change: &ConversationChange) -> Result<Conversation> {
        let mut tx = self.begin(Permission::ManageConversations, Reach::Tenant)?;
        let conversation = self.conversation(product, id).await?;
        if conversation.status == change.status {
            return Ok(conversation);
        }
        tx.write(store::set_status(self.tenant(), product, id, change.status));
        let action = match change.status {
            ConversationStatus::Open => Action::ConversationReopened,
            ConversationStatus::Closed => Action::ConversationClosed,
        };
        tx.commit(Event::new(action).target(id).with("product", product.as_str())).await?;
        Ok(Conversation { status: change.status, ..conversation })
    }

    /// Erases it with every message, at once and for good; the page that has its secret begins anew.
    pub async fn delete_conversation(&self, product: &ProductId, id: &ConversationId) -> Result<Conversation> {
        let mut tx = self.begin(Permission::ManageConversations, Reach::Tenant)?.urgently();
        let conversation = self.conversation(product, id).await?;
        tx.write_all(store::erase(self.tenant(), product, id));
        let deleted_at = Some(tx.now());
        let event = Event::new(Action::ConversationErased).target(id).with("product", product.as_str());
        tx.commit(event.with("messages", conversation.messages)).await?;
        Ok(Conversation { name: None, last_text: String::new(), deleted_at, ..conversation })
    }
}
