//! Who is asking, and what they may do. The policy is one `match`; nothing outside this file compares roles.

use crate::{ApiKeyId, Code, Error, OrganizationId, RequestId, Result, SessionId, TenantId, Time, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::text_enum! {
    /// A role of a tenant or of one organization; a greater one holds everything that a lesser one does.
    pub enum Role("a role") {
        /// Reads everything but the audit log.
        Viewer = "viewer",
        /// Reads.
        Member = "member",
        /// Mints, revokes and configures.
        Admin = "admin",
        /// Everything, owners included.
        Owner = "owner",
    }
}

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
    pub const ALL: [Self; 21] = [
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
        Self::ReadAudit,
        Self::ReleaseHeld,
    ];

    /// The policy: the least role that holds it, the level at which, and whether proof of presence is needed (SE10).
    const fn policy(self) -> (Role, Level, bool) {
        use Level::{Organization, Tenant};
        match self {
            Self::ReadTenant | Self::ReadSigningKeys | Self::ReadApiKeys => (Role::Viewer, Tenant, false),
            Self::ReadOrganizations | Self::ReadOrigins | Self::ReadTokens | Self::ReadMembers => (Role::Viewer, Organization, false),
            Self::ReadAudit => (Role::Member, Organization, false),
            Self::UpdateOrganization | Self::ManageOrigins | Self::MintTokens | Self::RevokeTokens | Self::ManageMembers => {
                (Role::Admin, Organization, false)
            }
            Self::UpdateTenant | Self::CreateOrganization => (Role::Admin, Tenant, false),
            Self::DeleteOrganization | Self::ManageSigningKeys | Self::ManageApiKeys => (Role::Admin, Tenant, true),
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
            Self::ReadAudit => "read and export history",
            Self::ReleaseHeld => "release what a restore held",
        }
    }
}

/// Where a permission is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// The tenant as a whole.
    Tenant,
    /// One organization of it.
    Organization(&'a OrganizationId),
}

impl<'a> From<&'a OrganizationId> for Reach<'a> {
    fn from(id: &'a OrganizationId) -> Self {
        Self::Organization(id)
    }
}

/// The roles that one actor holds in one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roles {
    /// The role that covers every organization.
    pub tenant: Option<Role>,
    /// Roles of single organizations; the higher applicable one wins.
    pub organizations: BTreeMap<OrganizationId, Role>,
}

impl Roles {
    /// The role that applies there.
    #[must_use]
    pub fn at(&self, reach: Reach<'_>) -> Option<Role> {
        match reach {
            Reach::Tenant => self.tenant,
            Reach::Organization(id) => self.tenant.max(self.organizations.get(id).copied()),
        }
    }

    /// Whether these roles hold `permission` there.
    #[must_use]
    pub fn hold(&self, permission: Permission, reach: Reach<'_>) -> bool {
        let reach = if permission.is_tenant_wide() { Reach::Tenant } else { reach };
        self.at(reach).is_some_and(|role| role >= permission.least_role())
    }

    /// Whether `permission` is held anywhere: what decides whether a page is shown at all.
    #[must_use]
    pub fn hold_somewhere(&self, permission: Permission) -> bool {
        self.hold(permission, Reach::Tenant) || self.organizations.keys().any(|id| self.hold(permission, Reach::Organization(id)))
    }

    /// Whether the actor knows of the organization at all; others are 404 to it.
    #[must_use]
    pub fn reach(&self, organization: &OrganizationId) -> bool {
        self.tenant.is_some() || self.organizations.contains_key(organization)
    }

    /// Whether these roles may give `role` there, or take it from somebody: never more than one's own (AZ5).
    #[must_use]
    pub fn may_give(&self, role: Role, reach: Reach<'_>) -> bool {
        self.hold(Permission::to_give(role, reach), reach) && self.at(reach) >= Some(role)
    }

    /// The organizations that lists are narrowed to; none for a role of the tenant.
    #[must_use]
    pub fn narrowed_to(&self) -> Option<Vec<&OrganizationId>> {
        if self.tenant.is_some() { None } else { Some(self.organizations.keys().collect()) }
    }
}

