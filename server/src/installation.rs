//! Opening what the settings name: data folder, master key, database.

use crate::config::{BadSetting, Config, loose, read_secret};
use mintmark::{Clock, Code, Core, KeySource, Location, Result, Settings, key::MasterKey};
use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

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
    let file = key_file(config)?;
    let own_key = config.master_key_file.is_none();
    if own_key && file.exists() {
        refuse_to_begin_anew(&location, config, &file).await?;
    }
    if let Location::Sqlite(path) = &location {
        own_database(path)?;
    }
    let settings = Settings {
        sends_mail: config.smtp.is_some(),
        preview: config.preview.as_ref().map(|preview| preview.url.origin()),
        jwks_max_age: i64::try_from(config.jwks_max_age.as_secs()).unwrap_or(300),
        ..Settings::new(config.public_url.to_string())
    };
    if own_key && !file.exists() {
        // The database first: so a key of ours without one says that the database was lost.
        location.migrate().await?;
        make_key(&location, &file, &config.data_dir).await?;
    }
    let key = MasterKey::parse(read_secret(&file)?.reveal())?;
    Ok(Core::open(location, KeySource::Given(key), Clock::System, settings).await?)
}

/// A key that was made here beside a database that is empty or not there: the database is lost, and a new one in its place
/// would look as if nothing had ever been minted or revoked.
async fn refuse_to_begin_anew(location: &Location, config: &Config, key: &Path) -> Result<(), Closed> {
    if location.schema().await?.is_some() {
        return Ok(());
    }
    let message = format!(
        "The master key {} is there, and the database {} that belongs to it is empty or missing. Put the database back, or restore \
         a backup; to begin anew, move that key away.",
        key.display(),
        config.database_url.reveal()
    );
    Err(mintmark::Error::new(Code::Unavailable, message).into())
}

/// Makes the master key unless it is there. Of several processes that start at once one makes it; the others wait and find it whole.
async fn make_key(location: &Location, file: &Path, folder: &Path) -> Result<(), Closed> {
    let say = |error: io::Error| BadSetting(format!("The master key {} cannot be made: {error}.", file.display()));
    let opened = File::open(folder).map_err(say)?;
    let locked = spawn_blocking(move || opened.lock().map(|()| opened)).await.map_err(io::Error::other);
    let _lock = locked.and_then(|locked| locked).map_err(say)?;
    if file.exists() {
        return Ok(());
    }
    if location.schema().await?.is_some()
        && let Some(known) = location.master_key_fingerprint().await?
    {
        let message = format!(
            "The master key {} is missing, and the database is sealed under the one with the fingerprint {known}. \
             Put that file back; a new key cannot open what is sealed.",
            file.display()
        );
        return Err(mintmark::Error::new(Code::WeakOrInvalidKey, message).into());
    }
    Ok(write_new(file, MasterKey::generate().to_text().as_bytes())?)
}

/// Makes the database's file before SQLite does, for its owner only (KY7); what lies beside it takes over its mode.
fn own_database(path: &Path) -> Result<(), BadSetting> {
    let say = |error: io::Error| BadSetting(format!("The database {} cannot be opened: {error}.", path.display()));
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
    write().map_err(|error: io::Error| BadSetting(format!("The master key {} cannot be written: {error}.", path.display())))
}
