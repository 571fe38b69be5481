//! Ending more sessions than one transaction may, before it ends what they hang on.

use crate::{
    BridgeKeyId, EmbedKeyId, KeyId, Op, ProductId, Result, Tx,
    audit::{Action, Event},
    db::args,
    writer::Write,
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

/// The next thousand, and those of a stretch, for a column.
macro_rules! statements {
    ($column:literal) => {
        (
            concat!(
                "select expires_at from customer_session where tenant_id = $1 and ",
                $column,
                " = $2 and revoked_at is null and expires_at > $3 and expires_at >= $4 order by expires_at limit 1000"
            ),
            concat!(
                "update customer_session set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6
                 where tenant_id = $1 and ",
                $column,
                " = $2 and revoked_at is null and expires_at > $3 and expires_at >= $7 and expires_at <= $8"
            ),
        )
    };
}

impl<'a> Shared<'a> {
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::EmbedKey(_) => statements!("embed_key_id"),
            Self::BridgeKey(_) => statements!("bridge_key_id"),
            Self::Product(_) => statements!("product_id"),
            Self::SigningKey(_) => statements!("signing_key_id"),
        }
    }

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
        let ((next, end), (name, id), now) = (of.statements(), of.name(), self.core().now());
        let stretch = |tx: &Tx, first, last| {
            let (by, by_name) = self.actor().signature();
            Write::any(end, args![self.tenant(), id, tx.now(), by, by_name, reason, first, last])
        };
        let event = || Event::new(Action::CustomerSessionsRevoked).reason(Some(reason.to_owned())).with(name, id);
        Ok(self.in_stretches(now, begin, |from| (next, args![self.tenant(), id, now, from]), stretch, event).await?.ended)
    }
}
