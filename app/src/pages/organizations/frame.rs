//! Around everything of one organization: its name, and its tabs.

use crate::{
    Answer,
    api::organizations::show_organization,
    pages::{address, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Badge, Crumb, Id, LinkButton, PageHeader, Tabs, Tone},
};
use leptos::prelude::*;
use mintmark::{Permission, organization::Organization};

/// A part of an organization's pages. A page of another noun joins by a line in [`TABS`] and its own route.
pub struct Tab {
    /// Below `/t/:tenant/organizations/:organization`; empty for the first.
    pub path: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Without it the tab is not shown.
    pub permission: Permission,
}

/// In their order.
pub const TABS: &[Tab] = &[
    Tab { path: "", name: "Overview", permission: Permission::ReadOrganizations },
    Tab { path: "/origins", name: "Origins", permission: Permission::ReadOrigins },
    Tab { path: "/members", name: "Members", permission: Permission::ReadMembers },
];

/// What a tab knows of the organization around it.
#[derive(Clone)]
pub struct Around {
    /// The tenant's slug.
    pub tenant: String,
    /// Itself.
    pub organization: Organization,
    /// The reader's.
    pub standing: Standing,
}

impl Around {
    /// Why the reader may not do this here, if so.
    pub fn refusal(&self, permission: Permission) -> Option<String> {
        self.standing.refusal(permission, &self.organization.id)
    }
}

async fn load(standing: Standing, organization: String) -> Answer<Around> {
    let tenant = standing.slug();
    Ok(Around { organization: show_organization(tenant.clone(), organization).await?, tenant, standing })
}

/// The head of every page of one organization, then the page. `current` is the path of its line in [`TABS`].
#[component]
pub fn OrganizationFrame<F, V>(
    /// The path of the present tab.
    current: &'static str,
    /// The page itself.
    page: F,
) -> impl IntoView
where
    F: FnOnce(Around) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let standing = standing();
    loaded_or_ask("Organization", standing.slug(), load(standing, address("organization")), move |around| {
        let Around { tenant, organization, .. } = around.clone();
        let base = format!("/t/{tenant}/organizations/{}", organization.id);
        let mint_refused = around.refusal(Permission::MintTokens);
        let tokens = format!("/t/{tenant}/tokens?organization={}", organization.id);
        let mint = format!("/t/{tenant}/tokens/new?organization={}", organization.id);
        let tabs = TABS
            .iter()
            .filter(|tab| around.standing.roles.hold(tab.permission, (&organization.id).into()))
            .map(|tab| view! { <crate::ui::Tab href=format!("{base}{}", tab.path) current=tab.path == current>{tab.name}</crate::ui::Tab> })
            .collect_view();
        let id = organization.id.to_string();
        let development = organization.allow_development_origins;
        view! {
            <PageHeader
                title=organization.name
                crumbs=vec![Crumb::new("Organizations", format!("/t/{tenant}/organizations"))]
                beside=move || view! {
                    <Id value=id/>
                    {development.then(|| view! { <Badge tone=Tone::Warn>"Development origins"</Badge> })}
                }
                actions=move || view! { <LinkButton href=mint variant=crate::ui::Variant::Primary disabled_because=mint_refused>"Mint token"</LinkButton> }
            />
            <Tabs label="Parts of this organization">
                {tabs}
                <crate::ui::Tab href=tokens>"Widget tokens"</crate::ui::Tab>
            </Tabs>
            {page(around)}
        }
    })
}
