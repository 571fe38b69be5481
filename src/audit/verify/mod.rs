//! Proving that history is what was written: every chain is walked, hashed again and held against what was signed (AU2).

mod checkpoint;
mod past;
mod report;
mod store;

pub use report::{AuditReport, BadRow, ChainReport, Fault};

use super::{
    Checkpoint,
    append::{GENESIS, chain_hash},
};
use crate::{Core, Result, db::Db};
use store::Row;

/// Rows read at once.
const PAGE: i64 = 1_000;

impl Core {
    /// Walks every chain. It may go on while events are written and purged; it holds no connection between pages.
    ///
    /// What it cannot see: a database put back as a whole to an earlier state. For that, keep `seq` and `hash` of a
    /// report, or the log's lines about signed history, somewhere else.
    pub async fn verify_audit(&self) -> Result<AuditReport> {
        let mut chains = Vec::new();
        for chain in store::chains(self.db()).await? {
            chains.push(Walk::new(self, chain).run().await?);
        }
        Ok(AuditReport { rows: chains.iter().map(|chain| chain.rows).sum(), chains })
    }
}

/// One chain on its way.
struct Walk<'a> {
    core: &'a Core,
    chain: String,
    /// Up to where rows were purged.
    after: i64,
    /// The last row that was found right, and its hash.
    seq: i64,
    hash: String,
    rows: u64,
    /// That row's id, and the hash before it.
    last: Option<(String, String)>,
}

/// What the end of the rows means.
enum End {
    Right,
    /// Rows were added meanwhile.
    More,
    Wrong(BadRow),
}

impl<'a> Walk<'a> {
    fn new(core: &'a Core, chain: String) -> Self {
        Self { core, chain, after: 0, seq: 0, hash: GENESIS.to_owned(), rows: 0, last: None }
    }

