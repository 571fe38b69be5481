//! Tenants: the companies that run widgets. Everything but users belongs to exactly one.

#[cfg(feature = "db")]
mod create;
#[cfg(feature = "db")]
mod revoke_everything;
#[cfg(feature = "db")]
mod set_up;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
#[cfg(feature = "db")]
mod update;

use crate::{Code, Error, Result, Role, Secret, TenantId, Time, UserId, text};
use serde::{Deserialize, Serialize};

/// A tenant with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Tenant {
    /// `ten_...`
    pub id: TenantId,
    /// Part of its address and of every issuer; never changes.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// Nothing issued before this moment is accepted.
    pub not_before: Time,
    /// The life of a widget token for which none was asked.
    pub default_ttl_seconds: i64,
    /// The longest that may be asked; longer ones are clamped to it.
    pub max_ttl_seconds: i64,
    /// For how long dead tokens and history are kept.
    pub retention_days: i64,
    /// When it was made.
    pub created_at: Time,
    /// When the checklist on the overview was put away.
    pub checklist_hidden_at: Option<Time>,
}

/// A tenant as its member sees it in the switcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct TenantSummary {
    /// `ten_...`
    pub id: TenantId,
    /// Its address: `/t/<slug>`.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// The role of the tenant, else the highest of its organizations.
    pub role: Role,
}

/// A tenant and its first owner, from the command line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    /// 1 to 120 characters.
    pub tenant_name: String,
    /// 2 to 40 lower-case letters, digits and hyphens; never changes.
    pub tenant_slug: String,
    /// Known or new.
    pub email: String,
    /// Needed for a new person; a known one keeps theirs.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The new person's name; the e-mail's first part when absent.
    #[serde(default)]
    pub name: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedOwner {
    /// The new tenant.
    pub tenant_id: TenantId,
    /// Its owner.
    pub user_id: UserId,
}

/// The first owner's form behind the set-up link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the link.
    pub token: Secret,
    /// 1 to 120 characters.
    pub tenant_name: String,
    /// Made from the name when absent.
    #[serde(default)]
    pub tenant_slug: Option<String>,
    /// Of the first owner.
    pub email: String,
    /// Of the first owner.
    pub name: String,
    /// At least 15 characters.
    pub password: Secret,
}

/// A one-time link that the command line prints.
#[derive(Serialize)]
pub struct OneTimeLink {
    /// The whole address; whoever has it may use it.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    pub url: Secret,
    /// What of it is the secret.
    #[serde(skip)]
    pub token: Secret,
    /// Until when it works, once.
    pub expires_at: Time,
}

/// What may be changed; what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TenantChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// 60 to 3600, at most `max_ttl_seconds`.
    pub default_ttl_seconds: Option<i64>,
    /// 60 to 3600.
    pub max_ttl_seconds: Option<i64>,
    /// At least 30.
    pub retention_days: Option<i64>,
    /// Puts the overview's checklist away, or brings it back.
    pub hide_checklist: Option<bool>,
}

/// "Revoke everything", confirmed by typing the tenant's name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeEverything {
    /// The tenant's name, letter for letter.
    pub confirm: String,
    /// At most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What "Revoke everything" would end, or has ended; tokens and customers' sessions as far as [`LIVE_COUNTED`](crate::token::LIVE_COUNTED) says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct EverythingAlive {
    /// Widget tokens.
    #[cfg_attr(feature = "db", sqlx(default))]
    pub tokens: i64,
    /// API keys.
    pub api_keys: i64,
    /// Dashboard sessions of members, without the actor's own.
    pub sessions: i64,
    /// Invitations that nobody has accepted.
    pub invitations: i64,
    /// Bridge keys that verify.
    pub bridge_keys: i64,
    /// Verification secrets that work.
    pub verification_secrets: i64,
    /// Customers' sessions.
    pub customer_sessions: i64,
    /// Identity tokens.
    pub identity_tokens: i64,
}

/// What retention may not fall below, in days.
pub const LEAST_RETENTION: i64 = 30;

/// Words that are, or may become, addresses of the program itself.
const RESERVED: [&str; 12] =
    ["admin", "api", "app", "docs", "embed", "healthz", "mintmark", "new", "sdk", "static", "well-known", "widget"];

/// A tenant's slug: as any slug, and none of the program's own words.
pub fn slug(text: &str) -> Result<String> {
    let slug = text::slug(text)?;
    if RESERVED.contains(&slug.as_str()) {
        return Err(Error::new(Code::InvalidField, "This word is reserved; choose another slug.").field("slug"));
    }
    Ok(slug)
}
