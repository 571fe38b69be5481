//! A page reads its conversation, answers among it.

use super::{ConversationMessageId, Door, TOGETHER, VisitorMessages, door::PREFIX, store};
use crate::{Code, Error, Result, secret::looks_like_secret};

impl Door {
    /// What was said after this message, oldest first; from the start without one, or with one that is not of this conversation. The
    /// secret suffices: who may write here as whom, it does not say.
    pub async fn messages(&self, token: &str, after: Option<&ConversationMessageId>) -> Result<VisitorMessages> {
        if !looks_like_secret(PREFIX, token) {
            return Err(Error::new(Code::InvalidToken, "Send the conversation's token as the bearer token."));
        }
        let found = self.found(token).await?;
        let mut data = store::after(self.core.db(), &found.id, after).await?;
        let has_more = data.len() > usize::try_from(TOGETHER).unwrap_or(usize::MAX);
        if has_more {
            data.pop();
        }
        Ok(VisitorMessages { conversation_id: found.id, status: found.status, data, has_more })
    }
}
