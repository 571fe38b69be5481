//! What a verification found, for `mintmark audit verify` and its `--json`.

use serde::Serialize;
use std::fmt;

crate::text_enum! {
    /// What is wrong with a row of history.
    pub enum Fault("a fault") {
        /// Its text, a column or its hash was changed; or the row before it was, and its hash recomputed.
        Edited = "edited",
        /// It was deleted from between its neighbours, or from the beginning without a signed checkpoint.
        Missing = "missing",
        /// It stands in the place of another row.
        Swapped = "swapped",
        /// It was added to the chain from outside.
        Inserted = "inserted",
        /// It and everything after it were deleted.
        Truncated = "truncated",
        /// The recorded end of the chain is not the one that was signed.
        HeadMismatch = "head_mismatch",
        /// A checkpoint here was changed, or was not made by this installation.
        CheckpointForged = "checkpoint_forged",
    }
}

/// The first row of a chain with which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// A tenant's id, or `installation`.
    pub chain: String,
    /// Its place, or the one where it is missing.
    pub seq: i64,
    /// Its id, where there is a row.
    pub id: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

/// One chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// A tenant's id, or `installation`.
    pub chain: String,
    /// How many rows were checked.
    pub rows: u64,
    /// Where the check began: after this place, up to which a signed checkpoint says that rows were purged; 0 is the beginning.
    pub after: i64,
    /// The last place that was found right. Written down elsewhere with `hash`, it proves later that nothing before it changed.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// The first row that is wrong; none when all is well.
    pub bad: Option<BadRow>,
}

/// Every chain of the installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// How many rows were checked.
    pub rows: u64,
    /// In the order of their names.
    pub chains: Vec<ChainReport>,
}

impl AuditReport {
    /// The first row that is wrong; none when all of history is as it was written.
    #[must_use]
    pub fn first_bad(&self) -> Option<&BadRow> {
        self.chains.iter().find_map(|chain| chain.bad.as_ref())
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain, seq, id, fault } = self;
        write!(f, "chain {chain}, row {seq}")?;
        if let Some(id) = id {
            write!(f, " ({id})")?;
        }
        f.write_str(match fault {
            Fault::Edited => " was edited, or the row before it was",
            Fault::Missing => " is missing",
            Fault::Swapped => " stands in the place of another",
            Fault::Inserted => " was inserted",
            Fault::Truncated => " and all after it are missing: the chain was truncated",
            Fault::HeadMismatch => ": the recorded end of the chain is not the one that was signed",
            Fault::CheckpointForged => " has a checkpoint that this installation did not sign",
        })
    }
}
