//! The mint form: the one form that needs scripts, because a secret must not land in a page by a redirect.
//!
//! The server renders all of it, the boxes of another organization and the next steps included; the browser
//! (`live/mint.rs`) only reads the form, says in its sentence what it comes to, and shows the secret.

pub mod form;
pub mod origins;
pub mod steps;

use crate::{
    access,
    ui::{Card, Dialog, Secrecy, SecretOnce},
};
use leptos::prelude::*;
use mintmark::{
    Permission, Roles,
    organization::OrganizationSummary,
    origin::AllowedOrigin,
    token::{Lives, SHORTEST_LIFE, SHOWN_ONCE},
};

/// What the form starts from: what may be chosen, and what an address has chosen already.
#[derive(Debug, Clone)]
pub struct Start {
    /// The tenant's slug.
    pub tenant: String,
    /// Those for which the actor may mint: id and name.
    pub organizations: Vec<(String, String)>,
    /// Why the actor may not add to allowlists, if so.
    pub origins_refused: Option<String>,
    /// The tenant's bounds, in minutes.
    pub life: Life,
    /// Chosen already: an id, or empty.
    pub organization: String,
    /// Chosen already.
    pub scope: Vec<String>,
    /// Chosen already.
    pub origins: Vec<String>,
    /// The allowlist of the chosen organization, where the server has looked.
    pub allowlist: Option<Vec<AllowedOrigin>>,
    /// It stands in a dialog over a list, which shows the new row afterwards.
    pub in_dialog: bool,
}

/// Bounds of a life, in whole minutes.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// The least.
    pub least: i64,
    /// The most that this tenant allows.
    pub most: i64,
    /// Where none is chosen.
    pub default: i64,
}

impl From<Lives> for Life {
    fn from(lives: Lives) -> Self {
        let minutes = |seconds: i64| (seconds / 60).max(SHORTEST_LIFE / 60);
        Self { least: SHORTEST_LIFE / 60, most: minutes(lives.max_ttl_seconds), default: minutes(lives.default_ttl_seconds) }
    }
}

impl Start {
    /// For a dialog over a list: nothing is chosen, unless there is only one organization to choose.
    pub fn new(tenant: &str, organizations: &[OrganizationSummary], roles: &Roles, lives: Lives) -> Self {
        let may: Vec<_> = organizations
            .iter()
            .map(|summary| &summary.organization)
            .filter(|organization| roles.hold(Permission::MintTokens, (&organization.id).into()))
            .collect();
        let organization = match may.as_slice() {
            [only] => only.id.to_string(),
            _ => String::new(),
        };
        Self {
            tenant: tenant.to_owned(),
            // Whoever may mint for an organization may add to its allowlist; the server decides again.
            origins_refused: may.first().and_then(|first| access::refusal(roles, Permission::ManageOrigins, &first.id)),
            organizations: may.iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
            life: lives.into(),
            organization,
            scope: Vec::new(),
            origins: Vec::new(),
            allowlist: None,
            in_dialog: true,
        }
    }
}

/// The form in the dialog `mint`, opened by any button that says `opens="mint"`.
#[component]
pub fn MintDialog(start: Start) -> impl IntoView {
    view! {
        <Dialog id=form::MINT title="Mint widget token" description="For one organization, from named origins, for an hour at most." wide=true>
            <form::MintForm start/>
        </Dialog>
        <Minted/>
    }
}

/// The form as a page of its own.
#[component]
pub fn MintInPage(start: Start) -> impl IntoView {
    view! {
        <div class="mint-page"><Card><form::MintForm start=Start { in_dialog: false, ..start }/></Card></div>
        <Minted/>
    }
}

#[component]
fn Minted() -> impl IntoView {
    view! { <SecretOnce id=form::MINTED title="Widget token minted" what=Secrecy::Variable("MINTMARK_TOKEN") warning=SHOWN_ONCE/> }
}
