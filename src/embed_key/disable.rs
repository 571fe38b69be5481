//! Disabling an embed key, and taking that back.

use super::{EmbedKey, EmbedKeyStatus, store};
use crate::{
    Code, EmbedKeyId, Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    customer_session::Shared,
    text,
};

/// Why the sessions ended.
const WITH_THE_KEY: &str = "The embed key of its page was disabled.";

impl Op {
    /// Pages that carry it are refused at their next call, and the sessions that began in them end. Again it changes nothing and answers the same.
    pub async fn disable_embed_key(&self, product: &ProductId, id: &EmbedKeyId, reason: Option<String>) -> Result<EmbedKey> {
        let mut tx = self.begin(Permission::ManageEmbedKeys, Reach::Tenant)?.urgently();
        let key = self.embed_key(product, id).await?;
        let began = Shared::EmbedKey(id);
        if key.disabled_at.is_some() {
            self.end_sessions(began, WITH_THE_KEY).await?;
            return Ok(key);
        }
        let (reason, crowd) = (text::reason(reason)?, self.is_crowd_of_sessions(began).await?);
        tx.write(store::disable(self.tenant(), id, tx.now(), reason.as_deref()));
        if !crowd {
            self.end_sessions_with(&mut tx, began, WITH_THE_KEY);
        }
        tx.commit(Event::new(Action::EmbedKeyDisabled).target(id).reason(reason).with("name", key.name)).await?;
        if crowd {
            self.end_sessions(began, WITH_THE_KEY).await?;
        }
        self.embed_key(product, id).await
    }

    /// Lets the pages in again. A key past its planned end stays there.
    pub async fn enable_embed_key(&self, product: &ProductId, id: &EmbedKeyId) -> Result<EmbedKey> {
        let mut tx = self.begin(Permission::ManageEmbedKeys, Reach::Tenant)?;
        let key = self.embed_key(product, id).await?;
        if key.status == EmbedKeyStatus::Active {
            return Ok(key);
        }
        if key.expires_at.is_some_and(|at| at <= tx.now()) {
            return Err(Error::new(Code::Conflict, "This key was replaced, and its end has come. Use its successor."));
        }
        tx.write(store::enable(self.tenant(), id, tx.now()));
        tx.commit(Event::new(Action::EmbedKeyEnabled).target(id).with("name", key.name)).await?;
        self.embed_key(product, id).await
    }
}
