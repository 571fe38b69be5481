//! Our sign-in popup: which page may open it, and how it looks.

use super::{EmbedCall, KeyMode, entrance::dead, store};
use crate::{Core, EmbedKeyId, Result, product::Appearance};

/// What the popup shows to whoever opened it.
#[derive(Debug, Clone)]
pub struct SignInPopup {
    /// As it stands in the page.
    pub key: EmbedKeyId,
    /// The page's origin, as it stands on the key's list: the only place that hears what becomes of it.
    pub origin: String,
    /// What people call the tenant.
    pub tenant: String,
    /// What people call the product.
    pub product: String,
    /// Whether it is for visitors or for trying things out.
    pub mode: KeyMode,
    /// Whether there are passwords besides the link.
    pub passwords: bool,
    /// Whether somebody new may sign up with one.
    pub sign_up: bool,
    /// The product's looks.
    pub appearance: Appearance,
}

impl Core {
    /// Judged anew each time: the key works, its list names the page, and the product's switch is on.
    pub async fn sign_in_popup(&self, call: EmbedCall<'_>) -> Result<SignInPopup> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_sign_in()?;
        let row = store::alive(self.db(), &key).await?;
        let row = row.ok_or_else(dead)?;
        self.uses().embed_key_used(&key, self.now());
        Ok(SignInPopup {
            key,
            origin: call.origin.unwrap_or_default().to_owned(),
            tenant: row.tenant_name,
            product: row.product_name,
            mode: row.mode,
            passwords: entrance.passwords,
            sign_up: entrance.passwords && entrance.anyone_may_sign_in,
            appearance: row.appearance,
        })
    }
}
