//! One role: what it holds, what would break if it held less, who has it, its end.

use super::choices;
use crate::{
    api::roles::{DeleteRole, RoleAtWork, UpdateRole, show_role},
    pages::{address, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{
        Actions, Button, Card, Cell, CheckboxGroup, Crumb, DangerDialog, Hidden, Notice, PageHeader, Row, RowLink, ServerForm, Stack,
        Table, TextField, Variant,
    },
};
use leptos::prelude::*;
use mintmark::{Permission, Reach, role::CustomerPlace};

/// `/t/:tenant/roles/:role`
#[component]
pub fn RolePage() -> impl IntoView {
    let standing = standing();
    let tenant = standing.slug();
    loaded_or_ask("Role", tenant.clone(), show_role(tenant, address("role")), move |one| view! { <Detail standing one/> })
}

#[component]
fn Detail(standing: Standing, one: RoleAtWork) -> impl IntoView {
    let RoleAtWork { role, reliance, holders } = one;
    let (tenant, list) = (standing.slug(), standing.path("roles"));
    let refused = standing.refusal(Permission::ManageRoles, Reach::Tenant);
    let may = refused.is_none();
    // One token may need several permissions: the greatest count is the least that stops.
    let tokens = reliance.iter().map(|one| one.live_tokens).max().unwrap_or_default();
    let consequence = format!(
        "It is taken from {}, for whom nothing can be minted there until they get another role. {}",
        counted(role.holders, "customer", "customers"),
        if tokens == 0 {
            "No live token relies on it.".to_owned()
        } else {
            format!("At least {} stop at their next call.", counted(tokens, "live token", "live tokens"))
        }
    );
    let held: Vec<String> = role.permissions.0.iter().map(ToString::to_string).collect();
    let values = vec![("tenant", tenant.clone()), ("role", role.id.to_string())];
    let (id, name) = (role.id.to_string(), role.name.clone());
    let (save_refused, delete_refused) = (refused.clone(), refused);
    view! {
        <PageHeader
            title=role.name
            crumbs=vec![Crumb::new("Roles", list)]
            actions=move || view! { <Button variant=Variant::Danger opens="delete-role" disabled_because=delete_refused>"Delete role"</Button> }
        />
        <Stack>
            <Card title="What it holds" description="A change counts at the next call of every token that lives, and at the next mint.">
                <ServerForm action={ServerAction::<UpdateRole>::new()} done="Role saved">
                    <Hidden name="tenant" value=tenant/>
                    <Hidden name="role" value=id/>
                    <TextField name="name" label="Name" value=name maxlength=120/>
                    <CheckboxGroup name="permissions[]" label="Permissions" choices=choices(&reliance) values=held/>
                    <Actions><Button submit=true variant=Variant::Primary disabled_because=save_refused>"Save role"</Button></Actions>
                </ServerForm>
            </Card>
            <Holders standing holders/>
        </Stack>
        {may.then(|| view! {
            <DangerDialog
                id="delete-role"
                action={ServerAction::<DeleteRole>::new()}
                title="Delete role"
                consequence
                verb="Delete role"
                values
                done="Role deleted"
            />
        })}
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[component]
fn Holders(standing: Standing, holders: Option<Vec<CustomerPlace>>) -> impl IntoView {
    match holders {
        None => view! { <Notice>"Who has it is for those who may see customers."</Notice> }.into_any(),
        Some(places) if places.is_empty() => {
            view! { <Card title="Who has it">"Nobody yet. A customer gets it on their own page, or by PUT /v1/customers/{id}/organizations/{organization_id}."</Card> }.into_any()
        }
        Some(places) => {
            let rows = places
                .into_iter()
                .map(|place| {
                    let (customer, organization) = (standing.path(&format!("customers/{}", place.customer_id)), standing.path(&format!("organizations/{}", place.organization_id)));
                    view! {
                        <Row>
                            <Cell label="Customer"><RowLink href=customer><span class="clip">{place.customer_name}</span></RowLink></Cell>
                            <Cell label="In"><a class="quiet-link" href=organization>{place.organization_name}</a></Cell>
                        </Row>
                    }
                })
                .collect_view();
            view! { <Card title="Who has it" flush=true><Table caption="Who has this role, newest customer first" columns=vec!["Customer".into(), "In".into()]>{rows}</Table></Card> }.into_any()
        }
    }
}
