//! One connection of either engine, outside of any pool, and why a statement on it failed: what the writer works with.

use super::{Arg, Inline, Record, SILENCE, embedded::Embedded};
use crate::Error;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::fmt;
use tokio::time::timeout;

/// Why a statement failed, as the writer has to know it.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The connection is of no more use, or its transaction has ended.
    Lost(Cause),
    /// A unique constraint refused the row.
    Duplicate(Cause),
    /// It waited too long for somebody else.
    Late(Cause),
    /// The statement was refused for another reason.
    Refused(Cause),
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Fault {
    /// The cause, whichever it is.
    pub(crate) fn into_cause(self) -> Cause {
        let (Self::Lost(cause) | Self::Duplicate(cause) | Self::Late(cause) | Self::Refused(cause)) = self;
        cause
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Lost(cause) | Self::Duplicate(cause) | Self::Late(cause) | Self::Refused(cause)) = self;
        cause.fmt(f)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else { return Self::Lost(error.into()) };
        match database.code().as_deref() {
            // Serialisation failure, deadlock: the whole transaction is over; the third says that it was before.
            Some("40001" | "40P01" | "25P02") => Self::Lost(error.into()),
            Some("55P03" | "57014") => Self::Late(error.into()),
            _ if database.is_unique_violation() => Self::Duplicate(error.into()),
            _ => Self::Refused(error.into()),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Lost(cause) | Fault::Late(cause) => Self::unavailable().because(cause),
            Fault::Duplicate(cause) | Fault::Refused(cause) => Self::internal(cause),
        }
    }
}

/// SQLite's works in the calling thread.
pub(crate) enum Conn {
    Sqlite(Embedded),
    Postgres(PgConnection),
}

/// What PostgreSQL says, unless it falls silent.
pub(super) async fn answered<T>(statement: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    match timeout(SILENCE, statement).await {
        Ok(said) => said,
        Err(late) => Err(sqlx::Error::Io(late.into())),
    }
}

impl Conn {
    pub(crate) async fn begin(&mut self) -> Result<(), Fault> {
        self.run(if matches!(self, Self::Sqlite(_)) { "begin immediate" } else { "begin" }).await
    }

    /// A statement without values: `commit`, `savepoint job` ...
    pub(crate) async fn run(&mut self, sql: &'static str) -> Result<(), Fault> {
        match self {
            Self::Sqlite(c) => c.run(sql),
            Self::Postgres(c) => Ok(answered(c.execute(sql)).await.map(drop)?),
        }
    }

    /// The number of rows that were written.
    pub(crate) async fn write(&mut self, sql: &'static str, args: &[Arg]) -> Result<u64, Fault> {
        match self {
            Self::Sqlite(c) => c.write(sql, args),
            Self::Postgres(c) => Ok(answered(bound!(sqlx::query(sql), args).execute(c)).await.map(|done| done.rows_affected())?),
        }
    }

    /// The same for text that was put together from static fragments, in which each value stands once and in its order.
    pub(crate) async fn write_built(&mut self, sql: String, args: &[Arg]) -> Result<u64, Fault> {
        match self {
            Self::Sqlite(c) => c.write_in_order(&sql, args),
            Self::Postgres(c) => {
                let statement = bound!(sqlx::query(AssertSqlSafe(sql)), args);
                Ok(answered(statement.execute(c)).await.map(|done| done.rows_affected())?)
            }
        }
    }

    /// Whether one statement with arrays of values is better than many statements: SQLite's cost no round trip.
    pub(crate) fn prefers_arrays(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Writes several rows by a statement that takes an array of each value, and answers the texts that it returns. On PostgreSQL only.
    pub(crate) async fn write_many(&mut self, sql: &'static str, rows: &[&[Arg]]) -> Result<Vec<String>, Fault> {
        let Self::Postgres(c) = self else { return Err(Fault::Refused("only PostgreSQL is given arrays".into())) };
        let width = rows.first().map_or(0, |row| row.len());
        if rows.iter().any(|row| row.len() != width) {
            return Err(Fault::Refused("rows of different lengths".into()));
        }
        let mut query = sqlx::query_scalar(sql);
        for column in 0..width {
            let mut texts: Vec<Option<&str>> = Vec::new();
            let mut numbers = Vec::new();
            let mut truths = Vec::new();
            for row in rows {
                match &row[column] {
                    Arg::Text(text) => texts.push(text.as_deref()),
                    Arg::Int(number) => numbers.push(*number),
                    Arg::Bool(truth) => truths.push(*truth),
                }
            }
            query = match rows.len() {
                many if many == texts.len() => query.bind(texts),
                many if many == numbers.len() => query.bind(numbers),
                many if many == truths.len() => query.bind(truths),
                _ => return Err(Fault::Refused("values of different types in a column".into())),
            };
        }
        Ok(answered(query.fetch_all(c)).await?)
    }

    pub(crate) async fn one<T: Record + Inline>(&mut self, sql: &'static str, args: &[Arg]) -> Result<T, Fault> {
        match self {
            Self::Sqlite(c) => c.optional(sql, args)?.ok_or_else(|| Fault::Refused("no row".into())),
            Self::Postgres(c) => Ok(answered(bound!(sqlx::query_as::<_, T>(sql), args).fetch_one(c)).await?),
        }
    }

    pub(crate) async fn close(self) {
        if let Self::Postgres(c) = self {
            let _ = answered(c.close()).await;
        }
    }
}
