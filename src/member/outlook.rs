//! One member, with what the dialogs about them have to say.

use super::{MemberOutlook, store};
use crate::{Op, Permission, Reach, Result, Role, UserId};

impl Op {
    /// A member within reach, and what changing or removing them would do.
    pub async fn member_outlook(&self, user: &UserId) -> Result<MemberOutlook> {
        let member = self.member(user).await?;
        let (db, tenant, now) = (self.core().db(), self.tenant(), self.core().now());
        let manages = |reach: Reach<'_>| self.require(Permission::ManageMembers, reach).is_ok();
        let (mut by_removal, mut by_demotion, mut by_organization) = (0, 0, Vec::new());
        if manages(Reach::Tenant) {
            by_removal = store::minted_alive(db, tenant, user, None, true, now).await?.live_tokens;
            by_demotion = store::minted_alive(db, tenant, user, None, false, now).await?.live_tokens;
        }
        for held in &member.organizations {
            let id = &held.organization_id;
            by_organization.push(if manages(id.into()) {
                store::minted_alive(db, tenant, user, Some(id), false, now).await?.live_tokens
            } else {
                0
            });
        }
        let last_owner = member.role == Some(Role::Owner) && !store::has_other_owner(db, tenant, user).await?;
        Ok(MemberOutlook { member, last_owner, by_removal, by_demotion, by_organization })
    }
}