/// Who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person in the dashboard or with a dashboard JWT.
    User {
        /// The person.
        id: UserId,
        /// As history names them.
        name: String,
        /// The session, which "sign out the others" spares.
        session: SessionId,
        /// When presence was last proved; for a JWT its `iat`.
        proved_at: Time,
    },
    /// A tenant's backend.
    ApiKey {
        /// The key's row.
        id: ApiKeyId,
        /// As history names it.
        name: String,
    },
    /// Somebody at the machine's own shell.
    CommandLine,
    /// The program itself: purges, planned ends.
    System,
    /// Somebody without a credential: set-up, sign-in, a widget's refused call.
    Anonymous,
}

/// From where a request came: what an audit event says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origination {
    /// The client's address, after trusted proxies.
    pub ip: Option<String>,
    /// At most 512 characters of it.
    pub user_agent: Option<String>,
    /// As in `x-request-id`.
    pub request_id: Option<RequestId>,
}

/// Somebody acting in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// In which tenant.
    pub tenant: TenantId,
    /// With which roles.
    pub roles: Roles,
    /// From where.
    pub from: Origination,
}

/// How long proof of presence lasts (SE10), in milliseconds.
pub const STEP_UP_LASTS: i64 = 5 * crate::time::MINUTE;

impl Actor {
    /// Refuses, or says nothing. An organization out of reach is not found; a known one names the role that is needed.
    pub fn require(&self, permission: Permission, reach: Reach<'_>, now: Time) -> Result<()> {
        if matches!(self.who, Who::CommandLine | Who::System) {
            return Ok(());
        }
        if let Reach::Organization(id) = reach
            && !self.roles.reach(id)
        {
            return Err(Error::not_found("organization"));
        }
        let needed = permission.least_role();
        if !self.roles.hold(permission, reach) {
            let level = if permission.is_tenant_wide() { " of the tenant" } else { "" };
            return Err(Error::new(Code::InsufficientRole, format!("To {} one must be {needed}{level}.", permission.describe())));
        }
        match &self.who {
            Who::ApiKey { .. } if needed == Role::Owner => {
                Err(Error::new(Code::InsufficientRole, "An API key may not do what only an owner may."))
            }
            Who::User { proved_at, .. } if permission.needs_step_up() && now.since(*proved_at) > STEP_UP_LASTS => Err(step_up()),
            _ => Ok(()),
        }
    }

    /// Id and name as rows keep them: who minted, who revoked.
    #[must_use]
    pub fn signature(&self) -> (String, String) {
        match &self.who {
            Who::User { id, name, .. } => (id.to_string(), name.clone()),
            Who::ApiKey { id, name } => (id.to_string(), name.clone()),
            Who::CommandLine => ("command_line".to_owned(), "Command line".to_owned()),
            Who::System => ("system".to_owned(), "Mintmark".to_owned()),
            Who::Anonymous => ("anonymous".to_owned(), "Nobody".to_owned()),
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        if let Who::User { id, .. } = &self.who { Some(id) } else { None }
    }

    /// The session, if a person acts.
    #[must_use]
    pub fn session(&self) -> Option<&SessionId> {
        if let Who::User { session, .. } = &self.who { Some(session) } else { None }
    }
}

/// The refusal that asks for the password or a code again.
#[must_use]
pub fn step_up() -> Error {
    Error::new(Code::StepUpRequired, "Confirm that it is you: enter your password or a code again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(tenant: Option<Role>) -> Roles {
        Roles { tenant, organizations: BTreeMap::new() }
    }

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
             ManageApiKeys: admin tenant step-up\nReadAudit: member organization\n\
             ReleaseHeld: owner tenant step-up\n"
        );
    }

    #[test]
    fn the_higher_applicable_role_wins() {
        let organization: OrganizationId = "org_0123456789abcdef01234567".parse().expect("an id");
        let mut roles = roles(Some(Role::Viewer));
        roles.organizations.insert(organization.clone(), Role::Admin);
        assert!(roles.hold(Permission::MintTokens, Reach::Organization(&organization)));
        assert!(!roles.hold(Permission::MintTokens, Reach::Tenant));
    }

    #[test]
    fn an_organization_role_never_touches_tenant_settings() {
        let organization: OrganizationId = "org_0123456789abcdef01234567".parse().expect("an id");
        let mut roles = roles(None);
        roles.organizations.insert(organization.clone(), Role::Owner);
        for permission in Permission::ALL.into_iter().filter(|permission| permission.is_tenant_wide()) {
            assert!(!roles.hold(permission, Reach::Organization(&organization)), "{permission:?}");
        }
    }
}
