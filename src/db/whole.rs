//! What concerns a database as a whole: how old its schema is, a copy of it, whether its file is intact.

use super::{
    Conn, Embedded, End, Location,
    end::{self, Noted},
    inlined, sqlite,
};
use crate::{Code, Error, Result, Time};
use sqlx::{ConnectOptions, Connection};
use std::{
    fs::{File, Permissions, rename, set_permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Who else has what a PostgreSQL acknowledges, as far as the role may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standbys {
    /// `synchronous_standby_names`; empty where no commit waits for anybody.
    pub names: String,
    /// How many follow it right now.
    pub following: i64,
    /// For how many of those commits wait.
    pub waited_for: i64,
    /// Of how many it says no more than that they are there: the role has not `pg_read_all_stats`.
    pub unseen: i64,
}

inlined!(Standbys: names, following, waited_for, unseen);

impl Location {
    /// The number of the newest migration that this program knows.
    #[must_use]
    pub fn newest_schema() -> i64 {
        sqlx::migrate!("migrations/sqlite").iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    /// The number of the last migration that this database has; none when it is empty or not there.
    pub async fn schema(&self) -> Result<Option<i64>> {
        let there = match self {
            Self::Sqlite(path) if !path.exists() => return Ok(None),
            Self::Sqlite(_) => "select count(*) from sqlite_master where name = '_sqlx_migrations'",
            Self::Postgres(_) => "select count(*) from pg_class where oid = to_regclass('_sqlx_migrations')",
        };
        let mut conn = self.plain().await?;
        let (there,): (i64,) = conn.one(there, &[]).await?;
        let schema = if there == 0 {
            None
        } else {
            let (last,): (i64,) = conn.one("select coalesce(max(version), 0) from _sqlx_migrations", &[]).await?;
            Some(last).filter(|last| *last > 0)
        };
        conn.close().await;
        Ok(schema)
    }

    /// Of the master key under which its secrets are sealed; none while nothing is.
    pub async fn master_key_fingerprint(&self) -> Result<Option<String>> {
        let mut conn = self.plain().await?;
        let (fingerprint,): (Option<String>,) = conn.one("select master_key_fingerprint from installation where id = 1", &[]).await?;
        conn.close().await;
        Ok(fingerprint)
    }

    /// The highest time that it has seen.
    pub async fn clock_mark(&self) -> Result<Time> {
        let mut conn = self.plain().await?;
        let (mark,): (Time,) = conn.one("select clock_mark from installation where id = 1", &[]).await?;
        conn.close().await;
        Ok(mark)
    }

    /// A consistent copy of a SQLite database while it is used, without what was deleted in it. The file must not be there yet,
    /// and is not synced: that is for whoever keeps it.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let Self::Sqlite(path) = self else {
            return Err(Error::new(Code::InvalidField, "PostgreSQL is copied by its own tools."));
        };
        let mut conn = sqlite(path).create_if_missing(false).connect().await?;
        // SQLite would sync the copy as it does the original, all of it at once, and the commits of a server beside us would wait
        // for the disk until that is done (E15).
        sqlx::query("pragma synchronous = off").execute(&mut conn).await?;
        let copied = sqlx::query("vacuum into $1").bind(file.to_string_lossy().into_owned()).execute(&mut conn).await;
        // The last connection of all writes the log back when it closes, and that has to last.
        sqlx::query("pragma synchronous = full").execute(&mut conn).await?;
        conn.close().await?;
        copied?;
        set_permissions(file, Permissions::from_mode(0o600)).map_err(Error::internal)
    }

    /// How far history has come, to be noted beside a SQLite database from now on; refuses one that lost what was acknowledged.
    pub(crate) async fn end(&self, conn: &mut Conn) -> Result<Option<End>> {
        let Self::Sqlite(path) = self else { return Ok(None) };
        let noted = Noted::read(path)?;
        let (events,): (i64,) = conn.one("select coalesce(sum(seq), 0) from audit_head", &[]).await?;
        noted.accept(events).map(Some)
    }

    /// Takes a SQLite database as it is, whatever was acknowledged beyond it: before `restore --adopt` makes it safe to serve.
    pub fn forget_end(&self) -> Result<()> {
        match self {
            Self::Sqlite(path) => end::forget(path),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// What SQLite finds wrong with its file; empty when it is intact. PostgreSQL looks after its own.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let Self::Sqlite(path) = self else { return Ok(Vec::new()) };
        let mut conn = sqlite(path).create_if_missing(false).connect().await?;
        let found: sqlx::Result<Vec<(String,)>> = sqlx::query_as("pragma integrity_check").fetch_all(&mut conn).await;
        conn.close().await?;
        Ok(found?.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
    }

    /// Whether an acknowledged commit is a durable one (X2): what is set, or why Mintmark would not start.
    pub async fn durability(&self) -> Result<&'static str> {
        self.writer().await?.close().await;
        Ok(match self {
            Self::Sqlite(_) => "journal_mode=wal, synchronous=full",
            Self::Postgres(_) => "synchronous_commit=on, fsync=on",
        })
    }

    /// Of a PostgreSQL; none of SQLite, which has none. A base backup that is being taken is no standby.
    pub async fn standbys(&self) -> Result<Option<Standbys>> {
        if matches!(self, Self::Sqlite(_)) {
            return Ok(None);
        }
        let mut conn = self.plain().await?;
        let asked = "select current_setting('synchronous_standby_names') as names, count(*) as following, \
                     count(*) filter (where sync_state in ('sync', 'quorum')) as waited_for, \
                     count(*) filter (where sync_state is null) as unseen \
                     from pg_stat_replication where coalesce(state, '') <> 'backup'";
        let standbys = conn.one(asked, &[]).await?;
        conn.close().await;
        Ok(Some(standbys))
    }

    /// Refuses a newer schema, copies an older file, and keeps other processes of this machine away until it is dropped.
    pub(super) async fn prepare_migration(&self) -> Result<Option<File>> {
        let lock = match self {
            Self::Sqlite(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let folder = File::open(folder).map_err(|error| unusable(path, error))?;
                // On a thread of its own: it waits for as long as another process migrates.
                let locked = tokio::task::spawn_blocking(move || folder.lock().map(|()| folder)).await.map_err(Error::internal)?;
                Some(locked.map_err(|error| unusable(path, error))?)
            }
            Self::Postgres(_) => None,
        };
        let (Some(has), knows) = (self.schema().await?, Self::newest_schema()) else { return Ok(lock) };
        if has > knows {
            let message = format!(
                "A newer Mintmark wrote this database: its schema is number {has}, and this version knows up to {knows}. \
                 Run that version, or restore a backup that this one can read."
            );
            return Err(Error::new(Code::Unavailable, message));
        }
        if let Self::Sqlite(path) = self
            && has < knows
        {
            self.keep_copy(path, has).await?;
        }
        Ok(lock)
    }

    /// `mintmark.db.schema-2`, once: what to go back to when an upgrade disappoints.
    async fn keep_copy(&self, path: &Path, schema: i64) -> Result<()> {
        let beside = |ending: String| PathBuf::from(format!("{}.{ending}", path.display()));
        let (copy, partial) = (beside(format!("schema-{schema}")), beside(format!("schema-{schema}.partial")));
        if copy.exists() {
            return Ok(());
        }
        // Of a start that was interrupted.
        let _ = std::fs::remove_file(&partial);
        self.copy_to(&partial).await?;
        File::open(&partial).and_then(|file| file.sync_all()).and_then(|()| rename(&partial, &copy)).map_err(Error::internal)?;
        tracing::info!(copy = %copy.display(), "the database was copied before its schema changes");
        Ok(())
    }

    /// A connection that asks for nothing and changes nothing.
    async fn plain(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite(path) => {
                let mut conn = Embedded::open(path, false)?;
                conn.run("pragma query_only = on;")?;
                Conn::Sqlite(conn)
            }
            Self::Postgres(options) => Conn::Postgres(super::postgres(options).connect().await?),
        })
    }
}

fn unusable(path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Unavailable, format!("The folder of {} cannot be used: {error}.", path.display())).because(error)
}

#[cfg(test)]
mod tests;
