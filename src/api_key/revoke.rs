//! Revoking an API key.

use super::{ApiKey, store};
use crate::{
    ApiKeyId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    text,
    token::{BulkRevocation, bulk_event},
};

/// Why its tokens died.
const WITH_THE_KEY: &str = "The API key that minted it was revoked.";

impl Op {
    /// The key and its live tokens die in one transaction; a crowd of tokens after it, before this answers. Again it ends what is left of them
    /// and answers the same.
    pub async fn revoke_api_key(&self, id: &ApiKeyId, reason: Option<String>) -> Result<ApiKey> {
        let mut tx = self.begin(Permission::ManageApiKeys, Reach::Tenant)?.urgently();
        let key = self.api_key(id).await?;
        let minted = BulkRevocation { minted_by: Some(id.to_string()), ..BulkRevocation::default() };
        let organization = key.organization_id.clone();
        let in_it = |event: Event| organization.iter().fold(event, Event::organization);
        let crowd = key.revoked_at.is_some() || self.is_crowd_of_tokens(&minted).await?;
        if key.revoked_at.is_none() {
            let reason = text::reason(reason)?;
            tx.write(store::revoke(self.tenant(), id, tx.now(), reason.as_deref()));
            let mut event = in_it(Event::new(Action::ApiKeyRevoked).target(id).reason(reason).with("name", key.name));
            if !crowd {
                event = event.counted(self.end_tokens_at_once(&mut tx, &minted, Some(WITH_THE_KEY)));
            }
            tx.commit(event).await?;
        }
        if crowd {
            self.end_tokens(&minted, Some(WITH_THE_KEY), || in_it(bulk_event(&minted, Some(WITH_THE_KEY)))).await?;
        }
        self.api_key(id).await
    }
}
