//! The only file that knows which engine is behind us: pools of readers, one connection for the writer, one SQL text for both.
//!
//! Longer than most because every difference between the engines is here.

/// Binds `$args` to a query of either engine.
macro_rules! bound {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Int(value) => query.bind(*value),
                Arg::Text(value) => query.bind(value.clone()),
                Arg::Bool(value) => query.bind(*value),
            };
        }
        query
    }};
}

mod arg;
#[cfg(target_os = "linux")]
mod atime;
mod conn;
mod embedded;
mod end;
mod gather;
mod reader;
mod waiting;
mod whole;

pub(crate) use crate::select::Select;
pub use arg::{Arg, IntoArg};
pub(crate) use arg::{args, without_nul};
pub(crate) use conn::{Conn, Fault};
pub use embedded::{Inline, Readers};
pub(crate) use embedded::{Places, inlined, parsed};
pub(crate) use end::End;
pub use end::end_of;
pub(crate) use gather::Gather;
pub(crate) use waiting::Wait;
pub use waiting::one_request;
pub use whole::Standbys;

use crate::{Code, Error, Result};
use conn::answered;
use embedded::Embedded;
pub use reader::Links;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, FromRow, SqlitePool,
    postgres::{PgConnectOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout_at};

/// No pool may keep a reader from being had for longer.
const ACQUIRE_DEADLINE: Duration = Duration::from_secs(2);
/// A PostgreSQL that lives says within its own limit, which is shorter, what became of a statement; one that does not is
/// gone, or its link is, and the connection is given up. The same holds for connecting.
const SILENCE: Duration = Duration::from_secs(2);

/// Which database.
#[derive(Clone)]
pub enum Location {
    /// A file, made when absent.
    Sqlite(PathBuf),
    /// A server, in the form of libpq's URLs.
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Location {
    type Err = Error;
    /// `sqlite:path/to/file` or `postgres://...`.
    fn from_str(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(Error::new(Code::InvalidField, "The database URL names no file: sqlite:<path>."));
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = url
                .parse::<PgConnectOptions>()
                .map_err(|error| Error::new(Code::InvalidField, "The PostgreSQL URL cannot be read.").because(error))?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err(Error::new(Code::InvalidField, "The database URL starts with sqlite: or postgres://."))
    }
}

/// The readers. Nothing here ever begins a transaction, so a connection that a hung-up client leaves behind is out of one (X1).
#[derive(Clone)]
pub enum Db {
    /// Embedded: readers that wait on threads of their own, and those of the hot path.
    Sqlite(SqlitePool, Arc<Readers>),
    /// A server.
    Postgres(Links),
}

/// A row type that both engines can fill; every `#[derive(sqlx::FromRow)]` is one.
pub trait Record: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
impl<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>> Record for T {}

/// Reads within the deadline, on a connection of either engine.
macro_rules! read {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            Db::Sqlite($conn, _) => {
                let wait = Wait::begin();
                in_time(wait.until(), $body).await
            }
            Db::Postgres(links) => {
                let wait = Wait::begin();
                ask!(links, wait.until(), $conn => $body)
            }
        }
    };
}

/// Reads within the deadline on a connection of PostgreSQL, on another when its server has left.
macro_rules! ask {
    ($links:expr, $until:expr, $conn:ident => $body:expr) => {{
        let until = $until;
        let mut again = true;
        loop {
            let mut link = $links.take(until).await?;
            let $conn = link.conn()?;
            let read = timeout_at(until, $body).await;
            if let Some(read) = link.settle(read, again) {
                break read;
            }
            again = false;
        }
    }};
}

impl Db {
    /// The row, if there is one, by a statement of the hot path: it finds what it needs by an index.
    pub(crate) async fn point<T: Record + Inline>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>> {
        match self.inline(&args, |reader| reader.optional(sql, &args)) {
            Some(found) => Ok(found),
            None => self.optional(sql, args).await,
        }
    }

    /// Every row, likewise.
    pub(crate) async fn points<T: Record + Inline>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>> {
        match self.inline(&args, |reader| reader.all(sql, &args)) {
            Some(found) => Ok(found),
            None => self.all(sql, args).await,
        }
    }

    /// Reads in this thread where that can be done at once; what cannot, or fails, is left to the pool and to what it says.
    fn inline<T>(&self, args: &[Arg], read: impl FnOnce(&Embedded) -> Result<T, Fault>) -> Option<T> {
        let Self::Sqlite(_, readers) = self else { return None };
        without_nul(args).ok()?;
        readers.read(read)?.ok()
    }

    /// On PostgreSQL, the rows of these ids in these tenants, as [`Gather`] asks for them.
    async fn placed(&self, sql: &'static str, ids: Vec<String>, tenants: Vec<String>, until: Instant) -> Result<Vec<PgRow>> {
        let Self::Postgres(links) = self else { return Err(Error::internal("only PostgreSQL is asked for many at once")) };
        ask!(links, until, conn => sqlx::query(sql).bind(&ids).bind(&tenants).fetch_all(conn))
    }

    /// The row, if there is one.
    pub(crate) async fn optional<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>> {
        without_nul(&args)?;
        read!(self, conn => bound!(sqlx::query_as::<_, T>(sql), &args).fetch_optional(conn))
    }

