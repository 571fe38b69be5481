//! Members: which people hold which roles, in the tenant and in its organizations.

#[cfg(feature = "db")]
mod change_role;
#[cfg(feature = "db")]
pub(crate) mod grant;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod outlook;
#[cfg(feature = "db")]
mod release;
#[cfg(feature = "db")]
mod remove;
#[cfg(feature = "db")]
mod standing;
#[cfg(feature = "db")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use crate::{OrganizationId, Permission, Role, Time, UserId, user::User};
use serde::{Deserialize, Serialize};

/// Somebody with at least one role in the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    #[serde(flatten)]
    pub user: User,
    /// The role that covers every organization; none for members of single ones, and for those who see no further.
    pub role: Option<Role>,
    /// Roles of single organizations, as far as the reader's own reach goes.
    pub organizations: Vec<OrganizationRole>,
    /// Whether a second factor is on.
    pub second_factor: bool,
    /// Since when, at any level.
    pub joined_at: Time,
    /// When one of their sessions was last seen.
    pub last_seen_at: Option<Time>,
    /// Since when a restore keeps them out; an owner lets them in again.
    pub held_at: Option<Time>,
}

/// A role of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct OrganizationRole {
    /// Which.
    pub organization_id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// The role there.
    pub role: Role,
}

/// `PATCH /v1/members/:id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The new one.
    pub role: Role,
    /// At which level; absent: the tenant's.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// When they fall below admin: whether the live tokens that they minted, and could mint no more, die at once.
    #[serde(default = "yes")]
    pub revoke_minted: bool,
}

/// `DELETE /v1/members/:id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// From this organization only; absent: from the tenant with all its organizations.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// Whether the live tokens that they minted, and could mint no more, die at once.
    #[serde(default = "yes")]
    pub revoke_minted: bool,
}

impl Default for Removal {
    fn default() -> Self {
        Self { organization_id: None, revoke_minted: true }
    }
}

fn yes() -> bool {
    true
}

/// What a removal or demotion would end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct MintedAlive {
    /// Live widget tokens that this person minted and could mint no more; no more than 10,000 are counted.
    pub live_tokens: i64,
}

/// A member, and what changing or removing them would do. Counts are zero where the reader may not do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberOutlook {
    /// Who.
    pub member: Member,
    /// Nobody else could still come in as an owner: they can be neither demoted nor removed.
    pub last_owner: bool,
    /// Live widget tokens that a removal from the tenant would end.
    pub by_removal: i64,
    /// Those that a fall below admin in the tenant would end.
    pub by_demotion: i64,
    /// Those that a fall below admin in each organization would end, in the order of the member's organizations.
    pub by_organization: Vec<i64>,
}

/// What the actor may do here, and why not the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The role of the tenant.
    pub role: Option<Role>,
    /// Roles of single organizations.
    pub organizations: Vec<OrganizationRole>,
    /// Every permission, held or not, in the order of the policy.
    pub permissions: Vec<Held>,
}

/// One line of "your permissions".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Held {
    /// Which.
    pub permission: Permission,
    /// The end of "You may ...".
    pub description: String,
    /// Whether it is held everywhere in the tenant.
    pub everywhere: bool,
    /// The organizations where it is held by their own role.
    pub organizations: Vec<OrganizationId>,
    /// The least role that holds it.
    pub least_role: Role,
    /// Whether only a role of the tenant counts.
    pub tenant_wide: bool,
    /// Whether presence must have been proved within five minutes.
    pub needs_step_up: bool,
}

/// Somebody who was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct Removed {
    /// Who.
    pub user_id: UserId,
    /// How many live tokens died with it.
    pub revoked_tokens: u64,
}
