//! A product's verification secrets, newest first.

use super::{VerificationSecret, store};
use crate::{
    Error, Op, Permission, ProductId, Reach, Result, VerificationSecretId,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// All of them, those that work no more among them.
    pub async fn verification_secrets(&self, product: &ProductId, limit: Limit, cursor: Option<&str>) -> Result<Page<VerificationSecret>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        let cursors = self.core().cursor("verification_secrets", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), product, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn verification_secret(&self, product: &ProductId, id: &VerificationSecretId) -> Result<VerificationSecret> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        let found = store::find(db, self.tenant(), product, id, self.core().now()).await?;
        found.ok_or_else(|| Error::not_found("verification secret"))
    }
}
