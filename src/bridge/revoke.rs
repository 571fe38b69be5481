//! Revoking a bridge key: it and every session that it vouched for die at once.

use super::{BridgeKey, BridgeKeyChange, BridgeKeyState, store};
use crate::{
    BridgeKeyId, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    customer_session::store as sessions,
    text,
};

impl Op {
    /// From any state. The active one is succeeded by the oldest `next`, if there is one, in the same transaction.
    pub async fn revoke_bridge_key(&self, product: &ProductId, id: &BridgeKeyId, why: BridgeKeyChange) -> Result<BridgeKey> {
        let mut tx = self.begin(Permission::ManageBridgeKeys, Reach::Tenant)?.urgently();
        let key = self.bridge_key(product, id).await?;
        if key.state == BridgeKeyState::Revoked {
            return Ok(key);
        }
        let (by, reason) = (self.actor().signature(), text::reason(why.reason)?);
        tx.write(store::revoke(id, tx.now(), reason.as_deref()));
        if key.state == BridgeKeyState::Active {
            tx.write(store::succeed(product, tx.now()));
        }
        let ending = sessions::Ending { at: tx.now(), by: &by, reason: Some("The bridge key that vouched for it was revoked.") };
        let ended = tx.write_all(sessions::end_of_bridge_key(self.tenant(), id, &ending));
        let event = Event::new(Action::BridgeKeyRevoked).target(id).reason(reason).with("product", product.as_str());
        tx.commit(event.with("was", key.state.as_str()).counted(ended)).await?;
        self.core().vouching().forget(id);
        self.bridge_key(product, id).await
    }
}
