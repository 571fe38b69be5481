//! All SQL of the verification of chains and of their checkpoints.

use super::super::{Checkpoint, append::INSTALLATION};
use crate::{
    Result, Time,
    db::{Db, args},
    writer::Write,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// A whole row, so that its columns are compared with the text that was hashed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) at: i64,
    action: String,
    actor_id: Option<String>,
    organization_id: Option<String>,
    target_id: Option<String>,
    outcome: String,
    pub(super) body: String,
    pub(super) hash: String,
}

impl Row {
    /// Whether the columns, by which lists find the row, say what the hashed text says.
    pub(super) fn columns_agree(&self, chain: &str) -> bool {
        let Ok(body) = serde_json::from_str::<Value>(&self.body) else { return false };
        let text = |value: &Value| value.as_str().map(|text| text.replace('\0', ""));
        let at = body["at"].as_str().and_then(|at| at.parse::<Time>().ok()).map(Time::millis);
        body["tenant"].as_str().unwrap_or(INSTALLATION) == chain
            && at == Some(self.at)
            && text(&body["id"]).as_ref() == Some(&self.id)
            && text(&body["action"]).as_ref() == Some(&self.action)
            && text(&body["actor"]["id"]) == self.actor_id
            && text(&body["organization"]) == self.organization_id
            && text(&body["target"]["id"]) == self.target_id
            && text(&body["outcome"]).as_ref() == Some(&self.outcome)
    }
}

/// Every chain that has, had or should have a row.
pub(super) async fn chains(db: &Db) -> Result<BTreeSet<String>> {
    let known: Vec<(String,)> =
        db.all("select chain from audit_head union select chain from audit_checkpoint union select id from tenant", args![]).await?;
    let mut chains: BTreeSet<String> = known.into_iter().map(|(chain,)| chain).collect();
    // One step of the index for each chain, however long they are.
    let mut after = String::new();
    while let Some((chain,)) =
        db.optional::<(String,)>("select chain from audit_event where chain > $1 order by chain limit 1", args![&after]).await?
    {
        after.clone_from(&chain);
        chains.insert(chain);
    }
    Ok(chains)
}

pub(super) async fn rows_after(db: &Db, chain: &str, seq: i64, rows: i64) -> Result<Vec<Row>> {
    db.all(
        "select seq, id, at, action, actor_id, organization_id, target_id, outcome, body, hash
         from audit_event where chain = $1 and seq > $2 order by seq limit $3",
        args![chain, seq, rows],
    )
    .await
}

/// The first row at or before a place before which there should be none.
pub(super) async fn stray(db: &Db, chain: &str, seq: i64) -> Result<Option<(i64, String)>> {
    db.optional("select seq, id from audit_event where chain = $1 and seq <= $2 order by seq limit 1", args![chain, seq]).await
}

pub(super) async fn head(db: &Db, chain: &str) -> Result<Option<(i64, String, String)>> {
    db.optional("select seq, hash, mac from audit_head where chain = $1", args![chain]).await
}

/// The checkpoint of the last purge.
pub(super) async fn purged_to(db: &Db, chain: &str) -> Result<Option<Checkpoint>> {
    db.optional(
        "select chain, seq, hash, at, mac from audit_checkpoint where chain = $1 and pruned = $2 order by seq desc limit 1",
        args![chain, true],
    )
    .await
}

/// Checkpoints after `above`, up to `last`.
pub(super) async fn checkpoints(db: &Db, chain: &str, above: i64, last: i64) -> Result<Vec<Checkpoint>> {
    db.all(
        "select chain, seq, hash, at, mac from audit_checkpoint
         where chain = $1 and seq > $2 and seq <= $3 and pruned = $4 order by seq limit 1000",
        args![chain, above, last, false],
    )
    .await
}

/// The end of a chain, and where and when it was last signed for good.
#[derive(sqlx::FromRow)]
pub(super) struct End {
    pub(super) chain: String,
    pub(super) seq: i64,
    pub(super) hash: String,
    pub(super) mac: String,
    pub(super) signed_seq: i64,
    pub(super) signed_at: i64,
}

pub(super) async fn ends(db: &Db, after: &str, rows: i64) -> Result<Vec<End>> {
    db.all(
        "select h.chain, h.seq, h.hash, h.mac,
            coalesce((select max(c.seq) from audit_checkpoint c where c.chain = h.chain), 0) as signed_seq,
            coalesce((select c.at from audit_checkpoint c where c.chain = h.chain order by c.seq desc limit 1), 0) as signed_at
         from audit_head h where h.chain > $1 order by h.chain limit $2",
        args![after, rows],
    )
    .await
}

pub(super) fn checkpoint(checkpoint: &Checkpoint, pruned: bool) -> Write {
    let Checkpoint { chain, seq, hash, at, mac } = checkpoint;
    Write::any(
        "insert into audit_checkpoint (chain, seq, hash, at, pruned, mac) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        args![chain, *seq, hash, *at, pruned, mac],
    )
}
