//! The published halves (RFC 7517): only public members, only asymmetric keys, `kid` = the key's id (JW13).

use super::{Algorithm, store};
use crate::{Core, Error, Result, secret::Digest};
use serde_json::{Map, Value, json};

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

impl Core {
    /// The live public keys of one tenant (`slug`), or of all.
    pub async fn jwks(&self, slug: Option<&str>) -> Result<Jwks> {
        if slug.is_some_and(str::is_empty) {
            return Err(Error::not_found("tenant"));
        }
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
