//! Refreshing after a sign-in in the popup: each JWT is refreshed once, so that whoever stole one shows up.
//!
//! The row knows the latest JWT by its `jti`, and the one that it replaced. The latest is replaced under a condition on the row, so of
//! several who show it at once, in any process, one replaces it. The others, and who lost that answer, show the one that was replaced: for a
//! few seconds they are answered by the latest again, letter for letter the same claims, so that there is never a second chain. Anything
//! else is somebody who kept a copy, and the session ends.

use super::{
    GRACE, StartedSession, Visit,
    open::{expiry, fresh_jti},
    store::{self, Ending},
    visit::{expired, revoked},
};
use crate::{
    Code, Error, Result, Who,
    audit::{Action, Event},
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

/// What a JWT is that was shown to refresh.
enum Shown {
    /// The one that was signed last.
    Latest,
    /// The one before, a moment ago.
    JustReplaced,
    /// One that was refreshed before.
    Copy,
}

impl Visit {
    pub(super) async fn rotate(mut self) -> Result<StartedSession> {
        for _ in 0..TRIES {
            match self.shown() {
                Shown::Latest => match self.replace().await {
                    Err(error) if error.code() == Code::Conflict => {}
                    done => return done,
                },
                Shown::JustReplaced => return self.repeat().await,
                Shown::Copy => return Err(self.end_for_reuse().await?),
            }
            let row = store::visit(self.core.db(), &self.tenant, &self.session, &self.signed_by).await?.ok_or_else(revoked)?;
            if !row.is_alive(self.core.now()) {
                return Err(revoked());
            }
            self.row = row;
        }
        Err(Error::unavailable())
    }

    fn shown(&self) -> Shown {
        let is = |kept: &Option<String>| kept.as_deref() == Some(self.jti.as_str());
        if is(&self.row.latest_jti) {
            Shown::Latest
        } else if is(&self.row.previous_jti) && self.core.now().since(self.row.refreshed_at) <= GRACE {
            Shown::JustReplaced
        } else {
            Shown::Copy
        }
    }

    async fn replace(&self) -> Result<StartedSession> {
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone());
        let (key, ends_at) = (self.signs_now()?, self.row.ends_at);
        if ends_at <= tx.now() {
            return Err(expired());
        }
        let (jti, expires_at, customer) = (fresh_jti(), expiry(self.row.way, tx.now(), ends_at), self.customer());
        let token = self.text(&customer).sign(&self.core, key, &jti, tx.now(), expires_at).await?;
        tx.write(store::rotate(&self.session, key, &self.jti, &jti, tx.now(), expires_at));
        tx.commit(Event::new(Action::CustomerSessionRefreshed).target(&self.session).with("expires_at", expires_at.to_string())).await?;
        Ok(StartedSession { token, expires_at, ends_at, customer })
    }

    /// The latest once more, signed by its own key.
    async fn repeat(&self) -> Result<StartedSession> {
        let latest = self.row.latest_jti.as_deref().ok_or_else(revoked)?;
        let (expires_at, ends_at, customer) = (self.row.expires_at, self.row.ends_at, self.customer());
        let text = self.text(&customer);
        let token = text.sign(&self.core, &self.row.signing_key_id, latest, self.row.refreshed_at, expires_at).await?;
        Ok(StartedSession { token, expires_at, ends_at, customer })
    }

    /// What the one who showed it is told, once the end is written down.
    async fn end_for_reuse(&self) -> Result<Error> {
        // Whoever it is, nobody can say that it is the customer.
        let mut tx = self.core.begin(Who::Anonymous, Some(self.tenant.clone()), self.from.clone()).urgently();
        let by = ("system".to_owned(), "Mintmark".to_owned());
        let reason = Some("A token that had been refreshed was shown again.");
        let ending = Ending { at: tx.now(), by: &by, reason };
        tx.write(store::end_reused(&self.tenant, &self.session, &ending));
        tx.write_all(store::end(&self.tenant, &self.session, &ending));
        let event = Event::new(Action::CustomerSessionReuseDetected)
            .refused()
            .reason(Some("refreshed_twice"))
            .target(&self.session)
            .with("customer", self.row.customer_id.as_str());
        tx.commit(event).await?;
        Ok(Error::new(Code::SessionRevoked, "A token of this session was refreshed twice, so the session has been ended. Sign in again."))
    }
}
