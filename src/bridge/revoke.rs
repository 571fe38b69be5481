//! Revoking a bridge key: it and every session that it vouched for die at once.

use super::{BridgeKey, BridgeKeyChange, BridgeKeyState, store};
use crate::{
    BridgeKeyId, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    customer_session::Shared,
    text,
};

/// Why the sessions ended.
const WITH_THE_KEY: &str = "The bridge key that vouched for it was revoked.";

impl Op {
    /// From any state. The active one is succeeded by the oldest `next`, if there is one, in the same transaction.
    pub async fn revoke_bridge_key(&self, product: &ProductId, id: &BridgeKeyId, why: BridgeKeyChange) -> Result<BridgeKey> {
        let mut tx = self.begin(Permission::ManageBridgeKeys, Reach::Tenant)?.urgently();
        let key = self.bridge_key(product, id).await?;
        let vouched = Shared::BridgeKey(id);
        if key.state == BridgeKeyState::Revoked {
            self.end_sessions(vouched, WITH_THE_KEY).await?;
            return Ok(key);
        }
        let (reason, crowd) = (text::reason(why.reason)?, self.is_crowd_of_sessions(vouched).await?);
        tx.write(store::revoke(id, tx.now(), reason.as_deref()));
        if key.state == BridgeKeyState::Active {
            tx.write(store::succeed(product, tx.now()));
        }
        let mut event = Event::new(Action::BridgeKeyRevoked)
            .target(id)
            .reason(reason)
            .with("product", product.as_str())
            .with("was", key.state.as_str());
        if !crowd {
            event = event.counted(self.end_sessions_with(&mut tx, vouched, WITH_THE_KEY));
        }
        tx.commit(event).await?;
        self.core().vouching().forget(id);
        if crowd {
            self.end_sessions(vouched, WITH_THE_KEY).await?;
        }
        self.bridge_key(product, id).await
    }
}
