//! Removing a member, and leaving.

use super::{MintedAlive, Removal, Removed, grant::reach, store};
use crate::{
    Error, Op, OrganizationId, Permission, Reach, Result, Role, Tx, UserId,
    audit::{Action, Event},
    db::one_request,
    session,
    writer::Write,
};

/// Why tokens died.
const NO_LONGER_A_MEMBER: &str = "Whoever minted it is no longer a member.";

impl Op {
    /// Out of one organization, or out of the tenant with all of its organizations. When nothing is left for them in the tenant
    /// their sessions end; the live tokens that they minted and could mint no more die unless that is declined. Whoever wants
    /// to leave needs no permission, but the last owner cannot.
    pub async fn remove_member(&self, user: &UserId, removal: Removal) -> Result<Removed> {
        let organization = removal.organization_id.as_ref();
        let leaves = self.actor().user() == Some(user);
        if !leaves {
            self.require(Permission::ManageMembers, reach(organization))?;
        } else if let Some(id) = organization
            && !self.actor().roles.reach(id)
        {
            return Err(Error::not_found("organization"));
        }
        let held = store::roles_of(self.core().db(), self.tenant(), user).await?;
        let concerned: Vec<_> =
            held.into_iter().filter(|held| organization.is_none() || held.organization_id.as_ref() == organization).collect();
        if concerned.is_empty() {
            return Err(Error::not_found("member"));
        }
        let owner = concerned.iter().any(|held| held.organization_id.is_none() && held.role == Role::Owner);
        let mut tx = if leaves {
            self.begin_own()
        } else {
            // Whoever manages the tenant's members reaches every organization's; only an owner's role at the tenant is above that.
            let at_level: Vec<Role> =
                concerned.iter().filter(|held| held.organization_id.as_ref() == organization).map(|held| held.role).collect();
            self.begin(self.may_grant(organization, &at_level)?, reach(organization))?
        }
        .urgently();
        for held in &concerned {
            tx.write(store::expect_role(user, self.tenant(), held.organization_id.as_ref(), held.role));
        }
        if owner {
            tx.write(store::expect_other_owner(user, self.tenant()));
        }
        tx.write(store::delete(user, self.tenant(), organization));
        tx.write(session::store::end_without_membership(user, self.tenant(), tx.now()));
        let roles: Vec<String> = concerned.iter().map(|held| held.role.to_string()).collect();
        let mut event = Event::new(Action::MemberRemoved).target(user).with("roles", roles).with("left", leaves);
        if let Some(id) = organization {
            event = event.organization(id);
        }
        let mut minted = None;
        if removal.revoke_minted {
            let write = self.end_minted(user, &tx, NO_LONGER_A_MEMBER);
            let place = tx.write(write);
            event = event.counted(place);
            minted = Some(place);
        }
        let done = tx.commit(event).await?;
        let ended = minted.and_then(|place| done.rows.get(place).copied());
        let revoked_tokens = self.end_all_minted(user, ended, NO_LONGER_A_MEMBER).await?;
        Ok(Removed { user_id: user.clone(), revoked_tokens })
    }

    /// Ends what they minted and could mint no more, up to what one transaction ends.
    pub(super) fn end_minted(&self, user: &UserId, tx: &Tx, reason: &str) -> Write {
        let (by, by_name) = self.actor().signature();
        store::revoke_minted(user, self.tenant(), tx.now(), &by, &by_name, reason, tx.event_id())
    }

    /// The rest of it, when one transaction ended as many as it may; answers how many ended in all.
    pub(super) async fn end_all_minted(&self, user: &UserId, ended: Option<u64>, reason: &str) -> Result<u64> {
        let (mut last, mut all) = (ended.unwrap_or(0), ended.unwrap_or(0));
        while last >= store::AT_ONCE {
            let mut tx = self.begin_own().urgently();
            let write = self.end_minted(user, &tx, reason);
            let place = tx.write(write);
            let event = Event::new(Action::TokensRevoked).reason(Some(reason.to_owned())).with("minted_by", user.as_str());
            let done = one_request(tx.commit(event.counted(place))).await?;
            last = done.rows.get(place).copied().unwrap_or(0);
            all += last;
        }
        Ok(all)
    }

    /// How many live tokens a removal would end.
    pub async fn preview_removal(&self, user: &UserId, organization: Option<&OrganizationId>) -> Result<MintedAlive> {
        if self.actor().user() != Some(user) {
            self.require(Permission::ManageMembers, reach(organization))?;
        }
        let db = self.core().db();
        if !store::belongs(db, self.tenant(), user).await? {
            return Err(Error::not_found("member"));
        }
        store::minted_alive(db, self.tenant(), user, organization, reach(organization) == Reach::Tenant, self.core().now()).await
    }
}
