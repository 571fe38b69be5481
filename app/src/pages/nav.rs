//! The table of places in a tenant: a page that belongs in the sidebar has its line here.

use crate::{
    standing::Standing,
    ui::{Glyph, NavGroup, NavLink},
};
use leptos::prelude::*;
use mintmark::Permission;

/// Where a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What one comes for every day.
    Daily,
    /// What belongs to the tenant as a whole.
    Tenant,
}

/// A page in the sidebar.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Below `/t/<slug>/`; empty for the overview.
    pub path: &'static str,
    /// A noun, in the plural where there are several.
    pub label: &'static str,
    /// Its picture.
    pub icon: Glyph,
    /// What one must hold, in the tenant or somewhere in it, for the page to be worth showing.
    pub needs: Option<Permission>,
    /// Where it stands.
    pub group: Group,
}

/// In the order of the sidebar.
pub const PLACES: &[Place] = &[
    Place { path: "", label: "Overview", icon: Glyph::Overview, needs: None, group: Group::Daily },
    Place { path: "tokens", label: "Widget tokens", icon: Glyph::Token, needs: Some(Permission::ReadTokens), group: Group::Daily },
    Place {
        path: "organizations",
        label: "Organizations",
        icon: Glyph::Building,
        needs: Some(Permission::ReadOrganizations),
        group: Group::Daily,
    },
    Place { path: "studio", label: "Embed Studio", icon: Glyph::Embed, needs: Some(Permission::ReadProducts), group: Group::Daily },
    Place { path: "customers", label: "Customers", icon: Glyph::User, needs: Some(Permission::ReadCustomers), group: Group::Daily },
    Place { path: "roles", label: "Roles", icon: Glyph::Check, needs: Some(Permission::ReadRoles), group: Group::Daily },
    Place { path: "refusals", label: "Refusals", icon: Glyph::Shield, needs: Some(Permission::ReadAudit), group: Group::Daily },
    Place { path: "inspector", label: "Token inspector", icon: Glyph::Search, needs: Some(Permission::ReadTokens), group: Group::Daily },
    Place { path: "history", label: "History", icon: Glyph::History, needs: None, group: Group::Daily },
    Place { path: "members", label: "Members", icon: Glyph::Users, needs: Some(Permission::ReadMembers), group: Group::Tenant },
    Place { path: "api-keys", label: "API keys", icon: Glyph::Terminal, needs: Some(Permission::ReadApiKeys), group: Group::Tenant },
    Place { path: "keys", label: "Signing keys", icon: Glyph::Key, needs: Some(Permission::ReadSigningKeys), group: Group::Tenant },
    Place { path: "outbox", label: "Outbox", icon: Glyph::Mail, needs: Some(Permission::ReadOutbox), group: Group::Tenant },
    Place { path: "settings", label: "Settings", icon: Glyph::Settings, needs: Some(Permission::ReadTenant), group: Group::Tenant },
];

/// The places that these roles may see.
#[component]
pub(super) fn Places(standing: Standing) -> impl IntoView {
    let of = |group: Group| {
        let seen = |place: &&'static Place| place.group == group && place.needs.is_none_or(|needs| standing.roles.hold_somewhere(needs));
        PLACES.iter().filter(seen).map(|place| link(&standing, place)).collect::<Vec<_>>()
    };
    let (daily, tenant) = (of(Group::Daily), of(Group::Tenant));
    view! {
        <NavGroup>{daily}</NavGroup>
        {(!tenant.is_empty()).then(|| view! { <NavGroup label="Tenant">{tenant}</NavGroup> })}
        <NavGroup label="Help">
            <NavLink href="/docs" icon=Glyph::Book>"HTTP API"</NavLink>
            <NavLink href="/docs/security" icon=Glyph::Shield>"Security model"</NavLink>
        </NavGroup>
    }
}

fn link(standing: &Standing, place: &'static Place) -> impl IntoView + use<> {
    view! { <NavLink href=standing.path(place.path) icon=place.icon exact=place.path.is_empty()>{place.label}</NavLink> }
}
