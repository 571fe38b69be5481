//! Revoking a verification secret.

use super::{VerificationSecret, store};
use crate::{
    Op, Permission, ProductId, Reach, Result, VerificationSecretId,
    audit::{Action, Event},
    text,
};

impl Op {
    /// The secret and the identity tokens that it bought die in one transaction; of more than a thousand tokens the others before it. Again it changes nothing and answers the same.
    pub async fn revoke_verification_secret(
        &self,
        product: &ProductId,
        id: &VerificationSecretId,
        reason: Option<String>,
    ) -> Result<VerificationSecret> {
        let begin = || self.begin(Permission::ManageVerificationSecrets, Reach::Tenant);
        begin().map(drop)?;
        let secret = self.verification_secret(product, id).await?;
        if secret.revoked_at.is_some() {
            return Ok(secret);
        }
        let reason = text::reason(reason)?;
        let before = self.thin_out_identity_tokens(id, begin).await?;
        let mut tx = begin()?.urgently();
        let [revoke, tokens] = store::revoke(self.tenant(), id, tx.now(), reason.as_deref());
        tx.write(revoke);
        let tokens = tx.write(tokens);
        let mut event = Event::new(Action::VerificationSecretRevoked).target(id).reason(reason).with("product", product.as_str());
        if before > 0 {
            event = event.with("revoked_before", before);
        }
        tx.commit(event.with("name", secret.name).counted(tokens)).await?;
        self.verification_secret(product, id).await
    }
}
