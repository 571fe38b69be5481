//! What a customer may have opened for them: their role in each organization.

use crate::{
    api::roles::AssignRole,
    ui::{Actions, Button, Card, Choice, Hidden, SelectField, ServerForm, Stack},
};
use leptos::prelude::*;
use mintmark::role::{CustomerPlace, CustomerRole};

/// One form for each organization that they belong to.
#[component]
pub(super) fn Roles(tenant: String, places: Vec<CustomerPlace>, roles: Vec<CustomerRole>, refused: Option<String>) -> impl IntoView {
    if places.is_empty() {
        return view! {
            <Card title="Roles">"They belong to no organization, so nothing can be minted for them. A bridge token with organization_id, or the API, says where they belong."</Card>
        }
        .into_any();
    }
    let forms = places
        .into_iter()
        .map(|place| {
            let choices = std::iter::once(Choice::new("", "No role"))
                .chain(roles.iter().map(|role| Choice::new(role.id.to_string(), role.name.clone())))
                .collect::<Vec<_>>();
            let held = place.role_id.map(|id| id.to_string()).unwrap_or_default();
            let scope = format!("role-{}", place.organization_id);
            let (tenant, refused) = (tenant.clone(), refused.clone());
            view! {
                <ServerForm action={ServerAction::<AssignRole>::new()} scope inline=true done="Role saved">
                    <Hidden name="tenant" value=tenant/>
                    <Hidden name="customer" value=place.customer_id.to_string()/>
                    <Hidden name="organization" value=place.organization_id.to_string()/>
                    <SelectField name="role" label=format!("In {}", place.organization_name) choices value=held/>
                    <Actions><Button submit=true disabled_because=refused>"Save role"</Button></Actions>
                </ServerForm>
            }
        })
        .collect_view();
    view! {
        <Card title="Roles" description="What may be minted for them in each organization. Live tokens that a role no longer covers are refused at their next call.">
            <Stack>{forms}</Stack>
        </Card>
    }
    .into_any()
}