    fn db(&self) -> &'a Db {
        self.core.db()
    }

    fn bad(&self, seq: i64, id: Option<&str>, fault: Fault) -> BadRow {
        BadRow { chain: self.chain.clone(), seq, id: id.map(str::to_owned), fault }
    }

    async fn run(mut self) -> Result<ChainReport> {
        let bad = loop {
            if let Some(bad) = self.start().await? {
                break Some(bad);
            }
            let Some(bad) = self.follow().await? else { break None };
            // A purge that ran meanwhile explains rows that are gone: then the walk goes on behind it.
            if !store::purged_to(self.db(), &self.chain).await?.is_some_and(|to| to.seq > self.after && to.seq >= bad.seq) {
                break Some(bad);
            }
        };
        Ok(ChainReport { rows: self.rows, after: self.after, seq: self.seq, hash: self.hash, bad, chain: self.chain })
    }

    /// Goes to the beginning, or to where the last purge says that it is.
    async fn start(&mut self) -> Result<Option<BadRow>> {
        if let Some(purged) = store::purged_to(self.db(), &self.chain).await? {
            if !self.core.history_key().signed_checkpoint(&purged, true) {
                return Ok(Some(self.bad(purged.seq, None, Fault::CheckpointForged)));
            }
            (self.after, self.seq, self.hash, self.last) = (purged.seq, purged.seq, purged.hash, None);
        }
        let stray = store::stray(self.db(), &self.chain, self.after).await?;
        Ok(stray.map(|(seq, id)| self.bad(seq, Some(&id), Fault::Inserted)))
    }

    async fn follow(&mut self) -> Result<Option<BadRow>> {
        loop {
            let rows = store::rows_after(self.db(), &self.chain, self.seq, PAGE).await?;
            let Some(last) = rows.last() else {
                match self.end().await? {
                    End::Right => return Ok(None),
                    End::More => continue,
                    End::Wrong(bad) => return Ok(Some(bad)),
                }
            };
            let signed = store::checkpoints(self.db(), &self.chain, self.seq, last.seq).await?;
            for row in rows {
                let signed = signed.iter().find(|checkpoint| checkpoint.seq == row.seq);
                if let Some(bad) = self.step(row, signed).await? {
                    return Ok(Some(bad));
                }
            }
        }
    }

    async fn step(&mut self, row: Row, signed: Option<&Checkpoint>) -> Result<Option<BadRow>> {
        if row.seq != self.seq + 1 {
            return Ok(Some(self.bad(self.seq + 1, None, Fault::Missing)));
        }
        if chain_hash(&self.hash, row.seq, &row.body) != row.hash {
            return self.diagnose(&row).await.map(Some);
        }
        if !row.columns_agree(&self.chain) {
            return Ok(Some(self.bad(row.seq, Some(&row.id), Fault::Edited)));
        }
        if let Some(checkpoint) = signed {
            if !self.core.history_key().signed_checkpoint(checkpoint, false) {
                return Ok(Some(self.bad(row.seq, Some(&row.id), Fault::CheckpointForged)));
            }
            // The chain fits together but is not the one that was signed: it was written anew.
            if checkpoint.hash != row.hash {
                return Ok(Some(self.bad(row.seq, Some(&row.id), Fault::Edited)));
            }
        }
        self.rows += 1;
        self.seq = row.seq;
        self.last = Some((row.id, std::mem::replace(&mut self.hash, row.hash)));
        Ok(None)
    }

    /// Tells what happened to a row that does not follow from the one before it.
    async fn diagnose(&self, row: &Row) -> Result<BadRow> {
        if let Some((id, before)) = &self.last
            && chain_hash(before, row.seq - 1, &row.body) == row.hash
        {
            return Ok(self.bad(row.seq - 1, Some(id), Fault::Inserted));
        }
        let bad = |fault| self.bad(row.seq, Some(&row.id), fault);
        let mut after = row.seq;
        loop {
            let others = store::rows_after(self.db(), &self.chain, after, PAGE).await?;
            let Some(last) = others.last() else { return Ok(bad(Fault::Edited)) };
            after = last.seq;
            for other in &others {
                // What the hash here would be if the other row's text had stood here.
                let genuine = chain_hash(&self.hash, row.seq, &other.body);
                if genuine == row.hash {
                    return Ok(bad(Fault::Swapped));
                }
                if genuine == other.hash {
                    let belongs_behind = chain_hash(&other.hash, row.seq + 1, &row.body) == row.hash;
                    let moved_up = other.seq == row.seq + 1 && !belongs_behind;
                    return Ok(bad(if moved_up { Fault::Inserted } else { Fault::Swapped }));
                }
            }
        }
    }

    async fn end(&self) -> Result<End> {
        let wrong = |seq, id, fault| Ok(End::Wrong(self.bad(seq, id, fault)));
        let key = self.core.history_key();
        let beyond = store::checkpoints(self.db(), &self.chain, self.seq, i64::MAX).await?;
        let head = store::head(self.db(), &self.chain).await?;
        // Whatever speaks of a later row was written with that row, so reading once more must find it.
        if !store::rows_after(self.db(), &self.chain, self.seq, 1).await?.is_empty() {
            return Ok(End::More);
        }
        if let Some(checkpoint) = beyond.first() {
            let signed = key.signed_checkpoint(checkpoint, false);
            return if signed { wrong(self.seq + 1, None, Fault::Truncated) } else { wrong(checkpoint.seq, None, Fault::CheckpointForged) };
        }
        let Some((seq, hash, mac)) = head else {
            return if self.seq == 0 { wrong(1, None, Fault::Truncated) } else { wrong(self.seq, None, Fault::HeadMismatch) };
        };
        let signed = key.signed_head(&self.chain, seq, &hash, &mac);
        if signed && seq > self.seq {
            return wrong(self.seq + 1, None, Fault::Truncated);
        }
        if signed && seq < self.seq {
            let id = self.last.as_ref().filter(|_| seq + 1 == self.seq).map(|(id, _)| id.as_str());
            return wrong(seq + 1, id, Fault::Inserted);
        }
        if !signed || hash != self.hash {
            return wrong(seq, None, Fault::HeadMismatch);
        }
        Ok(End::Right)
    }
}
