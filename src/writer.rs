//! The one writer of a process: a task that owns one connection, on both engines, and the only path to a write.
//!
//! It takes what is queued, revocations first, takes its turn in the chains of history concerned, applies each job so that a failing one
//! fails alone, appends the audit rows, commits once for all, and only then answers. A client that hangs up cancels nothing (X1), and the group
//! shares its fsync (contract, section 7). A write is followed here from the queue to its answer, and in `apply.rs` through its transaction.

mod apply;

use crate::{
    Code, Error, Result, TenantId, Time,
    audit::{Draft, HistoryKey},
    db::{Arg, Conn, End, Fault, Location, Wait, without_nul},
};
use apply::{Applied, apply};
use std::sync::Arc;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::Instant,
};

/// Jobs in one commit.
const GROUP: usize = 64;
/// Jobs that may wait; past it callers get 503.
const QUEUE: usize = 1_024;

/// One statement, and what must be true of the rows it wrote.
#[derive(Clone)]
pub(crate) struct Write {
    sql: &'static str,
    args: Vec<Arg>,
    one: Option<Refusal>,
    unique: Option<Refusal>,
    many: Option<&'static str>,
}

/// A refusal that can be made more than once.
type Refusal = (Code, &'static str);

impl Write {
    /// Writes any number of rows.
    pub(crate) fn any(sql: &'static str, args: Vec<Arg>) -> Self {
        Self { sql, args, one: None, unique: None, many: None }
    }

    /// Writes exactly one row; any other number refuses the whole operation.
    pub(crate) fn one(sql: &'static str, args: Vec<Arg>, code: Code, message: &'static str) -> Self {
        Self { sql, args, one: Some((code, message)), unique: None, many: None }
    }

    /// The same for many at once on PostgreSQL, where each statement is a round trip: `sql` takes an array of each value, and returns the first
    /// value of each row that it wrote. For a statement that writes one row by whose first value it can be told, and looks at nothing
    /// that it writes.
    pub(crate) fn many(mut self, sql: &'static str) -> Self {
        self.many = Some(sql);
        self
    }

    /// What it means when a unique constraint refuses the row.
    pub(crate) fn on_duplicate(mut self, code: Code, message: &'static str) -> Self {
        self.unique = Some((code, message));
        self
    }
}

/// What a commit says of itself.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// Rows written by each statement, in order.
    pub rows: Vec<u64>,
}

/// Writes that stand or fall together, with the event that records them.
pub(crate) struct Job {
    pub(crate) writes: Vec<Write>,
    pub(crate) draft: Option<Draft>,
    /// Whose turn it takes without an event: what it decides must not miss what another process wrote of this tenant.
    pub(crate) turn: Option<TenantId>,
    pub(crate) at: Time,
}

impl Job {
    /// Its only write, if it can be made together with others of its kind.
    fn bulk(&self) -> Option<(&Write, &'static str)> {
        let [write] = self.writes.as_slice() else { return None };
        write.many.map(|sql| (write, sql))
    }

    /// The chain of history whose end it holds while it writes.
    fn chain(&self) -> Option<&str> {
        self.draft.as_ref().map(Draft::chain).or(self.turn.as_ref().map(TenantId::as_str))
    }
}

struct Queued {
    job: Job,
    until: Instant,
    answer: oneshot::Sender<Result<Committed>>,
}

/// The way to the writer. Cheap to clone; the task ends when the last one is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    urgent: mpsc::Sender<Queued>,
    normal: mpsc::Sender<Queued>,
}

impl Writer {
    /// Starts the task on a connection of its own.
    pub(crate) async fn start(location: Location, key: Arc<HistoryKey>) -> Result<(Self, tokio::task::JoinHandle<()>)> {
        let mut conn = location.writer().await?;
        let end = location.end(&mut conn).await?;
        let (urgent, urgent_queue) = mpsc::channel(QUEUE);
        let (normal, normal_queue) = mpsc::channel(QUEUE);
        let task = Task { location, key, conn: Some(conn), end, marked: Time::default() };
        // A thread of its own, because SQLite writes and syncs in the thread that asks; PostgreSQL's sockets stay with the runtime.
        let runtime = Handle::current();
        let handle = tokio::task::spawn_blocking(move || runtime.block_on(task.run(urgent_queue, normal_queue)));
        Ok((Self { urgent, normal }, handle))
    }

    /// How many jobs wait that are no revocations.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        QUEUE - self.normal.capacity()
    }

    /// Answers when the job is durable, or why it is not. `urgent` jobs (revocations) go first in their group.
    pub(crate) async fn commit(&self, job: Job, urgent: bool) -> Result<Committed> {
        without_nul(job.writes.iter().flat_map(|write| &write.args))?;
        let (answer, answered) = oneshot::channel();
        let queue = if urgent { &self.urgent } else { &self.normal };
        let wait = Wait::begin();
        let until = wait.until();
        queue
            .try_send(Queued { job, until, answer })
            .map_err(|_| Error::new(Code::Unavailable, "Too many writes are waiting. Try again shortly.").retry_after(1))?;
        match tokio::time::timeout_at(until, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(Error::unavailable()),
        }
    }
}

struct Task {
    location: Location,
    key: Arc<HistoryKey>,
    conn: Option<Conn>,
    /// What stands beside the database of how far it has come.
    end: Option<End>,
    /// When the database's clock mark was last moved by us.
    marked: Time,
}

/// What became of each job of a group.
type Outcomes = Vec<Result<Committed>>;

