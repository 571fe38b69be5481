//! Looking at API keys.

use super::{ApiKey, store};
use crate::{ApiKeyId, Error, Limit, Op, Page, Permission, Reach, Result, page::Cursor};

impl Op {
    /// Newest first; those that work no more only when `include_revoked`.
    pub async fn api_keys(&self, include_revoked: bool, limit: Limit, cursor: Option<&str>) -> Result<Page<ApiKey>> {
        let db = self.read(Permission::ReadApiKeys, Reach::Tenant)?;
        let cursors = self.core().cursor("api keys", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), include_revoked, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.created_at, id: row.id.to_string() }))
    }

    /// One of them.
    pub async fn api_key(&self, id: &ApiKeyId) -> Result<ApiKey> {
        let db = self.read(Permission::ReadApiKeys, Reach::Tenant)?;
        store::find(db, self.tenant(), id, self.core().now()).await?.ok_or_else(|| Error::not_found("API key"))
    }
}
