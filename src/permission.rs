//! What one may be allowed to do. The policy is one `match`.

use crate::{Reach, Role};
use serde::{Deserialize, Serialize};

/// One thing that an actor may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See the tenant's name and settings.
    ReadTenant,
    /// Rename it, set lives and retention.
    UpdateTenant,
    /// Move `not_before`: everything issued so far is dead.
    RevokeEverything,
    /// See organizations.
    ReadOrganizations,
    /// Make one.
    CreateOrganization,
    /// Rename it, switch development origins.
    UpdateOrganization,
    /// Delete it with all that is live in it.
    DeleteOrganization,
    /// See an organization's origins.
    ReadOrigins,
    /// Add and remove them.
    ManageOrigins,
    /// See widget tokens, never their text.
    ReadTokens,
    /// Mint widget tokens.
    MintTokens,
    /// Revoke widget tokens, one or many.
    RevokeTokens,
    /// See signing keys and their state.
    ReadSigningKeys,
    /// Create, promote, rotate, retire and revoke them.
    ManageSigningKeys,
    /// See members and invitations.
    ReadMembers,
    /// Invite, remove, change roles below owner.
    ManageMembers,
    /// The same where an owner is concerned, before or after; also the reset of an account.
    ManageOwners,
    /// See API keys, never their text.
    ReadApiKeys,
    /// Create, rotate and revoke them.
    ManageApiKeys,
    /// See products with their domains, embed keys and offerings.
    ReadProducts,
    /// Make, change and delete products, register their domains.
    ManageProducts,
    /// Create, change, rotate and disable embed keys. They are public, so no proof of presence is asked for.
    ManageEmbedKeys,
    /// Write, publish, order and archive offerings.
    ManageOfferings,
    /// See what was mailed to whom, and whether it arrived; never what was in it.
    ReadOutbox,
    /// Send a test mail, and read mail where none is sent.
    ManageOutbox,
    /// Make, promote, retire and revoke the keys that vouch for customers.
    ManageBridgeKeys,
    /// Make, rotate and revoke the secrets that buy identity tokens.
    ManageVerificationSecrets,
    /// See customers and their sessions.
    ReadCustomers,
    /// Write customers down, change, ban and delete them, end their sessions.
    ManageCustomers,
    /// See the roles of customers, and what they hold.
    ReadRoles,
    /// Make, change and delete them.
    ManageRoles,
    /// Read what visitors wrote to a product.
    ReadConversations,
    /// Answer, close and erase it.
    ManageConversations,
    /// Read and export history.
    ReadAudit,
    /// Let members and API keys live again that a restore brought back held.
    ReleaseHeld,
}

/// At which level a permission is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// A role of the organization in question is enough.
    Organization,
    /// Only a role of the tenant counts.
    Tenant,
}

impl Permission {
    /// Every permission, in the order of the "your permissions" page.
    pub const ALL: [Self; 35] = [
        Self::ReadTenant,
        Self::UpdateTenant,
        Self::RevokeEverything,
        Self::ReadOrganizations,
        Self::CreateOrganization,
        Self::UpdateOrganization,
        Self::DeleteOrganization,
        Self::ReadOrigins,
        Self::ManageOrigins,
        Self::ReadTokens,
        Self::MintTokens,
        Self::RevokeTokens,
        Self::ReadSigningKeys,
        Self::ManageSigningKeys,
        Self::ReadMembers,
        Self::ManageMembers,
        Self::ManageOwners,
        Self::ReadApiKeys,
        Self::ManageApiKeys,
        Self::ReadProducts,
        Self::ManageProducts,
        Self::ManageEmbedKeys,
        Self::ManageOfferings,
        Self::ReadOutbox,
        Self::ManageOutbox,
        Self::ManageBridgeKeys,
        Self::ManageVerificationSecrets,
        Self::ReadCustomers,
        Self::ManageCustomers,
        Self::ReadRoles,
        Self::ManageRoles,
        Self::ReadConversations,
        Self::ManageConversations,
        Self::ReadAudit,
        Self::ReleaseHeld,
    ];

    /// The policy: the least role that holds it, the level at which, and whether proof of presence is needed (SE10).
    const fn policy(self) -> (Role, Level, bool) {
        use Level::{Organization, Tenant};
        match self {
            Self::ReadTenant
            | Self::ReadSigningKeys
            | Self::ReadApiKeys
            | Self::ReadProducts
            | Self::ReadOutbox
            | Self::ReadCustomers
            | Self::ReadRoles => (Role::Viewer, Tenant, false),
            Self::ReadOrganizations | Self::ReadOrigins | Self::ReadTokens | Self::ReadMembers => (Role::Viewer, Organization, false),
            Self::ReadAudit => (Role::Member, Organization, false),
            Self::ReadConversations => (Role::Member, Tenant, false),
            Self::UpdateOrganization | Self::ManageOrigins | Self::MintTokens | Self::RevokeTokens | Self::ManageMembers => {
                (Role::Admin, Organization, false)
            }
            Self::UpdateTenant
            | Self::CreateOrganization
            | Self::ManageProducts
            | Self::ManageEmbedKeys
            | Self::ManageOfferings
            | Self::ManageOutbox
            | Self::ManageCustomers
            | Self::ManageRoles
            | Self::ManageConversations => (Role::Admin, Tenant, false),
            Self::DeleteOrganization
            | Self::ManageSigningKeys
            | Self::ManageApiKeys
            | Self::ManageBridgeKeys
            | Self::ManageVerificationSecrets => (Role::Admin, Tenant, true),
            Self::ManageOwners | Self::RevokeEverything | Self::ReleaseHeld => (Role::Owner, Tenant, true),
        }
    }