    /// The row that is always there.
    pub(crate) async fn one<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<T> {
        without_nul(&args)?;
        read!(self, conn => bound!(sqlx::query_as::<_, T>(sql), &args).fetch_one(conn))
    }

    /// Every row.
    pub(crate) async fn all<T: Record>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>> {
        without_nul(&args)?;
        read!(self, conn => bound!(sqlx::query_as::<_, T>(sql), &args).fetch_all(conn))
    }

    /// Every row of a statement that was put together from fragments.
    pub(crate) async fn select<T: Record>(&self, select: Select) -> Result<Vec<T>> {
        let Select { sql, args } = select;
        without_nul(&args)?;
        read!(self, conn => bound!(sqlx::query_as::<_, T>(AssertSqlSafe(sql.clone())), &args).fetch_all(conn))
    }

    /// Closes the readers; used at shutdown.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool, readers) => {
                readers.close();
                pool.close().await;
            }
            Self::Postgres(links) => links.close(),
        }
    }

    /// `sqlite` or `postgres`, as logs and metrics name it.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(..) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

async fn in_time<T>(until: Instant, read: impl Future<Output = sqlx::Result<T>>) -> Result<T> {
    match timeout_at(until, read).await {
        Ok(result) => Ok(result?),
        Err(late) => Err(Error::unavailable().because(late)),
    }
}

impl Location {
    /// Opens the readers.
    pub(crate) async fn readers(&self) -> Result<Db> {
        match self {
            Self::Sqlite(path) => {
                // Sixteen caches of SQLite's usual 2 MiB would fill up one by one; the system caches the file anyway.
                let options = sqlite(path).pragma("query_only", "on").pragma("cache_size", "-256");
                let pool = SqlitePoolOptions::new()
                    .min_connections(2)
                    .max_connections(16)
                    .acquire_timeout(ACQUIRE_DEADLINE)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .test_before_acquire(false);
                let pool = pool.connect_with(options).await?;
                Ok(Db::Sqlite(pool, Arc::new(Readers::open(path)?)))
            }
            Self::Postgres(options) => {
                // Shorter than our own patience, so that a server which lives has said so before we call it silent.
                // And one plan for all values: every read finds its rows by an index, and planning a list again took as long as reading it.
                let options = postgres(options).options([("statement_timeout", "1900"), ("plan_cache_mode", "force_generic_plan")]);
                Ok(Db::Postgres(Links::open(options).await?))
            }
        }
    }

    /// Opens the writer's connection and asserts that an acknowledged commit is a durable one (X2).
    pub(crate) async fn writer(&self) -> Result<Conn> {
        match self {
            Self::Sqlite(path) => {
                let mut conn = Conn::Sqlite(Embedded::open(path, true)?);
                let (mode,): (String,) = conn.one("pragma journal_mode", &[]).await?;
                let (level,): (i64,) = conn.one("pragma synchronous", &[]).await?;
                durable(mode == "wal" && level == 2, "journal_mode=wal and synchronous=full")?;
                #[cfg(target_os = "linux")]
                {
                    // The first read opens the log.
                    let _: (i64,) = conn.one("pragma schema_version", &[]).await?;
                    atime::leave_alone(path);
                }
                Ok(conn)
            }
            Self::Postgres(options) => {
                // A transaction whose process or link is gone must not keep its locks from whoever comes next.
                let limits = [("lock_timeout", "500"), ("statement_timeout", "1900"), ("idle_in_transaction_session_timeout", "2000")];
                let options = postgres(options).options(limits);
                let asked = "select current_setting('synchronous_commit'), current_setting('fsync')";
                let (conn, commit, fsync): (_, String, String) = answered(async {
                    let mut conn = options.connect().await?;
                    let (commit, fsync) = sqlx::query_as(asked).fetch_one(&mut conn).await?;
                    Ok((conn, commit, fsync))
                })
                .await?;
                durable(matches!(commit.as_str(), "on" | "remote_apply") && fsync == "on", "synchronous_commit=on and fsync=on")?;
                Ok(Conn::Postgres(conn))
            }
        }
    }

    /// Brings the schema up to date; several processes may try at once (PostgreSQL: an advisory lock; SQLite: one of the
    /// folder). An older SQLite file is copied beside itself before, and a newer schema is refused.
    pub async fn migrate(&self) -> Result<()> {
        let _lock = self.prepare_migration().await?;
        let done = match self {
            Self::Sqlite(path) => {
                let mut conn = sqlite(path).connect().await?;
                let done = sqlx::migrate!("migrations/sqlite").run(&mut conn).await;
                conn.close().await?;
                done
            }
            Self::Postgres(options) => {
                let mut conn = options.connect().await?;
                let done = sqlx::migrate!("migrations/postgres").run(&mut conn).await;
                conn.close().await?;
                done
            }
        };
        done.map_err(|error| Error::new(Code::Unavailable, format!("The schema could not be brought up to date: {error}")).because(error))
    }
}

fn sqlite(path: &std::path::Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging()
}

fn postgres(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("mintmark").disable_statement_logging()
}

fn durable(is: bool, what: &'static str) -> Result<()> {
    if is { Ok(()) } else { Err(Error::new(Code::Unavailable, format!("The database is not durable: Mintmark needs {what}."))) }
}

#[cfg(test)]
mod tests;
