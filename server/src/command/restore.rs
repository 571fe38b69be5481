//! `mintmark restore`: a backup into an empty place, and nothing that it knows as alive is alive (X8, RV11).

use super::{Failed, Output, backup::folder_of};
use crate::{
    backup,
    config::{Config, read_secret},
    installation,
};
use mintmark::{
    Clock, Core, KeySource, Location, Secret, Settings, end_of,
    backup::{Adopted, Manifest},
    key::MasterKey,
};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Puts a backup back, or proves that it could be.
///
/// Afterwards every token, session, link and invitation is dead, the signing keys are new, and members and API keys are
/// held until an owner releases them. The first owner comes in by `mintmark user reset --email`.
#[derive(clap::Args)]
pub struct Restore {
    /// The backup
    #[arg(required_unless_present = "adopt")]
    file: Option<PathBuf>,
    /// Only prove that it can be restored and that its history is whole; changes nothing
    #[arg(long, conflicts_with_all = ["adopt", "trust_credentials"])]
    verify: bool,
    /// The database was put back by other tools: make it safe to serve
    #[arg(long, conflicts_with = "file")]
    adopt: bool,
    /// Let members and API keys go on as the backup knows them, also those that were removed or revoked after it
    #[arg(long)]
    trust_credentials: bool,
}

impl Restore {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let Some(file) = &self.file else {
            config.database_url.reveal().parse::<Location>()?.forget_end()?;
            let core = installation::open(&config).await?;
            let adopted = adopt(core, self.trust_credentials).await?;
            self.say(&adopted, output);
            return Ok(());
        };
        let manifest = backup::manifest(file)?;
        readable(&manifest)?;
        let key = master_key(&config, &manifest)?;
        let location: Location = config.database_url.reveal().parse()?;
        if self.verify {
            return verify(file, &manifest, key, output).await;
        }
        let engine = if matches!(location, Location::Sqlite(_)) { "sqlite" } else { "postgres" };
        if manifest.engine != engine {
            return Err(Failed::Found(format!("This is a backup of {}, and the settings name {engine}.", manifest.engine)));
        }
        let adopted = match &location {
            Location::Sqlite(path) => self.restore_file(&config, file, &manifest, key, path).await?,
            Location::Postgres(_) => self.restore_server(&config, file, &manifest, &location).await?,
        };
        self.say(&adopted, output);
        Ok(())
    }

    /// Beside its place, and into it when it is safe to serve: whenever the machine stops, there is all or nothing.
    async fn restore_file(&self, config: &Config, file: &Path, manifest: &Manifest, key: MasterKey, path: &Path) -> Result<Adopted, Failed> {
        if path.exists() {
            return Err(Failed::Found(format!("{} is there already; a backup is restored into an empty place only.", path.display())));
        }
        config.prepare_data_dir()?;
        let beside = PathBuf::from(format!("{}.restoring", path.display()));
        remove(&beside)?;
        let restored = async {
            backup::unpack(file, manifest, &beside)?;
            let core = Core::open(Location::Sqlite(beside.clone()), KeySource::Given(key), Clock::System, settings(config)).await?;
            adopt(core, self.trust_credentials).await
        };
        match restored.await {
            Ok(adopted) => {
                fs::rename(end_of(&beside), end_of(path))?;
                fs::rename(&beside, path)?;
                fs::File::open(folder_of(path))?.sync_all()?;
                // The copy that was made before the schema changed: the backup is that copy.
                remove_copies(&beside)?;
                Ok(adopted)
            }
            Err(failed) => {
                remove(&beside)?;
                remove_copies(&beside)?;
                Err(failed)
            }
        }
    }

    async fn restore_server(&self, config: &Config, file: &Path, manifest: &Manifest, location: &Location) -> Result<Adopted, Failed> {
        if location.schema().await?.is_some() {
            return Err(Failed::Found("The database is not empty; a backup is restored into an empty place only.".into()));
        }
        let folder = tempfile::tempdir()?;
        let dump = folder.path().join("database");
        backup::unpack(file, manifest, &dump)?;
        backup::load(&config.database_url, &dump, Clock::System.now().millis() + 1)?;
        adopt(installation::open(config).await?, self.trust_credentials).await
    }

    fn say(&self, adopted: &Adopted, output: Output) {
        let Adopted { tenants, held_members, held_api_keys, held_bridge_keys, held_verification_secrets, ended_sessions, ended_invitations, owners } =
            adopted;
        let held = if self.trust_credentials {
            "Members, API keys, bridge keys and verification secrets go on as the backup knows them.".to_owned()
        } else {
            let owner = owners.first().map_or("you@example.com", String::as_str);
            format!(
                "{held_members} members, {held_api_keys} API keys, {held_bridge_keys} bridge keys and {held_verification_secrets} verification secrets are held \
                 until an owner releases them. Let the first owner in:\n  \
                 mintmark user reset --email {owner}"
            )
        };
        let sentence = format!(
            "Restored: {tenants} tenants with new signing keys; {ended_sessions} sessions and {ended_invitations} invitations ended.\n{held}"
        );
        output.data(&json!({ "restored": adopted, "trusted": self.trust_credentials }), &sentence);
    }
}

