//! What ties history to a key that the database does not hold: the signed end of each chain, and signed checkpoints.
//!
//! Whoever can write to the database can compute hashes; without this key they cannot move the end of a chain, nor say that
//! its beginning was purged (AU2). The key is drawn once, sealed under the master key and outlives that one's rotation.

use crate::{
    Result,
    key::Sealer,
    secret::{fill_random, hex},
};
use aws_lc_rs::{constant_time, hmac};
use zeroize::Zeroizing;

/// Whose value the sealed key is.
const OWNER: &str = "history_key";

/// Signs heads and checkpoints.
pub(crate) struct HistoryKey(hmac::Key);

/// A place in a chain that was signed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Checkpoint {
    pub(crate) chain: String,
    pub(crate) seq: i64,
    pub(crate) hash: String,
    pub(crate) at: i64,
    pub(crate) mac: String,
}

impl HistoryKey {
    /// A new one, as the database keeps it.
    pub(crate) fn generate_sealed(sealer: &Sealer) -> Result<String> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        fill_random(&mut *bytes);
        sealer.seal(OWNER, &*bytes)
    }

    /// The one that the database keeps.
    pub(crate) fn open(sealer: &Sealer, kept: &str) -> Result<Self> {
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &sealer.open(OWNER, kept)?)))
    }

    /// The kept one, sealed again: history stays signed by the same key.
    pub(crate) fn reseal(old: &Sealer, new: &Sealer, kept: &str) -> Result<String> {
        old.reseal(new, OWNER, kept)
    }

    /// Of the end of a chain.
    pub(crate) fn head(&self, chain: &str, seq: i64, hash: &str) -> String {
        self.sign(&format!("head {chain} {seq} {hash}"))
    }

    /// Of a place in a chain, `pruned` when what came before it was purged.
    pub(crate) fn checkpoint(&self, chain: &str, seq: i64, hash: &str, at: i64, pruned: bool) -> String {
        let kind = if pruned { "pruned" } else { "reached" };
        self.sign(&format!("{kind} {chain} {seq} {hash} {at}"))
    }

    pub(crate) fn signed_head(&self, chain: &str, seq: i64, hash: &str, mac: &str) -> bool {
        equal(&self.head(chain, seq, hash), mac)
    }

    pub(crate) fn signed_checkpoint(&self, checkpoint: &Checkpoint, pruned: bool) -> bool {
        let Checkpoint { chain, seq, hash, at, mac } = checkpoint;
        equal(&self.checkpoint(chain, *seq, hash, *at, pruned), mac)
    }

    fn sign(&self, text: &str) -> String {
        hex(hmac::sign(&self.0, text.as_bytes()).as_ref())
    }
}

fn equal(expected: &str, given: &str) -> bool {
    constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok()
}
