//! The beginning of a chain that may be purged: old enough, and proven before the proof is thrown away.

use super::{Walk, store};
use crate::{
    Core, Result, TenantId, Time,
    audit::{Checkpoint, append::INSTALLATION},
    writer::Write,
};

/// Rows of one deletion.
const PAGE: usize = 1_000;

/// Rows at the beginning of a chain.
#[derive(Default)]
pub(crate) struct Past {
    pub(crate) rows: u64,
    /// Where each thousand of them ends, not signed yet.
    pub(crate) pages: Vec<Place>,
}

/// A place in a chain.
pub(crate) struct Place {
    pub(crate) chain: String,
    pub(crate) seq: i64,
    hash: String,
}

impl Core {
    /// The rows at the beginning of a chain that are older than `before`, at most `most`.
    ///
    /// They end before the first row that is wrong: a purge must not sign away what `audit verify` would find.
    pub(crate) async fn past(&self, tenant: Option<&TenantId>, before: Time, most: i64) -> Result<Past> {
        let mut walk = Walk::new(self, tenant.map_or(INSTALLATION, TenantId::as_str).to_owned());
        let mut past = Past::default();
        let mut bad = walk.start().await?;
        'walk: while bad.is_none() && past.rows < u64::try_from(most).unwrap_or_default() {
            let rows = store::rows_after(self.db(), &walk.chain, walk.seq, super::PAGE).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if row.at >= before.millis() {
                    break 'walk;
                }
                bad = walk.step(row, None).await?;
                if bad.is_some() {
                    break 'walk;
                }
                past.rows += 1;
                let place = Place { chain: walk.chain.clone(), seq: walk.seq, hash: walk.hash.clone() };
                if usize::try_from(past.rows - 1).unwrap_or_default() % PAGE == 0 {
                    past.pages.push(place);
                } else if let Some(last) = past.pages.last_mut() {
                    *last = place;
                }
            }
        }
        if let Some(bad) = bad {
            tracing::error!(%bad, "history was changed from outside; from there on nothing is purged");
        }
        Ok(past)
    }

    /// The signed checkpoint that says that rows up to here were purged.
    pub(crate) fn purged_up_to(&self, place: Place) -> Write {
        let Place { chain, seq, hash } = place;
        let at = self.now().millis();
        let mac = self.history_key().checkpoint(&chain, seq, &hash, at, true);
        store::checkpoint(&Checkpoint { chain, seq, hash, at, mac }, true)
    }
}
