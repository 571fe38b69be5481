//! From `next` to `active` to `retiring` to `retired`, without a moment in which what your backend signs is refused (F12).

use super::{BridgeKey, BridgeKeyChange, BridgeKeyState, store};
use crate::{
    BridgeKeyId, Code, Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    text,
};

impl Op {
    /// `next` becomes the active key; the active one retires and goes on verifying until somebody retires or revokes it.
    pub async fn promote_bridge_key(&self, product: &ProductId, id: &BridgeKeyId, why: BridgeKeyChange) -> Result<BridgeKey> {
        let mut tx = self.begin(Permission::ManageBridgeKeys, Reach::Tenant)?;
        let key = self.bridge_key(product, id).await?;
        if key.state != BridgeKeyState::Next {
            return Err(Error::new(Code::KeyState, format!("Only a next key can be promoted; this one is {}.", key.state)));
        }
        let reason = text::reason(why.reason)?;
        let [retire, promote] = store::promote(product, id, tx.now());
        tx.write(retire);
        tx.write(promote);
        tx.commit(Event::new(Action::BridgeKeyPromoted).target(id).reason(reason).with("product", product.as_str())).await?;
        self.bridge_key(product, id).await
    }

    /// A key that is `next` or `retiring` opens no session any more; those that it vouched for live on.
    pub async fn retire_bridge_key(&self, product: &ProductId, id: &BridgeKeyId, why: BridgeKeyChange) -> Result<BridgeKey> {
        let mut tx = self.begin(Permission::ManageBridgeKeys, Reach::Tenant)?;
        let key = self.bridge_key(product, id).await?;
        match key.state {
            BridgeKeyState::Retired => return Ok(key),
            BridgeKeyState::Next | BridgeKeyState::Retiring => {}
            BridgeKeyState::Active | BridgeKeyState::Revoked => {
                let message = format!("A key that is {} cannot be retired; promote its successor first.", key.state);
                return Err(Error::new(Code::KeyState, message));
            }
        }
        let reason = text::reason(why.reason)?;
        tx.write(store::retire(id, key.state, tx.now()));
        tx.commit(Event::new(Action::BridgeKeyRetired).target(id).reason(reason).with("product", product.as_str())).await?;
        self.core().vouching().forget(id);
        self.bridge_key(product, id).await
    }

    /// Lets a key work again that a restore held: a backup knows nothing of what was revoked after it was taken (RV11).
    pub async fn release_bridge_key(&self, product: &ProductId, id: &BridgeKeyId) -> Result<BridgeKey> {
        let mut tx = self.begin(Permission::ReleaseHeld, Reach::Tenant)?;
        self.bridge_key(product, id).await?;
        tx.write(store::release(id));
        tx.commit(Event::new(Action::BridgeKeyReleased).target(id).with("product", product.as_str())).await?;
        self.bridge_key(product, id).await
    }
}
