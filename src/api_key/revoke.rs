//! Revoking an API key.

use super::{ApiKey, store};
use crate::{
    ApiKeyId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    text,
};

impl Op {
    /// The key and its live tokens die at once, in one transaction. Again it changes nothing and answers the same.
    pub async fn revoke_api_key(&self, id: &ApiKeyId, reason: Option<String>) -> Result<ApiKey> {
        let mut tx = self.begin(Permission::ManageApiKeys, Reach::Tenant)?.urgently();
        let key = self.api_key(id).await?;
        if key.revoked_at.is_some() {
            return Ok(key);
        }
        let reason = text::reason(reason)?;
        let event_id = tx.event_id().clone();
        let [revoke, tokens] = store::revoke(self.tenant(), id, tx.now(), &self.actor().signature(), reason.as_deref(), &event_id);
        tx.write(revoke);
        let tokens = tx.write(tokens);
        let mut event = Event::new(Action::ApiKeyRevoked).target(id).reason(reason).with("name", key.name).counted(tokens);
        if let Some(id) = &key.organization_id {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        self.api_key(id).await
    }
}
