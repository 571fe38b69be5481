//! Making a verification secret.

use super::{
    CreatedVerificationSecret, NewVerificationSecret, PREFIX, UNNAMED, VerificationSecret, VerificationSecretStatus, WARNING, store,
};
use crate::{
    Op, Permission, ProductId, Reach, Result, Tx, VerificationSecretId,
    audit::{Action, Event},
    secret::{Digest, generate_secret, last4},
    text,
};

impl Op {
    /// A secret for a product's backend, its text shown once.
    pub async fn create_verification_secret(&self, product: &ProductId, asked: NewVerificationSecret) -> Result<CreatedVerificationSecret> {
        let mut tx = self.begin(Permission::ManageVerificationSecrets, Reach::Tenant)?;
        self.product(product).await?;
        let name = text::label(asked.name)?.unwrap_or_else(|| UNNAMED.to_owned());
        let created = self.new_verification_secret(&mut tx, product, name);
        let event = Event::new(Action::VerificationSecretCreated)
            .target(&created.verification_secret.id)
            .with("product", product.as_str())
            .with("name", created.verification_secret.name.as_str())
            .with("last4", created.verification_secret.last4.as_str());
        tx.commit(event).await?;
        Ok(created)
    }

    /// Writes it; the caller commits, and shows nothing before that.
    pub(super) fn new_verification_secret(&self, tx: &mut Tx, product: &ProductId, name: String) -> CreatedVerificationSecret {
        let secret = generate_secret(PREFIX);
        let (created_by, created_by_name) = self.actor().signature();
        let verification_secret = VerificationSecret {
            id: VerificationSecretId::new(tx.now()),
            product_id: product.clone(),
            name,
            last4: last4(&secret),
            status: VerificationSecretStatus::Active,
            created_by,
            created_by_name,
            created_at: tx.now(),
            expires_at: None,
            rotated_to: None,
            held_at: None,
            revoked_at: None,
            revoke_reason: None,
            live_tokens: 0,
            last_used_at: None,
        };
        tx.write(store::insert(self.tenant(), &verification_secret, &Digest::of(secret.reveal().as_bytes()).to_hex()));
        CreatedVerificationSecret { verification_secret, secret, warning: WARNING.to_owned() }
    }
}
