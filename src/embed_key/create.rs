//! Making an embed key.

use super::{EmbedKey, EmbedKeyStatus, KeyMode, NewEmbedKey, store};
use crate::{
    EmbedKeyId, Listed, Op, Permission, ProductId, Reach, Result, Tx,
    audit::{Action, Event},
    origin::Origin,
    text,
};

impl Op {
    /// A key of this product for pages of these origins.
    pub async fn create_embed_key(&self, product: &ProductId, asked: NewEmbedKey) -> Result<EmbedKey> {
        let mut tx = self.begin(Permission::ManageEmbedKeys, Reach::Tenant)?;
        self.product(product).await?;
        let key = self.new_embed_key(&mut tx, product, &asked)?;
        let event = Event::new(Action::EmbedKeyCreated)
            .target(&key.id)
            .with("product", product.as_str())
            .with("name", key.name.as_str())
            .with("mode", key.mode.as_str())
            .with("origins", named(&key.origins))
            .with("allow_development_origins", key.allow_development_origins);
        tx.commit(event).await?;
        Ok(key)
    }

    /// Checks and writes; the caller commits.
    pub(super) fn new_embed_key(&self, tx: &mut Tx, product: &ProductId, asked: &NewEmbedKey) -> Result<EmbedKey> {
        let name = text::name("name", &asked.name)?;
        let allow_development_origins = asked.allow_development_origins.unwrap_or(asked.mode == KeyMode::Test);
        let origins = Listed(Origin::parse_list(&asked.origins, allow_development_origins)?);
        let id = match asked.mode {
            KeyMode::Live => EmbedKeyId::new(tx.now()),
            KeyMode::Test => EmbedKeyId::for_tests(tx.now()),
        };
        let (created_by, created_by_name) = self.actor().signature();
        let key = EmbedKey {
            id,
            product_id: product.clone(),
            name,
            mode: asked.mode,
            origins,
            allow_development_origins,
            status: EmbedKeyStatus::Active,
            created_by,
            created_by_name,
            created_at: tx.now(),
            expires_at: None,
            rotated_to: None,
            disabled_at: None,
            disable_reason: None,
            last_used_at: None,
        };
        tx.write(store::insert(self.tenant(), &key, tx.now()));
        Ok(key)
    }
}

/// A list of origins as history tells it.
pub(super) fn named(origins: &Listed<Origin>) -> Vec<String> {
    origins.0.iter().map(ToString::to_string).collect()
}
