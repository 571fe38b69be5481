//! `GET /embed/v1/config`: who may read it, and what it says.

use super::{
    EmbedConfig, EmbedProduct, EmbedTenant, ServedConfig,
    entrance::{admit, dead},
    memory::{Ground, Worth},
    store::{self, KeyRow},
};
use crate::{Core, EmbedKeyId, Error, Origination, Result, secret::Digest};
use std::sync::Arc;

/// What a page sends.
#[derive(Debug, Clone, Default)]
pub struct EmbedCall<'a> {
    /// The embed key, as it stands in the page.
    pub key: &'a str,
    /// The tenant's slug, if the page says it.
    pub tenant: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// From where it came.
    pub from: Origination,
}

impl Core {
    /// What the key's product shows to pages of the key's origins. An unknown key, one that works no more and one of
    /// another tenant than the page says are the same refusal (OR5); the origin is compared byte for byte (OR2).
    pub async fn embed_config(&self, call: EmbedCall<'_>) -> Result<Arc<ServedConfig>> {
        let key: EmbedKeyId = call.key.parse().map_err(|_| dead())?;
        let now = self.now();
        let ground = match self.worth_of(&key).await? {
            Worth::Alive(ground) => ground,
            Worth::Dead(tenant) => return Err(self.refuse_dead_key(&key, tenant.as_ref(), &call)),
        };
        if ground.expires_at.is_some_and(|at| at <= now) || call.tenant.is_some_and(|slug| slug != ground.slug) {
            return Err(self.refuse_dead_key(&key, Some(&ground.tenant), &call));
        }
        admit(&ground.origins, call.origin).inspect_err(|error| self.refuse_entrance(&key, &ground.tenant, &call, error, call.origin))?;
        self.uses().embed_key_used(&key, now);
        self.saw_page(&ground.product, call.origin);
        Ok(Arc::clone(&ground.served))
    }

    /// From memory, or read.
    async fn worth_of(&self, key: &EmbedKeyId) -> Result<Worth> {
        let now = self.now();
        if let Some(known) = self.configs().get(key, now) {
            return Ok(known.worth.clone());
        }
        let reading = self.configs().begin(now);
        let worth = match store::alive(self.db(), key).await? {
            Some(row) => Worth::Alive(Arc::new(self.ground(row).await?)),
            None => Worth::Dead(store::tenant_of(self.db(), key).await?),
        };
        self.configs().keep(reading, key.clone(), worth.clone());
        Ok(worth)
    }

    async fn ground(&self, row: KeyRow) -> Result<Ground> {
        let config = EmbedConfig {
            offerings: store::published(self.db(), &row.product_id).await?,
            tenant: EmbedTenant { slug: row.slug.clone(), name: row.tenant_name },
            product: EmbedProduct { id: row.product_id.clone(), name: row.product_name },
            mode: row.mode,
            appearance: row.appearance,
            sign_in: row.sign_in,
            passwords: row.sign_in && row.passwords,
            keep_signed_in: row.keep_signed_in,
        };
        let body = serde_json::to_string(&config).map_err(Error::internal)?;
        let etag = format!("\"{}\"", &Digest::of(body.as_bytes()).to_hex()[..32]);
        let served = Arc::new(ServedConfig { body, etag });
        Ok(Ground {
            tenant: row.tenant_id,
            product: row.product_id,
            slug: row.slug,
            origins: row.origins.0,
            expires_at: row.expires_at,
            served,
        })
    }
}
