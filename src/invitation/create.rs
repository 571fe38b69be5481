//! Inviting somebody, and sending the link once more.

use super::{CreatedInvitation, Invitation, InvitationStatus, LASTS, NewInvitation, PREFIX, store};
use crate::{
    Code, Error, InvitationId, Op, Result,
    audit::{Action, Event},
    member::grant::reach,
    secret::{Digest, generate_secret},
    user::email,
};

/// What is said beside the link.
const WARNING: &str = "This link is shown once. Send it to this person only: whoever opens it first can accept.";

impl Op {
    /// A link that makes this person a member, once, within seven days. Nobody gives more than they have (AZ8). An older
    /// invitation of the same person to the same place stops working.
    pub async fn create_invitation(&self, asked: NewInvitation) -> Result<CreatedInvitation> {
        let organization = asked.organization_id.as_ref();
        let permission = self.may_grant(organization, &[asked.role])?;
        let mut tx = self.begin(permission, reach(organization))?;
        let email = email::parse(&asked.email)?;
        let db = self.core().db();
        if let Some(id) = organization {
            crate::organization::store::find(db, self.tenant(), id).await?.ok_or_else(|| Error::not_found("organization"))?;
        }
        if store::is_member(db, self.tenant(), organization, &email).await? {
            return Err(Error::new(Code::AlreadyExists, "This person is a member already.").field("email"));
        }
        let id = InvitationId::new(tx.now());
        let token = generate_secret(PREFIX);
        let (by, by_name) = self.actor().signature();
        let (at, until) = (tx.now(), tx.now().plus(LASTS));
        let token_hash = Digest::of(token.reveal().as_bytes()).to_hex();
        let tenant = self.tenant();
        let (email, role) = (email.as_str(), asked.role);
        let new = store::New { id: &id, tenant, organization, email, role, token_hash: &token_hash, by: &by, by_name: &by_name, at, until };
        tx.write_all(store::insert(&new));
        let mut event =
            Event::new(Action::InvitationCreated).target(&id).with("email", email).with("role", role.as_str()).with("resent", false);
        if let Some(id) = organization {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        let invitation = Invitation {
            id,
            email: email.to_owned(),
            role,
            organization_id: organization.cloned(),
            status: InvitationStatus::Pending,
            invited_by: by,
            invited_by_name: by_name,
            created_at: at,
            expires_at: until,
            accepted_at: None,
            revoked_at: None,
        };
        Ok(CreatedInvitation { invitation, url: self.core().one_time_link("invitation", token, until).url, warning: WARNING.to_owned() })
    }

    /// The same invitation under a new link for another seven days, now in the actor's name; the old link stops working.
    pub async fn resend_invitation(&self, id: &InvitationId) -> Result<CreatedInvitation> {
        let invitation = self.waiting_invitation(id).await?;
        let organization = invitation.organization_id.as_ref();
        let permission = self.may_grant(organization, &[invitation.role])?;
        let mut tx = self.begin(permission, reach(organization))?;
        let token = generate_secret(PREFIX);
        let (by, by_name) = self.actor().signature();
        let (at, until) = (tx.now(), tx.now().plus(LASTS));
        let token_hash = Digest::of(token.reveal().as_bytes()).to_hex();
        let (tenant, email, role) = (self.tenant(), invitation.email.as_str(), invitation.role);
        let new = store::New { id, tenant, organization, email, role, token_hash: &token_hash, by: &by, by_name: &by_name, at, until };
        tx.write(store::renew(&new));
        let mut event =
            Event::new(Action::InvitationCreated).target(id).with("email", email).with("role", role.as_str()).with("resent", true);
        if let Some(id) = organization {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        let invitation = self.find_invitation(id).await?;
        Ok(CreatedInvitation { invitation, url: self.core().one_time_link("invitation", token, until).url, warning: WARNING.to_owned() })
    }
}
