//! Members: who holds which role, and how one leaves.

use super::Revealed;
use crate::{
    Answer,
    ui::{When, WhenProps},
};
use leptos::prelude::*;
use mintmark::{
    Page, Role, Secret, Time,
    member::{Member, MemberOutlook, Removed},
    session::SessionSummary,
};

use super::{acting, given, id};
use mintmark::{
    Limit, OrganizationId, UserId,
    member::{Removal, RoleChange},
};

/// Newest first: everybody within reach, or those who hold a role of one organization.
#[server(endpoint = "list_members")]
pub async fn list_members(tenant: String, organization: Option<String>, cursor: Option<String>) -> Answer<Page<Member>> {
    let (op, organization) = (acting(&tenant).await?, place(organization)?);
    Ok(op.members(organization.as_ref(), Limit::default(), cursor.as_deref()).await?)
}

/// One of them, and what changing or removing them would do.
#[server(endpoint = "show_member")]
pub async fn show_member(tenant: String, member: String) -> Answer<MemberOutlook> {
    Ok(acting(&tenant).await?.member_outlook(&id(&member, UserId::NOUN)?).await?)
}

/// A member's live sessions.
#[server(endpoint = "member_sessions")]
pub async fn member_sessions(tenant: String, member: String) -> Answer<Vec<SessionSummary>> {
    Ok(acting(&tenant).await?.sessions_of(&id(&member, UserId::NOUN)?).await?)
}

/// Another role in the tenant or in one organization. `revoke_minted` counts where they fall below admin.
#[server(endpoint = "change_member_role")]
pub async fn change_member_role(
    tenant: String,
    member: String,
    organization: Option<String>,
    role: Role,
    #[server(default)] revoke_minted: bool,
) -> Answer<Member> {
    let change = RoleChange { role, organization_id: place(organization)?, revoke_minted };
    Ok(acting(&tenant).await?.change_role(&id(&member, UserId::NOUN)?, change).await?)
}

/// Out of one organization, or out of the tenant with all of its organizations.
#[server(endpoint = "remove_member")]
pub async fn remove_member(
    tenant: String,
    member: String,
    organization: Option<String>,
    #[server(default)] revoke_minted: bool,
) -> Answer<Removed> {
    let removal = Removal { organization_id: place(organization)?, revoke_minted };
    Ok(acting(&tenant).await?.remove_member(&id(&member, UserId::NOUN)?, removal).await?)
}

/// Signs a member out everywhere; answers how many sessions that were.
#[server(endpoint = "end_member_sessions")]
pub async fn end_member_sessions(tenant: String, member: String) -> Answer<u64> {
    Ok(acting(&tenant).await?.end_sessions_of(&id(&member, UserId::NOUN)?).await?)
}

/// Lets a member in again whom a restore held.
#[server(endpoint = "release_member")]
pub async fn release_member(tenant: String, member: String) -> Answer<Member> {
    Ok(acting(&tenant).await?.release_member(&id(&member, UserId::NOUN)?).await?)
}

/// A link with which a member sets a new password and turns the second factor off. The answer holds the secret.
#[server(endpoint = "issue_member_reset")]
pub async fn issue_member_reset(tenant: String, member: String) -> Answer<Revealed> {
    let (op, member) = (acting(&tenant).await?, id::<UserId>(&member, UserId::NOUN)?);
    let link = op.issue_reset(&member).await?;
    Ok(link_for(link.url, op.member(&member).await?.user.email, link.expires_at))
}

/// The organization that a form names; none for the whole tenant.
pub(super) fn place(organization: Option<String>) -> Answer<Option<OrganizationId>> {
    given(organization).map(|text| id(&text, OrganizationId::NOUN)).transpose()
}

/// A link that works once, with for whom and until when.
pub(super) fn link_for(url: Secret, email: String, until: Time) -> Revealed {
    let until = When(WhenProps { at: Some(until), never: "", quiet: false, full: true });
    let beside = view! { <p>"For " <strong>{email}</strong> ". It works once, until " {until} "."</p> };
    Revealed::new(url, beside.to_html())
}
