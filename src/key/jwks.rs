//! The published halves (RFC 7517): only public members, only asymmetric keys, `kid` = the key's id (JW13).

use super::{Algorithm, store};
use crate::{Core, Error, Result, secret::Digest};
use serde_json::{Map, Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A JWKS document and its entity tag.
#[derive(Debug, Clone)]
pub struct Jwks {
    /// The JSON text.
    pub body: String,
    /// A strong entity tag, quotes included.
    pub etag: String,
}

/// What a public key of each algorithm consists of; nothing else is let out.
const fn members(algorithm: Algorithm) -> &'static [&'static str] {
    match algorithm {
        Algorithm::Es256 => &["kty", "crv", "x", "y"],
        Algorithm::EdDsa => &["kty", "crv", "x"],
        Algorithm::Rs256 => &["kty", "n", "e"],
    }
}

/// Documents that were made within the last second, by slug. What this process changes is dropped at once; what another one
/// changes is a second late, and verifiers keep theirs for minutes.
pub(crate) struct Published {
    made: quick_cache::sync::Cache<String, Made>,
    changes: AtomicU64,
}

/// A document, and the moment and the count of changes before it was read.
#[derive(Clone)]
struct Made {
    document: Arc<Jwks>,
    since: Instant,
    changes: u64,
}

/// How late another process may hear of a change.
const LASTS: Duration = Duration::from_secs(1);
/// Tenants at once.
const MOST: usize = 1_000;

impl Default for Published {
    fn default() -> Self {
        Self { made: quick_cache::sync::Cache::new(MOST), changes: AtomicU64::new(0) }
    }
}

impl Published {
    /// After a key's state has changed.
    pub(crate) fn drop_all(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }
}

impl Core {
    /// The live public keys of one tenant (`slug`), or of all.
    pub async fn jwks(&self, slug: Option<&str>) -> Result<Arc<Jwks>> {
        if slug.is_some_and(str::is_empty) {
            return Err(Error::not_found("tenant"));
        }
        let name = slug.unwrap_or_default();
        let published = self.published();
        let (since, changes) = (Instant::now(), published.changes.load(Ordering::SeqCst));
        // What was read before a change is for no caller after it, whenever it was put down.
        let fresh = |made: &Made| made.changes == changes && since.duration_since(made.since) < LASTS;
        if let Some(made) = published.made.get(name).filter(fresh) {
            return Ok(made.document);
        }
        let document = Arc::new(self.make_jwks(slug).await?);
        published.made.insert(name.to_owned(), Made { document: Arc::clone(&document), since, changes });
        Ok(document)
    }

    async fn make_jwks(&self, slug: Option<&str>) -> Result<Jwks> {
        let rows = store::listed(self.db(), slug).await?;
        if rows.is_empty() && slug.is_some() {
            return Err(Error::not_found("tenant"));
        }
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let stored: Map<String, Value> = serde_json::from_str(&row.public_jwk).map_err(Error::internal)?;
            let mut key = Map::new();
            for name in members(row.algorithm) {
                let value = stored.get(*name).ok_or_else(|| Error::internal(format!("{} lacks {name}", row.id)))?;
                key.insert((*name).to_owned(), value.clone());
            }
            key.insert("kid".to_owned(), json!(row.id));
            key.insert("alg".to_owned(), json!(row.algorithm));
            key.insert("use".to_owned(), json!("sig"));
            keys.push(Value::Object(key));
        }
        let body = json!({ "keys": keys }).to_string();
        let etag = format!("\"{}\"", &Digest::of(body.as_bytes()).to_hex()[..32]);
        Ok(Jwks { body, etag })
    }
}