impl Task {
    async fn run(mut self, mut urgent: mpsc::Receiver<Queued>, mut normal: mpsc::Receiver<Queued>) {
        let mut group = Vec::with_capacity(GROUP);
        while Self::take(&mut urgent, &mut normal, &mut group).await {
            let now = Instant::now();
            group.retain(|queued: &Queued| queued.until > now);
            if group.is_empty() {
                continue;
            }
            let outcomes = self.write_group(&group).await;
            metrics::histogram!("mintmark_commit_jobs").record(u32::try_from(group.len()).unwrap_or(u32::MAX));
            for (queued, outcome) in group.drain(..).zip(outcomes) {
                if let (Ok(_), Some(draft)) = (&outcome, &queued.job.draft) {
                    draft.event.count();
                }
                // A caller that hung up does not hear it; the write stands all the same.
                let _ = queued.answer.send(outcome);
            }
        }
        if let Some(conn) = self.conn {
            conn.close().await;
        }
    }

    /// Waits for a job, then takes what else is queued. False when nobody can send any more.
    async fn take(urgent: &mut mpsc::Receiver<Queued>, normal: &mut mpsc::Receiver<Queued>, group: &mut Vec<Queued>) -> bool {
        let first = tokio::select! {
            biased;
            Some(queued) = urgent.recv() => queued,
            Some(queued) = normal.recv() => queued,
            else => return false,
        };
        group.push(first);
        for queue in [urgent, normal] {
            while group.len() < GROUP {
                let Ok(queued) = queue.try_recv() else { break };
                group.push(queued);
            }
        }
        true
    }

    /// A chain whose end another process holds for long keeps no other chain's jobs waiting: its own come once more, after them.
    async fn write_group(&mut self, group: &[Queued]) -> Outcomes {
        let mut outcomes: Vec<Option<Result<Committed>>> = group.iter().map(|_| None).collect();
        let (mut part, mut later, mut again) = ((0..group.len()).collect::<Vec<_>>(), Vec::new(), false);
        while !part.is_empty() {
            let jobs: Vec<&Queued> = part.iter().map(|&at| &group[at]).collect();
            match self.try_twice(&jobs).await {
                Ok(done) => {
                    for (at, outcome) in part.drain(..).zip(done) {
                        outcomes[at] = Some(outcome);
                    }
                }
                Err(Failure::Held(chain)) => {
                    let (held, rest) = part.into_iter().partition::<Vec<_>, _>(|&at| group[at].job.chain() == Some(&chain));
                    part = rest;
                    if again {
                        tracing::warn!(chain, jobs = held.len(), "another process has held a chain of history for too long");
                    } else {
                        later.extend(held);
                    }
                }
                Err(_) => break,
            }
            if part.is_empty() && !again {
                (part, again) = (std::mem::take(&mut later), true);
            }
            let now = Instant::now();
            part.retain(|&at| group[at].until > now);
        }
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| Err(Error::unavailable()))).collect()
    }

    /// A lost connection or a serialisation failure before the commit leaves nothing behind.
    async fn try_twice(&mut self, jobs: &[&Queued]) -> Result<Outcomes, Failure> {
        let first = self.try_group(jobs).await;
        let Err(Failure::Before(error)) = first else { return first };
        if jobs.iter().any(|queued| queued.until <= Instant::now()) {
            tracing::error!(%error, jobs = jobs.len(), "a group of writes failed");
            return Err(Failure::Before(error));
        }
        tracing::warn!(%error, "a group of writes is tried again");
        self.try_group(jobs).await.inspect_err(|failure| {
            if let Failure::Before(error) | Failure::Commit(error) = failure {
                tracing::error!(%error, jobs = jobs.len(), "a group of writes failed");
            }
        })
    }

    async fn try_group(&mut self, group: &[&Queued]) -> Result<Outcomes, Failure> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.location.writer().await.map_err(|error| Failure::Before(error.into()))?,
        };
        let marked = self.marked;
        let before = |fault: Fault| Failure::Before(fault.into_cause());
        // A savepoint costs a job two more statements, and hardly any job is refused here: groups try without first.
        let mut applied = apply(&mut conn, &self.key, group, marked, false).await.map_err(before)?;
        if matches!(applied, Applied::Spoilt) {
            applied = apply(&mut conn, &self.key, group, marked, true).await.map_err(before)?;
        }
        let outcomes = match applied {
            Applied::All(outcomes) => outcomes,
            Applied::Spoilt => return Err(Failure::Before("a savepoint held nothing".into())),
            Applied::Held(chain) => {
                self.conn = Some(conn);
                return Err(Failure::Held(chain));
            }
        };
        // A connection that failed is dropped, and its transaction with it: it is never used again.
        conn.run("commit").await.map_err(|fault| Failure::Commit(fault.into_cause()))?;
        if let Some(end) = &mut self.end {
            end.advance(group.iter().zip(&outcomes).filter(|(queued, outcome)| outcome.is_ok() && queued.job.draft.is_some()).count());
        }
        self.marked = group.iter().map(|queued| queued.job.at).fold(marked, mark);
        self.conn = Some(conn);
        Ok(outcomes)
    }
}

/// A mark moves once a second at most, so that processes do not queue for its row.
fn mark(marked: Time, at: Time) -> Time {
    if at.since(marked) >= crate::time::SECOND { at } else { marked }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

enum Failure {
    /// Nothing was kept.
    Before(Cause),
    /// Whether it was kept is not known.
    Commit(Cause),
    /// Nothing was kept: another process has held the end of this chain for longer than a lock is waited for.
    Held(String),
}

#[cfg(test)]
mod tests;
