//! A browser's session: found by the SHA-256 of what its cookie holds, written by update only (X5).

use super::{ABSOLUTE, COOKIE_PREFIX, IDLE, NewSession, Session, store};
use crate::{
    Core, Origination, Result, Secret, SessionId, Time, Who,
    secret::{Digest, generate_secret},
    user::User,
    writer::Write,
};

/// The longest text that is looked up as a cookie.
const LONGEST: usize = 200;

/// A session about to begin.
pub(crate) struct Opening {
    pub(crate) session: NewSession,
    pub(crate) write: Write,
    /// The person in it, for the event.
    pub(crate) who: Who,
}

/// Somebody has just proved who they are: a new session with a new cookie; a planted one is never adopted (SE2).
pub(crate) fn open(user: &User, at: Time, from: &Origination) -> Opening {
    let id = SessionId::new(at);
    let cookie = generate_secret(COOKIE_PREFIX);
    let expires_at = at.plus(ABSOLUTE);
    let write = store::insert(&id, &hash(cookie.reveal()), &user.id, at, expires_at, from);
    let who = Who::User { id: user.id.clone(), name: user.name.clone(), session: id.clone(), proved_at: at };
    Opening { session: NewSession { id, cookie, expires_at }, write, who }
}

fn hash(cookie: &str) -> String {
    Digest::of(cookie.as_bytes()).to_hex()
}

impl Core {
    /// The live session that this cookie names: not ended, seen within the hour, younger than a day, its user not disabled (SE4).
    pub async fn session(&self, cookie: &str) -> Result<Option<Session>> {
        if cookie.is_empty() || cookie.len() > LONGEST {
            return Ok(None);
        }
        let now = self.now();
        let session = store::by_cookie(self.db(), &hash(cookie), now).await?;
        let session = session.filter(|session| self.seen_at(&session.id, session.seen_at).plus(IDLE) > now);
        if let Some(session) = &session {
            self.uses().session_seen(&session.id, now);
        }
        Ok(session)
    }

    /// When a session was seen, also when that is not written yet.
    pub(super) fn seen_at(&self, id: &SessionId, written: Time) -> Time {
        self.uses().session_last_seen(id).map_or(written, |seen| seen.max(written))
    }

    /// Keeps the session layer's own record. Never revives a session that ended while the request ran (X5): 401 then.
    pub async fn save_session(&self, id: &SessionId, data: &str) -> Result<()> {
        self.keep(vec![store::save(id, data, self.now())]).await.map(drop)
    }

    /// The session goes on under a new cookie (SE2).
    pub async fn cycle_session(&self, id: &SessionId) -> Result<Secret> {
        let cookie = generate_secret(COOKIE_PREFIX);
        self.bind_session(id, cookie.reveal()).await?;
        Ok(cookie)
    }

    /// The session goes on under a cookie that somebody else's generator made, which must have 128 random bits.
    pub async fn bind_session(&self, id: &SessionId, cookie: &str) -> Result<()> {
        self.keep(vec![store::replace_cookie(id, &hash(cookie), self.now())]).await.map(drop)
    }

    /// Deletes what is long over: sessions, links, failures, devices. Once a day is enough.
    pub async fn sweep_sessions(&self) -> Result<()> {
        self.keep(store::sweep(self.now()).to_vec()).await.map(drop)
    }
}
