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

/// Durability (X2) first. What a statement writes down to undo itself stays in memory, where a group of mints would open a file. The ends of
/// the fourteen trees that a mint grows, and what a group of writes changes, stay at hand in 2 MiB: four times as much was no faster. Nor was carrying
/// the log into the database every 16 MiB instead of every 4, as SQLite does by itself; but one mint in a hundred waited half as long again.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
    pragma temp_store = memory; pragma cache_size = -2048";

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
                let mut places = $crate::db::Places::of(row);
                Ok(Self { $($field: row.get(places.of_column(stringify!($field))?)?,)+ })
            }
        }
    };
}
pub(crate) use inlined;

/// Where columns are. Those that a record asks for in the statement's order are found at the first look.
pub(crate) struct Places<'a> {
    statement: &'a Statement<'a>,
    next: usize,
}

impl<'a> Places<'a> {
    pub(crate) fn of(row: &'a Row<'_>) -> Self {
        Self { statement: row.as_ref(), next: 0 }
    }

    pub(crate) fn of_column(&mut self, name: &str) -> rusqlite::Result<usize> {
        let here = self.next;
        let found =
            if self.statement.column_name(here).is_ok_and(|column| column == name) { here } else { self.statement.column_index(name)? };
        self.next = found + 1;
        Ok(found)
    }
}

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

    /// The same for a statement whose values stand in its text one after the other, each once.
    pub(crate) fn write_in_order(&mut self, sql: &str, args: &[Arg]) -> Result<u64, Fault> {
        let mut statement = self.0.prepare_cached(sql)?;
        if statement.parameter_count() != args.len() {
            return Err(rusqlite::Error::InvalidParameterCount(args.len(), statement.parameter_count()).into());
        }
        for (place, arg) in (1..).zip(args) {
            statement.raw_bind_parameter(place, arg)?;
        }
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
            reader.run("pragma query_only = on; pragma cache_size = -1024")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair {
        first: i64,
        second: Option<String>,
    }
    inlined!(Pair: first, second);

    fn memory() -> Embedded {
        Embedded::open(Path::new(":memory:"), true).expect("memory")
    }

    #[test]
    fn a_record_finds_its_columns_in_whatever_order_they_stand() {
        for sql in [
            "select 1 as first, 'b' as second",
            "select 'b' as second, 1 as first",
            "select 0 as more, 'b' as second, 2 as third, 1 as first",
        ] {
            let found: Pair = memory().optional(sql, &[]).expect("a row").expect("one");
            assert_eq!((found.first, found.second.as_deref()), (1, Some("b")), "{sql}");
        }
        let missing = memory().optional::<Pair>("select 1 as first", &[]);
        assert!(matches!(missing, Err(Fault::Refused(_) | Fault::Lost(_))), "a column that is not there is no null");
    }

    #[test]
    fn values_are_bound_by_their_numbers_or_in_their_order() {
        let mut memory = memory();
        memory.run("create table pair (first integer, second text)").expect("made");
        let args = [Arg::Text(Some("b".into())), Arg::Int(Some(1))];
        memory.write("insert into pair (first, second) values ($2, $1)", &args).expect("written");
        let args = [Arg::Int(Some(2)), Arg::Text(None)];
        assert_eq!(memory.write_in_order("insert into pair (first, second) values ($1, $2)", &args).expect("written"), 1);
        let rows: Vec<Pair> = memory.all("select first, second from pair order by first", &[]).expect("rows");
        let rows: Vec<_> = rows.iter().map(|row| (row.first, row.second.as_deref())).collect();
        assert_eq!(rows, [(1, Some("b")), (2, None)]);
    }

    /// What `.cargo/config.toml` says of SQLite has reached it.
    #[test]
    fn sqlite_is_compiled_without_locks_that_all_connections_share() {
        let options: Vec<(String,)> = memory().all("pragma compile_options", &[]).expect("options");
        let has = |name: &str| options.iter().any(|(option,)| option == name);
        assert!(has("DEFAULT_MEMSTATUS=0") && !has("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
    }
}
