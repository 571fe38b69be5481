//! Changing a member's role.

use super::{Member, MintedAlive, RoleChange, grant::reach, store};
use crate::{
    Error, Op, OrganizationId, Permission, Result, Role, UserId,
    audit::{Action, Event},
};

/// Why tokens died.
const MAY_NO_MORE: &str = "Whoever minted it may mint no more.";

impl Op {
    /// The role at one level becomes another. Below admin, the live tokens that they minted and could mint no more die in the
    /// same transaction unless that is declined. It holds at the next request of their sessions (AZ4).
    pub async fn change_role(&self, user: &UserId, change: RoleChange) -> Result<Member> {
        let organization = change.organization_id.as_ref();
        let before = self.held_role(user, organization).await?;
        let permission = self.may_grant(organization, &[before, change.role])?;
        if before == change.role {
            return self.member(user).await;
        }
        let mut tx = self.begin(permission, reach(organization))?.urgently();
        tx.write(store::expect_role(user, self.tenant(), organization, before));
        if organization.is_none() && before == Role::Owner {
            tx.write(store::expect_other_owner(user, self.tenant()));
        }
        tx.write(store::set_role(user, self.tenant(), organization, change.role));
        let mut event = Event::new(Action::MemberRoleChanged).target(user).changed("role", &before.to_string(), &change.role.to_string());
        if let Some(id) = organization {
            event = event.organization(id);
        }
        let mut minted = None;
        if change.role < Role::Admin && before >= Role::Admin && change.revoke_minted {
            let write = self.end_minted(user, &tx, MAY_NO_MORE);
            let place = tx.write(write);
            event = event.counted(place);
            minted = Some(place);
        }
        let done = tx.commit(event).await?;
        self.end_all_minted(user, minted.and_then(|place| done.rows.get(place).copied()), MAY_NO_MORE).await?;
        self.member(user).await
    }

    /// How many live tokens a fall below admin at this level would end.
    pub async fn minted_by_member_alive(&self, user: &UserId, organization: Option<&OrganizationId>) -> Result<MintedAlive> {
        self.require(Permission::ManageMembers, reach(organization))?;
        self.held_role(user, organization).await?;
        store::minted_alive(self.core().db(), self.tenant(), user, organization, false, self.core().now()).await
    }

    /// The role that somebody holds at exactly this level, for whoever manages members there.
    pub(super) async fn held_role(&self, user: &UserId, organization: Option<&OrganizationId>) -> Result<Role> {
        self.require(Permission::ManageMembers, reach(organization))?;
        let held = store::roles_of(self.core().db(), self.tenant(), user).await?;
        let at_level = held.into_iter().find(|held| held.organization_id.as_ref() == organization);
        at_level.map(|held| held.role).ok_or_else(|| Error::not_found("member"))
    }
}
