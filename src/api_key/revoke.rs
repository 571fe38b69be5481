//! Revoking an API key.

use super::{ApiKey, store};
use crate::{
    ApiKeyId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    text,
    token::{BulkRevocation, Ending},
};

/// Why its tokens died.
const WITH_THE_KEY: &str = "The API key that minted it was revoked.";

impl Op {
    /// The key and its live tokens die in one transaction; of more than a thousand tokens the others before it. Again it changes nothing and
    /// answers the same.
    pub async fn revoke_api_key(&self, id: &ApiKeyId, reason: Option<String>) -> Result<ApiKey> {
        let begin = || self.begin(Permission::ManageApiKeys, Reach::Tenant);
        begin().map(drop)?;
        let key = self.api_key(id).await?;
        if key.revoked_at.is_some() {
            return Ok(key);
        }
        let reason = text::reason(reason)?;
        let minted = BulkRevocation { minted_by: Some(id.to_string()), ..BulkRevocation::default() };
        let rest = self.thin_out(&minted, Some(WITH_THE_KEY), begin).await?;
        let mut tx = begin()?.urgently();
        tx.write(store::revoke(self.tenant(), id, tx.now(), reason.as_deref()));
        let by = self.actor().signature();
        let ending = Ending { at: tx.now(), by: &by, reason: Some(WITH_THE_KEY.to_owned()), event: tx.event_id() };
        let write = rest.end(self.tenant(), &minted, ending);
        let place = tx.write(write);
        let mut event = Event::new(Action::ApiKeyRevoked).target(id).reason(reason).with("name", key.name).counted(place);
        if rest.ended > 0 {
            event = event.with("revoked_before", rest.ended);
        }
        if let Some(id) = &key.organization_id {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        self.api_key(id).await
    }
}
