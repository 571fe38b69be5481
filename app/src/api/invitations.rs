//! Invitations: a link that makes one person a member.

use super::{Revealed, members::link_for};
use crate::Answer;
use leptos::prelude::*;
use mintmark::{Page, Role, invitation::Invitation};

use super::{acting, id, members::place};
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
pub async fn create_invitation(tenant: String, email: String, role: Role, organization: Option<String>) -> Answer<Revealed> {
    let asked = NewInvitation { email, role, organization_id: place(organization)? };
    Ok(link(acting(&tenant).await?.create_invitation(asked).await?))
}

/// A new link for another seven days; the old one stops working. The answer holds the link.
#[server(endpoint = "resend_invitation")]
pub async fn resend_invitation(tenant: String, invitation: String) -> Answer<Revealed> {
    Ok(link(acting(&tenant).await?.resend_invitation(&id(&invitation, InvitationId::NOUN)?).await?))
}

/// Takes it back: the link stops working at once.
#[server(endpoint = "revoke_invitation")]
pub async fn revoke_invitation(tenant: String, invitation: String) -> Answer<Invitation> {
    Ok(acting(&tenant).await?.revoke_invitation(&id(&invitation, InvitationId::NOUN)?).await?)
}

fn link(created: CreatedInvitation) -> Revealed {
    link_for(created.url, created.invitation.email, created.invitation.expires_at)
}
