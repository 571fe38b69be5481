//! Signing keys: a tenant's key pairs, their states and their public halves.

#[cfg(feature = "db")]
pub(crate) mod compact;
#[cfg(feature = "db")]
mod jwks;
#[cfg(feature = "db")]
pub(crate) mod jws;
#[cfg(feature = "db")]
mod keyring;
#[cfg(feature = "db")]
mod make;
#[cfg(feature = "db")]
mod rotate;
#[cfg(feature = "db")]
mod seal;
#[cfg(feature = "db")]
mod store;
#[cfg(feature = "db")]
mod strength;
#[cfg(feature = "db")]
pub(crate) mod strict_json;
#[cfg(test)]
mod tests;

#[cfg(feature = "db")]
pub use {jwks::Jwks, seal::MasterKey};
#[cfg(feature = "db")]
pub(crate) use {
    jwks::Published,
    jws::SigningKeyPair,
    keyring::{Keyring, OwnedKey},
    make::{first_keys, reseal},
    seal::Sealer,
    store::named as named_key,
};

use crate::{KeyId, Time, time::HOUR};
use serde::{Deserialize, Serialize};

/// For how long after it stopped signing a key may still be needed, in milliseconds: nothing that it signed lives longer.
pub const NEEDED_FOR: i64 = HOUR;

crate::text_enum! {
    /// What a key signs with. One algorithm a key; ES256 unless asked otherwise.
    pub enum Algorithm("an algorithm") {
        /// ECDSA on P-256 with SHA-256: small, quick to sign.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSASSA-PKCS1-v1_5 with SHA-256, 3072 bits: slow to sign, understood everywhere.
        Rs256 = "RS256",
    }
}

crate::text_enum! {
    /// Where a key is in its life. `next`, `active` and `retiring` are in the JWKS.
    pub enum KeyState("a key state") {
        /// Published, does not sign yet.
        Next = "next",
        /// Signs. Exactly one a tenant.
        Active = "active",
        /// Signs no more; what it signed is still good.
        Retiring = "retiring",
        /// Out of the JWKS; everything that it signed has expired.
        Retired = "retired",
        /// Out of the JWKS at once; everything that it signed is dead.
        Revoked = "revoked",
    }
}

/// A signing key as lists show it. Its private half never leaves the core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(sqlx::FromRow, utoipa::ToSchema))]
pub struct SigningKey {
    /// The JWT's `kid`.
    pub id: KeyId,
    /// What it signs with.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub algorithm: Algorithm,
    /// Where it is in its life.
    #[cfg_attr(feature = "db", sqlx(try_from = "String"))]
    pub state: KeyState,
    /// When it was made and published.
    pub created_at: Time,
    /// When it began to sign.
    pub activated_at: Option<Time>,
    /// When it stopped.
    pub retiring_at: Option<Time>,
    /// When it left the JWKS.
    pub retired_at: Option<Time>,
    /// When it and all that it signed died.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoke_reason: Option<String>,
    /// Widget tokens alive that it signed, which stop if it is revoked; no more than 10,000 are counted.
    pub live_tokens: i64,
    /// When it last signed; up to ten seconds late.
    pub last_used_at: Option<Time>,
}

/// `POST /v1/signing-keys`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSigningKey {
    /// What it shall sign with; `ES256` when absent.
    #[serde(default = "NewSigningKey::standard")]
    pub algorithm: Algorithm,
}

impl NewSigningKey {
    fn standard() -> Algorithm {
        Algorithm::Es256
    }
}

/// `POST /v1/signing-keys/rotate` and `.../promote`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Rotation {
    /// Do not wait until every verifier has seen the next key. Needs a reason.
    pub force: bool,
    /// Why, for history.
    pub reason: Option<String>,
}

/// `POST /v1/signing-keys/:id/revoke`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct KeyRevocation {
    /// Why, for history.
    pub reason: Option<String>,
}
