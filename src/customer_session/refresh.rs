//! More time for a live session, and its end by the page itself.

use super::{
    EndedCustomerSession, RevokedSessions, StartedSession, Visit, Way,
    open::{Text, expiry, fresh_jti},
    store::{self, Ending},
    visit::expired,
};
use crate::{
    Error, KeyId, Result, Who,
    audit::{Action, Event},
};

impl Visit {
    /// Signs a new JWT for the same session, never past twelve hours from its beginning. After a sign-in in the popup a JWT is refreshed
    /// once: see [`Visit::rotate`].
    pub async fn refresh(self) -> Result<StartedSession> {
        if self.row.way == Way::SignIn {
            return self.rotate().await;
        }
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone());
        let (key, ends_at) = (self.signs_now()?, self.row.ends_at);
        if ends_at <= tx.now() {
            return Err(expired());
        }
        let expires_at = expiry(self.row.way, tx.now(), ends_at);
        let customer = self.customer();
        let token = self.text(&customer).sign(&self.core, key, &fresh_jti(), tx.now(), expires_at).await?;
        tx.write(store::refresh(&self.session, key, tx.now(), expires_at));
        tx.commit(Event::new(Action::CustomerSessionRefreshed).target(&self.session).with("expires_at", expires_at.to_string())).await?;
        Ok(StartedSession { token, expires_at, ends_at, customer })
    }

    /// Ends it, with all that the browser keeps of the same sign-in: the customer signed out, or another one signs in.
    pub async fn end(self) -> Result<EndedCustomerSession> {
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone()).urgently();
        let by = self.signature();
        tx.write_all(store::end(&self.tenant, &self.session, &Ending { at: tx.now(), by: &by, reason: None }));
        let ended = EndedCustomerSession { id: self.session.clone(), customer_id: self.row.customer_id.clone(), revoked_at: tx.now() };
        tx.commit(Event::new(Action::CustomerSessionEnded).target(&self.session)).await?;
        Ok(ended)
    }

    /// Ends every session of its customer, wherever and however they began: the customer signed out everywhere.
    pub async fn end_everywhere(self) -> Result<RevokedSessions> {
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone()).urgently();
        let (by, customer) = (self.signature(), &self.row.customer_id);
        let ended = tx.write_all(store::end_of_customer(&self.tenant, customer, &Ending { at: tx.now(), by: &by, reason: None }));
        let done = tx.commit(Event::new(Action::CustomerSessionsRevoked).target(customer).counted(ended)).await?;
        Ok(RevokedSessions { revoked: done.rows.get(ended).copied().unwrap_or_default() })
    }

    pub(crate) fn who(&self) -> Who {
        Who::Customer { id: self.row.customer_id.clone() }
    }

    pub(crate) fn signature(&self) -> (String, String) {
        (self.row.customer_id.to_string(), "The customer".to_owned())
    }

    /// The tenant's active key.
    pub(super) fn signs_now(&self) -> Result<&KeyId> {
        let key = self.row.active_key_id.as_ref();
        key.ok_or_else(|| Error::internal(format!("{} has no active signing key", self.tenant)))
    }

    pub(super) fn text<'a>(&'a self, customer: &'a crate::customer::CustomerSummary) -> Text<'a> {
        Text {
            id: &self.session,
            tenant: &self.tenant,
            slug: &self.row.slug,
            product: &self.row.product_id,
            customer,
            organization: self.row.organization_id.as_ref(),
            mode: self.row.mode,
        }
    }
}
