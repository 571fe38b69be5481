//! Making, changing and deleting roles. Whoever has one is judged by it as it is at the next call.

use super::{ADMIN, CustomerRole, CustomerRoleChange, NewCustomerRole, WidgetPermission, store};
use crate::{
    Listed, Op, Permission, Reach, Result, RoleId, TenantId, Time,
    audit::{Action, Event},
    text,
    writer::Write,
};
use serde_json::json;

/// What a new tenant starts with (K3).
pub(crate) fn first(tenant: &TenantId, at: Time) -> Write {
    store::insert(tenant, &new(RoleId::new(at), ADMIN.to_owned(), WidgetPermission::ALL.to_vec(), at))
}

fn new(id: RoleId, name: String, permissions: Vec<WidgetPermission>, at: Time) -> CustomerRole {
    CustomerRole { id, name, permissions: ordered(permissions), holders: 0, created_at: at, updated_at: at, deleted_at: None }
}

/// Each once, in the order of their definition.
fn ordered(mut permissions: Vec<WidgetPermission>) -> Listed<WidgetPermission> {
    permissions.sort_unstable();
    permissions.dedup();
    Listed(permissions)
}

impl Op {
    /// Makes one; nobody has it yet.
    pub async fn create_role(&self, asked: NewCustomerRole) -> Result<CustomerRole> {
        let mut tx = self.begin(Permission::ManageRoles, Reach::Tenant)?;
        let role = new(RoleId::new(tx.now()), text::name("name", &asked.name)?, asked.permissions, tx.now());
        tx.write(store::insert(self.tenant(), &role));
        let event = Event::new(Action::RoleCreated).target(&role.id).with("name", role.name.as_str());
        tx.commit(event.with("permissions", json!(role.permissions))).await?;
        Ok(role)
    }

    /// Changes name or permissions; tokens that need what goes are refused at their next call.
    pub async fn update_role(&self, id: &RoleId, change: CustomerRoleChange) -> Result<CustomerRole> {
        let mut tx = self.begin(Permission::ManageRoles, Reach::Tenant)?.urgently();
        let before = self.role(id).await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        if let Some(permissions) = change.permissions {
            after.permissions = ordered(permissions);
        }
        if after == before {
            return Ok(after);
        }
        after.updated_at = tx.now();
        tx.write(store::update(self.tenant(), &before, &after));
        let event = Event::new(Action::RoleUpdated).target(id).changed("name", &before.name, &after.name).changed(
            "permissions",
            &json!(before.permissions),
            &json!(after.permissions),
        );
        tx.commit(event).await?;
        Ok(after)
    }

    /// Deletes it, and takes it from everybody who has it.
    pub async fn delete_role(&self, id: &RoleId) -> Result<CustomerRole> {
        let mut tx = self.begin(Permission::ManageRoles, Reach::Tenant)?.urgently();
        let mut role = self.role(id).await?;
        tx.write(store::delete(self.tenant(), id, tx.now()));
        let freed = tx.write(store::take_from_all(id));
        role.deleted_at = Some(tx.now());
        let event = Event::new(Action::RoleDeleted).target(id).with("name", role.name.as_str());
        tx.commit(event.with("permissions", json!(role.permissions)).counted(freed)).await?;
        Ok(role)
    }
}
