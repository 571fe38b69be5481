//! What the preview shows of a product, and what is copied from beside it.

use super::{acting, id, studio::carried_key};
use crate::{Answer, Sdk};
use leptos::prelude::*;
use mintmark::{ProductId, embed_key::EmbedKey, offering::OfferingStatus};
use serde::{Deserialize, Serialize};

/// All that the Preview tab is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Where pages find this Mintmark.
    pub url: String,
    /// The preview's origin, where there is one.
    pub origin: Option<String>,
    /// The key that it carries.
    pub key: Option<EmbedKey>,
    /// The key that snippets carry.
    pub carried: Option<EmbedKey>,
    /// Offerings that pages can see.
    pub published: usize,
    /// What pages load; none while the SDK is not built.
    pub sdk: Option<Sdk>,
}

/// Whether there is a preview, with which key it asks, and what a page would have to hold.
#[server(endpoint = "show_preview")]
pub async fn show_preview(tenant: String, product: String) -> Answer<Preview> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let (key, carried) = (op.preview_key(&product).await?, carried_key(&op, &product).await?);
    let published = op.offerings(&product, Some(OfferingStatus::Published)).await?.len();
    let settings = op.core().settings();
    Ok(Preview { url: settings.public_url.clone(), origin: settings.preview.clone(), key, carried, published, sdk: use_context() })
}

/// Makes the key that the preview asks with, unless there is one.
#[server(endpoint = "create_preview_key")]
pub async fn create_preview_key(tenant: String, product: String) -> Answer<EmbedKey> {
    Ok(acting(&tenant).await?.create_preview_key(&id(&product, ProductId::NOUN)?).await?)
}
