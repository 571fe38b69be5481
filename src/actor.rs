//! Who is asking, and with which roles. Nothing outside this file and `permission.rs` compares roles.

use crate::{ApiKeyId, Code, CustomerId, Error, OrganizationId, Permission, RequestId, Result, SessionId, TenantId, Time, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::text_enum! {
    /// A role of a tenant or of one organization; a greater one holds everything that a lesser one does.
    pub enum Role("a role") {
        /// Reads everything but the audit log and what visitors wrote.
        Viewer = "viewer",
        /// Reads.
        Member = "member",
        /// Mints, revokes and configures.
        Admin = "admin",
        /// Everything, owners included.
        Owner = "owner",
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
    /// A customer, in a page of the tenant's. Nothing but the id is kept: history cannot be erased, and a person's data must be.
    Customer {
        /// Who.
        id: CustomerId,
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
            Who::Customer { id } => (id.to_string(), "The customer".to_owned()),
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

    #[test]
    fn what_is_held_in_the_tenant_or_in_one_organization_is_held_somewhere() {
        let organization: OrganizationId = "org_0123456789abcdef01234567".parse().expect("an id");
        let mut roles = roles(None);
        assert!(!roles.hold_somewhere(Permission::ReadTokens), "no role at all");
        roles.organizations.insert(organization, Role::Viewer);
        assert!(roles.hold_somewhere(Permission::ReadTokens) && !roles.hold_somewhere(Permission::MintTokens));
        roles.tenant = Some(Role::Admin);
        assert!(roles.hold_somewhere(Permission::MintTokens) && roles.hold_somewhere(Permission::ManageProducts));
    }

    /// SE10: five minutes, and not a millisecond more.
    #[test]
    fn presence_holds_for_five_minutes() {
        let permission = Permission::ALL.into_iter().find(|permission| permission.needs_step_up()).expect("one asks for it");
        let start = Time::from_millis(1_800_000_000_000);
        let actor = Actor {
            who: Who::User { id: UserId::new(start), name: "Ada".into(), session: SessionId::new(start), proved_at: start },
            tenant: TenantId::new(start),
            roles: roles(Some(Role::Owner)),
            from: Origination::default(),
        };
        assert!(actor.require(permission, Reach::Tenant, start.plus(300_000)).is_ok());
        let refused = actor.require(permission, Reach::Tenant, start.plus(300_001));
        assert_eq!(refused.map_err(|error| error.code()), Err(Code::StepUpRequired));
    }

    /// Whatever role it bears: an API key proves nobody's presence.
    #[test]
    fn an_api_key_does_nothing_that_only_an_owner_may() {
        let start = Time::from_millis(1_800_000_000_000);
        let actor = Actor {
            who: Who::ApiKey { id: ApiKeyId::new(start), name: "Backend".into() },
            tenant: TenantId::new(start),
            roles: roles(Some(Role::Owner)),
            from: Origination::default(),
        };
        for permission in Permission::ALL {
            let refused = actor.require(permission, Reach::Tenant, start).map_err(|error| error.code());
            let expected = if permission.least_role() == Role::Owner { Err(Code::InsufficientRole) } else { Ok(()) };
            assert_eq!(refused, expected, "{permission:?}");
        }
    }
}
