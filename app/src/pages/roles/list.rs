//! The matrix: one line a role, one column a permission.

use super::{choices, title};
use crate::{
    api::roles::{CreateRole, list_roles},
    pages::restricted::loaded_or_ask,
    standing::{Standing, standing},
    ui::{
        Button, Cell, CheckboxGroup, Column, Dialog, DialogActions, EmptyState, Glyph, Hidden, Icon, PageHeader, Row, RowLink, ServerForm,
        Table, TextField, Variant,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach,
    role::{CustomerRole, WidgetPermission},
};

/// The dialog's id.
const CREATE: &str = "create-role";

/// `/t/:tenant/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let standing = standing();
    let tenant = standing.slug();
    loaded_or_ask("Roles", tenant.clone(), list_roles(tenant), move |roles| view! { <Roles standing roles/> })
}

#[component]
fn Roles(standing: Standing, roles: Vec<CustomerRole>) -> impl IntoView {
    let (tenant, base) = (standing.slug(), standing.path("roles"));
    let refused = standing.refusal(Permission::ManageRoles, Reach::Tenant);
    let may = refused.is_none();
    let opener =
        move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens=CREATE disabled_because=refused>"Create role"</Button> };
    let empty = roles.is_empty();
    let columns: Vec<Column> = std::iter::once("Role".into())
        .chain(WidgetPermission::ALL.iter().map(|permission| title(*permission).into()))
        .chain([Column::number("Held by")])
        .collect();
    let rows = roles.into_iter().map(|role| view! { <RoleRow base=base.clone() role/> }).collect_view();
    view! {
        <PageHeader
            title="Roles"
            description="What your customers may have opened for them, in each of their organizations. A token for a customer lives only while their role holds what it needs."
            actions=opener
        />
        {if empty {
            view! { <EmptyState icon=Glyph::Shield title="No roles" text="Without a role no token can be minted for a customer; tokens for nobody in particular need none."/> }.into_any()
        } else {
            view! { <Table caption="Roles and what they hold" columns>{rows}</Table> }.into_any()
        }}
        {may.then(|| view! {
            <Dialog id=CREATE title="Create role">
                <ServerForm action={ServerAction::<CreateRole>::new()} scope=CREATE done="Role created">
                    <Hidden name="tenant" value=tenant/>
                    <TextField name="name" label="Name" maxlength=120 placeholder="IT administrator"/>
                    <CheckboxGroup name="permissions[]" label="What it holds" choices=choices(&[])/>
                    <DialogActions><Button submit=true variant=Variant::Primary>"Create role"</Button><Button closes=CREATE>"Cancel"</Button></DialogActions>
                </ServerForm>
            </Dialog>
        })}
    }
}

#[component]
fn RoleRow(base: String, role: CustomerRole) -> impl IntoView {
    let CustomerRole { id, name, permissions, holders, .. } = role;
    let cells = WidgetPermission::ALL
        .iter()
        .map(|permission| {
            let held = permissions.0.contains(permission);
            view! {
                <Cell label=title(*permission)>
                    {if held {
                        view! { <span class="role__held"><Icon glyph=Glyph::Check/><span class="visually-hidden">"yes"</span></span> }.into_any()
                    } else {
                        view! { <span class="role__not">"no"</span> }.into_any()
                    }}
                </Cell>
            }
        })
        .collect_view();
    view! {
        <Row>
            <Cell label="Role"><RowLink href=format!("{base}/{id}")><span class="clip">{name}</span></RowLink></Cell>
            {cells}
            <Cell label="Held by" number=true>{holders}</Cell>
        </Row>
    }
}
