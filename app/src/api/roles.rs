//! Roles of customers: what they hold, who has them, and what relies on them.

use crate::Answer;
use leptos::prelude::*;
use mintmark::role::{CustomerPlace, CustomerRole, Reliance};
use serde::{Deserialize, Serialize};

use super::{acting, id};
use mintmark::{
    CustomerId, Limit, OrganizationId, Permission, Reach, RoleId,
    role::{CustomerRoleChange, NewCustomerRole, RoleAssignment, WidgetPermission},
};

/// The tenant's roles, newest first, all of them.
#[server(endpoint = "list_roles")]
pub async fn list_roles(tenant: String) -> Answer<Vec<CustomerRole>> {
    Ok(acting(&tenant).await?.roles(Limit::MOST, None).await?.data)
}

/// A role with all that its page shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoleAtWork {
    /// The role.
    pub role: CustomerRole,
    /// Live tokens by the permission that they need.
    pub reliance: Vec<Reliance>,
    /// Who has it, as far as one may see customers, 50 of them.
    pub holders: Option<Vec<CustomerPlace>>,
}

/// One role.
#[server(endpoint = "show_role")]
pub async fn show_role(tenant: String, role: String) -> Answer<RoleAtWork> {
    let (op, role) = (acting(&tenant).await?, id::<RoleId>(&role, RoleId::NOUN)?);
    let may = op.actor().roles.hold(Permission::ReadCustomers, Reach::Tenant);
    let holders = if may { Some(op.role_holders(&role, Limit::default()).await?) } else { None };
    Ok(RoleAtWork { reliance: op.reliance(&role).await?, role: op.role(&role).await?, holders })
}

/// Makes one and goes to its page.
#[server(endpoint = "create_role")]
pub async fn create_role(tenant: String, name: String, #[server(default)] permissions: Vec<WidgetPermission>) -> Answer<CustomerRole> {
    let made = acting(&tenant).await?.create_role(NewCustomerRole { name, permissions }).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/roles/{}", made.id));
    Ok(made)
}

/// Changes name and permissions; what is not ticked goes.
#[server(endpoint = "update_role")]
pub async fn update_role(
    tenant: String,
    role: String,
    name: String,
    #[server(default)] permissions: Vec<WidgetPermission>,
) -> Answer<CustomerRole> {
    let change = CustomerRoleChange { name: Some(name), permissions: Some(permissions) };
    Ok(acting(&tenant).await?.update_role(&id(&role, RoleId::NOUN)?, change).await?)
}

/// Deletes one and takes it from everybody who has it.
#[server(endpoint = "delete_role")]
pub async fn delete_role(tenant: String, role: String) -> Answer<CustomerRole> {
    let deleted = acting(&tenant).await?.delete_role(&id(&role, RoleId::NOUN)?).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/roles"));
    Ok(deleted)
}

/// Where a customer belongs, each with the role there, and the roles that can be given.
#[server(endpoint = "customer_roles")]
pub async fn customer_roles(tenant: String, customer: String) -> Answer<(Vec<CustomerPlace>, Vec<CustomerRole>)> {
    let op = acting(&tenant).await?;
    Ok((op.customer_places(&id(&customer, CustomerId::NOUN)?).await?, op.roles(Limit::MOST, None).await?.data))
}

/// Gives a customer a role in an organization; an empty one takes it away.
#[server(endpoint = "assign_role")]
pub async fn assign_role(tenant: String, customer: String, organization: String, #[server(default)] role: String) -> Answer<CustomerPlace> {
    let op = acting(&tenant).await?;
    let (customer, organization) =
        (id::<CustomerId>(&customer, CustomerId::NOUN)?, id::<OrganizationId>(&organization, OrganizationId::NOUN)?);
    if role.is_empty() {
        return Ok(op.take_role(&customer, &organization).await?);
    }
    Ok(op.assign_role(&customer, &organization, &RoleAssignment { role_id: id(&role, RoleId::NOUN)? }).await?)
}
