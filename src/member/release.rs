//! Letting somebody in again whom a restore held.

use super::{Member, store};
use crate::{
    Code, Error, Op, Permission, Reach, Result, UserId,
    audit::{Action, Event},
};

impl Op {
    /// A backup knows nothing of who was removed, demoted or reset after it was taken, so an owner looks at everybody once
    /// (RV11). The password is as old as the backup.
    pub async fn release_member(&self, user: &UserId) -> Result<Member> {
        let mut tx = self.begin(Permission::ReleaseHeld, Reach::Tenant)?;
        if self.member(user).await?.held_at.is_none() {
            return Err(Error::new(Code::Conflict, "This member is not held."));
        }
        tx.write(store::release(user, self.tenant()));
        tx.commit(Event::new(Action::MemberReleased).target(user)).await?;
        self.member(user).await
    }
}
