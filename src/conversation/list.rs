//! What members read of a product's conversations.

use super::{Conversation, ConversationFilter, ConversationMessageId, TOGETHER, Thread, say::not_found, store};
use crate::{
    ConversationId, Op, Permission, ProductId, Reach, Result,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// A product's conversations, those with the newest message first.
    pub async fn conversations(
        &self,
        product: &ProductId,
        filter: &ConversationFilter,
        limit: Limit,
        cursor: Option<&str>,
    ) -> Result<Page<Conversation>> {
        let db = self.read(Permission::ReadConversations, Reach::Tenant)?;
        self.product(product).await?;
        let cursors = self.core().cursor("conversations", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), product, filter, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.last_message_at, id: row.id.to_string() }))
    }

    /// One of them, without its messages.
    pub(super) async fn conversation(&self, product: &ProductId, id: &ConversationId) -> Result<Conversation> {
        let db = self.read(Permission::ReadConversations, Reach::Tenant)?;
        store::find(db, self.tenant(), product, id, self.core().now()).await?.ok_or_else(not_found)
    }

    /// One of them with its latest messages, or with those before one of them.
    pub async fn thread(&self, product: &ProductId, id: &ConversationId, before: Option<&ConversationMessageId>) -> Result<Thread> {
        let db = self.read(Permission::ReadConversations, Reach::Tenant)?;
        let conversation = self.conversation(product, id).await?;
        let mut data = store::before(db, id, before).await?;
        let has_earlier = data.len() > usize::try_from(TOGETHER).unwrap_or(usize::MAX);
        if has_earlier {
            data.pop();
        }
        data.reverse();
        Ok(Thread { conversation, data, has_earlier })
    }
}
