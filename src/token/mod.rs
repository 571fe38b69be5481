//! Widget tokens: bearer credentials for one organization, a scope and a set of origins, for an hour at most.

#[cfg(feature = "db")]
pub(crate) mod claims;
#[cfg(feature = "db")]
mod ends;
#[cfg(feature = "db")]
mod guard;
#[cfg(feature = "db")]
mod inspect;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod lives;
#[cfg(feature = "db")]
mod mint;
#[cfg(feature = "db")]
mod revoke;
mod route;
#[cfg(feature = "db")]
mod steps;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;
#[cfg(feature = "db")]
mod verify;

pub use route::{SUB_TREES, scope_of};
#[cfg(feature = "db")]
pub(crate) use {claims::ToSign, ends::bulk_event, guard::store::GuardRows};
#[cfg(feature = "db")]
pub use {
    claims::{Claims, Kind},
    guard::{Grant, Presented},
    inspect::{Imagined, Inspection, NamedKey, Row, Shown, Step, Verdict},
    mint::IdempotencyKey,
    verify::{Flaw, Rejection},
};

use crate::{CustomerId, KeyId, OrganizationId, Secret, Time, TokenId, origin::Origin};
use serde::{Deserialize, Serialize};

/// The shortest life, in seconds.
pub const SHORTEST_LIFE: i64 = 60;
/// The longest life, in seconds (A6); the table says so too.
pub const LONGEST_LIFE: i64 = 3_600;
/// Live tokens are counted up to here, among the two million that end last: whoever asks is told that there are more, and does not wait for a million.
pub const LIVE_COUNTED: i64 = 10_000;
/// What a secret that was just shown is accompanied by.
pub const SHOWN_ONCE: &str = "This token is shown once. Store it server-side and ship it to the browser only at render time.";

crate::text_enum! {
    /// What a widget token lets a page do. Each has a sub-tree of routes under `/widget/`.
    pub enum Scope("a scope") {
        /// Set up and test the organization's SSO connection.
        SsoConnection = "sso_connection",
        /// Connect a directory and see what it synchronises.
        DirectorySync = "directory_sync",
    }
}

impl Scope {
    /// The end of "This token can ...".
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::SsoConnection => "set up single sign-on",
            Self::DirectorySync => "connect a directory",
        }
    }
}

crate::text_enum! {
    /// What can be said of a token's life right now.
    pub enum TokenStatus("a token status") {
        /// Good on the next call.
        Active = "active",
        /// Past its time.
        Expired = "expired",
        /// Ended by somebody.
        Revoked = "revoked",
    }
}

/// A widget token's row; its JWT is never kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct WidgetToken {
    /// `wtok_...`, the JWT's `sub` and `jti`.
    pub id: TokenId,
    /// The one organization that it reads and writes.
    pub organization_id: OrganizationId,
    /// What it lets a page do.
    pub scope: Vec<Scope>,
    /// From where it may be presented.
    pub origins: Vec<Origin>,
    /// Whether it is good on the next call, judged when this was read.
    pub status: TokenStatus,
    /// What its minter called it.
    pub label: Option<String>,
    /// Who minted it: a `usr_` or `apik_` id.
    pub minted_by: String,
    /// Their name at that time.
    pub minted_by_name: String,
    /// The key that signed it.
    pub signing_key_id: KeyId,
    /// When it was minted.
    pub created_at: Time,
    /// When it dies by itself.
    pub expires_at: Time,
    /// When it was ended.
    pub revoked_at: Option<Time>,
    /// By whom: an id.
    pub revoked_by: Option<String>,
    /// Their name at that time.
    pub revoked_by_name: Option<String>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// When it last passed the guard; up to ten seconds late.
    pub last_used_at: Option<Time>,
    /// From which origin.
    pub last_used_origin: Option<String>,
    /// The customer for whom it was minted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<CustomerId>,
}

/// `POST /v1/widget-tokens`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mint {
    /// The one organization.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub organization_id: String,
    /// One or more of `sso_connection`, `directory_sync`.
    pub scope: Vec<String>,
    /// One or more of the organization's origins.
    pub origins: Vec<String>,
    /// Seconds; clamped to 60 to 3600 and to the tenant's longest life; the tenant's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<i64>,
    /// A `cus_` id: a token for this customer, who must hold there every permission that the scopes need, and is judged by that on every call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// A note for people, at most 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// `POST /v1/widgets/token`: what a backend asks for as it renders a page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WidgetsToken {
    /// The organization; when absent the key's own, else the customer's only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// A `cus_` id. Exactly the scopes are minted, or nothing: 403 `missing_permission` names what the customer lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// One or more of `sso_connection`, `directory_sync`.
    pub scopes: Vec<String>,
    /// Some of the organization's origins; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origins: Option<Vec<String>>,
}

/// The answer to a mint: the one time that the JWT is seen.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct MintedToken {
    /// `wtok_...`
    pub id: TokenId,
    /// The JWT.
    #[serde(serialize_with = "crate::secret::reveal_once")]
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub token: Secret,
    /// When it dies by itself.
    pub expires_at: Time,
    /// That it is shown once.
    pub warning: String,
}

/// How long a tenant lets its widget tokens live, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow))]
pub struct Lives {
    /// Where none is asked for.
    pub default_ttl_seconds: i64,
    /// What longer wishes are cut to.
    pub max_ttl_seconds: i64,
}

/// `DELETE /v1/widget-tokens/:id`, body optional.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Revocation {
    /// Why, for history.
    pub reason: Option<String>,
}

/// `POST /v1/widget-tokens/revoke`: a token is revoked if all given filters hold; at least one is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BulkRevocation {
    /// Of this organization.
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub organization_id: Option<OrganizationId>,
    /// Naming this origin.
    pub origin: Option<String>,
    /// Minted by this `usr_` or `apik_` id.
    pub minted_by: Option<String>,
    /// Signed by this key.
    #[cfg_attr(feature = "db", schema(value_type = Option<String>))]
    pub signing_key_id: Option<KeyId>,
    /// Why, for history.
    pub reason: Option<String>,
}

/// What a bulk revocation did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Revoked {
    /// How many live tokens ended.
    pub revoked: u64,
}

/// Which tokens a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct TokenFilter {
    /// Of this organization; of all within reach when absent.
    pub organization_id: Option<OrganizationId>,
    /// The full history instead of what is alive.
    pub include_revoked: bool,
    /// Only those of this status; wins over `include_revoked`.
    pub status: Option<TokenStatus>,
    /// Only those that hold this scope.
    pub scope: Option<Scope>,
    /// Only those that name this origin.
    pub origin: Option<String>,
    /// Only those minted by this id.
    pub minted_by: Option<String>,
    /// Only those signed by this key.
    pub signing_key_id: Option<KeyId>,
    /// Only those whose label contains this, or whose id it is.
    pub search: Option<String>,
}

/// What the guard tells a page of its own token: `GET /widget/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct WidgetSession {
    /// `wtok_...`
    pub id: TokenId,
    /// Whose widgets these are.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub tenant_id: crate::TenantId,
    /// The one organization.
    pub organization_id: OrganizationId,
    /// What the page may do.
    pub scope: Vec<Scope>,
    /// From where.
    pub origins: Vec<Origin>,
    /// Until when.
    pub expires_at: Time,
    /// The customer for whom it was minted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<CustomerId>,
}

/// What `GET /widget/organization` tells: the organization's name and origins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct WidgetOrganization {
    /// `org_...`
    pub id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// What its tokens may name.
    pub origins: Vec<Origin>,
}
