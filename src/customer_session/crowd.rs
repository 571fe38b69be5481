//! Ending many sessions, a crowd among them (`crowd`).

use super::store::{self, Ending};
use crate::{
    BridgeKeyId, EmbedKeyId, KeyId, Op, ProductId, Result, Tx,
    audit::{Action, Event},
    crowd::END,
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
    /// Whether more live sessions share this than one transaction ends.
    pub(crate) async fn is_crowd_of_sessions(&self, of: Shared<'_>) -> Result<bool> {
        let now = self.core().now();
        self.is_crowd(store::next_of(self.tenant(), of, of.name().1, now, now)).await
    }

    /// Ends with `tx` all live sessions that share this, which are no crowd. Answers the statement's place.
    pub(crate) fn end_sessions_with(&self, tx: &mut Tx, of: Shared<'_>, reason: &'static str) -> usize {
        let (by, at) = (self.actor().signature(), tx.now());
        tx.write(store::end_stretch(self.tenant(), of, of.name().1, &Ending { at, by: &by, reason: Some(reason) }, at, END))
    }

    /// Ends all live sessions that share this, however many. What browsers keep of them is judged by what they came through.
    pub(crate) async fn end_sessions(&self, of: Shared<'_>, reason: &'static str) -> Result<u64> {
        let (name, id) = of.name();
        let next = |from| store::next_of(self.tenant(), of, id, from, self.core().now());
        let end = |tx: &Tx, first, last| {
            let by = self.actor().signature();
            store::end_stretch(self.tenant(), of, id, &Ending { at: tx.now(), by: &by, reason: Some(reason) }, first, last)
        };
        let event = || Event::new(Action::CustomerSessionsRevoked).reason(Some(reason.to_owned())).with(name, id);
        self.end_crowd(self.core().now(), next, end, event).await
    }
}
