//! Customers, newest first, and one of them.

use super::{Customer, CustomerFilter, store};
use crate::{
    CustomerId, Error, Op, Permission, Reach, Result,
    embed_key::KeyMode,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// Those that the filter holds for; test customers only when it asks for them.
    pub async fn customers(&self, filter: &CustomerFilter, limit: Limit, cursor: Option<&str>) -> Result<Page<Customer>> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        let cursors = self.core().cursor("customers", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), filter, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn customer(&self, id: &CustomerId) -> Result<Customer> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        store::find(db, self.tenant(), id, self.core().now()).await?.ok_or_else(|| Error::not_found("customer"))
    }

    /// How many there are in one of the two worlds, counted up to a thousand.
    pub async fn count_customers(&self, mode: KeyMode) -> Result<i64> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        store::count(db, self.tenant(), mode).await
    }
}
