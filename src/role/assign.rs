//! Giving a customer a role in an organization, and taking it away.

use super::{CustomerPlace, RoleAssignment, store};
use crate::{
    CustomerId, Error, Op, OrganizationId, Permission, Reach, Result,
    audit::{Action, Event},
    organization,
};

impl Op {
    /// From now on they have this role there, whatever they had; they belong there if they did not yet.
    pub async fn assign_role(&self, customer: &CustomerId, organization: &OrganizationId, asked: &RoleAssignment) -> Result<CustomerPlace> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        self.customer(customer).await?;
        let found = organization::store::find(self.core().db(), self.tenant(), organization).await?;
        found.ok_or_else(|| Error::not_found("organization"))?;
        let role = store::find(self.core().db(), self.tenant(), &asked.role_id).await?;
        let role = role.ok_or_else(|| Error::invalid("role_id", "No such role."))?;
        let before = store::place(self.core().db(), self.tenant(), customer, organization).await?;
        if before.as_ref().is_some_and(|place| place.role_id.as_ref() == Some(&role.id)) {
            return self.place(customer, organization).await;
        }
        tx.write(crate::customer::store::join(self.tenant(), customer, organization, tx.now()));
        tx.write(store::assign(self.tenant(), customer, organization, &role.id));
        let had = before.and_then(|place| place.role_name);
        let event = Event::new(Action::CustomerRoleSet).target(customer).organization(organization);
        tx.commit(event.changed("role", &had, &Some(role.name))).await?;
        self.place(customer, organization).await
    }

    /// From now on they have no role there; they go on belonging.
    pub async fn take_role(&self, customer: &CustomerId, organization: &OrganizationId) -> Result<CustomerPlace> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        self.customer(customer).await?;
        let before = self.place(customer, organization).await?;
        let Some(had) = before.role_name.clone() else { return Ok(before) };
        tx.write(store::take(customer, organization));
        let event = Event::new(Action::CustomerRoleTaken).target(customer).organization(organization);
        tx.commit(event.changed("role", &Some(had), &None)).await?;
        self.place(customer, organization).await
    }

    async fn place(&self, customer: &CustomerId, organization: &OrganizationId) -> Result<CustomerPlace> {
        let found = store::place(self.core().db(), self.tenant(), customer, organization).await?;
        found.ok_or_else(|| Error::not_found("organization of this customer"))
    }
}
