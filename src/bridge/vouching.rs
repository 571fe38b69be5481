//! Bridge keys ready to verify, in memory: what a key is never changes, and whether it may is read on every call.

use super::{
    create::owner,
    public_key::{asymmetric, minimal},
    store::Vouching,
};
use crate::{
    BridgeKeyId, Core, Error, Result, TenantId,
    key::{
        compact::Compact,
        jws::{PublicKey, SharedKey},
    },
};
use std::sync::Arc;

/// How many keys are kept ready.
const MOST: usize = 10_000;

/// One half that verifies.
pub(crate) enum VouchingKey {
    Public(PublicKey),
    Shared(SharedKey),
}

impl VouchingKey {
    /// The payload, if the signature is this key's and the header names the key's own algorithm (F13).
    pub(crate) fn verified(&self, token: &Compact<'_>) -> Option<Vec<u8>> {
        match self {
            Self::Public(key) => token.verified_by(key),
            Self::Shared(key) => token.verified_by_shared(key),
        }
    }
}

/// The memory of one process.
pub(crate) struct VouchingKeys(quick_cache::sync::Cache<BridgeKeyId, Arc<VouchingKey>>);

impl Default for VouchingKeys {
    fn default() -> Self {
        Self(quick_cache::sync::Cache::new(MOST))
    }
}

impl VouchingKeys {
    /// Forgets what verifies no more.
    pub(super) fn forget(&self, id: &BridgeKeyId) {
        self.0.remove(id);
    }
}

impl Core {
    /// A key whose row was just read, ready to verify.
    pub(super) fn vouching_key(&self, tenant: &TenantId, id: &BridgeKeyId, row: &Vouching) -> Result<Arc<VouchingKey>> {
        if let Some(key) = self.vouching().0.get(id) {
            return Ok(key);
        }
        let key = if let Some(algorithm) = asymmetric(row.algorithm) {
            let jwk = serde_json::from_str(row.public_jwk.as_deref().unwrap_or_default()).map_err(Error::internal)?;
            // Also of a key that was kept with its zeros, before they were taken off.
            VouchingKey::Public(PublicKey::from_jwk(algorithm, &minimal(jwk))?)
        } else {
            let sealed = row.sealed_secret.as_deref().ok_or_else(|| Error::internal(format!("{id} lost its secret")))?;
            VouchingKey::Shared(SharedKey::new(&self.sealer().open(&owner(tenant, id), sealed)?))
        };
        let key = Arc::new(key);
        self.vouching().0.insert(id.clone(), Arc::clone(&key));
        Ok(key)
    }
}
