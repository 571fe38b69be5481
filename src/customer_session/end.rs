//! Ending a customer's sessions from elsewhere; it holds at the page's next call.

use super::{
    CustomerSession, CustomerSessionStatus, RevokedSessions,
    store::{self, Ending},
};
use crate::{
    CustomerId, CustomerSessionId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    text,
};

impl Op {
    /// Ends one, with all that a browser keeps of the same sign-in. One that has ended stays as it is.
    pub async fn revoke_customer_session(
        &self,
        customer: &CustomerId,
        id: &CustomerSessionId,
        reason: Option<String>,
    ) -> Result<CustomerSession> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        let session = self.customer_session(customer, id).await?;
        if session.status != CustomerSessionStatus::Active && session.kept_until.is_none() {
            return Ok(session);
        }
        let (by, reason) = (self.actor().signature(), text::reason(reason)?);
        tx.write_all(store::end(self.tenant(), id, &Ending { at: tx.now(), by: &by, reason: reason.as_deref() }));
        tx.commit(Event::new(Action::CustomerSessionRevoked).target(id).reason(reason).with("customer", customer.as_str())).await?;
        self.customer_session(customer, id).await
    }

    /// Ends all of a customer's, and what browsers keep of them; answers how many were live.
    pub async fn revoke_customer_sessions(&self, customer: &CustomerId, reason: Option<String>) -> Result<RevokedSessions> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        self.customer(customer).await?;
        let (by, reason) = (self.actor().signature(), text::reason(reason)?);
        let ended =
            tx.write_all(store::end_of_customer(self.tenant(), customer, &Ending { at: tx.now(), by: &by, reason: reason.as_deref() }));
        let event = Event::new(Action::CustomerSessionsRevoked).target(customer).reason(reason).counted(ended);
        let done = tx.commit(event).await?;
        Ok(RevokedSessions { revoked: done.rows.get(ended).copied().unwrap_or_default() })
    }
}
