//! Parsed keys in memory. Only what never changes is kept: a key's halves, algorithm and owner, never its state.

use super::jws::{PublicKey, SigningKeyPair};
use crate::{KeyId, TenantId};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    sync::MutexGuard,
    time::{Instant, sleep_until},
};

/// From one read of unknown keys to the next, so that garbage costs ten reads a second.
const SPACING: Duration = Duration::from_millis(100);
/// Keys of one read.
const AT_ONCE: usize = 500;

/// Keys that were read once. The verdict on a key's life is read on every call, elsewhere.
#[derive(Default)]
pub(crate) struct Keyring {
    public: RwLock<HashMap<KeyId, Arc<OwnedKey>>>,
    pairs: RwLock<HashMap<KeyId, Arc<SigningKeyPair>>>,
    /// Keys that are not in memory and that somebody asks for.
    wanted: Mutex<HashSet<KeyId>>,
    /// Whose turn it is to read them, and when the last read began.
    reading: tokio::sync::Mutex<Option<Instant>>,
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

    /// Asks for an unknown key, and waits for the turn to read. Who had the turn before may have read it along.
    pub(crate) async fn turn(&self, id: &KeyId) -> Turn<'_> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        Turn { keyring: self, last: self.reading.lock().await }
    }
}

/// The turn to read what is unknown: one reads for all who wait, so nobody is refused for a key that was about to be read.
pub(crate) struct Turn<'a> {
    keyring: &'a Keyring,
    last: MutexGuard<'a, Option<Instant>>,
}

impl Turn<'_> {
    /// What to read so that this key is judged; nothing once it was read.
    pub(crate) async fn unread(&mut self, id: &KeyId) -> Option<Vec<KeyId>> {
        let wanted: Vec<_> = {
            let wanted = self.keyring.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.contains(id).then(|| wanted.iter().take(AT_ONCE).cloned().collect())?
        };
        if let Some(last) = *self.last {
            sleep_until(last + SPACING).await;
        }
        *self.last = Some(Instant::now());
        Some(wanted)
    }

    /// These were read, and are known now or do not exist.
    pub(crate) fn have_read(&self, ids: &[KeyId]) {
        let mut wanted = self.keyring.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            wanted.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;

    #[tokio::test]
    async fn one_reads_for_all_who_wait() {
        let keyring = Keyring::default();
        let ids = [1, 2].map(|at| KeyId::new(Time::from_millis(at)));
        let mut first = keyring.turn(&ids[0]).await;
        let wait = tokio::join!(keyring.turn(&ids[1]), async {
            let mut asked = first.unread(&ids[0]).await.expect("nobody has read it");
            asked.sort();
            assert_eq!(asked, ids, "what somebody waits for is read along");
            first.have_read(&asked);
            drop(first);
        });
        let (mut second, ()) = wait;
        assert_eq!(second.unread(&ids[1]).await, None);
    }
}
