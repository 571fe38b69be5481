//! Minting as a page of its own: what a link from elsewhere, or a bookmark with choices in it, opens.

use super::mint::{MintInPage, Start};
use crate::{
    Answer,
    api::{
        organizations::{list_origins, organization_choices},
        tokens::token_lives,
    },
    pages::list_address::ListAddress,
    standing::{Standing, standing},
    ui::{Crumb, NoPermission, PageHeader, loaded},
};
use leptos::prelude::*;
use mintmark::{Permission, Reach};

/// `/t/:tenant/tokens/new?organization=&scope=&origin=`; scope and origin may stand there several times.
#[component]
pub fn MintPage() -> impl IntoView {
    let standing = standing();
    let list = standing.path("tokens");
    let address = ListAddress::here(format!("{list}/new"));
    loaded(load(standing, address), move |start| {
        view! {
            <PageHeader title="Mint widget token" description="For one organization, from named origins, for an hour at most. Its text is shown once." crumbs=vec![Crumb::new("Widget tokens", list)]/>
            {match start {
                Ok(start) => view! { <MintInPage start/> }.into_any(),
                Err(reason) => view! { <NoPermission reason/> }.into_any(),
            }}
        }
    })
}

/// The inner error is the policy's sentence.
async fn load(standing: Standing, address: ListAddress) -> Answer<Result<Start, String>> {
    let (tenant, roles) = (standing.slug(), &standing.roles);
    if !roles.hold_somewhere(Permission::MintTokens) {
        return Ok(Err(standing.refusal(Permission::MintTokens, Reach::Tenant).unwrap_or_default()));
    }
    let organizations = organization_choices(tenant.clone()).await?;
    let mut start = Start::new(&tenant, &organizations, roles, token_lives(tenant.clone()).await?);
    start.scope = address.all("scope");
    start.origins = address.all("origin");
    if let Some(chosen) = address.get("organization").filter(|id| start.organizations.iter().any(|(one, _)| one == id)) {
        start.organization = chosen;
    }
    if !start.organization.is_empty() {
        let listed = list_origins(tenant, start.organization.clone()).await?;
        start.origins.retain(|origin| listed.iter().any(|entry| entry.origin.as_str() == origin));
        if let ([only], true) = (listed.as_slice(), start.origins.is_empty()) {
            start.origins.push(only.origin.to_string());
        }
        start.allowlist = Some(listed);
    }
    Ok(Ok(start))
}
