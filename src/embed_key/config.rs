//! What `GET /embed/v1/config` tells a page: everything in it is for anybody who opens that page.

use super::KeyMode;
use crate::{Listed, OfferingId, ProductId, offering::Price, product::Appearance};
use serde::{Deserialize, Serialize};

/// `GET /embed/v1/config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EmbedConfig {
    /// Whose page it is.
    pub tenant: EmbedTenant,
    /// What is embedded.
    pub product: EmbedProduct,
    /// Whether the key is for visitors or for trying things out.
    pub mode: KeyMode,
    /// How it looks.
    pub appearance: Appearance,
    /// Whether its pages may open our sign-in popup.
    pub sign_in: bool,
    /// Whether that popup takes passwords; never without `sign_in`.
    pub passwords: bool,
    /// Whether a reload need not sign anybody out: a hidden frame of ours may keep who signed in by mail or in that popup.
    pub keep_signed_in: bool,
    /// What is published, in its order; drafts and archived ones never.
    pub offerings: Vec<PublishedOffering>,
}

/// A tenant as a page sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EmbedTenant {
    /// Part of its addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
}

/// A product as a page sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
pub struct EmbedProduct {
    /// `prod_...`
    pub id: ProductId,
    /// What people call it.
    pub name: String,
}

/// An offering as a page sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct PublishedOffering {
    /// `off_...`
    pub id: OfferingId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// What it costs.
    #[cfg_attr(feature = "db", sqlx(flatten))]
    pub price: Price,
    /// What is in it.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"), schema(value_type = Vec<String>))]
    pub features: Listed<String>,
    /// Where its button leads.
    pub cta_url: Option<String>,
}
