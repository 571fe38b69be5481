//! What the list of tokens shows, as its address says it.

use crate::{
    pages::list_address::ListAddress,
    ui::{ActiveFilter, Badge},
};
use leptos::prelude::*;
use mintmark::{
    organization::OrganizationSummary,
    token::{Scope, TokenFilter, TokenStatus},
};

/// Reads the filter from the query; a value that cannot be meant is as good as absent.
pub fn read(address: &ListAddress) -> TokenFilter {
    TokenFilter {
        organization_id: address.get("organization").and_then(|id| id.parse().ok()),
        include_revoked: address.get("include_revoked").is_some(),
        status: address.get("status").and_then(|status| status.parse().ok()),
        scope: address.get("scope").and_then(|scope| scope.parse().ok()),
        origin: address.get("origin"),
        minted_by: address.get("minted_by"),
        signing_key_id: address.get("key").and_then(|id| id.parse().ok()),
        search: address.get("q"),
    }
}

/// A chip for each filter that is on, with the address without it.
pub fn chips(address: &ListAddress, filter: &TokenFilter, organizations: &[OrganizationSummary]) -> Vec<ActiveFilter> {
    let mut chips = Vec::new();
    let mut chip = |label: &str, name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            chips.push(ActiveFilter { label: label.to_owned(), value, without: address.with(name, None) });
        }
    };
    chip("Search", "q", filter.search.clone());
    chip("Organization", "organization", filter.organization_id.as_ref().map(|id| name_of(organizations, id.as_str())));
    chip("Status", "status", filter.status.map(|status| word(status).to_lowercase()));
    chip("Scope", "scope", filter.scope.map(|scope| scope_name(scope).to_owned()));
    chip("Origin", "origin", filter.origin.clone());
    chip("Minted by", "minted_by", filter.minted_by.clone());
    chip("Signed by", "key", filter.signing_key_id.as_ref().map(ToString::to_string));
    chip("History", "include_revoked", filter.include_revoked.then(|| "expired and revoked too".to_owned()));
    chips
}

/// What people call a status.
pub const fn word(status: TokenStatus) -> &'static str {
    match status {
        TokenStatus::Active => "Live",
        TokenStatus::Expired => "Expired",
        TokenStatus::Revoked => "Revoked",
    }
}

/// What people call a scope.
pub const fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::SsoConnection => "Single sign-on",
        Scope::DirectorySync => "Directory sync",
    }
}

/// Scopes as small labels.
#[component]
pub fn Scopes(scope: Vec<Scope>) -> impl IntoView {
    view! { <span class="badges">{scope.into_iter().map(|scope| view! { <Badge>{scope_name(scope)}</Badge> }).collect_view()}</span> }
}

/// The organization's name, or its id where it is not among those at hand.
pub fn name_of(organizations: &[OrganizationSummary], id: &str) -> String {
    organizations
        .iter()
        .find(|summary| summary.organization.id.as_str() == id)
        .map_or_else(|| id.to_owned(), |summary| summary.organization.name.clone())
}
