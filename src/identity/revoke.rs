//! Refusing identity tokens before their time: one, a user's, or all that a secret bought.

use super::store;
use crate::{
    CustomerId, IdentityTokenId, Op, Permission, ProductId, Reach, Result, Tx, VerificationSecretId,
    audit::{Action, Event},
};

/// Which tokens: all that is there is asked together, and what is left out is not asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused {
    pub(crate) token: Option<IdentityTokenId>,
    pub(crate) customer: Option<CustomerId>,
    pub(crate) product: Option<ProductId>,
    pub(crate) secret: Option<VerificationSecretId>,
}

impl Op {
    /// Whether this secret bought more live tokens than one transaction ends.
    pub(crate) async fn is_crowd_of_identity_tokens(&self, secret: &VerificationSecretId) -> Result<bool> {
        let now = self.core().now();
        self.is_crowd(store::next_of_secret(self.tenant(), secret, now, now)).await
    }

    /// Ends all live tokens that this secret bought, however many.
    pub(crate) async fn end_identity_tokens(&self, secret: &VerificationSecretId) -> Result<u64> {
        let next = |from| store::next_of_secret(self.tenant(), secret, from, self.core().now());
        let end = |tx: &Tx, first, last| store::end_stretch_of_secret(self.tenant(), secret, tx.now(), first, last);
        let event = || Event::new(Action::IdentityTokensRevoked).with("verification_secret", secret.as_str());
        self.end_crowd(self.core().now(), next, end, event).await
    }

    /// Answers how many were alive. New ones can be bought at once: ban the customer or revoke the secret to prevent that.
    pub(crate) async fn refuse_identity_tokens(&self, which: &Refused, reason: Option<String>) -> Result<u64> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        let ended = tx.write(store::end_matching(self.tenant(), which, tx.now()));
        let mut event = Event::new(Action::IdentityTokensRevoked).reason(reason).counted(ended);
        if let Some(token) = &which.token {
            event = event.target(token);
        }
        for (name, value) in [
            ("customer", which.customer.as_ref().map(ToString::to_string)),
            ("product", which.product.as_ref().map(ToString::to_string)),
            ("verification_secret", which.secret.as_ref().map(ToString::to_string)),
        ] {
            if let Some(value) = value {
                event = event.with(name, value);
            }
        }
        let done = tx.commit(event).await?;
        Ok(done.rows.get(ended).copied().unwrap_or_default())
    }
}