    /// What one needs to give `role` there, or to take it from somebody: an owner of the tenant is more than a member.
    #[must_use]
    pub fn to_give(role: Role, reach: Reach<'_>) -> Self {
        if role == Role::Owner && reach == Reach::Tenant { Self::ManageOwners } else { Self::ManageMembers }
    }

    /// The least role that holds it.
    #[must_use]
    pub const fn least_role(self) -> Role {
        self.policy().0
    }

    /// Whether only a role of the tenant counts.
    #[must_use]
    pub fn is_tenant_wide(self) -> bool {
        self.policy().1 == Level::Tenant
    }

    /// Whether proof of presence within the last five minutes is needed.
    #[must_use]
    pub const fn needs_step_up(self) -> bool {
        self.policy().2
    }

    /// What it lets one do, as the end of "You may ...".
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::ReadTenant => "see the tenant's settings",
            Self::UpdateTenant => "change the tenant's settings",
            Self::RevokeEverything => "revoke everything issued so far",
            Self::ReadOrganizations => "see organizations",
            Self::CreateOrganization => "create organizations",
            Self::UpdateOrganization => "change an organization",
            Self::DeleteOrganization => "delete an organization",
            Self::ReadOrigins => "see allowed origins",
            Self::ManageOrigins => "add and remove allowed origins",
            Self::ReadTokens => "see widget tokens",
            Self::MintTokens => "mint widget tokens",
            Self::RevokeTokens => "revoke widget tokens",
            Self::ReadSigningKeys => "see signing keys",
            Self::ManageSigningKeys => "create, rotate and revoke signing keys",
            Self::ReadMembers => "see members and invitations",
            Self::ManageMembers => "invite, remove and change members",
            Self::ManageOwners => "make, change and remove owners",
            Self::ReadApiKeys => "see API keys",
            Self::ManageApiKeys => "create, rotate and revoke API keys",
            Self::ReadProducts => "see products",
            Self::ManageProducts => "make, change and delete products",
            Self::ManageEmbedKeys => "create, change and disable embed keys",
            Self::ManageOfferings => "write, publish and archive offerings",
            Self::ReadOutbox => "see what was mailed to whom",
            Self::ManageOutbox => "send a test mail and read mail that is not sent",
            Self::ManageBridgeKeys => "create, promote and revoke bridge keys",
            Self::ManageVerificationSecrets => "create, rotate and revoke verification secrets",
            Self::ReadCustomers => "see customers and their sessions",
            Self::ManageCustomers => "change, ban and delete customers",
            Self::ReadRoles => "see the roles of customers",
            Self::ManageRoles => "make, change and delete roles of customers",
            Self::ReadConversations => "read conversations",
            Self::ManageConversations => "answer, close and erase conversations",
            Self::ReadAudit => "read and export history",
            Self::ReleaseHeld => "release what a restore held",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::format_collect, reason = "a row reads best as one format string")]
    fn the_policy_is_this_table() {
        let table: String = Permission::ALL
            .into_iter()
            .map(|permission| {
                let level = if permission.is_tenant_wide() { "tenant" } else { "organization" };
                let step_up = if permission.needs_step_up() { " step-up" } else { "" };
                format!("{permission:?}: {} {level}{step_up}\n", permission.least_role())
            })
            .collect();
        assert_eq!(
            table,
            "ReadTenant: viewer tenant\nUpdateTenant: admin tenant\nRevokeEverything: owner tenant step-up\n\
             ReadOrganizations: viewer organization\nCreateOrganization: admin tenant\nUpdateOrganization: admin organization\n\
             DeleteOrganization: admin tenant step-up\nReadOrigins: viewer organization\nManageOrigins: admin organization\n\
             ReadTokens: viewer organization\nMintTokens: admin organization\nRevokeTokens: admin organization\n\
             ReadSigningKeys: viewer tenant\nManageSigningKeys: admin tenant step-up\nReadMembers: viewer organization\n\
             ManageMembers: admin organization\nManageOwners: owner tenant step-up\nReadApiKeys: viewer tenant\n\
             ManageApiKeys: admin tenant step-up\nReadProducts: viewer tenant\nManageProducts: admin tenant\n\
             ManageEmbedKeys: admin tenant\nManageOfferings: admin tenant\nReadOutbox: viewer tenant\nManageOutbox: admin tenant\n\
             ManageBridgeKeys: admin tenant step-up\nManageVerificationSecrets: admin tenant step-up\nReadCustomers: viewer tenant\nManageCustomers: admin tenant\nReadRoles: viewer tenant\n\
             ManageRoles: admin tenant\nReadConversations: member tenant\nManageConversations: admin tenant\nReadAudit: member organization\n\
             ReleaseHeld: owner tenant step-up\n"
        );
    }
}
