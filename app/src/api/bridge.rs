//! The Auth Bridge: the keys with which a product's backend vouches for its customers, and how it does.

use super::{Revealed, acting, id, studio::carried_key};
use crate::{
    Answer,
    ui::{CodeBlock, CodeBlockProps, Snippet},
    ways::Way,
};
use leptos::prelude::*;
use mintmark::{
    BridgeKeyId, Error, Limit, Op, ProductId,
    bridge::{BridgeAlgorithm, BridgeKey, BridgeKeyChange, NewBridgeKey},
};
use serde::{Deserialize, Serialize};

/// All that the Auth Bridge tab is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// Newest first.
    pub keys: Vec<BridgeKey>,
    /// What the samples read, as a shell takes it.
    pub environment: String,
    /// Signing a bridge token, in four languages.
    pub sign: Vec<Snippet>,
    /// What the page does with it.
    pub page: String,
}

/// A product's keys, and samples with its real ids.
#[server(endpoint = "show_bridge")]
pub async fn show_bridge(tenant: String, product: String) -> Answer<Bridge> {
    let (op, product) = (acting(&tenant).await?, id::<ProductId>(&product, ProductId::NOUN)?);
    let keys = op.bridge_keys(&product, Limit::MOST, None).await?.data;
    let signing = keys.iter().find(|key| key.state == mintmark::bridge::BridgeKeyState::Active);
    let (environment, sign) = crate::snippets::bridging(&op, signing.map(|key| (key.id.as_str(), key.algorithm)));
    Ok(Bridge { page: page(&op, &product).await?, environment, sign, keys })
}

/// The page's part, with an embed key that works if there is one.
async fn page(op: &Op, product: &ProductId) -> mintmark::Result<String> {
    let key = carried_key(op, product).await?;
    let key = key.as_ref().map_or("pk_live_...", |key| key.id.as_str());
    Ok(Way::Bridge.snippet(&op.core().settings().public_url, key))
}

/// Makes a key here. The answer holds the secret or the private half.
#[server(endpoint = "mint_bridge_key")]
pub async fn mint_bridge_key(tenant: String, product: String, algorithm: BridgeAlgorithm) -> Answer<Revealed> {
    let op = acting(&tenant).await?;
    let created = op.create_bridge_key(&id(&product, ProductId::NOUN)?, NewBridgeKey { algorithm, public_key: None }).await?;
    let (environment, _) = crate::snippets::bridging(&op, Some((created.key.id.as_str(), algorithm)));
    let label = "Beside the downloaded file, the samples of this page read".to_owned();
    let block = CodeBlock(CodeBlockProps { code: environment, label: Some(label) });
    let text = created.secret.or(created.private_key).ok_or_else(|| Error::internal("a key without its secret half"))?;
    Ok(Revealed::new(text, block.to_html()))
}

/// Takes over the public half of a pair of the tenant's own.
#[server(endpoint = "register_bridge_key")]
pub async fn register_bridge_key(tenant: String, product: String, algorithm: BridgeAlgorithm, public_key: String) -> Answer<BridgeKey> {
    let asked = NewBridgeKey { algorithm, public_key: Some(public_key.into()) };
    Ok(acting(&tenant).await?.create_bridge_key(&id(&product, ProductId::NOUN)?, asked).await?.key)
}

/// `next` becomes active; the active key retires.
#[server(endpoint = "promote_bridge_key")]
pub async fn promote_bridge_key(tenant: String, product: String, key: String) -> Answer<BridgeKey> {
    let (product, key) = both(&product, &key)?;
    Ok(acting(&tenant).await?.promote_bridge_key(&product, &key, BridgeKeyChange::default()).await?)
}

/// It opens no new session; those that it vouched for live on.
#[server(endpoint = "retire_bridge_key")]
pub async fn retire_bridge_key(tenant: String, product: String, key: String) -> Answer<BridgeKey> {
    let (product, key) = both(&product, &key)?;
    Ok(acting(&tenant).await?.retire_bridge_key(&product, &key, BridgeKeyChange::default()).await?)
}

/// It and the sessions that it vouched for die at once.
#[server(endpoint = "revoke_bridge_key")]
pub async fn revoke_bridge_key(tenant: String, product: String, key: String, reason: Option<String>) -> Answer<BridgeKey> {
    let (product, key) = both(&product, &key)?;
    Ok(acting(&tenant).await?.revoke_bridge_key(&product, &key, BridgeKeyChange { reason }).await?)
}

/// Lets it work again after a restore held it.
#[server(endpoint = "release_bridge_key")]
pub async fn release_bridge_key(tenant: String, product: String, key: String) -> Answer<BridgeKey> {
    let (product, key) = both(&product, &key)?;
    Ok(acting(&tenant).await?.release_bridge_key(&product, &key).await?)
}

fn both(product: &str, key: &str) -> Answer<(ProductId, BridgeKeyId)> {
    Ok((id(product, ProductId::NOUN)?, id(key, BridgeKeyId::NOUN)?))
}
