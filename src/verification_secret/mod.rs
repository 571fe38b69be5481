//! Verification secrets: what a product's backend proves itself with when it buys identity tokens, and nothing else.

#[cfg(feature = "db")]
mod create;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod release;
#[cfg(feature = "db")]
mod revoke;
#[cfg(feature = "db")]
mod rotate;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::{ProductId, Secret, Time, VerificationSecretId};
use serde::{Deserialize, Serialize};

/// What every verification secret starts with.
pub const PREFIX: &str = "vs_";

/// What is said beside a new secret.
pub const WARNING: &str = "This secret is shown once. Keep it where your backend keeps its secrets, and never let it reach a browser: \
     whoever has it can speak as any user of this product.";

/// What a secret is called when nobody named it.
pub const UNNAMED: &str = "Verification secret";

/// The most secrets of a product that work at once.
pub const MOST: i64 = 10;

/// The longest overlap of a rotation, in seconds.
pub const LONGEST_OVERLAP: i64 = 30 * 24 * 3600;

crate::text_enum! {
    /// Whether a secret works.
    pub enum VerificationSecretStatus("a verification secret status") {
        /// It works.
        Active = "active",
        /// Past the end that its rotation planned.
        Expired = "expired",
        /// Brought back by a restore; works when an owner says so.
        Held = "held",
        /// Ended at once, with the identity tokens that it bought.
        Revoked = "revoked",
    }
}

/// A verification secret, never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct VerificationSecret {
    /// `vsid_...`
    pub id: VerificationSecretId,
    /// The one product for whose users it speaks.
    pub product_id: ProductId,
    /// What people call it.
    pub name: String,
    /// Its last four characters.
    pub last4: String,
    /// Whether it works.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: VerificationSecretStatus,
    /// Who made it.
    pub created_by: String,
    /// Their name then.
    pub created_by_name: String,
    /// When.
    pub created_at: Time,
    /// The end that its rotation planned.
    pub expires_at: Option<Time>,
    /// The secret that replaces it.
    pub rotated_to: Option<VerificationSecretId>,
    /// Since when a restore keeps it from working; an owner releases it.
    pub held_at: Option<Time>,
    /// When it and the identity tokens that it bought died.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// Identity tokens alive that it bought: how many end if it is revoked.
    pub live_tokens: i64,
    /// When it last bought one, give or take ten seconds.
    pub last_used_at: Option<Time>,
}

/// `POST /v1/products/:id/verification-secrets`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NewVerificationSecret {
    /// 1 to 120 characters; which of your servers has it, for example.
    pub name: Option<String>,
}

/// `POST .../:secret_id/rotate`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerificationSecretRotation {
    /// For how long the old secret goes on working: 0 to 30 days.
    pub overlap_seconds: i64,
}

/// A new secret with its text, shown once.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct CreatedVerificationSecret {
    /// Itself.
    #[serde(flatten)]
    pub verification_secret: VerificationSecret,
    /// `vs_...`
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub secret: Secret,
    /// What to do with it.
    pub warning: String,
}
