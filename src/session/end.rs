//! Ending sessions: one's own, the others, a member's. All of it holds at the next request (SE3).

use super::{EndedSession, Session, store};
use crate::{
    Core, Error, Op, Origination, Permission, Reach, Result, Role, SessionId, TenantId, UserId, Who,
    audit::{Action, Event},
};

impl Core {
    /// Signs out; a session that has ended already stays so.
    pub async fn sign_out(&self, session: &Session, from: Origination) -> Result<()> {
        let tenant: Option<TenantId> = self.tenants_of(&session.user_id).await?.into_iter().next().map(|tenant| tenant.id);
        let (id, name) = (session.user_id.clone(), session.name.clone());
        let who = Who::User { id, name, session: session.id.clone(), proved_at: session.proved_at };
        let mut tx = self.begin(who, tenant, from).urgently();
        tx.write(store::end(&session.id, &session.user_id, tx.now()));
        let event = Event::new(Action::UserSignedOut).target(&session.user_id).with("session", session.id.as_str());
        tx.commit(event).await.map(drop)
    }
}

impl Op {
    /// Ends the session that acts: `DELETE /v1/sessions/current`.
    pub async fn sign_out(&self) -> Result<EndedSession> {
        let (user, session) = self.person()?;
        let mut tx = self.begin_own().urgently();
        let ended = EndedSession { id: session.clone(), user_id: user.clone(), revoked_at: tx.now() };
        tx.write(store::end(session, user, tx.now()));
        tx.commit(Event::new(Action::UserSignedOut).target(user).with("session", session.as_str())).await?;
        Ok(ended)
    }

    /// Ends one of the actor's own sessions.
    pub async fn end_session(&self, id: &SessionId) -> Result<()> {
        let (user, _) = self.person()?;
        if !store::list(self.core().db(), user, self.core().now()).await?.iter().any(|session| session.id == *id) {
            return Err(Error::not_found("session"));
        }
        let mut tx = self.begin_own().urgently();
        let ended = tx.write(store::end(id, user, tx.now()));
        tx.commit(Event::new(Action::SessionsEnded).target(id).counted(ended)).await.map(drop)
    }

    /// Signs out every other session of the actor; answers how many.
    pub async fn end_other_sessions(&self) -> Result<u64> {
        let (user, session) = self.person()?;
        let mut tx = self.begin_own().urgently();
        let ended = tx.write(store::end_others(user, session, tx.now()));
        let done = tx.commit(Event::new(Action::SessionsEnded).target(user).counted(ended)).await?;
        Ok(done.rows.get(ended).copied().unwrap_or(0))
    }

    /// Ends one session of a member; answers whether it was alive. An owner's only by an owner.
    pub(crate) async fn end_session_of(&self, user: &UserId, session: &SessionId, reason: Option<String>) -> Result<u64> {
        let permission = self.permission_to_end(user).await?;
        let mut tx = self.begin(permission, Reach::Tenant)?.urgently();
        let ended = tx.write(store::end(session, user, tx.now()));
        let done = tx.commit(Event::new(Action::SessionsEnded).target(session).reason(reason).counted(ended)).await?;
        Ok(done.rows.get(ended).copied().unwrap_or(0))
    }

    /// Ends every session of a member; answers how many. An owner's only by an owner.
    pub async fn end_sessions_of(&self, user: &UserId) -> Result<u64> {
        let permission = self.permission_to_end(user).await?;
        let mut tx = self.begin(permission, Reach::Tenant)?.urgently();
        let ended = tx.write(store::end_all(user, tx.now()));
        let done = tx.commit(Event::new(Action::SessionsEnded).target(user).counted(ended)).await?;
        Ok(done.rows.get(ended).copied().unwrap_or(0))
    }
    async fn permission_to_end(&self, user: &UserId) -> Result<Permission> {
        self.require(Permission::ManageMembers, Reach::Tenant)?;
        let standing = crate::member::store::roles_of(self.core().db(), self.tenant(), user).await?;
        if standing.is_empty() {
            return Err(Error::not_found("member"));
        }
        let is_owner = standing.iter().any(|held| held.organization_id.is_none() && held.role == Role::Owner);
        Ok(if is_owner { Permission::ManageOwners } else { Permission::ManageMembers })
    }
}
