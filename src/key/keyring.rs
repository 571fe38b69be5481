//! Parsed keys in memory. Only what never changes is kept: a key's halves, algorithm and owner, never its state.

use super::jws::{PublicKey, SigningKeyPair};
use crate::{
    KeyId, TenantId, Time,
    time::{MINUTE, SECOND},
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Keys that were read once. The verdict on a key's life is read on every call, elsewhere.
#[derive(Default)]
pub(crate) struct Keyring {
    public: RwLock<HashMap<KeyId, Arc<OwnedKey>>>,
    pairs: RwLock<HashMap<KeyId, Arc<SigningKeyPair>>>,
    /// When the keys were last read because one was not in memory.
    asked: RwLock<Time>,
}

/// A public half, and whose it is.
pub(crate) struct OwnedKey {
    pub(crate) id: KeyId,
    pub(crate) tenant: TenantId,
    /// `<public URL>/t/<slug>`; a slug never changes.
    pub(crate) issuer: String,
    pub(crate) key: PublicKey,
}

impl Keyring {
    pub(crate) fn public(&self, id: &KeyId) -> Option<Arc<OwnedKey>> {
        self.public.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn remember(&self, keys: impl IntoIterator<Item = OwnedKey>) {
        let mut known = self.public.write().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            known.entry(key.id.clone()).or_insert_with(|| Arc::new(key));
        }
    }

    pub(crate) fn pair(&self, id: &KeyId) -> Option<Arc<SigningKeyPair>> {
        self.pairs.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn remember_pair(&self, id: &KeyId, pair: SigningKeyPair) -> Arc<SigningKeyPair> {
        let pair = Arc::new(pair);
        self.pairs.write().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), Arc::clone(&pair));
        pair
    }

    /// Forgets a private half that signs no more.
    pub(crate) fn forget_pair(&self, id: &KeyId) {
        self.pairs.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// From which creation on keys shall be read because of an unknown one; nothing when that was done within this second,
    /// so that garbage costs one read a second.
    pub(crate) fn may_reload(&self, now: Time) -> Option<Time> {
        let mut asked = self.asked.write().unwrap_or_else(PoisonError::into_inner);
        let before = *asked;
        if now.since(before).abs() < SECOND {
            return None;
        }
        *asked = now;
        // A margin for processes whose clocks differ; the first time everything is read.
        Some(before.plus(-10 * MINUTE))
    }
}
