//! A member or an API key answers.

use super::{
    LONGEST, Message, NewAnswer, Speaker,
    store::{self, NewMessage},
};
use crate::{
    Code, ConversationId, ConversationMessageId, Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    customer::Metadata,
    text,
};

impl Op {
    /// The page reads it the next time it asks. A closed conversation is open again.
    pub async fn answer_conversation(&self, product: &ProductId, id: &ConversationId, asked: &NewAnswer) -> Result<Message> {
        let mut tx = self.begin(Permission::ManageConversations, Reach::Tenant)?;
        let conversation = self.conversation(product, id).await?;
        let text = text::message("text", &asked.text, LONGEST)?;
        if conversation.messages >= super::MOST {
            return Err(Error::new(Code::ConversationFull, "This conversation has a thousand messages, and takes no more."));
        }
        let (author, name) = self.actor().signature();
        let message = Message {
            id: ConversationMessageId::new(tx.now()),
            speaker: Speaker::Team,
            customer_id: None,
            name: Some(name),
            metadata: Metadata::default(),
            author_id: Some(author),
            text,
            created_at: tx.now(),
        };
        let new = NewMessage::from(&message);
        tx.write(store::answer(self.tenant(), product, id, &new));
        tx.write(store::insert_message(id, &new));
        let event = Event::new(Action::ConversationAnswered).target(id).with("product", product.as_str());
        tx.commit(event.with("message", message.id.as_str())).await?;
        Ok(message)
    }
}
