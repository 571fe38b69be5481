//! Rotating a verification secret: a new one, and a planned end for the old one.

use super::{CreatedVerificationSecret, LONGEST_OVERLAP, VerificationSecretRotation, VerificationSecretStatus, store};
use crate::{
    Code, Error, Op, Permission, ProductId, Reach, Result, VerificationSecretId,
    audit::{Action, Event},
    time::SECOND,
};

impl Op {
    /// A secret of the same name; the old one goes on working for the overlap, so that your servers take over one by one (ID2). Identity
    /// tokens that it bought live on: this is a planned end, not a revocation.
    pub async fn rotate_verification_secret(
        &self,
        product: &ProductId,
        id: &VerificationSecretId,
        asked: &VerificationSecretRotation,
    ) -> Result<CreatedVerificationSecret> {
        let mut tx = self.begin(Permission::ManageVerificationSecrets, Reach::Tenant)?;
        let old = self.verification_secret(product, id).await?;
        if !(0..=LONGEST_OVERLAP).contains(&asked.overlap_seconds) {
            return Err(Error::invalid("overlap_seconds", "The old secret works on for 0 seconds to 30 days."));
        }
        if old.status != VerificationSecretStatus::Active || old.rotated_to.is_some() {
            return Err(Error::new(Code::Conflict, "Only a secret that works and was not rotated yet can be rotated."));
        }
        let until = tx.now().plus(asked.overlap_seconds * SECOND);
        let created = self.new_verification_secret(&mut tx, product, old.name);
        let new = &created.verification_secret;
        tx.write(store::replace(self.tenant(), id, &new.id, until, tx.now()));
        let event = Event::new(Action::VerificationSecretRotated)
            .target(id)
            .with("product", product.as_str())
            .with("new_secret", new.id.as_str())
            .with("overlap_seconds", asked.overlap_seconds)
            .with("last4", new.last4.as_str());
        tx.commit(event).await?;
        Ok(created)
    }
}
