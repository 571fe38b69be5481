//! The limit server's rows: a reader per thread, and one thread that writes in groups.

use crate::Failed;
use rusqlite::{Connection, OptionalExtension, params};
use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
};
use tokio::sync::oneshot;

/// How many jobs one commit may hold.
pub const GROUP: usize = 64;

/// Opens the file, durable, with its two tables.
pub fn open(file: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(file)?;
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000;
         create table if not exists token (id text primary key, created_at integer not null, revoked_at integer, row text not null) without rowid;
         create table if not exists event (seq integer primary key, target text not null, body text not null);",
    )?;
    Ok(conn)
}

/// Makes this many tokens in an empty file, without waiting for the disk.
pub fn fill(file: &Path, rows: u32) -> rusqlite::Result<()> {
    let conn = open(file)?;
    if conn.query_row("select exists (select 1 from token)", [], |row| row.get(0))? {
        return Ok(());
    }
    conn.execute_batch("pragma synchronous = off")?;
    conn.execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)
         insert into token select printf('wtok_%024d', i), i, null, printf('%.300c', 'x') from n",
        [rows],
    )?;
    conn.execute_batch("pragma wal_checkpoint(truncate)")
}

/// A token and its event, with as many bytes as the product's.
pub fn insert(conn: &Connection, id: &str, at: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("insert into token values (?1, ?2, null, printf('%.300c', 'x'))")?.execute(params![id, at])?;
    note(conn, id)
}

fn note(conn: &Connection, id: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("insert into event (target, body) values (?1, printf('%.600c', 'x'))")?.execute([id]).map(drop)
}

/// A connection for each thread that reads.
pub struct Readers(PathBuf);

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Readers {
    pub fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// Whether the row is there and not revoked, as the database says now.
    pub fn lives(&self, id: &str) -> bool {
        READER.with_borrow_mut(|reader| {
            let conn = match reader {
                Some(conn) => conn,
                None => reader.insert(open(&self.0).ok()?),
            };
            let mut read = conn.prepare_cached("select revoked_at, row from token where id = ?1").ok()?;
            let row: Option<(Option<i64>, String)> = read.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional().ok()?;
            row.map(|(revoked_at, _)| revoked_at.is_none())
        }) == Some(true)
    }
}

/// What the writing thread does, and whom it tells.
pub enum Job {
    Mint { id: String, done: oneshot::Sender<bool> },
    Revoke { id: String, done: oneshot::Sender<bool> },
}

impl Job {
    /// The token that it is about.
    pub fn id(&self) -> &str {
        match self {
            Self::Mint { id, .. } | Self::Revoke { id, .. } => id,
        }
    }

    /// Says whether it is done, durably.
    pub fn answer(self, found: bool) {
        match self {
            Self::Mint { done, .. } | Self::Revoke { done, .. } => {
                // Whoever asked may have hung up.
                let _ = done.send(found);
            }
        }
    }
}

/// The way to the writing thread.
pub struct Writer(Sender<Job>);

impl Writer {
    pub fn start(file: &Path) -> Result<Self, Failed> {
        let (queue, jobs) = channel();
        let mut conn = open(file)?;
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            while let Ok(first) = jobs.recv() {
                group(&mut conn, first, &jobs);
            }
        })?;
        Ok(Self(queue))
    }

    pub fn queue(&self, job: Job) {
        // When the thread is gone the caller sees its answer's sender dropped.
        let _ = self.0.send(job);
    }
}

/// Commits what waits, once, and only then answers.
fn group(conn: &mut Connection, first: Job, jobs: &Receiver<Job>) {
    let jobs: Vec<_> = std::iter::once(first).chain(jobs.try_iter()).take(GROUP).collect();
    let mut found = Vec::with_capacity(jobs.len());
    let committed = (|| {
        let transaction = conn.transaction()?;
        for job in &jobs {
            found.push(match job {
                Job::Mint { id, .. } => insert(&transaction, id, 1).map(|()| true)?,
                Job::Revoke { id, .. } => {
                    let rows = transaction.prepare_cached("update token set revoked_at = 1 where id = ?1")?.execute([id])?;
                    note(&transaction, id)?;
                    rows == 1
                }
            });
        }
        transaction.commit()
    })()
    .is_ok();
    for (job, found) in jobs.into_iter().zip(found) {
        job.answer(committed && found);
    }
}
