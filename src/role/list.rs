//! Looking at roles: what they hold, who has them, and what relies on them.

use super::{CustomerPlace, CustomerRole, Reliance, store};
use crate::{CustomerId, Error, Limit, Op, Page, Permission, Reach, Result, RoleId, page::Cursor};
use std::collections::HashMap;

impl Op {
    /// The tenant's roles, newest first.
    pub async fn roles(&self, limit: Limit, cursor: Option<&str>) -> Result<Page<CustomerRole>> {
        let db = self.read(Permission::ReadRoles, Reach::Tenant)?;
        let cursors = self.core().cursor("roles", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn role(&self, id: &RoleId) -> Result<CustomerRole> {
        let db = self.read(Permission::ReadRoles, Reach::Tenant)?;
        store::find(db, self.tenant(), id).await?.ok_or_else(|| Error::not_found("role"))
    }

    /// Who has it and where, newest customer first, so many at most.
    pub async fn role_holders(&self, id: &RoleId, limit: Limit) -> Result<Vec<CustomerPlace>> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        self.role(id).await?;
        store::holders(db, self.tenant(), id, limit.fetch() - 1).await
    }

    /// Where a customer belongs, each with the role there.
    pub async fn customer_places(&self, customer: &CustomerId) -> Result<Vec<CustomerPlace>> {
        let db = self.read(Permission::ReadCustomers, Reach::Tenant)?;
        self.customer(customer).await?;
        store::places(db, self.tenant(), customer).await
    }

    /// For each permission of a role that a scope needs: the live tokens that stop at their next call when it goes.
    pub async fn reliance(&self, id: &RoleId) -> Result<Vec<Reliance>> {
        let db = self.read(Permission::ReadRoles, Reach::Tenant)?;
        let role = self.role(id).await?;
        let mut counts: HashMap<_, i64> = HashMap::new();
        for (scope, tokens) in store::live_tokens(db, self.tenant(), id, self.core().now()).await? {
            for scope in scope.0 {
                *counts.entry(scope.permission()).or_default() += tokens;
            }
        }
        let held = role.permissions.0.into_iter();
        Ok(held.map(|permission| Reliance { permission, live_tokens: counts.get(&permission).copied().unwrap_or_default() }).collect())
    }
}
