//! Letting a verification secret work again that a restore held.

use super::{VerificationSecret, store};
use crate::{
    Op, Permission, ProductId, Reach, Result, VerificationSecretId,
    audit::{Action, Event},
};

impl Op {
    /// A backup knows nothing of what was revoked after it was taken, so an owner looks at every secret once (RV11).
    pub async fn release_verification_secret(&self, product: &ProductId, id: &VerificationSecretId) -> Result<VerificationSecret> {
        let mut tx = self.begin(Permission::ReleaseHeld, Reach::Tenant)?;
        self.verification_secret(product, id).await?;
        tx.write(store::release(self.tenant(), id));
        tx.commit(Event::new(Action::VerificationSecretReleased).target(id).with("product", product.as_str())).await?;
        self.verification_secret(product, id).await
    }
}
