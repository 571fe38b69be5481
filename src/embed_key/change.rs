//! Changing an embed key: its name, the pages that it lets in, its development switch.

use super::{EmbedKey, EmbedKeyChange, create::named, store};
use crate::{
    EmbedKeyId, Listed, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    origin::Origin,
    text,
};

impl Op {
    /// The list is judged by the switch as it will be, so that no development origin stays behind a switch that is off.
    pub async fn update_embed_key(&self, product: &ProductId, id: &EmbedKeyId, change: EmbedKeyChange) -> Result<EmbedKey> {
        let mut tx = self.begin(Permission::ManageEmbedKeys, Reach::Tenant)?;
        let before = self.embed_key(product, id).await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        after.allow_development_origins = change.allow_development_origins.unwrap_or(before.allow_development_origins);
        let origins = change.origins.unwrap_or_else(|| named(&before.origins));
        after.origins = Listed(Origin::parse_list(&origins, after.allow_development_origins)?);
        if after == before {
            return Ok(after);
        }
        tx.write(store::update(self.tenant(), &before, &after));
        let event = Event::new(Action::EmbedKeyUpdated)
            .target(id)
            .changed("name", &before.name, &after.name)
            .changed("origins", &named(&before.origins), &named(&after.origins))
            .changed("allow_development_origins", &before.allow_development_origins, &after.allow_development_origins);
        tx.commit(event).await?;
        Ok(after)
    }
}
