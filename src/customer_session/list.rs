//! The sessions of a customer, newest first.

use super::{CustomerSession, CustomerSessionStatus, store};
use crate::{
    CustomerId, CustomerSessionId, Error, Op, Permission, Reach, Result,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// All of them, or those of one status.
    pub async fn customer_sessions(
        &self,
        customer: &CustomerId,
        status: Option<CustomerSessionStatus>,
        limit: Limit,
        cursor: Option<&str>,
    ) -> Result<Page<CustomerSession>> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        self.customer(customer).await?;
        let cursors = self.core().cursor("customer_sessions", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), customer, status, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn customer_session(&self, customer: &CustomerId, id: &CustomerSessionId) -> Result<CustomerSession> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        self.customer(customer).await?;
        store::find(db, self.tenant(), customer, id, self.core().now()).await?.ok_or_else(|| Error::not_found("session"))
    }
}
