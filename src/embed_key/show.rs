//! `GET /embed/v1/config`: who may read it, and what it says.

use super::{
    EmbedConfig, EmbedProduct, EmbedTenant, ServedConfig,
    entrance::admit,
    memory::Ground,
    store::{self, KeyRow},
};
use crate::{
    Code, Core, EmbedKeyId, Error, Origination, Result, Who,
    audit::{Action, Event},
    secret::Digest,
    use_log::Refusal,
};
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
        let refused = || Error::new(Code::InvalidEmbedKey, "This embed key opens nothing here.");
        let key: EmbedKeyId = call.key.parse().map_err(|_| refused())?;
        let now = self.now();
        let ground = self.embed_ground(&key).await?.ok_or_else(refused)?;
        if ground.expires_at.is_some_and(|at| at <= now) || call.tenant.is_some_and(|slug| slug != ground.slug) {
            return Err(refused());
        }
        if let Err(error) = admit(&ground.origins, call.origin) {
            self.refuse_page(&key, &ground, call);
            return Err(error);
        }
        self.uses().embed_key_used(&key, now);
        Ok(Arc::clone(&ground.served))
    }

    /// From memory, or read.
    async fn embed_ground(&self, key: &EmbedKeyId) -> Result<Option<Arc<Ground>>> {
        let now = self.now();
        if let Some(known) = self.configs().get(key, now) {
            return Ok(known.ground.clone());
        }
        let reading = self.configs().begin(now);
        let ground = match store::alive(self.db(), key).await? {
            Some(row) => Some(Arc::new(self.ground(row).await?)),
            None => None,
        };
        self.configs().keep(reading, key.clone(), ground.clone());
        Ok(ground)
    }

    async fn ground(&self, row: KeyRow) -> Result<Ground> {
        let config = EmbedConfig {
            offerings: store::published(self.db(), &row.product_id).await?,
            tenant: EmbedTenant { slug: row.slug.clone(), name: row.tenant_name },
            product: EmbedProduct { id: row.product_id, name: row.product_name },
            mode: row.mode,
            appearance: row.appearance,
        };
        let body = serde_json::to_string(&config).map_err(Error::internal)?;
        let etag = format!("\"{}\"", &Digest::of(body.as_bytes()).to_hex()[..32]);
        let served = Arc::new(ServedConfig { body, etag });
        Ok(Ground { tenant: row.tenant_id, slug: row.slug, origins: row.origins.0, expires_at: row.expires_at, served })
    }

    /// Tells history, once a minute and key, whose page was kept out: the first thing to look at when a widget stays empty.
    fn refuse_page(&self, key: &EmbedKeyId, ground: &Ground, call: EmbedCall<'_>) {
        let said: Option<String> = call.origin.map(|origin| origin.chars().take(255).collect());
        let event = Event::new(Action::EmbedRequestRefused)
            .refused()
            .reason(Some(Code::EmbedOriginNotAllowed.as_str()))
            .target(key)
            .with("origin", said);
        let refusal = Refusal { tenant: Some(ground.tenant.clone()), who: Who::Anonymous, from: call.from, event };
        self.uses().refused(format!("embed/{key}"), refusal, self.now());
    }
}
