//! Widget tokens: list, mint, show, revoke.

use super::Revealed;
use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    Page,
    audit::AuditEvent,
    token::{BulkRevocation, Lives, Revoked, TokenFilter, WidgetToken},
};

use super::{acting, id};
use crate::{
    pages::inspector::found,
    words::{Pasted, pasted},
};
use mintmark::{
    Error, Limit, Secret, TokenId,
    token::{Imagined, Mint, Revocation, Shown},
};

/// Newest first; what is alive unless the filter asks for more.
#[server(endpoint = "list_tokens")]
pub async fn list_tokens(tenant: String, #[server(default)] filter: TokenFilter, cursor: Option<String>) -> Answer<Page<WidgetToken>> {
    Ok(acting(&tenant).await?.tokens(&filter, Limit::default(), cursor.as_deref()).await?)
}

/// One token.
#[server(endpoint = "show_token")]
pub async fn show_token(tenant: String, token: String) -> Answer<WidgetToken> {
    Ok(acting(&tenant).await?.token(&id(&token, TokenId::NOUN)?).await?)
}

/// What happened to one token, newest first, refusals and bulk revocations included.
#[server(endpoint = "token_history")]
pub async fn token_history(tenant: String, token: String) -> Answer<Page<AuditEvent>> {
    Ok(acting(&tenant).await?.history_of(&token, Limit::MOST, None).await?)
}

/// How long tokens may live here.
#[server(endpoint = "token_lives")]
pub async fn token_lives(tenant: String) -> Answer<Lives> {
    Ok(acting(&tenant).await?.token_lives().await?)
}

/// Mints one. The answer holds the secret: it goes to the form that asked, never into a page.
#[server(endpoint = "mint_token")]
pub async fn mint_token(
    tenant: String,
    organization_id: String,
    #[server(default)] scope: Vec<String>,
    #[server(default)] origins: Vec<String>,
    minutes: Option<i64>,
    label: Option<String>,
) -> Answer<Revealed> {
    let op = acting(&tenant).await?;
    let ttl_seconds = minutes.map(|minutes| minutes.saturating_mul(60));
    let asked = Mint { organization_id, scope, origins, ttl_seconds, user_id: None, label };
    let token = op.mint_token(asked.clone(), None).await?;
    let page = format!("/t/{tenant}/tokens/{}", token.id);
    Ok(Revealed { then: Some(page), ..Revealed::new(token.token, crate::snippets::steps(&op, &tenant, &asked)) })
}

/// The shell command that mints, for a page that has nothing to show yet.
#[server(endpoint = "mint_command")]
pub async fn mint_command(tenant: String) -> Answer<String> {
    acting(&tenant).await?;
    Ok(crate::snippets::mint_by_curl())
}

/// What a token or the row of an id is, and how a call with it would fare, as HTML. The text is judged and dropped.
#[server(endpoint = "inspect_token")]
pub async fn inspect_token(
    tenant: String,
    token: String,
    #[server(default)] origin: String,
    #[server(default)] path: String,
) -> Answer<String> {
    let text = Secret::new(token.trim().to_owned());
    let op = acting(&tenant).await?;
    let call = Imagined { origin: origin.trim(), path: &path };
    let seen = match pasted(text.reveal()) {
        Pasted::Id => op.inspect(Shown::Id(&id(text.reveal(), TokenId::NOUN)?), call).await?,
        Pasted::Token => op.inspect(Shown::Text(&text), call).await?,
        Pasted::Nothing => return Err(Error::invalid("token", "Paste a token, or the id of one.").into()),
        Pasted::Other(sentence) => return Err(Error::invalid("token", sentence).into()),
    };
    Ok(found(&tenant, seen))
}

/// Ends one.
#[server(endpoint = "revoke_token")]
pub async fn revoke_token(tenant: String, token: String, reason: Option<String>) -> Answer<WidgetToken> {
    Ok(acting(&tenant).await?.revoke_token(&id(&token, TokenId::NOUN)?, Revocation { reason }).await?)
}

/// Ends those that were ticked, one event each; those that are dead already stay as they are.
#[server(endpoint = "revoke_selected_tokens")]
pub async fn revoke_selected_tokens(tenant: String, #[server(default)] tokens: Vec<String>, reason: Option<String>) -> Answer<Revoked> {
    let op = acting(&tenant).await?;
    if tokens.is_empty() || tokens.len() > 200 {
        return Err(Error::invalid("tokens", "Select at least one token and at most 200.").into());
    }
    let mut revoked = 0;
    for token in &tokens {
        let token = id(token, TokenId::NOUN)?;
        let was_dead = op.token(&token).await?.revoked_at.is_some();
        op.revoke_token(&token, Revocation { reason: reason.clone() }).await?;
        revoked += u64::from(!was_dead);
    }
    Ok(Revoked { revoked })
}

/// How many live tokens all given filters fit.
#[server(endpoint = "preview_revocation")]
pub async fn preview_revocation(tenant: String, #[server(default)] filter: BulkRevocation) -> Answer<i64> {
    Ok(acting(&tenant).await?.preview_revocation(filter).await?)
}

/// Ends every live token that all given filters fit; an empty one is left out.
#[server(endpoint = "revoke_matching_tokens")]
pub async fn revoke_matching_tokens(
    tenant: String,
    #[server(default)] organization_id: String,
    #[server(default)] origin: String,
    #[server(default)] minted_by: String,
    #[server(default)] signing_key_id: String,
    reason: Option<String>,
) -> Answer<Revoked> {
    let filter = bulk_filter(&organization_id, &origin, &minted_by, &signing_key_id)?;
    Ok(acting(&tenant).await?.revoke_tokens(BulkRevocation { reason, ..filter }).await?)
}

/// A bulk filter from what a form or an address says; an empty text is no filter, a text that is no id is refused.
pub fn bulk_filter(organization_id: &str, origin: &str, minted_by: &str, signing_key_id: &str) -> Answer<BulkRevocation> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let wrong = |field: &str| {
        let mut failure = crate::Failure::new(mintmark::Code::InvalidField, "This is not such an id.");
        failure.0.field = Some(field.to_owned());
        failure
    };
    Ok(BulkRevocation {
        organization_id: given(organization_id).map(|id| id.parse()).transpose().map_err(|_| wrong("organization_id"))?,
        origin: given(origin),
        minted_by: given(minted_by),
        signing_key_id: given(signing_key_id).map(|id| id.parse()).transpose().map_err(|_| wrong("signing_key_id"))?,
        reason: None,
    })
}
