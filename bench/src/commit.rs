//! One durable commit of a token and its event, again and again: what this machine's disk allows to somebody who does not group.

use crate::{Failed, limit::store};
use serde::Serialize;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Commits a second.
#[derive(Serialize)]
pub struct Report {
    rate: f64,
}

/// Commits for a second.
pub fn rate(folder: &Path) -> Result<Report, Failed> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("commit1.db");
    let mut conn = store::open(&file)?;
    let begun = Instant::now();
    let mut commits = 0_u32;
    while begun.elapsed() < Duration::from_secs(1) {
        commits += 1;
        let id = format!("wtok_{commits:024}");
        let transaction = conn.transaction()?;
        store::insert(&transaction, &id, i64::from(commits))?;
        transaction.commit()?;
    }
    let rate = f64::from(commits) / begun.elapsed().as_secs_f64();
    drop(conn);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("commit1.db{ending}")));
    }
    Ok(Report { rate })
}
