//! A member's roles: one in the tenant, one in each organization, and how each changes.

use super::detail::{RevokeMinted, untouchable};
use crate::{
    access::{describe_role, role_choices, title},
    api::members::{ChangeMemberRole, RemoveMember},
    standing::Standing,
    ui::{
        Actions, Badge, Button, Cell, Column, DangerDialog, Dialog, Hidden, RadioGroup, Row, RowActions, Section, ServerForm, Size, Table,
        Variant,
    },
};
use leptos::prelude::*;
use mintmark::{OrganizationId, Permission, Reach, Role, member::MemberOutlook};

/// One role, and what would end with it.
#[derive(Clone)]
struct Held {
    organization: Option<OrganizationId>,
    place: String,
    role: Role,
    minted: i64,
}

impl Held {
    fn reach(&self) -> Reach<'_> {
        self.organization.as_ref().map_or(Reach::Tenant, Reach::Organization)
    }

    /// How many live tokens they could mint no more without it.
    fn falls(&self) -> i64 {
        if self.role >= Permission::MintTokens.least_role() { self.minted } else { 0 }
    }

    /// The end of this role's dialogs' ids.
    fn key(&self) -> String {
        self.organization.as_ref().map_or_else(|| "tenant".to_owned(), ToString::to_string)
    }
}

#[component]
pub(super) fn RoleTable(outlook: MemberOutlook, standing: Standing) -> impl IntoView {
    let member = &outlook.member;
    let tenant =
        member.role.map(|role| Held { organization: None, place: "The whole tenant".to_owned(), role, minted: outlook.by_demotion });
    let organizations = member.organizations.iter().zip(outlook.by_organization.iter()).map(|(held, minted)| Held {
        organization: Some(held.organization_id.clone()),
        place: held.name.clone(),
        role: held.role,
        minted: *minted,
    });
    let rows: Vec<_> = tenant
        .into_iter()
        .chain(organizations)
        .map(|held| view! { <RoleRow held outlook=outlook.clone() standing=standing.clone()/> })
        .collect();
    let columns: Vec<Column> = vec!["Where".into(), "Role".into(), "What it allows".into(), Column::actions()];
    view! {
        <Section title="Roles" description="The higher one that applies counts. A change holds at their next click.">
            <Table caption="Roles" columns>{rows}</Table>
        </Section>
    }
}

#[component]
fn RoleRow(held: Held, outlook: MemberOutlook, standing: Standing) -> impl IntoView {
    let refused = untouchable(&standing, &outlook, held.role, held.reach());
    let may = refused.is_none();
    let (change, remove) = (format!("change-{}", held.key()), format!("remove-{}", held.key()));
    let removable = held.organization.is_some();
    let dialogs = may.then(|| {
        view! {
            <ChangeDialog id=change.clone() held=held.clone() outlook=outlook.clone() standing=standing.clone()/>
            {removable.then(|| view! { <RemoveDialog id=remove.clone() held=held.clone() outlook=outlook.clone() tenant=standing.slug()/> })}
        }
    });
    view! {
        <Row>
            <Cell label="Where">{held.place.clone()}</Cell>
            <Cell label="Role"><Badge>{held.role.as_str()}</Badge></Cell>
            <Cell label="What it allows">{describe_role(held.role)}</Cell>
            <RowActions>
                <Button size=Size::Small variant=Variant::Ghost opens=change disabled_because=refused.clone()>"Change role"</Button>
                {removable.then(|| view! { <Button size=Size::Small variant=Variant::Ghost opens=remove disabled_because=refused>"Remove"</Button> })}
                {dialogs}
            </RowActions>
        </Row>
    }
}

#[component]
fn ChangeDialog(id: String, held: Held, outlook: MemberOutlook, standing: Standing) -> impl IntoView {
    let action = ServerAction::<ChangeMemberRole>::new();
    let choices = role_choices(&standing.roles, held.reach(), Role::Owner);
    let member = outlook.member.user;
    let falls = held.falls();
    let organization = held.organization.as_ref().map(ToString::to_string).unwrap_or_default();
    let description = format!(
        "{}, in {}: {} now.",
        member.name,
        if held.organization.is_some() { &held.place } else { "the whole tenant" },
        title(held.role)
    );
    view! {
        <Dialog id=id.clone() title="Change role" description>
            <ServerForm action scope=id.clone() done="Role changed">
                <Hidden name="tenant" value=standing.slug()/>
                <Hidden name="member" value=member.id.to_string()/>
                <Hidden name="organization" value=organization/>
                <RadioGroup name="role" label="Role" choices value=held.role.as_str()/>
                <RevokeMinted count=falls hint="Counts when the new role is below admin: they could mint these no more. Unticked, they go on working until they expire."/>
                <Actions>
                    <Button submit=true variant=Variant::Primary>"Change role"</Button>
                    <Button closes=id>"Cancel"</Button>
                </Actions>
            </ServerForm>
        </Dialog>
    }
}

#[component]
fn RemoveDialog(id: String, held: Held, outlook: MemberOutlook, tenant: String) -> impl IntoView {
    let member = outlook.member.user;
    let organization = held.organization.as_ref().map(ToString::to_string).unwrap_or_default();
    let falls = held.falls();
    let consequence = format!("{} loses the role {} in {}. What they may do elsewhere stays.", member.name, held.role, held.place);
    view! {
        <DangerDialog
            id
            action={ServerAction::<RemoveMember>::new()}
            title="Remove from organization"
            consequence
            verb="Remove from organization"
            values=vec![("tenant", tenant), ("member", member.id.to_string()), ("organization", organization)]
            done="Removed from the organization"
        >
            <RevokeMinted count=falls/>
        </DangerDialog>
    }
}
