//! A product's bridge keys, newest first.

use super::{BridgeKey, store};
use crate::{
    BridgeKeyId, Error, Op, Permission, ProductId, Reach, Result,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// All of them, those that are over among them.
    pub async fn bridge_keys(&self, product: &ProductId, limit: Limit, cursor: Option<&str>) -> Result<Page<BridgeKey>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        let cursors = self.core().cursor("bridge_keys", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), product, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn bridge_key(&self, product: &ProductId, id: &BridgeKeyId) -> Result<BridgeKey> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        store::find(db, self.tenant(), product, id, self.core().now()).await?.ok_or_else(|| Error::not_found("bridge key"))
    }
}
