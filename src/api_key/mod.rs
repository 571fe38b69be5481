//! API keys: what a tenant's backend signs in with.

#[cfg(feature = "db")]
mod authenticate;
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

use crate::{ApiKeyId, OrganizationId, Role, Secret, Time};
use serde::{Deserialize, Serialize};

/// What every API key starts with.
pub const PREFIX: &str = "sk_live_";

/// What is said beside a new key.
pub const WARNING: &str = "This key is shown once. Store it where your backend keeps its secrets; whoever has it acts as your tenant.";

/// The longest overlap of a rotation, in seconds.
pub const LONGEST_OVERLAP: i64 = 30 * 24 * 3600;

crate::text_enum! {
    /// Whether a key works.
    pub enum ApiKeyStatus("an API key status") {
        /// It works.
        Active = "active",
        /// Past its planned end.
        Expired = "expired",
        /// Brought back by a restore; works when an owner says so.
        Held = "held",
        /// Ended at once, with its live tokens.
        Revoked = "revoked",
    }
}

/// An API key, never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct ApiKey {
    /// `apik_...`
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// At most admin, never more than its maker.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub role: Role,
    /// The only organization that it reaches; absent: all of the tenant's.
    pub organization_id: Option<OrganizationId>,
    /// Its last four characters.
    pub last4: String,
    /// Whether it works.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: ApiKeyStatus,
    /// Who made it.
    pub created_by: String,
    /// Their name then.
    pub created_by_name: String,
    /// When.
    pub created_at: Time,
    /// Its planned end, also that of a rotation.
    pub expires_at: Option<Time>,
    /// The key that replaces it.
    pub rotated_to: Option<ApiKeyId>,
    /// Since when a restore keeps it from working; an owner releases it.
    pub held_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// When it was last used, give or take ten seconds.
    pub last_used_at: Option<Time>,
    /// Widget tokens alive that it minted, which stop if it is revoked; no more than 10,000 are counted.
    pub live_tokens: i64,
}

/// `POST /v1/api-keys`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// 1 to 120 characters.
    pub name: String,
    /// Admin, member or viewer; at most the maker's own.
    pub role: Role,
    /// Binds it to one organization.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// Its planned end.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// `POST /v1/api-keys/:id/rotate`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRotation {
    /// For how long the old key goes on working: 0 to 30 days.
    pub overlap_seconds: i64,
    /// The new key's planned end; absent: none.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// A new key with its text, shown once.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct CreatedApiKey {
    /// Itself.
    #[serde(flatten)]
    pub api_key: ApiKey,
    /// `sk_live_...`
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub key: Secret,
    /// What to do with it.
    pub warning: String,
}
