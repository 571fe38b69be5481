//! SQLite in the calling thread: the writer's connection, and the readers of the hot path.
//!
//! sqlx keeps each SQLite connection on a thread of its own, so that a statement costs two switches of threads: ten times the
//! read itself. The writer has its own thread anyway; and the few statements that every call of a widget or a back end waits
//! for touch some pages by an index, so they run where they are asked for. Neither begins what it does not end at once.

use super::{Arg, Fault};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, Row, Statement, ToSql, ffi,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Statements that a connection keeps prepared.
const PREPARED: usize = 256;

/// As long as sqlx's connections wait for somebody else's write.
const PATIENCE: Duration = Duration::from_secs(5);

/// Durability (X2) first. What a statement writes down to undo itself stays in memory, where a group of mints would open a file;
/// the log is carried into the database every 16 MiB, and not after every dozen groups; the ends of some twenty indexes stay at hand.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
    pragma temp_store = memory; pragma wal_autocheckpoint = 4000; pragma cache_size = -8192";

/// A row that is read without sqlx.
pub trait Inline: Sized {
    /// Takes each column by its name, a tuple's by its place.
    fn of(row: &Row<'_>) -> rusqlite::Result<Self>;
}

/// `inlined!(Record: column, column)`: the fields have the names of their columns.
macro_rules! inlined {
    ($record:ident: $($field:ident),+ $(,)?) => {
        impl $crate::db::Inline for $record {
            fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self { $($field: row.get(stringify!($field))?,)+ })
            }
        }
    };
}
pub(crate) use inlined;

impl<A: FromSql> Inline for (A,) {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok((row.get(0)?,))
    }
}

impl<A: FromSql, B: FromSql, C: FromSql> Inline for (A, B, C) {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    }
}

/// A column whose text is parsed.
pub(crate) fn parsed<T>(value: ValueRef<'_>) -> FromSqlResult<T>
where
    T: TryFrom<String, Error: std::error::Error + Send + Sync + 'static>,
{
    value.as_str()?.to_owned().try_into().map_err(|error| FromSqlError::Other(Box::new(error)))
}

impl FromSql for crate::Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::from_millis)
    }
}

impl<T: serde::de::DeserializeOwned> FromSql for crate::Listed<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        parsed(value)
    }
}

impl FromSql for crate::customer::Metadata {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        parsed(value)
    }
}

impl ToSql for Arg {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(value) => value.map_or(ValueRef::Null, ValueRef::Integer),
            Self::Text(value) => value.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
        }))
    }
}

/// One connection.
pub(crate) struct Embedded(Connection);

impl Embedded {
    /// Opens the file with Mintmark's durability (X2).
    pub(crate) fn open(path: &Path, create: bool) -> Result<Self, Fault> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(PATIENCE)?;
        conn.set_prepared_statement_cache_capacity(PREPARED);
        conn.execute_batch(SETTINGS)?;
        Ok(Self(conn))
    }

    /// Any statements without values.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Fault> {
        if sql.contains(';') {
            self.0.execute_batch(sql)?;
        } else {
            self.0.prepare_cached(sql)?.raw_execute()?;
        }
        Ok(())
    }

    /// The number of rows that were written.
    pub(crate) fn write(&mut self, sql: &str, args: &[Arg]) -> Result<u64, Fault> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, args)?;
        Ok(u64::try_from(statement.raw_execute()?).unwrap_or(u64::MAX))
    }

    /// The first row.
    pub(crate) fn optional<T: Inline>(&self, sql: &str, args: &[Arg]) -> Result<Option<T>, Fault> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, args)?;
        let mut rows = statement.raw_query();
        Ok(rows.next()?.map(T::of).transpose()?)
    }

    /// Every row.
    pub(crate) fn all<T: Inline>(&self, sql: &str, args: &[Arg]) -> Result<Vec<T>, Fault> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, args)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(T::of(row)?);
        }
        Ok(found)
    }
}

/// `$3` is the third value wherever it stands; to SQLite it is a name like any other.
fn bind(statement: &mut Statement<'_>, args: &[Arg]) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let named = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let arg = named.unwrap_or(place).checked_sub(1).and_then(|at| args.get(at));
        statement.raw_bind_parameter(place, arg.ok_or(rusqlite::Error::InvalidParameterCount(args.len(), place))?)?;
    }
    Ok(())
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let unique = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
        match error.sqlite_error().copied() {
            Some(failed) if unique.contains(&failed.extended_code) => Self::Duplicate(error.into()),
            // What the schema forbids, and what is no SQL, leave the transaction as it was. The rest is a disk that is full or
            // fails, a file that is damaged or somebody else's: what SQLite keeps of the transaction is not known.
            Some(failed) if !matches!(failed.code, ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::Unknown) => {
                Self::Lost(error.into())
            }
            _ => Self::Refused(error.into()),
        }
    }
}

/// Connections that only read, for statements that touch a few pages; each is taken for the length of one.
pub struct Readers(Vec<Mutex<Option<Embedded>>>);

impl Readers {
    /// As many as threads may ask at once.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let many = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
        let open = || {
            let mut reader = Embedded::open(path, false)?;
            // What they keep is void after each commit of the writer's.
            reader.run("pragma query_only = on; pragma cache_size = -2000")?;
            // Whoever would have to wait asks sqlx's readers instead, which wait elsewhere.
            reader.0.busy_timeout(Duration::ZERO)?;
            Ok(Mutex::new(Some(reader)))
        };
        (0..many).map(|_| open()).collect::<Result<_, Fault>>().map(Self)
    }

    /// Reads with one that nobody uses, else with the first one to be free; nothing once they are closed.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Embedded) -> Result<T, Fault>) -> Option<Result<T, Fault>> {
        let free = self.0.iter().find_map(|reader| reader.try_lock().ok());
        let taken = free.or_else(|| Some(self.0.first()?.lock().unwrap_or_else(PoisonError::into_inner)))?;
        taken.as_ref().map(read)
    }

    pub(super) fn close(&self) {
        for reader in &self.0 {
            drop(reader.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}
