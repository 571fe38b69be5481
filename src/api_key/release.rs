//! Letting an API key work again that a restore held.

use super::{ApiKey, store};
use crate::{
    ApiKeyId, Op, Permission, Reach, Result,
    audit::{Action, Event},
};

impl Op {
    /// A backup knows nothing of what was revoked after it was taken, so an owner looks at every key once (RV11).
    pub async fn release_api_key(&self, id: &ApiKeyId) -> Result<ApiKey> {
        let mut tx = self.begin(Permission::ReleaseHeld, Reach::Tenant)?;
        self.api_key(id).await?;
        tx.write(store::release(self.tenant(), id, tx.now()));
        tx.commit(Event::new(Action::ApiKeyReleased).target(id)).await?;
        self.api_key(id).await
    }
}
