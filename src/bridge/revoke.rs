//! Revoking a bridge key: it and every session that it vouched for die at once.

use super::{BridgeKey, BridgeKeyChange, BridgeKeyState, store};
use crate::{
    BridgeKeyId, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    customer_session::{Shared, store as sessions},
    text,
};

/// Why the sessions ended.
const WITH_THE_KEY: &str = "The bridge key that vouched for it was revoked.";

impl Op {
    /// From any state. The active one is succeeded by the oldest `next`, if there is one, in the same transaction.
    pub async fn revoke_bridge_key(&self, product: &ProductId, id: &BridgeKeyId, why: BridgeKeyChange) -> Result<BridgeKey> {
        let begin = || self.begin(Permission::ManageBridgeKeys, Reach::Tenant);
        begin().map(drop)?;
        let key = self.bridge_key(product, id).await?;
        if key.state == BridgeKeyState::Revoked {
            return Ok(key);
        }
        let (by, reason) = (self.actor().signature(), text::reason(why.reason)?);
        let before = self.thin_out_sessions(Shared::BridgeKey(id), WITH_THE_KEY, begin).await?;
        let mut tx = begin()?.urgently();
        tx.write(store::revoke(id, tx.now(), reason.as_deref()));
        if key.state == BridgeKeyState::Active {
            tx.write(store::succeed(product, tx.now()));
        }
        let ending = sessions::Ending { at: tx.now(), by: &by, reason: Some(WITH_THE_KEY) };
        let ended = tx.write_all(sessions::end_of_bridge_key(self.tenant(), id, &ending));
        let mut event = Event::new(Action::BridgeKeyRevoked).target(id).reason(reason).with("product", product.as_str());
        if before > 0 {
            event = event.with("revoked_before", before);
        }
        tx.commit(event.with("was", key.state.as_str()).counted(ended)).await?;
        self.core().vouching().forget(id);
        self.bridge_key(product, id).await
    }
}
