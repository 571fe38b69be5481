//! Looking at embed keys.

use super::{EmbedKey, store};
use crate::{EmbedKeyId, Error, Limit, Op, Page, Permission, ProductId, Reach, Result, page::Cursor};

impl Op {
    /// A product's keys, newest first, those that work no more among them.
    pub async fn embed_keys(&self, product: &ProductId, limit: Limit, cursor: Option<&str>) -> Result<Page<EmbedKey>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        let cursors = self.core().cursor("embed keys", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), product, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn embed_key(&self, product: &ProductId, id: &EmbedKeyId) -> Result<EmbedKey> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        store::find(db, self.tenant(), product, id, self.core().now()).await?.ok_or_else(|| Error::not_found("embed key"))
    }

    /// The products and names of those of these keys that are the tenant's.
    pub async fn embed_key_places(&self, ids: &[EmbedKeyId]) -> Result<Vec<(EmbedKeyId, ProductId, String)>> {
        store::places(self.read(Permission::ReadProducts, Reach::Tenant)?, self.tenant(), ids).await
    }
}
