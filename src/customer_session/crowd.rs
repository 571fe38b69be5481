//! Ending more sessions than one transaction may, before it ends what they hang on.

use super::store::{self, Ending};
use crate::{
    BridgeKeyId, EmbedKeyId, KeyId, Op, ProductId, Result, Tx,
    audit::{Action, Event},
};

/// What sessions have in common that end together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shared<'a> {
    /// They began in pages with this key.
    EmbedKey(&'a EmbedKeyId),
    /// This key vouched for them.
    BridgeKey(&'a BridgeKeyId),
    /// They are of this product.
    Product(&'a ProductId),
    /// This key signed their latest JWT.
    SigningKey(&'a KeyId),
}

impl<'a> Shared<'a> {
    /// How history names it, and its id.
    fn name(self) -> (&'static str, &'a str) {
        match self {
            Self::EmbedKey(id) => ("embed_key", id.as_str()),
            Self::BridgeKey(id) => ("bridge_key", id.as_str()),
            Self::Product(id) => ("product", id.as_str()),
            Self::SigningKey(id) => ("signing_key", id.as_str()),
        }
    }
}

impl Op {
    /// Ends live sessions until fewer than a thousand are left, and answers how many it ended. What browsers keep of them is left too.
    pub(crate) async fn thin_out_sessions(&self, of: Shared<'_>, reason: &'static str, begin: impl Fn() -> Result<Tx>) -> Result<u64> {
        let ((name, id), now) = (of.name(), self.core().now());
        let next = |from| store::next_of(self.tenant(), of, id, from, now);
        let end = |tx: &Tx, first, last| {
            let by = self.actor().signature();
            store::end_stretch(self.tenant(), of, id, &Ending { at: tx.now(), by: &by, reason: Some(reason) }, first, last)
        };
        let event = || Event::new(Action::CustomerSessionsRevoked).reason(Some(reason.to_owned())).with(name, id);
        Ok(self.in_stretches(now, begin, next, end, event).await?.ended)
    }
}
