//! Opening what the settings name: data folder, master key, database.

use crate::config::{BadSetting, Config, loose, read_secret};
use mintmark::{Clock, Core, KeySource, Location, Result, Settings, key::MasterKey};
use std::{
    fs::{File, OpenOptions, Permissions, remove_file},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Why it does not open.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// The database, or the key to it, cannot.
    #[error("{}", .0.problem().message)]
    Core(#[from] mintmark::Error),
}

/// Opens the installation. A missing master key is made on SQLite, once, and only while nothing is sealed (KY4).
pub async fn open(config: &Config) -> Result<Core, Closed> {
    let location: Location = config.database_url.reveal().parse()?;
    if config.prepare_data_dir()? {
        tracing::warn!(folder = %config.data_dir.display(), "others could read the data folder; they cannot any more");
    }
    if let Location::Sqlite(path) = &location {
        own_database(path)?;
    }
    let settings = Settings {
        jwks_max_age: i64::try_from(config.jwks_max_age.as_secs()).unwrap_or(300),
        ..Settings::new(config.public_url.to_string())
    };
    let file = key_file(config)?;
    if config.master_key_file.is_some() || file.exists() {
        let key = MasterKey::parse(read_secret(&file)?.reveal())?;
        return Ok(Core::open(location, KeySource::Given(key), Clock::System, settings).await?);
    }
    let key = MasterKey::generate();
    write_new(&file, key.to_text().as_bytes())?;
    match Core::open(location, KeySource::New(key), Clock::System, settings).await {
        Ok(core) => Ok(core),
        Err(error) => {
            // A key that opened nothing would be taken for the lost one on the next start.
            let _ = remove_file(&file);
            Err(error.into())
        }
    }
}

/// Makes the database's file before SQLite does, for its owner only (KY7); what lies beside it takes over its mode.
fn own_database(path: &Path) -> Result<(), BadSetting> {
    let say = |error: std::io::Error| BadSetting(format!("The database {} cannot be opened: {error}.", path.display()));
    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map_err(say)?;
    if loose(file.metadata().map_err(say)?.permissions().mode()) {
        tracing::warn!(file = %path.display(), "others could read the database; they cannot any more");
        file.set_permissions(Permissions::from_mode(0o600)).map_err(say)?;
    }
    Ok(())
}

/// Where the master key is: the file that the settings name, else one in the data folder, which only SQLite may have.
pub(crate) fn key_file(config: &Config) -> Result<PathBuf, Closed> {
    let location: Location = config.database_url.reveal().parse()?;
    match (&config.master_key_file, location) {
        (Some(file), _) => Ok(file.clone()),
        (None, Location::Sqlite(_)) => Ok(config.data_dir.join("master.key")),
        (None, Location::Postgres(_)) => {
            let message = "With PostgreSQL, MINTMARK_MASTER_KEY_FILE is required: `openssl rand -hex 32` makes what it holds.";
            Err(BadSetting(message.into()).into())
        }
    }
}

/// Writes a file that must not be there yet, mode 0600, and does not return before the disk has it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), BadSetting> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        File::open(path.parent().ok_or(ErrorKind::NotFound)?)?.sync_all()
    };
    write().map_err(|error: std::io::Error| BadSetting(format!("The master key {} cannot be written: {error}.", path.display())))
}
