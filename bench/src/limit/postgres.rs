//! The limit server's rows on PostgreSQL: reads follow one another down a connection without waiting for answers, and
//! whatever waits to be written is one statement.

use super::store::{GROUP, Job};
use crate::Failed;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{Client, NoTls, Statement};

/// Mints and revokes all of them, each with its event; answers the revoked.
const WRITE: &str = "with minted as (insert into token select id, 1, null, repeat('x', 300) from unnest($1::text[]) id returning id),
    revoked as (update token set revoked_at = 1 where id = any($2::text[]) returning id),
    noted as (insert into event (target, body) select id, repeat('x', 600) from (select id from minted union all select id from revoked) done)
    select id from revoked";

/// Connections that read, each with a process of PostgreSQL behind it.
const READERS: usize = 2;

/// The way to the rows.
pub struct Rows {
    readers: Vec<(Client, Statement)>,
    turn: AtomicUsize,
    queue: UnboundedSender<Job>,
}

impl Rows {
    /// Makes `rows` tokens first where there are none.
    pub async fn open(url: &str, rows: u32) -> Result<Self, Failed> {
        let writer = connect(url).await?;
        writer
            .batch_execute(
                "set client_min_messages = warning;
                 create table if not exists token (id text collate \"C\" primary key, created_at bigint not null, revoked_at bigint, row text not null);
                 create table if not exists event (seq bigint generated always as identity primary key, target text not null, body text not null)",
            )
            .await?;
        if writer.query_opt("select from token limit 1", &[]).await?.is_none() {
            let fill = "insert into token select 'wtok_' || lpad(i::text, 24, '0'), i, null, repeat('x', 300) from generate_series(1, $1::int4::bigint) i";
            writer.execute(fill, &[&i32::try_from(rows)?]).await?;
            writer.batch_execute("vacuum analyze token").await?;
        }
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let reader = connect(url).await?;
            let read = reader.prepare("select revoked_at, row from token where id = $1").await?;
            readers.push((reader, read));
        }
        let (queue, jobs) = unbounded_channel();
        let write = writer.prepare(WRITE).await?;
        tokio::spawn(groups(writer, write, jobs));
        Ok(Self { readers, turn: AtomicUsize::new(0), queue })
    }

    /// Whether the row is there and not revoked, as the database says now.
    pub async fn lives(&self, id: &str) -> bool {
        let (client, read) = &self.readers[self.turn.fetch_add(1, Ordering::Relaxed) % READERS];
        let row = client.query_opt(read, &[&id]).await.ok().flatten();
        row.is_some_and(|row| row.get::<_, Option<i64>>(0).is_none() && !row.get::<_, &str>(1).is_empty())
    }

    /// Puts the job behind those that wait.
    pub fn queue(&self, job: Job) {
        // When the task is gone the caller sees its answer's sender dropped.
        let _ = self.queue.send(job);
    }
}

async fn connect(url: &str) -> Result<Client, Failed> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Commits what waits, once, and only then answers; again and again.
async fn groups(client: Client, write: Statement, mut jobs: UnboundedReceiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let ids = |mints: bool| group.iter().filter(|job| matches!(job, Job::Mint { .. }) == mints).map(Job::id).collect::<Vec<_>>();
        let revoked = client.query(&write, &[&ids(true), &ids(false)]).await;
        for job in group.drain(..) {
            let found = match (&revoked, &job) {
                (Ok(_), Job::Mint { .. }) => true,
                (Ok(rows), Job::Revoke { id, .. }) => rows.iter().any(|row| row.get::<_, &str>(0) == id),
                (Err(_), _) => false,
            };
            job.answer(found);
        }
    }
}
