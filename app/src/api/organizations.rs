//! Organizations and what their tokens may name.

use crate::Answer;
use leptos::prelude::*;
use mintmark::{
    Page,
    organization::{Organization, OrganizationSummary},
    origin::{AllowedOrigin, RemovedOrigin},
};

use super::{acting, id};
use crate::pages::{organizations::verdict, tokens::boxes};
use mintmark::{
    Error, Limit, OrganizationId, OriginId, Permission,
    organization::{NewOrganization, OrganizationChange},
    origin::NewOrigin,
};

/// Those within reach, newest first.
#[server(endpoint = "list_organizations")]
pub async fn list_organizations(tenant: String, cursor: Option<String>) -> Answer<Page<OrganizationSummary>> {
    Ok(acting(&tenant).await?.organizations(Limit::default(), cursor.as_deref()).await?)
}

/// As many as one list holds, for choices and names.
#[server(endpoint = "organization_choices")]
pub async fn organization_choices(tenant: String) -> Answer<Vec<OrganizationSummary>> {
    Ok(acting(&tenant).await?.organizations(Limit::MOST, None).await?.data)
}

/// One of them.
#[server(endpoint = "show_organization")]
pub async fn show_organization(tenant: String, organization: String) -> Answer<Organization> {
    Ok(acting(&tenant).await?.organization(&id(&organization, OrganizationId::NOUN)?).await?)
}

/// Makes one and goes to its page.
#[server(endpoint = "create_organization")]
pub async fn create_organization(
    tenant: String,
    name: String,
    slug: Option<String>,
    #[server(default)] allow_development_origins: bool,
) -> Answer<Organization> {
    let asked = NewOrganization { name, slug, allow_development_origins };
    let made = acting(&tenant).await?.create_organization(asked).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/organizations/{}/origins", made.id));
    Ok(made)
}

/// Changes name and slug.
#[server(endpoint = "rename_organization")]
pub async fn rename_organization(tenant: String, organization: String, name: String, slug: String) -> Answer<Organization> {
    let change = OrganizationChange { name: Some(name), slug: Some(slug), ..OrganizationChange::default() };
    Ok(acting(&tenant).await?.update_organization(&id(&organization, OrganizationId::NOUN)?, change).await?)
}

/// Turns the development switch.
#[server(endpoint = "set_development_origins")]
pub async fn set_development_origins(tenant: String, organization: String, allowed: bool) -> Answer<Organization> {
    let change = OrganizationChange { allow_development_origins: Some(allowed), ..OrganizationChange::default() };
    Ok(acting(&tenant).await?.update_organization(&id(&organization, OrganizationId::NOUN)?, change).await?)
}

/// Deletes it with all that is live in it; `confirm` is its name, letter for letter.
#[server(endpoint = "delete_organization")]
pub async fn delete_organization(tenant: String, organization: String, confirm: String) -> Answer<Organization> {
    let (op, organization) = (acting(&tenant).await?, id(&organization, OrganizationId::NOUN)?);
    op.require(Permission::DeleteOrganization, &organization)?;
    if op.organization(&organization).await?.name != confirm {
        return Err(Error::invalid("confirm", "Type the organization's name as it stands.").into());
    }
    let deleted = op.delete_organization(&organization).await?;
    leptos_axum::redirect(&format!("/t/{tenant}/organizations"));
    Ok(deleted)
}

/// The allowlist, newest first.
#[server(endpoint = "list_origins")]
pub async fn list_origins(tenant: String, organization: String) -> Answer<Vec<AllowedOrigin>> {
    Ok(acting(&tenant).await?.origins(&id(&organization, OrganizationId::NOUN)?).await?)
}

/// The allowlist, each entry with the number of live tokens that name it.
#[server(endpoint = "list_origins_in_use")]
pub async fn list_origins_in_use(tenant: String, organization: String) -> Answer<Vec<(AllowedOrigin, i64)>> {
    let (op, organization) = (acting(&tenant).await?, id(&organization, OrganizationId::NOUN)?);
    let mut listed = Vec::new();
    for origin in op.origins(&organization).await? {
        let naming = op.tokens_naming_origin(&organization, &origin.id).await?;
        listed.push((origin, naming));
    }
    Ok(listed)
}

/// What an origin would be stored as, and what it would match, as HTML; also why it would be refused.
#[server(endpoint = "judge_origin")]
pub async fn judge_origin(tenant: String, organization: String, origin: String) -> Answer<String> {
    let judged = acting(&tenant).await?.check_origin(&id(&organization, OrganizationId::NOUN)?, &origin).await;
    Ok(verdict(&origin, judged)?)
}

/// The boxes of an organization's allowlist in the mint form, as HTML.
#[server(endpoint = "origin_boxes")]
pub async fn origin_boxes(tenant: String, organization: String, #[server(default)] ticked: Vec<String>) -> Answer<String> {
    let allowlist = if organization.is_empty() { None } else { Some(list_origins(tenant, organization).await?) };
    Ok(boxes(allowlist, ticked))
}

/// Adds one from within the mint form, and says how it is stored.
#[server(endpoint = "add_origin_in_place")]
pub async fn add_origin_in_place(tenant: String, organization: String, origin: String) -> Answer<String> {
    Ok(add_origin(tenant, organization, origin).await?.origin.to_string())
}

/// Adds one, in its stored form.
#[server(endpoint = "add_origin")]
pub async fn add_origin(tenant: String, organization: String, origin: String) -> Answer<AllowedOrigin> {
    Ok(acting(&tenant).await?.add_origin(&id(&organization, OrganizationId::NOUN)?, &NewOrigin { origin }).await?)
}

/// Removes one, and the live tokens that name it where `revoke_tokens` is ticked.
#[server(endpoint = "remove_origin")]
pub async fn remove_origin(
    tenant: String,
    organization: String,
    origin: String,
    #[server(default)] revoke_tokens: bool,
) -> Answer<RemovedOrigin> {
    let (op, organization) = (acting(&tenant).await?, id(&organization, OrganizationId::NOUN)?);
    Ok(op.remove_origin(&organization, &id::<OriginId>(&origin, OriginId::NOUN)?, !revoke_tokens).await?)
}
