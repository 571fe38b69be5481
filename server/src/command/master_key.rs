//! `mintmark master-key`: sealing everything under a new key. Stop every `mintmark serve` on this database first.
//!
//! The new key is on the disk before the database knows it, and takes the old one's place after; whenever the machine
//! stops in between, running the command again finishes what was begun.

use super::{Failed, Output};
use crate::{
    config::{BadSetting, Config},
    installation,
};
use mintmark::key::MasterKey;
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// One thing to do with the master key.
#[derive(clap::Args)]
pub struct MasterKeyCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Seal everything under a new key and put it in the place of the old one
    ///
    /// Stop every `mintmark serve` on this database first: one that runs on holds the old key and can open nothing any more.
    Rotate,
}

impl MasterKeyCommand {
    /// Does it.
    pub async fn run(self, mut config: Config, output: Output) -> Result<(), Failed> {
        let Verb::Rotate = self.verb;
        let file = installation::key_file(&config)?;
        let beside = beside(&file);
        if beside.exists() && finish(&mut config, &file, &beside).await? {
            output.data(&json!({ "rotated": true, "finished": true }), "An interrupted rotation is finished; the new key is in place.");
            return Ok(());
        }
        let core = installation::open(&config).await?;
        let new = MasterKey::generate();
        installation::write_new(&beside, new.to_text().as_bytes())?;
        let rotated = core.rotate_master_key(&new).await;
        core.close().await;
        let values = match rotated {
            Ok(values) => values,
            Err(error) => {
                fs::remove_file(&beside)?;
                return Err(error.into());
            }
        };
        replace(&file, &beside)?;
        prove(&config).await?;
        let fingerprint = new.fingerprint();
        let sentence = format!("{values} values are sealed under the new key {fingerprint}, which is in {}. Back it up.", file.display());
        output.data(&json!({ "rotated": true, "values": values, "fingerprint": fingerprint }), &sentence);
        Ok(())
    }
}

/// Whether the key beside is the one that the database was sealed under before the machine stopped; it is put in place then.
async fn finish(config: &mut Config, file: &Path, beside: &Path) -> Result<bool, Failed> {
    let named = config.master_key_file.replace(beside.to_owned());
    let opened = installation::open(config).await;
    config.master_key_file = named;
    let Ok(core) = opened else {
        // The database never heard of it.
        fs::remove_file(beside)?;
        return Ok(false);
    };
    core.close().await;
    replace(file, beside)?;
    prove(config).await?;
    Ok(true)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

fn replace(file: &Path, beside: &Path) -> Result<(), Failed> {
    let renamed = fs::rename(beside, file).and_then(|()| fs::File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all());
    renamed.map_err(|error: io::Error| {
        let message = format!("The database is sealed under {}, which could not take the place of {}: {error}.", beside.display(), file.display());
        BadSetting(message).into()
    })
}

/// Opens with what is in place now, and every value with it.
async fn prove(config: &Config) -> Result<(), Failed> {
    let core = installation::open(config).await?;
    let proved = core.prove_master_key().await;
    core.close().await;
    Ok(proved?)
}
