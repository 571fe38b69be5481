//! Roles that a tenant defines for its customers, out of what widgets may do (K2 to K4).
//!
//! They have nothing to do with the four roles of members, which stay fixed: a customer never signs in to the dashboard. A role
//! holds in the organization in which a customer has it, and a widget token for a customer is good only while it holds all that
//! the token's scopes need.

#[cfg(feature = "db")]
mod assign;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod manage;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub(crate) use manage::first;
#[cfg(feature = "db")]
pub(crate) use store::{held, holds};

use crate::{CustomerId, Listed, OrganizationId, RoleId, Time, token::Scope};
use serde::{Deserialize, Serialize};

/// The most roles of a tenant.
pub const MOST: i64 = 50;

/// What every tenant starts with; it holds every permission (K3).
pub const ADMIN: &str = "Admin";

crate::text_enum! {
    /// What a widget may be used for, by the customer for whom it was opened.
    pub enum WidgetPermission("a widget permission") {
        /// Invite, remove and change the organization's users.
        UsersTable = "widgets:users-table:manage",
        /// Set up single sign-on.
        Sso = "widgets:sso:manage",
        /// Connect a directory.
        DirectorySync = "widgets:dsync:manage",
        /// Prove that a domain is theirs.
        DomainVerification = "widgets:domain-verification:manage",
        /// Make and revoke the organization's own API keys.
        ApiKeys = "widgets:api-keys:manage",
        /// Read the organization's audit log.
        AuditLog = "widgets:audit-log:read",
        /// Connect accounts of third parties.
        Pipes = "widgets:pipes:manage",
    }
}

impl WidgetPermission {
    /// The end of "Whoever holds it may ...".
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::UsersTable => "invite, remove and change users",
            Self::Sso => "set up single sign-on",
            Self::DirectorySync => "connect a directory",
            Self::DomainVerification => "verify domains",
            Self::ApiKeys => "make and revoke API keys",
            Self::AuditLog => "read the audit log",
            Self::Pipes => "connect accounts of third parties",
        }
    }

    /// The scope that needs it; none while there is no such widget: it can be held, and nothing can be minted for it.
    #[must_use]
    pub fn scope(self) -> Option<Scope> {
        Scope::ALL.iter().copied().find(|scope| scope.permission() == self)
    }
}

impl Scope {
    /// What a customer must hold so that a token with this scope is minted for them (K4).
    #[must_use]
    pub const fn permission(self) -> WidgetPermission {
        match self {
            Self::SsoConnection => WidgetPermission::Sso,
            Self::DirectorySync => WidgetPermission::DirectorySync,
        }
    }
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct CustomerRole {
    /// `rol_...`
    pub id: RoleId,
    /// What people call it; unique in the tenant.
    pub name: String,
    /// What it holds.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Vec<WidgetPermission>))]
    pub permissions: Listed<WidgetPermission>,
    /// How many customers have it, counted once for each organization.
    pub holders: i64,
    /// When it was made.
    pub created_at: Time,
    /// When its name or its permissions last changed.
    pub updated_at: Time,
    /// When it was deleted, in the answer to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Time>,
}

/// `POST /v1/roles`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCustomerRole {
    /// 1 to 120 characters, unique in the tenant.
    pub name: String,
    /// Any of the widget permissions; none is allowed too.
    pub permissions: Vec<WidgetPermission>,
}

/// `PATCH /v1/roles/:id`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CustomerRoleChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// The whole list.
    pub permissions: Option<Vec<WidgetPermission>>,
}

/// `PUT /v1/customers/:id/organizations/:organization_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleAssignment {
    /// A `rol_` id of the tenant.
    #[cfg_attr(feature = "db", schema(value_type = String))]
    pub role_id: RoleId,
}

/// A customer in one organization, with the role that they have there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct CustomerPlace {
    /// Who.
    pub customer_id: CustomerId,
    /// What lists call them.
    pub customer_name: String,
    /// Where.
    pub organization_id: OrganizationId,
    /// What people call it.
    pub organization_name: String,
    /// The role there; absent for who only belongs.
    pub role_id: Option<RoleId>,
    /// Its name.
    pub role_name: Option<String>,
}

/// How many live tokens need one of a role's permissions: what stops at its next call when the permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliance {
    /// The permission.
    pub permission: WidgetPermission,
    /// Live tokens of customers with this role that need it.
    pub live_tokens: i64,
}
