//! What the first page of a tenant shows, in one answer.

use crate::Answer;
use leptos::prelude::*;
use mintmark::{audit::AuditEvent, organization::Organization, overview::Overview, tenant::Tenant, token::WidgetToken};
use serde::{Deserialize, Serialize};

use super::{acting, request::look_again};
use mintmark::{
    Limit, Op, Permission,
    audit::HistoryFilter,
    tenant::TenantChange,
    token::{Scope, TokenFilter},
};

/// The overview with the newest of what it leads to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Glance {
    /// The figures.
    pub overview: Overview,
    /// The newest tokens, dead ones among them.
    pub tokens: Vec<WidgetToken>,
    /// The newest of history; none for who may not read it.
    pub events: Option<Vec<AuditEvent>>,
    /// The organizations within reach, newest first, as many as one page holds: for names, and where the checklist leads.
    pub organizations: Vec<Organization>,
    /// A shell command that mints, with what is there filled in and the secret named.
    pub command: String,
}

/// Everything at a glance.
#[server(endpoint = "show_overview")]
pub async fn show_overview(tenant: String) -> Answer<Glance> {
    let op = acting(&tenant).await?;
    let few = Limit::parse(Some(6))?;
    let overview = op.overview().await?;
    if overview.hours.is_none() {
        look_again(1);
    }
    let tokens = op.tokens(&TokenFilter { include_revoked: true, ..TokenFilter::default() }, few, None).await?.data;
    let events = if op.actor().roles.hold_somewhere(Permission::ReadAudit) {
        Some(op.history(&HistoryFilter::default(), few, None).await?.data)
    } else {
        None
    };
    let organizations = op.known_organizations().await?;
    let command = mint_command(&op, organizations.first()).await?;
    Ok(Glance { overview, tokens, events, organizations, command })
}

async fn mint_command(op: &Op, organization: Option<&Organization>) -> mintmark::Result<String> {
    let origin = match organization {
        Some(one) => op.origins(&one.id).await?.into_iter().next().map(|listed| listed.origin.to_string()),
        None => None,
    };
    // Ids and origins hold nothing that a shell or JSON would read, so they stand as they are.
    Ok(format!(
        r#"curl -fsS {url}/v1/widget-tokens \
  -H "Authorization: Bearer $MINTMARK_API_KEY" \
  -H "Content-Type: application/json" -d '{{
    "organization_id": "{organization}",
    "scope": ["{scope}"],
    "origins": ["{origin}"]
  }}'"#,
        url = op.core().settings().public_url,
        organization = organization.map_or("org_...", |one| one.id.as_str()),
        scope = Scope::SsoConnection,
        origin = origin.as_deref().unwrap_or("https://app.example.com"),
    ))
}

/// Puts the checklist away for everybody, or brings it back.
#[server(endpoint = "hide_checklist")]
pub async fn hide_checklist(tenant: String, hide: bool) -> Answer<Tenant> {
    let change = TenantChange { hide_checklist: Some(hide), ..TenantChange::default() };
    Ok(acting(&tenant).await?.update_tenant(change).await?)
}
