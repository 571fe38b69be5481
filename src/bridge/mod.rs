//! The bridge: a tenant's own backend vouches for a customer with a token that it signs, and a page exchanges that for a session.

#[cfg(feature = "db")]
mod change;
#[cfg(feature = "db")]
pub(crate) mod claims;
#[cfg(feature = "db")]
mod create;
#[cfg(feature = "db")]
mod exchange;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
pub(crate) mod public_key;
#[cfg(feature = "db")]
mod revoke;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
#[cfg(feature = "db")]
mod vouching;

#[cfg(feature = "db")]
pub(crate) use {create::reseal, vouching::VouchingKeys};

use crate::{BridgeKeyId, ProductId, Secret, Time};
use serde::{Deserialize, Serialize};

/// What an HS256 secret starts with.
pub const SECRET_PREFIX: &str = "bridge_";

/// The longest life of a bridge token, in seconds; five minutes are advised (JW15).
pub const LONGEST_LIFE: i64 = 600;

/// The most keys of a product that verify at once.
pub const MOST: i64 = 10;

/// What a secret that was just made is accompanied by (F10).
pub const WARNING_OF_SECRET: &str = "This key is shown once. Keep it in an HSM, a KMS or a vault, never in source code, and never let it reach a browser: \
     whoever has it can sign in as any of your customers.";

/// What a key that you brought is accompanied by.
pub const WARNING_OF_PUBLIC_KEY: &str =
    "Keep the private half in an HSM, a KMS or a vault: whoever has it can sign in as any of your customers. We never saw it.";

crate::text_enum! {
    /// What bridge tokens are signed with. One algorithm a key; it is never taken from the token.
    pub enum BridgeAlgorithm("an algorithm") {
        /// ECDSA on P-256 with SHA-256. The private half stays with you: our choice for you.
        Es256 = "ES256",
        /// Ed25519. As good, where your library has it.
        EdDsa = "EdDSA",
        /// RSASSA-PKCS1-v1_5 with SHA-256: slower, and understood everywhere.
        Rs256 = "RS256",
        /// HMAC with SHA-256: one secret that both of us hold.
        Hs256 = "HS256",
    }
}

crate::text_enum! {
    /// Where a bridge key is in its life. `next`, `active` and `retiring` verify.
    pub enum BridgeKeyState("a key state") {
        /// It verifies already, so that your backend may begin to sign with it at any time.
        Next = "next",
        /// The one that your backend signs with. At most one a product.
        Active = "active",
        /// Its successor is active; what it signed is still good.
        Retiring = "retiring",
        /// It opens no new session; those that it vouched for live on.
        Retired = "retired",
        /// Dead at once, with every session that it vouched for.
        Revoked = "revoked",
    }
}

impl BridgeKeyState {
    /// Whether a token that is signed with it opens a session.
    #[must_use]
    pub const fn verifies(self) -> bool {
        matches!(self, Self::Next | Self::Active | Self::Retiring)
    }
}

/// A bridge key. What signs is kept sealed (a secret) or nowhere (a private half).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct BridgeKey {
    /// `brk_...`: the `kid` of your tokens' header.
    pub id: BridgeKeyId,
    /// Whose it is.
    pub product_id: ProductId,
    /// What it signs with.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub algorithm: BridgeAlgorithm,
    /// Where it is in its life.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub state: BridgeKeyState,
    /// Whether the pair or secret was made here; otherwise you brought the public half.
    pub made_here: bool,
    /// Who made or brought it.
    pub created_by: String,
    /// Their name then.
    pub created_by_name: String,
    /// When.
    pub created_at: Time,
    /// When it became the active one.
    pub activated_at: Option<Time>,
    /// When its successor did.
    pub retiring_at: Option<Time>,
    /// Since when it opens no new session.
    pub retired_at: Option<Time>,
    /// Since a restore it opens nothing, until an owner lets it work again.
    pub held_at: Option<Time>,
    /// When it and all that it vouched for died.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// Sessions alive that it vouched for: how many end if it is revoked.
    pub live_sessions: i64,
    /// When it last opened a session, give or take ten seconds.
    pub last_used_at: Option<Time>,
}

/// `POST /v1/products/:id/bridge-keys`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBridgeKey {
    /// What it shall sign with.
    pub algorithm: BridgeAlgorithm,
    /// The public half of a pair of yours, as PEM text or as a JWK; when absent, we make the pair or the secret. Never a private half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<Object>))]
    pub public_key: Option<serde_json::Value>,
}

/// A new bridge key. Of `secret` and `private_key` one is there if it was made here, and is shown this once.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct CreatedBridgeKey {
    /// Itself.
    #[serde(flatten)]
    pub key: BridgeKey,
    /// The HS256 secret: its ASCII bytes are the key.
    #[serde(default, serialize_with = "crate::secret::reveal_once_if_any", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub secret: Option<Secret>,
    /// The private half, PKCS#8 as PEM.
    #[serde(default, serialize_with = "crate::secret::reveal_once_if_any", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub private_key: Option<Secret>,
    /// What to do with it.
    pub warning: String,
}

/// `POST .../:key_id/{promote,retire,revoke}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BridgeKeyChange {
    /// Why, for history.
    pub reason: Option<String>,
}

/// `POST /embed/v1/sessions/exchange`.
#[derive(Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// A JWT that your backend signed; it opens one session, once.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub bridge_token: Secret,
}
