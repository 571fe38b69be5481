//! Who may give, change or take which role: the rules that invitations, changes and removals share (AZ5).

use crate::{Code, Error, Op, OrganizationId, Permission, Reach, Result, Role};

/// At which level of the tenant.
pub(crate) fn reach(organization: Option<&OrganizationId>) -> Reach<'_> {
    organization.map_or(Reach::Tenant, Reach::Organization)
}

impl Op {
    /// Refuses, or answers the permission that the write needs. `roles` are those that somebody holds or is to hold there.
    pub(crate) fn may_grant(&self, organization: Option<&OrganizationId>, roles: &[Role]) -> Result<Permission> {
        let highest = roles.iter().copied().max().unwrap_or(Role::Viewer);
        let permission = Permission::to_give(highest, reach(organization));
        self.require(permission, reach(organization))?;
        let is_program = matches!(self.actor().who, crate::Who::CommandLine | crate::Who::System);
        if !is_program && !self.actor().roles.may_give(highest, reach(organization)) {
            return Err(Error::new(Code::InsufficientRole, format!("To give or take the role {highest} one must be {highest}.")));
        }
        Ok(permission)
    }
}
