//! Signing keys: look, make, rotate, retire, revoke.

use crate::{Answer, ui::Snippet};
use leptos::prelude::*;
use mintmark::{
    Time,
    key::{Algorithm, SigningKey},
};
use serde::{Deserialize, Serialize};

use super::{acting, id};
use mintmark::{
    KeyId,
    key::{KeyRevocation, NewSigningKey, Rotation},
};

/// A tenant's keys, and what a rotation has to wait for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyBook {
    /// Newest first.
    pub keys: Vec<SigningKey>,
    /// When the next one may sign without force.
    pub next_ready_at: Option<Time>,
    /// For how long verifiers may cache the published keys, in seconds.
    pub jwks_max_age: i64,
    /// The `iss` of everything that they sign; the published keys lie under it.
    pub issuer: String,
    /// The server's time.
    pub now: Time,
    /// What the snippets read, as a shell takes it.
    pub environment: String,
    /// Verifying a token by oneself, in each language.
    pub verify: Vec<Snippet>,
}

/// All of them.
#[server(endpoint = "signing_keys")]
pub async fn signing_keys(tenant: String) -> Answer<KeyBook> {
    let op = acting(&tenant).await?;
    let (keys, next_ready_at, settings) = (op.signing_keys().await?, op.next_key_ready_at().await?, op.core().settings());
    let (environment, verify) = crate::snippets::verifying(&op, &tenant);
    let (jwks_max_age, issuer, now) = (settings.jwks_max_age, settings.issuer(&tenant), op.core().now());
    Ok(KeyBook { keys, next_ready_at, jwks_max_age, issuer, now, environment, verify })
}

/// Makes a next key; the former next one, which has signed nothing, is withdrawn.
#[server(endpoint = "create_signing_key")]
pub async fn create_signing_key(tenant: String, algorithm: Algorithm) -> Answer<SigningKey> {
    Ok(acting(&tenant).await?.create_signing_key(NewSigningKey { algorithm }).await?)
}

/// The next key signs, the active one retires, a new next one is published.
#[server(endpoint = "rotate_signing_keys")]
pub async fn rotate_signing_keys(tenant: String, #[server(default)] force: bool, reason: Option<String>) -> Answer<Vec<SigningKey>> {
    Ok(acting(&tenant).await?.rotate_signing_keys(Rotation { force, reason }).await?)
}

/// The same without a new next key.
#[server(endpoint = "promote_signing_key")]
pub async fn promote_signing_key(
    tenant: String,
    key: String,
    #[server(default)] force: bool,
    reason: Option<String>,
) -> Answer<SigningKey> {
    Ok(acting(&tenant).await?.promote_signing_key(&id(&key, KeyId::NOUN)?, Rotation { force, reason }).await?)
}

/// Takes a key that nothing alive needs out of the published ones.
#[server(endpoint = "retire_signing_key")]
pub async fn retire_signing_key(tenant: String, key: String) -> Answer<SigningKey> {
    Ok(acting(&tenant).await?.retire_signing_key(&id(&key, KeyId::NOUN)?).await?)
}

/// Ends a key and everything that it signed. `confirm` is the end of its id, so that no form of another key does it.
#[server(endpoint = "revoke_signing_key")]
pub async fn revoke_signing_key(tenant: String, key: String, confirm: String, reason: Option<String>) -> Answer<SigningKey> {
    let (op, key) = (acting(&tenant).await?, id::<KeyId>(&key, KeyId::NOUN)?);
    if !key.as_str().ends_with(confirm.trim()) || confirm.trim().len() < 6 {
        return Err(mintmark::Error::invalid("confirm", "Type the last six characters of the key's id.").into());
    }
    Ok(op.revoke_signing_key(&key, KeyRevocation { reason }).await?)
}
