//! The key of the dashboard's own preview: an ordinary one, for trying things out, whose only page is the preview's.

use super::{EmbedKey, KeyMode, NewEmbedKey, store};
use crate::{Code, Error, Op, Permission, ProductId, Reach, Result};

impl Op {
    /// The newest that works; none as long as nobody made one, or where there is no preview.
    ///
    /// # Errors
    /// 404 for a product that is not this tenant's.
    pub async fn preview_key(&self, product: &ProductId) -> Result<Option<EmbedKey>> {
        let db = self.read(Permission::ReadProducts, Reach::Tenant)?;
        self.product(product).await?;
        let Some(preview) = &self.core().settings().preview else { return Ok(None) };
        store::only_for(db, self.tenant(), product, preview, self.core().now()).await
    }

    /// Makes it, or answers the one that there is.
    ///
    /// # Errors
    /// 409 `conflict` where there is no preview, and what making an embed key is refused with.
    pub async fn create_preview_key(&self, product: &ProductId) -> Result<EmbedKey> {
        self.require(Permission::ManageEmbedKeys, Reach::Tenant)?;
        if let Some(key) = self.preview_key(product).await? {
            return Ok(key);
        }
        let Some(preview) = &self.core().settings().preview else {
            return Err(Error::new(Code::Conflict, "This installation has no preview: MINTMARK_PREVIEW_LISTEN is not set."));
        };
        let asked = NewEmbedKey {
            name: "Preview".into(),
            origins: vec![preview.clone()],
            mode: KeyMode::Test,
            allow_development_origins: Some(preview.starts_with("http:")),
        };
        self.create_embed_key(product, asked).await
    }
}
