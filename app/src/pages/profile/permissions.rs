//! `/t/<slug>/profile/permissions`: what one's roles let one do, where, and whom to ask for the rest.

use super::ProfileTabs;
use crate::{
    api::own_permissions,
    standing::standing,
    ui::{Badge, Card, Cell, Fact, Facts, PageHeader, Row, Status, Table, Tone, loaded},
};
use leptos::prelude::*;
use mintmark::{
    member::{Held, Standing},
    user::User,
};

/// Every permission of the policy, held or not.
#[component]
pub fn PermissionsPage() -> impl IntoView {
    let place = standing();
    let tenant = place.tenant.name.clone();
    view! {
        <PageHeader title="Your permissions" description=format!("What your roles let you do in {tenant}.")/>
        <ProfileTabs standing=place.clone() current="permissions"/>
        {loaded(own_permissions(place.slug()), move |(held, owners)| view! {
            <Roles held=held.clone() tenant=tenant.clone() owners/>
            <Policy held/>
        })}
    }
}

#[component]
fn Roles(held: Standing, tenant: String, owners: Vec<User>) -> impl IntoView {
    let of_organizations = held.organizations.iter().map(|organization| {
        let (name, role) = (organization.name.clone(), organization.role.to_string());
        view! { <Fact label=name><Badge>{role}</Badge></Fact> }
    });
    let of_organizations = of_organizations.collect_view();
    let whole = held.role.map_or_else(
        || view! { "No role of the tenant as a whole" }.into_any(),
        |role| view! { <Badge>{role.to_string()}</Badge> }.into_any(),
    );
    let people = owners.into_iter().map(|owner| {
        let href = format!("mailto:{}", owner.email);
        view! { <li>{owner.name}" "<a href=href>{owner.email}</a></li> }
    });
    view! {
        <Card title="Your roles" description="A role of the tenant covers every organization; the higher one wins.">
            <Facts>
                <Fact label=tenant>{whole}</Fact>
                {of_organizations}
            </Facts>
        </Card>
        <Card title="Whom to ask for more" description="Owners change roles.">
            <ul class="plain-list" role="list">{people.collect_view()}</ul>
        </Card>
    }
}

#[component]
fn Policy(held: Standing) -> impl IntoView {
    let names: Vec<(_, String)> =
        held.organizations.iter().map(|organization| (organization.organization_id.clone(), organization.name.clone())).collect();
    let rows = held.permissions.into_iter().map(move |permission| {
        let of: Vec<_> = names.iter().filter(|(id, _)| permission.organizations.contains(id)).map(|(_, name)| name.clone()).collect();
        view! { <PermissionRow permission of/> }
    });
    view! {
        <Table caption="Permissions" columns=["You may".into(), "Here".into(), "Takes at least".into()]>{rows.collect_view()}</Table>
    }
}

#[component]
fn PermissionRow(permission: Held, of: Vec<String>) -> impl IntoView {
    let (tone, words) = match (permission.everywhere, of.is_empty()) {
        (true, _) => (Tone::Good, "Yes".to_owned()),
        (false, false) => (Tone::Good, format!("In {}", of.join(", "))),
        (false, true) => (Tone::Neutral, "No".to_owned()),
    };
    let level = if permission.tenant_wide { " of the tenant" } else { "" };
    let least = format!("{}{level}", permission.least_role);
    view! {
        <Row muted=tone == Tone::Neutral>
            <Cell label="You may">{capitalised(&permission.description)}</Cell>
            <Cell label="Here"><Status tone>{words}</Status></Cell>
            <Cell label="Takes at least">
                <span class="tags">{least}{permission.needs_step_up.then(|| view! { <Badge>"asks who you are"</Badge> })}</span>
            </Cell>
        </Row>
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
