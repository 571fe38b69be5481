//! "Your permissions": what the actor may do here.

use super::{Held, OrganizationRole, Standing, store};
use crate::{Op, Permission, Reach, Result, user::User};

impl Op {
    /// The actor's roles and, for every permission, where it is held.
    pub async fn permissions(&self) -> Result<Standing> {
        let roles = &self.actor().roles;
        let ids = roles.organizations.keys().map(ToString::to_string).collect();
        let names = store::organization_names(self.core().db(), self.tenant(), ids).await?;
        let organizations = names.into_iter().filter_map(|(organization_id, name)| {
            let role = *roles.organizations.get(&organization_id)?;
            Some(OrganizationRole { organization_id, name, role })
        });
        let permissions = Permission::ALL.into_iter().map(|permission| Held {
            permission,
            description: permission.describe().to_owned(),
            everywhere: roles.hold(permission, Reach::Tenant),
            organizations: roles.organizations.keys().filter(|id| roles.hold(permission, Reach::Organization(id))).cloned().collect(),
            least_role: permission.least_role(),
            tenant_wide: permission.is_tenant_wide(),
            needs_step_up: permission.needs_step_up(),
        });
        Ok(Standing { role: roles.tenant, organizations: organizations.collect(), permissions: permissions.collect() })
    }

    /// Whom to ask for more: the owners, at most ten of them. Every member may know them, whatever else they may read.
    pub async fn owners(&self) -> Result<Vec<User>> {
        store::owners(self.core().db(), self.tenant()).await
    }
}
