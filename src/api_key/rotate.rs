//! Rotating an API key: a new one, and a planned end for the old one.

use super::{ApiKeyRotation, ApiKeyStatus, CreatedApiKey, LONGEST_OVERLAP, NewApiKey, store};
use crate::{
    ApiKeyId, Code, Error, Op, Permission, Reach, Result,
    audit::{Action, Event},
    time::SECOND,
};

impl Op {
    /// A key of the same name, role and organization; the old one goes on working for the overlap (ID2). Tokens that it minted
    /// live on: this is a planned end, not a revocation.
    pub async fn rotate_api_key(&self, id: &ApiKeyId, asked: ApiKeyRotation) -> Result<CreatedApiKey> {
        let mut tx = self.begin(Permission::ManageApiKeys, Reach::Tenant)?;
        let old = self.api_key(id).await?;
        if !(0..=LONGEST_OVERLAP).contains(&asked.overlap_seconds) {
            return Err(Error::invalid("overlap_seconds", "The old key works on for 0 seconds to 30 days."));
        }
        if old.status != ApiKeyStatus::Active || old.rotated_to.is_some() {
            return Err(Error::new(Code::Conflict, "Only a key that works and was not rotated yet can be rotated."));
        }
        let created = self.new_key(
            &mut tx,
            NewApiKey { name: old.name, role: old.role, organization_id: old.organization_id, expires_at: asked.expires_at },
        )?;
        let until = tx.now().plus(asked.overlap_seconds * SECOND);
        tx.write(store::replace(self.tenant(), id, &created.api_key.id, until, tx.now()));
        let mut event = Event::new(Action::ApiKeyRotated)
            .target(id)
            .with("new_key", created.api_key.id.as_str())
            .with("overlap_seconds", asked.overlap_seconds)
            .with("last4", created.api_key.last4.as_str());
        if let Some(id) = &created.api_key.organization_id {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        Ok(created)
    }
}
