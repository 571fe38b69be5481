//! How many events were acknowledged, in a file beside a SQLite database (E16).
//!
//! SQLite takes a write-ahead log that was cut or damaged for one that ends there: what followed is gone without a word, and
//! with it revocations that had been answered. An older file put in the database's place looks as healthy. So the number of
//! events stands beside it, and a database that has fewer is not served.

use crate::{Code, Error, Result};
use std::{
    fs::{File, OpenOptions, remove_file},
    io::{ErrorKind, Read},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The file, open, and what it says. It is written after the commit and never synced: it may be behind the database, not ahead.
pub(crate) struct End {
    file: File,
    events: i64,
}

/// `mintmark.db-end`, like SQLite's own `-wal`.
#[must_use]
pub fn end_of(database: &Path) -> PathBuf {
    PathBuf::from(format!("{}-end", database.display()))
}

/// What the file said before the database was asked. In this order, because a process beside us may be writing both: the file
/// is never ahead of the database, and the database only grows.
pub(super) struct Noted {
    file: File,
    acknowledged: i64,
}

impl Noted {
    pub(super) fn read(database: &Path) -> Result<Self> {
        let path = end_of(database);
        let unusable =
            |error: std::io::Error| Error::new(Code::Unavailable, format!("{} cannot be used: {error}.", path.display())).because(error);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(unusable)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(unusable)?;
        let acknowledged = match text.trim_end() {
            "" => 0,
            digits => digits.parse().map_err(|error| unusable(std::io::Error::new(ErrorKind::InvalidData, error)))?,
        };
        Ok(Self { file, acknowledged })
    }

    /// Of a database with so many events; refuses when it had more.
    pub(super) fn accept(self, events: i64) -> Result<End> {
        let Self { file, acknowledged } = self;
        if events < acknowledged {
            let message = format!(
                "The database holds {events} events of history, and {acknowledged} were acknowledged: its log was cut or damaged, or an \
                 older file is in its place. Put the right files back. To go on from this one, run `mintmark restore --adopt`, which \
                 ends everything that was issued."
            );
            return Err(Error::new(Code::Unavailable, message));
        }
        let end = End { file, events };
        end.write();
        Ok(end)
    }
}

impl End {
    /// So many more events are durable.
    pub(crate) fn advance(&mut self, by: usize) {
        self.events = self.events.saturating_add(i64::try_from(by).unwrap_or(i64::MAX));
        self.write();
    }

    /// One sector, so that it is the old number or the new one.
    fn write(&self) {
        if let Err(error) = self.file.write_all_at(format!("{:020}\n", self.events).as_bytes(), 0) {
            tracing::warn!(%error, "how far history has come was not noted beside the database");
        }
    }
}

/// Takes the database as it is from now on.
pub(super) fn forget(database: &Path) -> Result<()> {
    match remove_file(end_of(database)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal(error)),
        _ => Ok(()),
    }
}