fn settings(config: &Config) -> Settings {
    Settings::new(config.public_url.to_string())
}

/// Proves every chain and every sealed value before anything is changed.
async fn adopt(core: Core, trust: bool) -> Result<Adopted, Failed> {
    let adopted = async {
        prove(&core).await?;
        Ok(core.adopt_backup(trust).await?)
    };
    let adopted = adopted.await;
    core.close().await;
    adopted
}

/// The number of events, when all of them are as they were written.
async fn prove(core: &Core) -> Result<u64, Failed> {
    core.prove_master_key().await?;
    let report = core.verify_audit().await?;
    match report.first_bad() {
        Some(bad) => Err(Failed::Found(format!("History is not as it was written: {bad}."))),
        None => Ok(report.rows),
    }
}

async fn verify(file: &Path, manifest: &Manifest, key: MasterKey, output: Output) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("database");
    backup::unpack(file, manifest, &database)?;
    let mut events: Option<u64> = None;
    if manifest.engine == "sqlite" {
        let location = Location::Sqlite(database);
        if let Some(damage) = location.damage().await?.first() {
            return Err(Failed::Found(format!("{} is damaged: {damage}.", file.display())));
        }
        let core = Core::open(location, KeySource::Given(key), Clock::System, Settings::new("http://127.0.0.1")).await?;
        let proved = prove(&core).await;
        core.close().await;
        events = Some(proved?);
    }
    let what = events.map_or_else(
        || "The dump is the one that was written; restore it into an empty database to prove its history.".to_owned(),
        |events| format!("Its database is intact, every secret opens, and its {events} events are as they were written."),
    );
    output.data(&json!({ "verified": true, "events": events, "manifest": manifest }), &format!("{}: {what}", file.display()));
    Ok(())
}

/// A newer schema would be refused half way.
fn readable(manifest: &Manifest) -> Result<(), Failed> {
    if manifest.schema > Location::newest_schema() {
        return Err(Failed::Found(format!("Mintmark {} wrote this backup; this version is older. Use that one.", manifest.version)));
    }
    Ok(())
}

/// The key that the backup was sealed under; it is not in it, and no other opens it.
fn master_key(config: &Config, manifest: &Manifest) -> Result<MasterKey, Failed> {
    let file = installation::key_file(config)?;
    let wanted = manifest.master_key_fingerprint.as_deref().unwrap_or_default();
    if !file.exists() {
        return Err(Failed::Found(format!("Put the master key with the fingerprint {wanted} at {} first; the backup does not hold it.", file.display())));
    }
    let text: Secret = read_secret(&file)?;
    let key = MasterKey::parse(text.reveal())?;
    if key.fingerprint() != wanted {
        return Err(Failed::Found(format!(
            "The master key in {} has the fingerprint {}, and the backup was sealed under {wanted}.",
            file.display(),
            key.fingerprint()
        )));
    }
    Ok(key)
}

fn remove(database: &Path) -> Result<(), Failed> {
    for ending in ["", "-wal", "-shm", "-end"] {
        let file = PathBuf::from(format!("{}{ending}", database.display()));
        if file.exists() {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

fn remove_copies(database: &Path) -> Result<(), Failed> {
    let start = format!("{}.schema-", database.file_name().unwrap_or_default().to_string_lossy());
    for entry in fs::read_dir(folder_of(database))?.filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with(&start) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
