//! A group of jobs in one transaction that is not yet committed: what each of them wrote, or why it is refused.

use super::{Committed, Job, Outcomes, Queued, Write, mark};
use crate::{
    Error, Time,
    audit::{self, HistoryKey, NotTaken},
    db::{Arg, Conn, Fault},
};

/// What became of a group that was applied and not yet committed.
pub(super) enum Applied {
    /// Each job is in, or refused for itself.
    All(Outcomes),
    /// Some job was refused, and there was no savepoint to go back to.
    Spoilt,
    /// The end of this chain could not be taken.
    Held(String),
}

/// Applies every job. With `savepoints` one that is refused leaves the others alone; without, the group is spoilt.
pub(super) async fn apply(conn: &mut Conn, key: &HistoryKey, group: &[&Queued], marked: Time, savepoints: bool) -> Result<Applied, Fault> {
    conn.begin().await?;
    let heads = match audit::take_heads(conn, group.iter().filter_map(|queued| queued.job.chain()).collect()).await {
        Ok(heads) => heads,
        Err(NotTaken::Held(chain)) => {
            conn.run("rollback").await?;
            return Ok(Applied::Held(chain));
        }
        Err(NotTaken::Fault(fault)) => return Err(fault),
    };
    let together = |one: &&Queued, next: &&Queued| {
        let statement = |queued: &Queued| queued.job.bulk().map(|(_, sql)| sql).filter(|_| conn.prefers_arrays() && !savepoints);
        statement(one).is_some() && statement(one) == statement(next)
    };
    let runs: Vec<_> = group.chunk_by(together).collect();
    let mut outcomes = Vec::with_capacity(group.len());
    for run in runs {
        let applied = match run {
            [one] => apply_one(conn, &one.job, savepoints).await?.map(|outcome| vec![outcome]),
            many => apply_many(conn, many).await?,
        };
        let Some(applied) = applied else {
            conn.run("rollback").await?;
            return Ok(Applied::Spoilt);
        };
        outcomes.extend(applied);
    }
    let drafts = group.iter().zip(&outcomes).filter_map(|(queued, outcome)| {
        let rows = &outcome.as_ref().ok()?.rows;
        queued.job.draft.as_ref().map(|draft| draft.written(rows))
    });
    let drafts = drafts.collect();
    audit::append(conn, key, heads, drafts).await?;
    let latest = group.iter().map(|queued| queued.job.at).max().unwrap_or_default();
    if mark(marked, latest) != marked {
        let args = [Arg::Int(Some(latest.millis()))];
        conn.write("update installation set clock_mark = $1 where id = 1 and clock_mark < $1", &args).await?;
    }
    Ok(Applied::All(outcomes))
}

/// Jobs of one write each, all by one statement. Who wrote nothing is refused and has left nothing. Nothing if the group is spoilt.
async fn apply_many(conn: &mut Conn, run: &[&Queued]) -> Result<Option<Outcomes>, Fault> {
    let jobs: Vec<_> = run.iter().filter_map(|queued| queued.job.bulk()).collect();
    let Some(&(_, sql)) = jobs.first() else { return Ok(None) };
    let rows: Vec<_> = jobs.iter().map(|(write, _)| write.args.as_slice()).collect();
    let written = match conn.write_many(sql, &rows).await {
        Ok(written) => written,
        Err(Fault::Lost(cause)) => return Err(Fault::Lost(cause)),
        Err(fault) => {
            tracing::warn!(%fault, jobs = run.len(), "jobs are written one by one");
            return Ok(None);
        }
    };
    let rows_of =
        |write: &Write| written.iter().filter(|id| matches!(write.args.first(), Some(Arg::Text(Some(own))) if own == *id)).count();
    let outcome = |(write, _): &(&Write, _)| match (rows_of(write), write.one) {
        (1, _) => Some(Ok(Committed { rows: vec![1] })),
        (0, None) => Some(Ok(Committed { rows: vec![0] })),
        (0, Some((code, message))) => Some(Err(Error::new(code, message))),
        // What is no job's alone cannot be refused alone.
        _ => None,
    };
    Ok(jobs.iter().map(outcome).collect())
}

/// The outcome of a job; nothing if it is refused and there is no savepoint to go back to.
async fn apply_one(conn: &mut Conn, job: &Job, savepoints: bool) -> Result<Option<crate::Result<Committed>>, Fault> {
    if savepoints {
        conn.run("savepoint job").await?;
    }
    let outcome = match apply_job(conn, job).await {
        Ok(rows) => Ok(Committed { rows }),
        Err(Stopped::Refused(_)) if !savepoints => return Ok(None),
        Err(Stopped::Refused(error)) => {
            conn.run("rollback to savepoint job").await?;
            Err(error)
        }
        Err(Stopped::Lost(fault)) => return Err(fault),
    };
    if savepoints {
        conn.run("release savepoint job").await?;
    }
    Ok(Some(outcome))
}

enum Stopped {
    /// This job fails, alone.
    Refused(Error),
    /// The connection is of no more use.
    Lost(Fault),
}

async fn apply_job(conn: &mut Conn, job: &Job) -> Result<Vec<u64>, Stopped> {
    let mut rows = Vec::with_capacity(job.writes.len());
    for write in &job.writes {
        let written = conn.write(write.sql, &write.args).await.map_err(|fault| refused(write, fault))?;
        if let Some((code, message)) = write.one
            && written != 1
        {
            return Err(Stopped::Refused(Error::new(code, message)));
        }
        rows.push(written);
    }
    Ok(rows)
}

fn refused(write: &Write, fault: Fault) -> Stopped {
    match (fault, write.unique) {
        (lost @ Fault::Lost(_), _) => Stopped::Lost(lost),
        (Fault::Duplicate(_), Some((code, message))) => Stopped::Refused(Error::new(code, message)),
        (fault, _) => Stopped::Refused(fault.into()),
    }
}
