//! Invitations: a link that makes one person a member.

use super::members::FreshLink;
use crate::Answer;
use leptos::prelude::*;
use mintmark::{Page, Role, invitation::Invitation};

#[cfg(feature = "ssr")]
use super::{acting, id, members::place};
#[cfg(feature = "ssr")]
use mintmark::{
    InvitationId, Limit,
    invitation::{CreatedInvitation, NewInvitation},
};

/// Newest first; those that were accepted or withdrawn only when `closed`.
#[server(endpoint = "list_invitations")]
pub async fn list_invitations(tenant: String, #[server(default)] closed: bool, cursor: Option<String>) -> Answer<Page<Invitation>> {
    Ok(acting(&tenant).await?.invitations(closed, Limit::MOST, cursor.as_deref()).await?)
}

/// Invites somebody into the tenant or one organization. The answer holds the link.
#[server(endpoint = "create_invitation")]
pub async fn create_invitation(tenant: String, email: String, role: Role, organization: Option<String>) -> Answer<FreshLink> {
    let asked = NewInvitation { email, role, organization_id: place(organization)? };
    Ok(link(acting(&tenant).await?.create_invitation(asked).await?))
}

/// A new link for another seven days; the old one stops working. The answer holds the link.
#[server(endpoint = "resend_invitation")]
pub async fn resend_invitation(tenant: String, invitation: String) -> Answer<FreshLink> {
    Ok(link(acting(&tenant).await?.resend_invitation(&id(&invitation, InvitationId::NOUN)?).await?))
}

/// Takes it back: the link stops working at once.
#[server(endpoint = "revoke_invitation")]
pub async fn revoke_invitation(tenant: String, invitation: String) -> Answer<Invitation> {
    Ok(acting(&tenant).await?.revoke_invitation(&id(&invitation, InvitationId::NOUN)?).await?)
}

#[cfg(feature = "ssr")]
fn link(created: CreatedInvitation) -> FreshLink {
    FreshLink { url: created.url, email: created.invitation.email, expires_at: created.invitation.expires_at }
}
