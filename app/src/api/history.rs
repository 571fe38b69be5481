//! History, and the names that its filters offer.

use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    EmbedKeyId, Page, ProductId,
    audit::{AuditEvent, HistoryFilter, RefusalFilter, RefusedCalls},
    organization::OrganizationSummary,
};
use serde::{Deserialize, Serialize};

use super::acting;
use mintmark::{Limit, Permission, Reach};

/// Somebody or something that acts here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownActor {
    /// `usr_...` or `apik_...`
    pub id: String,
    /// As people call it.
    pub name: String,
}

/// A page of history, newest first: what lies within reach.
#[server(endpoint = "list_history")]
pub async fn list_history(tenant: String, #[server(default)] filter: HistoryFilter, cursor: Option<String>) -> Answer<Page<AuditEvent>> {
    Ok(acting(&tenant).await?.history(&filter, Limit::default(), cursor.as_deref()).await?)
}

/// Why calls were refused, newest first, with the keys that are named among them: id, product and name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refusals {
    /// A page of events.
    pub events: Page<AuditEvent>,
    /// The embed keys that they name, as far as one may see them.
    pub keys: Vec<(EmbedKeyId, ProductId, String)>,
    /// The newest of them as figures.
    pub calls: Vec<RefusedCalls>,
    /// Whether there were more than these.
    pub more: bool,
}

/// Refused calls of widgets and of pages with embed keys.
#[server(endpoint = "list_refusals")]
pub async fn list_refusals(tenant: String, #[server(default)] filter: RefusalFilter, cursor: Option<String>) -> Answer<Refusals> {
    let op = acting(&tenant).await?;
    let events = op.refusals(&filter, Limit::default(), cursor.as_deref()).await?;
    let (calls, more) = op.refused_calls(&filter).await?;
    let named: Vec<EmbedKeyId> = events.data.iter().filter_map(|event| event.target.as_ref()?.id.parse().ok()).collect();
    let may = !named.is_empty() && op.actor().roles.hold(Permission::ReadProducts, Reach::Tenant);
    let keys = if may { op.embed_key_places(&named).await? } else { Vec::new() };
    Ok(Refusals { events, keys, calls, more })
}

/// What the filters offer by name, each as many as one choice can hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KnownNames {
    /// Members and API keys, as far as one may see them.
    pub actors: Vec<KnownActor>,
    /// The organizations within reach.
    pub organizations: Vec<OrganizationSummary>,
}

/// The names that the filters of history offer.
#[server(endpoint = "history_names")]
pub async fn history_names(tenant: String) -> Answer<KnownNames> {
    let op = acting(&tenant).await?;
    let members = op.members(None, Limit::MOST, None).await?.data;
    let mut actors: Vec<_> =
        members.into_iter().map(|member| KnownActor { id: member.user.id.to_string(), name: member.user.name }).collect();
    if op.actor().roles.hold(Permission::ReadApiKeys, Reach::Tenant) {
        let keys = op.api_keys(true, Limit::MOST, None).await?.data;
        actors.extend(keys.into_iter().map(|key| KnownActor { id: key.id.to_string(), name: format!("API key {}", key.name) }));
    }
    Ok(KnownNames { actors, organizations: op.organizations(Limit::MOST, None).await?.data })
}

/// The addresses of the tenant's owners, for who needs more than their role holds.
#[server(endpoint = "whom_to_ask")]
pub async fn whom_to_ask(tenant: String) -> Answer<Vec<String>> {
    Ok(acting(&tenant).await?.owners().await?.into_iter().map(|owner| owner.email).collect())
}
