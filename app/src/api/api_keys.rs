//! API keys: look, make, rotate, revoke.

use super::Revealed;
use crate::{
    Answer,
    ui::{CodeBlock, CodeBlockProps},
};
use leptos::prelude::*;
use mintmark::{
    Page, Role,
    api_key::{ApiKey, CreatedApiKey},
};

use super::{acting, given, id};
use mintmark::{
    ApiKeyId, Error, Limit, Op, OrganizationId, Time,
    api_key::{ApiKeyRotation, NewApiKey},
    time::DAY,
};

/// Newest first; those that work no more only when `ended`.
#[server(endpoint = "list_api_keys")]
pub async fn list_api_keys(tenant: String, #[server(default)] ended: bool, cursor: Option<String>) -> Answer<Page<ApiKey>> {
    Ok(acting(&tenant).await?.api_keys(ended, Limit::default(), cursor.as_deref()).await?)
}

/// One of them.
#[server(endpoint = "show_api_key")]
pub async fn show_api_key(tenant: String, key: String) -> Answer<ApiKey> {
    Ok(acting(&tenant).await?.api_key(&id(&key, ApiKeyId::NOUN)?).await?)
}

/// Makes one. `expires` is a number of days, or empty for none; `until`, a date, wins. The answer holds the secret.
#[server(endpoint = "create_api_key")]
pub async fn create_api_key(
    tenant: String,
    name: String,
    role: Role,
    organization: Option<String>,
    expires: Option<String>,
    until: Option<String>,
) -> Answer<Revealed> {
    let op = acting(&tenant).await?;
    let organization_id = given(organization).map(|text| id(&text, OrganizationId::NOUN)).transpose()?;
    let expires_at = planned_end(&op, expires, until)?;
    Ok(fresh(&op, op.create_api_key(NewApiKey { name, role, organization_id, expires_at }).await?))
}

/// Makes its successor; the old one works on for `overlap_seconds`. The answer holds the secret.
#[server(endpoint = "rotate_api_key")]
pub async fn rotate_api_key(
    tenant: String,
    key: String,
    overlap_seconds: i64,
    expires: Option<String>,
    until: Option<String>,
) -> Answer<Revealed> {
    let op = acting(&tenant).await?;
    let asked = ApiKeyRotation { overlap_seconds, expires_at: planned_end(&op, expires, until)? };
    Ok(fresh(&op, op.rotate_api_key(&id(&key, ApiKeyId::NOUN)?, asked).await?))
}

/// Ends it and the live tokens that it minted.
#[server(endpoint = "revoke_api_key")]
pub async fn revoke_api_key(tenant: String, key: String, reason: Option<String>) -> Answer<ApiKey> {
    Ok(acting(&tenant).await?.revoke_api_key(&id(&key, ApiKeyId::NOUN)?, reason).await?)
}

/// Lets it work again after a restore held it.
#[server(endpoint = "release_api_key")]
pub async fn release_api_key(tenant: String, key: String) -> Answer<ApiKey> {
    Ok(acting(&tenant).await?.release_api_key(&id(&key, ApiKeyId::NOUN)?).await?)
}

/// The new key, and a command that runs as it stands beside the downloaded file; it names the variable, never the value.
fn fresh(op: &Op, created: CreatedApiKey) -> Revealed {
    let url = &op.core().settings().public_url;
    let command = format!("set -a; . ./mintmark.env; set +a\ncurl '{url}/v1/me' --header \"authorization: Bearer $MINTMARK_API_KEY\"");
    let block = CodeBlock(CodeBlockProps { code: command, label: Some("Try it beside the downloaded mintmark.env".to_owned()) });
    Revealed::new(created.key, block.to_html())
}

/// Where the form's two answers about the end meet; a date means the start of that day, UTC.
fn planned_end(op: &Op, days: Option<String>, date: Option<String>) -> Answer<Option<Time>> {
    if let Some(date) = given(date) {
        let at = format!("{date}T00:00:00Z").parse().map_err(|_| Error::invalid("until", "This is not a date."))?;
        return Ok(Some(at));
    }
    let Some(days) = given(days) else { return Ok(None) };
    let days: i64 = days.parse().map_err(|_| Error::invalid("expires", "Choose how long it shall work."))?;
    Ok(Some(op.core().now().plus(days.clamp(1, 3_650) * DAY)))
}
