//! The invitations within reach, and taking one back.

use super::{Invitation, InvitationStatus, store};
use crate::{
    Code, Error, InvitationId, Limit, Op, Page, Permission, Result,
    audit::{Action, Event},
    member::grant::reach,
    page::Cursor,
};

impl Op {
    /// Newest first; those that were accepted or withdrawn only when `all`.
    pub async fn invitations(&self, all: bool, limit: Limit, cursor: Option<&str>) -> Result<Page<Invitation>> {
        let (db, narrowed) = self.read_somewhere(Permission::ReadMembers)?;
        let cursors = self.core().cursor("invitations", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), narrowed, all, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn invitation(&self, id: &InvitationId) -> Result<Invitation> {
        self.read_somewhere(Permission::ReadMembers)?;
        self.find_invitation(id).await
    }

    /// Takes it back: the link stops working at once. Again it changes nothing and answers the same.
    pub async fn revoke_invitation(&self, id: &InvitationId) -> Result<Invitation> {
        let invitation = match self.waiting_invitation(id).await {
            Err(error) if error.code() == Code::Conflict => {
                let closed = self.find_invitation(id).await?;
                return if closed.status == InvitationStatus::Revoked { Ok(closed) } else { Err(error) };
            }
            waiting => waiting?,
        };
        let organization = invitation.organization_id.as_ref();
        let mut tx = self.begin(Permission::ManageMembers, reach(organization))?.urgently();
        tx.write(store::revoke(self.tenant(), id, tx.now()));
        let mut event = Event::new(Action::InvitationRevoked).target(id).with("email", invitation.email.as_str());
        if let Some(id) = organization {
            event = event.organization(id);
        }
        tx.commit(event).await?;
        self.find_invitation(id).await
    }

    pub(super) async fn find_invitation(&self, id: &InvitationId) -> Result<Invitation> {
        let found = store::find(self.core().db(), self.tenant(), id, self.core().now()).await?;
        // One of an organization out of reach is as absent as one that never was; so are the tenant's own to an organization's people.
        let seen = found.filter(|found| {
            found.organization_id.as_ref().map_or(self.sees_tenant(), |id| self.sees_tenant() || self.actor().roles.reach(id))
        });
        seen.ok_or_else(|| Error::not_found("invitation"))
    }

    /// One that was neither accepted nor withdrawn, for whoever manages members where it leads.
    pub(super) async fn waiting_invitation(&self, id: &InvitationId) -> Result<Invitation> {
        self.read_somewhere(Permission::ReadMembers)?;
        let invitation = self.find_invitation(id).await?;
        self.require(Permission::ManageMembers, reach(invitation.organization_id.as_ref()))?;
        match invitation.status {
            InvitationStatus::Accepted | InvitationStatus::Revoked => {
                Err(Error::new(Code::Conflict, "This invitation was accepted or withdrawn already."))
            }
            _ => Ok(invitation),
        }
    }

    fn sees_tenant(&self) -> bool {
        self.actor().roles.tenant.is_some() || matches!(self.actor().who, crate::Who::CommandLine | crate::Who::System)
    }
}
