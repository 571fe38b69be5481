//! The tenant's own settings, and the end of everything that it has issued.

use crate::Answer;
use leptos::prelude::*;
use mintmark::tenant::{EverythingAlive, Tenant};
use serde::{Deserialize, Serialize};

use super::acting;
use mintmark::tenant::{RevokeEverything as Asked, TenantChange};

/// What the settings page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// As it is.
    pub tenant: Tenant,
    /// The `iss` of everything that is minted here.
    pub issuer: String,
    /// What "Revoke everything" would end.
    pub alive: EverythingAlive,
}

/// The settings.
#[server(endpoint = "show_settings")]
pub async fn show_settings(tenant: String) -> Answer<TenantSettings> {
    let op = acting(&tenant).await?;
    let tenant = op.tenant_record().await?;
    let issuer = op.core().settings().issuer(&tenant.slug);
    Ok(TenantSettings { tenant, issuer, alive: op.everything_alive().await? })
}

/// What people call the tenant.
#[server(endpoint = "rename_tenant")]
pub async fn rename_tenant(tenant: String, name: String) -> Answer<Tenant> {
    Ok(acting(&tenant).await?.update_tenant(TenantChange { name: Some(name), ..TenantChange::default() }).await?)
}

/// How long widget tokens live.
#[server(endpoint = "set_token_lives")]
pub async fn set_token_lives(tenant: String, default_ttl_seconds: i64, max_ttl_seconds: i64) -> Answer<Tenant> {
    let (default_ttl_seconds, max_ttl_seconds) = (Some(default_ttl_seconds), Some(max_ttl_seconds));
    Ok(acting(&tenant).await?.update_tenant(TenantChange { default_ttl_seconds, max_ttl_seconds, ..TenantChange::default() }).await?)
}

/// How long history and dead tokens are kept.
#[server(endpoint = "set_retention")]
pub async fn set_retention(tenant: String, retention_days: i64) -> Answer<Tenant> {
    Ok(acting(&tenant).await?.update_tenant(TenantChange { retention_days: Some(retention_days), ..TenantChange::default() }).await?)
}

/// Ends everything issued so far, for an owner who types the tenant's name.
#[server(endpoint = "revoke_everything")]
pub async fn revoke_everything(tenant: String, confirm: String, reason: Option<String>) -> Answer<EverythingAlive> {
    Ok(acting(&tenant).await?.revoke_everything(Asked { confirm, reason }).await?)
}
