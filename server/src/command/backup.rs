//! `mintmark backup`: everything but the master key in one file, while the server runs.

use super::{Failed, Output};
use crate::{backup, config::Config, installation};
use mintmark::{
    Location, Secret, Time,
    backup::{FORMAT, Manifest},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::runtime::Builder;

/// Copies the database, online and consistent.
#[derive(clap::Args)]
pub struct Backup {
    /// Where to; a file that is not there yet
    file: PathBuf,
}

impl Backup {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let file = self.file;
        if file.exists() {
            return Err(Failed::Found(format!("{} is there already; nothing is overwritten.", file.display())));
        }
        let config = Arc::new(config);
        let (shared, to) = (config.clone(), file.clone());
        // The server beside it goes first. Only telling history takes a lock for which others wait, so nothing of it may run on a
        // thread that was started here.
        let aside = move || Builder::new_current_thread().enable_all().build()?.block_on(copy(&shared.database_url, &to));
        let manifest = mintmark::aside(aside).await??;
        tell_history(&config, &file, &manifest).await?;
        let fingerprint = manifest.master_key_fingerprint.as_deref().unwrap_or("none");
        let sentence = format!(
            "{} holds everything but the master key {fingerprint}: keep that key elsewhere. `mintmark restore --verify {}` proves it.",
            file.display(),
            file.display()
        );
        output.data(&manifest, &sentence);
        Ok(())
    }
}

/// Makes the file.
async fn copy(database_url: &Secret, file: &Path) -> Result<Manifest, Failed> {
    let scratch = Scratch::beside(file);
    let location: Location = database_url.reveal().parse()?;
    let Some(schema) = location.schema().await? else {
        return Err(Failed::Found("There is nothing to back up: the database is empty.".into()));
    };
    let created_at = Time::from_millis(mintmark::Clock::System.now().millis());
    let engine = match &location {
        Location::Sqlite(_) => {
            location.copy_to(&scratch.database).await?;
            "sqlite"
        }
        Location::Postgres(_) => {
            backup::dump(database_url, &scratch.database)?;
            "postgres"
        }
    };
    let (bytes, sha256) = backup::measure(&scratch.database)?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: engine.to_owned(),
        schema,
        created_at,
        master_key_fingerprint: location.master_key_fingerprint().await?,
        bytes,
        sha256,
    };
    backup::write(&scratch.partial, &manifest, &scratch.database)?;
    fs::rename(&scratch.partial, file)?;
    fs::File::open(folder_of(file))?.sync_all()?;
    Ok(manifest)
}

/// An older schema is left as it is: the program that serves it may be older than this one.
async fn tell_history(config: &Config, file: &Path, manifest: &Manifest) -> Result<(), Failed> {
    if manifest.schema != Location::newest_schema() {
        return Ok(());
    }
    let core = installation::open(config).await?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let told = core.backup_taken(&name, &manifest.sha256).await;
    core.close().await;
    Ok(told?)
}

/// What is made on the way, removed however it ends.
struct Scratch {
    database: PathBuf,
    partial: PathBuf,
}

impl Scratch {
    fn beside(file: &Path) -> Self {
        let name = |ending: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(format!(".{}.{ending}", std::process::id()));
            PathBuf::from(name)
        };
        Self { database: name("database"), partial: name("partial") }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for file in [&self.database, &self.partial] {
            let _ = fs::remove_file(file);
        }
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
