//! The frame: which page it may stand in.

use super::KeepFrame;
use crate::{Core, Result, embed_key::EmbedCall};

impl Core {
    /// Judged anew each time: the key works, its list names the page, and the product's switch is on.
    pub async fn keep_frame(&self, call: EmbedCall<'_>) -> Result<KeepFrame> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.keeps_signed_in()?;
        Ok(KeepFrame { key, origin: call.origin.unwrap_or_default().to_owned(), origins: entrance.origins.0 })
    }
}
