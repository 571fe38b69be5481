//! Organizations: the tenant's customers. A widget token reads and writes exactly one.

#[cfg(feature = "db")]
mod manage;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::{OrganizationId, Time};
use serde::{Deserialize, Serialize};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct Organization {
    /// `org_...`
    pub id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// Unique in the tenant, never used again.
    pub slug: String,
    /// Whether its origins may be `http` on loopback.
    pub allow_development_origins: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was deleted, in the answer to a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Time>,
}

/// An organization as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct OrganizationSummary {
    /// Itself.
    #[serde(flatten)]
    #[cfg_attr(feature = "db", sqlx(flatten))]
    pub organization: Organization,
    /// Origins on its allowlist.
    pub origins: i64,
    /// Widget tokens that are alive now; no more than 10,000 are counted.
    pub live_tokens: i64,
}

/// `POST /v1/organizations`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// 1 to 120 characters.
    pub name: String,
    /// Lower-case letters, digits and hyphens; made from the name when absent.
    #[serde(default)]
    pub slug: Option<String>,
    /// Off when absent.
    #[serde(default)]
    pub allow_development_origins: bool,
}

/// `PATCH /v1/organizations/:id`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// Lower-case letters, digits and hyphens.
    pub slug: Option<String>,
    /// Turning it off does not end live tokens that name development origins; removing those origins does.
    pub allow_development_origins: Option<bool>,
}
