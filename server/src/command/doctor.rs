//! `mintmark doctor`: what would go wrong, before it does. It changes nothing.

mod machine;
mod standbys;

use super::{Failed, Output, backup::folder_of, in_full};
use crate::{
    backup,
    config::{Config, read_secret},
    installation,
};
use mintmark::{Clock, Location, key::MasterKey, time::MINUTE};
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::timeout;

/// Looks at everything; exit code 1 when something is wrong, 0 when there are warnings only.
#[derive(clap::Args)]
pub struct Doctor {}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warning,
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
}

type Judged = (Level, String);

impl Doctor {
    /// Does it.
    pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
        let location: Location = config.database_url.reveal().parse()?;
        let schema = location.schema().await;
        let mut findings = Vec::new();
        let mut note = |check, (level, message): Judged| findings.push(Finding { check, level, message });
        note("schema", schema_of(schema.as_ref()));
        if matches!(schema, Ok(Some(_))) {
            note("durability", told(location.durability().await.map(ToOwned::to_owned)));
            note("database", intact(location.damage().await));
            note("clock", clock(location.clock_mark().await));
            if let Some(standbys) = location.standbys().await.transpose() {
                note("standbys", standbys::judge(standbys));
            }
        }
        note("master key", master_key(&config, &location, schema.as_ref()).await);
        if let Location::Sqlite(path) = &location {
            note("files", machine::modes(path));
            note("disk", machine::disk(path));
        }
        note("public URL", machine::public_url(&config));
        note("preview", machine::preview(&config));
        note("proxies", machine::proxies(&config));
        note("mail", mail(&config).await);
        say(&findings, output)
    }
}

fn say(findings: &[Finding], output: Output) -> Result<(), Failed> {
    let lines = findings.iter().map(|finding| {
        let level = match finding.level {
            Level::Ok => "ok     ",
            Level::Warning => "warning",
            Level::Wrong => "WRONG  ",
        };
        format!("{level}  {:<10}  {}\n", finding.check, finding.message)
    });
    output.data(&findings, lines.collect::<Vec<_>>().concat().trim_end());
    match findings.iter().filter(|finding| finding.level == Level::Wrong).count() {
        0 => Ok(()),
        1 => Err(Failed::Found("One thing is wrong.".into())),
        many => Err(Failed::Found(format!("{many} things are wrong."))),
    }
}

/// Whether the mail server lets us in; nothing is sent.
async fn mail(config: &Config) -> Judged {
    let Some(smtp) = &config.smtp else {
        // Whoever tries things out on one machine reads it there, and that is as it should be.
        let level = if config.public_url.is_https() { Level::Warning } else { Level::Ok };
        return (level, "none is sent: owners and admins read it in the outbox; MINTMARK_SMTP_URL names a server".into());
    };
    match timeout(Duration::from_secs(15), smtp.connect()).await {
        Ok(Ok(mut line)) => {
            line.abort().await;
            (Level::Ok, format!("{} lets us in", smtp.place()))
        }
        Ok(Err(error)) => (Level::Wrong, format!("{}: {error}", smtp.place())),
        Err(_) => (Level::Wrong, format!("{} does not answer", smtp.place())),
    }
}

fn told(answer: mintmark::Result<String>) -> Judged {
    match answer {
        Ok(message) => (Level::Ok, message),
        Err(error) => (Level::Wrong, in_full(&error)),
    }
}

fn schema_of(schema: Result<&Option<i64>, &mintmark::Error>) -> Judged {
    let newest = Location::newest_schema();
    match schema {
        Ok(None) => (Level::Warning, "none yet, the database is empty; the first start makes it".into()),
        Ok(Some(has)) if *has == newest => (Level::Ok, format!("number {has}, the newest")),
        Ok(Some(has)) if *has < newest => {
            (Level::Warning, format!("number {has} of {newest}; the next start brings it up to date, after a copy of a SQLite file"))
        }
        Ok(Some(has)) => (Level::Wrong, format!("number {has}, and this version knows up to {newest}: a newer Mintmark wrote it")),
        Err(error) => (Level::Wrong, in_full(error)),
    }
}

fn intact(damage: mintmark::Result<Vec<String>>) -> Judged {
    match damage {
        Ok(damage) => match damage.first() {
            None => (Level::Ok, "intact".into()),
            Some(first) => (Level::Wrong, format!("damaged ({first}); restore a backup")),
        },
        Err(error) => (Level::Wrong, in_full(&error)),
    }
}

fn clock(mark: mintmark::Result<mintmark::Time>) -> Judged {
    let now = Clock::System.now();
    match mark {
        Ok(mark) if mark.since(now) > MINUTE => {
            let behind = mark.since(now) / 1_000;
            (Level::Wrong, format!("{behind} s behind what the database has seen; set it, or `mintmark clock accept`"))
        }
        Ok(_) => (Level::Ok, format!("{now}, not behind what the database has seen")),
        Err(error) => (Level::Wrong, in_full(&error)),
    }
}

async fn master_key(config: &Config, location: &Location, schema: mintmark::Result<&Option<i64>, &mintmark::Error>) -> Judged {
    let file = match installation::key_file(config) {
        Ok(file) => file,
        Err(closed) => return (Level::Wrong, closed.to_string()),
    };
    let known = if matches!(schema, Ok(Some(_))) { location.master_key_fingerprint().await.ok().flatten() } else { None };
    if !file.exists() {
        return match known {
            Some(known) => (Level::Wrong, format!("{} is missing; the database is sealed under {known}", file.display())),
            None if config.master_key_file.is_some() => (Level::Wrong, format!("{} is missing", file.display())),
            None => (Level::Ok, format!("made at {} on the first start", file.display())),
        };
    }
    let key = match read_secret(&file)
        .map_err(|error| error.to_string())
        .and_then(|text| MasterKey::parse(text.reveal()).map_err(|error| error.problem().message))
    {
        Ok(key) => key,
        Err(message) => return (Level::Wrong, message),
    };
    if schema.is_ok_and(Option::is_none) && config.master_key_file.is_none() {
        return (Level::Wrong, format!("{} is there, and the database that belongs to it is empty or missing; restore a backup", file.display()));
    }
    if let Some(known) = known.as_ref().filter(|known| **known != key.fingerprint()) {
        return (Level::Wrong, format!("{} has the fingerprint {}, and the database is sealed under {known}", file.display(), key.fingerprint()));
    }
    if let Some(together) = beside(&file, location) {
        let message = format!(
            "{} lies beside {}: whoever copies that folder has both; keep the key elsewhere and name it in MINTMARK_MASTER_KEY_FILE",
            file.display(),
            together.display()
        );
        return (Level::Warning, message);
    }
    let what = if known.is_some() { "opens the database" } else { "can be read; nothing is known to be sealed under it yet" };
    (Level::Ok, format!("{} {what}", file.display()))
}

/// A backup, or else the database itself, in the folder of the key.
fn beside(key: &Path, location: &Location) -> Option<PathBuf> {
    let folder = folder_of(key);
    let backups = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let found = backups.filter(|path| path.is_file() && path != key).find(|path| backup::manifest(path).is_ok());
    found.or_else(|| match location {
        Location::Sqlite(path) if same(folder, folder_of(path)) => Some(path.clone()),
        _ => None,
    })
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
