//! The way in for a page: its embed key and its origin, read on every call.

use crate::{
    Core, EmbedKeyId, Error, Origination, ProductId, Result, Who,
    audit::{Action, Event},
    embed_key::{EmbedCall, Entrance},
    use_log::Refusal,
};

/// What the secret of a conversation starts with.
pub(super) const PREFIX: &str = "conversation_";

/// A page that may write to its product. Whoever lets it in counts what it does.
pub struct Door {
    pub(super) core: Core,
    pub(super) key: EmbedKeyId,
    pub(super) entrance: Entrance,
    pub(super) origin: String,
    pub(super) from: Origination,
}

impl Core {
    /// Lets a page of the embed key's origins in.
    pub async fn conversation_door(&self, call: EmbedCall<'_>) -> Result<Door> {
        let (key, entrance) = self.enter(&call).await?;
        let origin = call.origin.unwrap_or_default().to_owned();
        Ok(Door { core: self.clone(), key, entrance, origin, from: call.from })
    }
}

impl Door {
    /// What a limit of the product is counted by.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.entrance.product_id
    }

    /// Tells history that a credential was no good here, once a minute, embed key and reason, and gives the error back.
    pub(super) fn refuse(&self, error: Error, why: &'static str) -> Error {
        let event = Event::new(Action::EmbedRequestRefused).refused().reason(Some(error.code().as_str())).target(&self.key);
        let event = event.with("why", why).with("product", self.entrance.product_id.as_str());
        let refusal = Refusal { tenant: Some(self.entrance.tenant_id.clone()), who: Who::Anonymous, from: self.from.clone(), event };
        self.core.uses().refused(format!("message/{}/{why}", self.key), refusal, self.core.now());
        error
    }
}
