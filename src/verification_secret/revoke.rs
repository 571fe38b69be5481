//! Revoking a verification secret.

use super::{VerificationSecret, store};
use crate::{
    Op, Permission, ProductId, Reach, Result, VerificationSecretId,
    audit::{Action, Event},
    text,
};

impl Op {
    /// The secret and the identity tokens that it bought die in one transaction; a crowd of tokens after it, before this answers. Again it ends what is
    /// left of them and answers the same.
    pub async fn revoke_verification_secret(
        &self,
        product: &ProductId,
        id: &VerificationSecretId,
        reason: Option<String>,
    ) -> Result<VerificationSecret> {
        let mut tx = self.begin(Permission::ManageVerificationSecrets, Reach::Tenant)?.urgently();
        let secret = self.verification_secret(product, id).await?;
        if secret.revoked_at.is_some() {
            self.end_identity_tokens(id).await?;
            return self.verification_secret(product, id).await;
        }
        let (reason, crowd) = (text::reason(reason)?, self.is_crowd_of_identity_tokens(id).await?);
        let [revoke, tokens] = store::revoke(self.tenant(), id, tx.now(), reason.as_deref());
        tx.write(revoke);
        let mut event = Event::new(Action::VerificationSecretRevoked).target(id).reason(reason).with("product", product.as_str());
        if !crowd {
            event = event.counted(tx.write(tokens));
        }
        tx.commit(event.with("name", secret.name)).await?;
        if crowd {
            self.end_identity_tokens(id).await?;
        }
        self.verification_secret(product, id).await
    }
}
