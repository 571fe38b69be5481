//! Reads leave no trace in SQLite's write-ahead log.
//!
//! The first read after each write would note its time in the file's inode (`relatime`, as most systems mount), and where a file system
//! has no journal the next commit's `fdatasync` carries the inode to the disk as well, a hundred microseconds more. Nobody asks when the
//! log was read last.

use rustix::{
    fs::{IFlags, ioctl_getflags, ioctl_setflags},
    io::Errno,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// Of the log that stands beside this database, which has to be there. Never of the database itself: to close any descriptor of it
/// ends the locks that SQLite's connections in this process hold on it. A file system without this flag only serves slower.
pub(super) fn leave_alone(database: &Path) {
    let log = log_of(database);
    if let Err(error) = File::open(&log).and_then(|file| Ok(flag(&file)?)) {
        tracing::debug!(%error, path = %log.display(), "when this file was read last is noted");
    }
}

fn log_of(database: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", database.display()))
}

fn flag(file: &File) -> Result<(), Errno> {
    ioctl_setflags(file, ioctl_getflags(file)? | IFlags::NOATIME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::Location,
        testing::{Engine, fresh},
    };
    use rustix::fs::{FlockOperation, fcntl_lock};
    use std::os::unix::fs::MetadataExt;

    #[tokio::test]
    async fn reads_of_the_log_note_no_time() {
        let fresh = fresh(Engine::Sqlite).await;
        let Location::Sqlite(path) = &fresh.location else { panic!("it is SQLite") };
        let probe = path.with_file_name("probe");
        if flag(&File::create(&probe).expect("a file")).is_err() {
            return; // Not on this file system.
        }
        let log = File::open(log_of(path)).expect("it is there");
        assert!(ioctl_getflags(&log).expect("flags").contains(IFlags::NOATIME));
    }

    /// Whether the kernel's list of locks has a shared one of this file.
    fn is_locked(path: &Path) -> bool {
        let inode = format!(":{} ", std::fs::metadata(path).expect("a file").ino());
        let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
        locks.lines().any(|line| line.contains(&inode) && line.contains("POSIX") && line.contains("READ"))
    }

    /// Without its lock another process that closes the database would carry the log into it and remove the log.
    #[tokio::test]
    async fn the_database_stays_locked_for_as_long_as_it_is_served() {
        let fresh = fresh(Engine::Sqlite).await;
        let Location::Sqlite(path) = &fresh.location else { panic!("it is SQLite") };
        let probe = path.with_file_name("probe");
        let file = File::options().read(true).write(true).create_new(true).open(&probe).expect("a file");
        fcntl_lock(&file, FlockOperation::LockShared).expect("locked");
        if !is_locked(&probe) {
            return; // The list names this file system's files otherwise, or there is none.
        }
        assert!(is_locked(path), "no connection holds the database");
    }
}
