//! Another hour for a live session, and its end by the page itself.

use super::{
    EndedCustomerSession, StartedSession, Visit,
    open::Text,
    store::{self, Ending},
    visit::expired,
};
use crate::{
    Error, Result, Who,
    audit::{Action, Event},
};

impl Visit {
    /// Signs a new JWT for the same session, never past twelve hours from its beginning.
    pub async fn refresh(self) -> Result<StartedSession> {
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone());
        let key = self.row.active_key_id.as_ref();
        let key = key.ok_or_else(|| Error::internal(format!("{} has no active signing key", self.tenant)))?;
        let (customer, ends_at) = (self.customer(), self.row.ends_at);
        let text = Text {
            id: &self.session,
            tenant: &self.tenant,
            slug: &self.row.slug,
            product: &self.row.product_id,
            customer: &customer,
            organization: self.row.organization_id.as_ref(),
            mode: self.row.mode,
            ends_at,
        };
        if ends_at <= tx.now() {
            return Err(expired());
        }
        let (token, expires_at) = text.sign(&self.core, key, tx.now()).await?;
        tx.write(store::refresh(&self.session, key, tx.now(), expires_at));
        tx.commit(Event::new(Action::CustomerSessionRefreshed).target(&self.session).with("expires_at", expires_at.to_string())).await?;
        Ok(StartedSession { token, expires_at, ends_at, customer })
    }

    /// Ends it: the customer signed out, or another one signs in.
    pub async fn end(self) -> Result<EndedCustomerSession> {
        let mut tx = self.core.begin(self.who(), Some(self.tenant.clone()), self.from.clone()).urgently();
        let by = (self.row.customer_id.to_string(), "The customer".to_owned());
        tx.write(store::end(&self.tenant, &self.session, &Ending { at: tx.now(), by: &by, reason: None }));
        let ended = EndedCustomerSession { id: self.session.clone(), customer_id: self.row.customer_id.clone(), revoked_at: tx.now() };
        tx.commit(Event::new(Action::CustomerSessionEnded).target(&self.session)).await?;
        Ok(ended)
    }

    fn who(&self) -> Who {
        Who::Customer { id: self.row.customer_id.clone() }
    }
}
