//! Rotating an embed key: a new one, and a planned end for the old one.

use super::{EmbedKey, EmbedKeyRotation, EmbedKeyStatus, LONGEST_OVERLAP, NewEmbedKey, create::named, store};
use crate::{
    Code, EmbedKeyId, Error, Op, Permission, ProductId, Reach, Result,
    audit::{Action, Event},
    time::SECOND,
};

impl Op {
    /// A key of the same name, mode, origins and switch; the old one goes on working for the overlap. Answers the new one.
    pub async fn rotate_embed_key(&self, product: &ProductId, id: &EmbedKeyId, asked: &EmbedKeyRotation) -> Result<EmbedKey> {
        let mut tx = self.begin(Permission::ManageEmbedKeys, Reach::Tenant)?;
        let old = self.embed_key(product, id).await?;
        if !(0..=LONGEST_OVERLAP).contains(&asked.overlap_seconds) {
            return Err(Error::invalid("overlap_seconds", "The old key works on for 0 seconds to 90 days."));
        }
        if old.status != EmbedKeyStatus::Active || old.rotated_to.is_some() {
            return Err(Error::new(Code::Conflict, "Only a key that works and was not rotated yet can be rotated."));
        }
        let origins = named(&old.origins);
        let until = tx.now().plus(asked.overlap_seconds * SECOND);
        let successor =
            NewEmbedKey { name: old.name, origins, mode: old.mode, allow_development_origins: Some(old.allow_development_origins) };
        let new = self.new_embed_key(&mut tx, product, &successor)?;
        tx.write(store::replace(self.tenant(), id, &new.id, until, tx.now()));
        let event =
            Event::new(Action::EmbedKeyRotated).target(id).with("new_key", new.id.as_str()).with("overlap_seconds", asked.overlap_seconds);
        tx.commit(event).await?;
        Ok(new)
    }
}
