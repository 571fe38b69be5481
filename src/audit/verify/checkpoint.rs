//! Signed checkpoints: that a chain reached this place with this hash.

use super::{super::Checkpoint, store};
use crate::{Core, Result, time::HOUR};

/// Events after which a chain is signed, whatever the time.
const EVENTS: i64 = 1_000;

impl Core {
    /// Signs the end of every chain that has grown by a thousand events, or at all in the last hour.
    ///
    /// The log gets the same line, so that a log kept elsewhere proves what the database may be made to forget.
    pub async fn write_checkpoints(&self) -> Result<()> {
        let (now, key) = (self.now(), self.history_key());
        let mut after = String::new();
        loop {
            let ends = store::ends(self.db(), &after, 500).await?;
            let Some(last) = ends.last() else { return Ok(()) };
            after.clone_from(&last.chain);
            let due = ends.into_iter().filter(|end| {
                let grown = end.seq - end.signed_seq;
                grown >= EVENTS || (grown > 0 && now.millis() - end.signed_at >= HOUR)
            });
            let mut writes = Vec::new();
            for end in due {
                if !key.signed_head(&end.chain, end.seq, &end.hash, &end.mac) {
                    tracing::error!(
                        chain = end.chain,
                        seq = end.seq,
                        "this end of a chain of history is not ours; run `mintmark audit verify`"
                    );
                    continue;
                }
                let mac = key.checkpoint(&end.chain, end.seq, &end.hash, now.millis(), false);
                tracing::info!(chain = end.chain, seq = end.seq, hash = end.hash, "history is signed up to here");
                writes
                    .push(store::checkpoint(&Checkpoint { chain: end.chain, seq: end.seq, hash: end.hash, at: now.millis(), mac }, false));
            }
            if !writes.is_empty() {
                self.keep(writes).await?;
            }
        }
    }
}
