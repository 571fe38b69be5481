//! Embed keys: what a page names a product by. Public, so they open nothing but what anybody may see, and only to pages
//! of the origins on their own list.

#[cfg(feature = "db")]
mod change;
mod config;
#[cfg(feature = "db")]
mod create;
#[cfg(feature = "db")]
mod disable;
#[cfg(feature = "db")]
mod entrance;
#[cfg(feature = "db")]
mod list;
#[cfg(feature = "db")]
mod memory;
#[cfg(feature = "db")]
mod popup;
#[cfg(feature = "db")]
mod preview;
#[cfg(feature = "db")]
mod rotate;
#[cfg(feature = "db")]
mod show;
#[cfg(feature = "db")]
mod store;
#[cfg(test)]
mod tests;

pub use config::{EmbedConfig, EmbedProduct, EmbedTenant, PublishedOffering};
#[cfg(feature = "db")]
pub(crate) use entrance::{Entrance, admit};
#[cfg(feature = "db")]
pub(crate) use memory::Configs;
#[cfg(feature = "db")]
pub use memory::ServedConfig;
#[cfg(feature = "db")]
pub use popup::SignInPopup;
#[cfg(feature = "db")]
pub use show::EmbedCall;

use crate::{EmbedKeyId, Listed, ProductId, Time, origin::Origin};
use serde::{Deserialize, Serialize};

/// The most keys of a product that work at once.
pub const MOST: i64 = 50;

/// The longest overlap of a rotation, in seconds: pages are cached, and somebody else deploys them.
pub const LONGEST_OVERLAP: i64 = 90 * 24 * 3600;

crate::text_enum! {
    /// Whether it is for visitors or for trying things out.
    pub enum KeyMode("a mode") {
        /// Visitors see it: `pk_live_`.
        Live = "live",
        /// For trying things out: `pk_test_`.
        Test = "test",
    }
}

crate::text_enum! {
    /// Whether a key works.
    pub enum EmbedKeyStatus("an embed key status") {
        /// It works.
        Active = "active",
        /// Past the end that its rotation planned.
        Expired = "expired",
        /// Pages that carry it are refused.
        Disabled = "disabled",
    }
}

/// An embed key. Nothing of it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct EmbedKey {
    /// `pk_live_...` or `pk_test_...`: what stands in the page.
    pub id: EmbedKeyId,
    /// Whose it is.
    pub product_id: ProductId,
    /// What people call it.
    pub name: String,
    /// As its prefix says.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub mode: KeyMode,
    /// The pages that are let in, and no others.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Vec<String>))]
    pub origins: Listed<Origin>,
    /// Whether that list may hold `http` on loopback.
    pub allow_development_origins: bool,
    /// Whether it works.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub status: EmbedKeyStatus,
    /// Who made it.
    pub created_by: String,
    /// Their name then.
    pub created_by_name: String,
    /// When.
    pub created_at: Time,
    /// The end that its rotation planned.
    pub expires_at: Option<Time>,
    /// The key that replaces it.
    pub rotated_to: Option<EmbedKeyId>,
    /// Since when pages that carry it are refused.
    pub disabled_at: Option<Time>,
    /// Why.
    pub disable_reason: Option<String>,
    /// When a page was last let in, give or take ten seconds.
    pub last_used_at: Option<Time>,
}

impl EmbedKey {
    /// Whether it lets in pages of this origin and no others.
    #[must_use]
    pub fn is_only_for(&self, origin: &str) -> bool {
        matches!(&self.origins.0[..], [only] if only.as_str() == origin)
    }
}

/// `POST /v1/products/:id/embed-keys`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEmbedKey {
    /// 1 to 120 characters.
    pub name: String,
    /// 1 to 20 origins of pages that will carry it.
    pub origins: Vec<String>,
    /// For visitors, or for trying things out.
    pub mode: KeyMode,
    /// When absent, on for a test key and off for a live one.
    #[serde(default)]
    pub allow_development_origins: Option<bool>,
}

/// `PATCH /v1/products/:id/embed-keys/:key_id`: what is absent stays. The list must fit the switch.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct EmbedKeyChange {
    /// 1 to 120 characters.
    pub name: Option<String>,
    /// The whole list, 1 to 20.
    pub origins: Option<Vec<String>>,
    /// The development switch.
    pub allow_development_origins: Option<bool>,
}

/// `POST /v1/products/:id/embed-keys/:key_id/rotate`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmbedKeyRotation {
    /// For how long the old key goes on working: 0 to 90 days.
    pub overlap_seconds: i64,
}
