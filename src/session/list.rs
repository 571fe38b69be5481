//! The sessions of a person, newest first.

use super::{IDLE, SessionKind, SessionSummary, store};
use crate::{Error, Op, Permission, Reach, Result, UserId};

impl Op {
    /// The actor's own live sessions, this one marked.
    pub async fn sessions(&self) -> Result<Vec<SessionSummary>> {
        let (user, current) = self.person()?;
        let mut sessions = self.live_sessions(user).await?;
        for session in &mut sessions {
            session.current = session.id == *current;
        }
        Ok(sessions)
    }

    /// A member's live sessions, for whoever manages the tenant's members.
    pub async fn sessions_of(&self, user: &UserId) -> Result<Vec<SessionSummary>> {
        let db = self.read(Permission::ManageMembers, Reach::Tenant)?;
        if !crate::member::store::belongs(db, self.tenant(), user).await? {
            return Err(Error::not_found("member"));
        }
        self.live_sessions(user).await
    }

    async fn live_sessions(&self, user: &UserId) -> Result<Vec<SessionSummary>> {
        let now = self.core().now();
        let mut sessions = store::list(self.core().db(), user, now).await?;
        for session in &mut sessions {
            session.seen_at = self.core().seen_at(&session.id, session.seen_at);
        }
        sessions.retain(|session| session.kind == SessionKind::Api || session.seen_at.plus(IDLE) > now);
        Ok(sessions)
    }
}
