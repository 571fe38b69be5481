//! `mintmark doctor`: what would go wrong, before it does. It changes nothing.

use super::{Failed, Output, backup::folder_of};
use crate::{
    backup,
    config::{Config, loose, read_secret},
    installation,
};
use mintmark::{Clock, Location, key::MasterKey, time::MINUTE};
use serde::Serialize;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Below this much room the next backup or upgrade may not fit; below a tenth of it writes will soon fail.
const ROOM: u64 = 1 << 30;

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
        }
        note("master key", master_key(&config, &location, matches!(schema, Ok(Some(_)))).await);
        if let Location::Sqlite(path) = &location {
            note("files", modes(path));
            note("disk", room(path));
        }
        note("public URL", public_url(&config));
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

fn told(answer: mintmark::Result<String>) -> Judged {
    match answer {
        Ok(message) => (Level::Ok, message),
        Err(error) => (Level::Wrong, error.problem().message),
    }
}

fn schema_of(schema: Result<&Option<i64>, &mintmark::Error>) -> Judged {
    let newest = Location::newest_schema();
    match schema {
        Ok(None) => (Level::Warning, "The database is empty; `mintmark serve` makes it.".into()),
        Ok(Some(has)) if *has == newest => (Level::Ok, format!("number {has}, the newest")),
        Ok(Some(has)) if *has < newest => {
            (Level::Warning, format!("number {has} of {newest}; the next start brings it up to date, after a copy of a SQLite file"))
        }
        Ok(Some(has)) => (Level::Wrong, format!("number {has}, and this version knows up to {newest}: a newer Mintmark wrote it")),
        Err(error) => (Level::Wrong, error.problem().message),
    }
}

fn intact(damage: mintmark::Result<Vec<String>>) -> Judged {
    match damage {
        Ok(damage) => match damage.first() {
            None => (Level::Ok, "intact".into()),
            Some(first) => (Level::Wrong, format!("damaged ({first}); restore a backup")),
        },
        Err(error) => (Level::Wrong, error.problem().message),
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
        Err(error) => (Level::Wrong, error.problem().message),
    }
}

async fn master_key(config: &Config, location: &Location, sealed: bool) -> Judged {
    let file = match installation::key_file(config) {
        Ok(file) => file,
        Err(closed) => return (Level::Wrong, closed.to_string()),
    };
    let known = if sealed { location.master_key_fingerprint().await.ok().flatten() } else { None };
    if !file.exists() {
        return match known {
            Some(known) => (Level::Wrong, format!("{} is missing; the database is sealed under {known}", file.display())),
            None => (Level::Ok, format!("made at {} on the first start", file.display())),
        };
    }
    let key = match read_secret(&file).map_err(|error| error.to_string()).and_then(|text| {
        MasterKey::parse(text.reveal()).map_err(|error| error.problem().message)
    }) {
        Ok(key) => key,
        Err(message) => return (Level::Wrong, message),
    };
    if let Some(known) = known.filter(|known| *known != key.fingerprint()) {
        return (Level::Wrong, format!("{} has the fingerprint {}, and the database is sealed under {known}", file.display(), key.fingerprint()));
    }
    if let Some(together) = beside(&file, location) {
        let message = format!("{} lies beside {}: whoever copies that folder has both", file.display(), together.display());
        return (Level::Warning, message);
    }
    (Level::Ok, format!("{} opens the database", file.display()))
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

fn modes(path: &Path) -> Judged {
    let readable = ["", "-wal", "-shm"]
        .into_iter()
        .map(|ending| PathBuf::from(format!("{}{ending}", path.display())))
        .find(|file| fs::metadata(file).is_ok_and(|file| loose(file.permissions().mode())));
    match readable {
        Some(file) => (Level::Warning, format!("{} is readable by others; the next start mends the database's own file", file.display())),
        None => (Level::Ok, "only their owner reads them".into()),
    }
}

/// As `df` says, which every machine has.
fn room(path: &Path) -> Judged {
    let df = Command::new("df").args(["--output=avail", "--block-size=1"]).arg(folder_of(path)).output();
    let free = df.ok().and_then(|df| String::from_utf8_lossy(&df.stdout).lines().last()?.trim().parse::<u64>().ok());
    match free {
        Some(free) if free < ROOM / 10 => (Level::Wrong, format!("{} MiB are free; writes will soon be refused", free >> 20)),
        Some(free) if free < ROOM => (Level::Warning, format!("{} MiB are free", free >> 20)),
        Some(free) => (Level::Ok, format!("{} GiB are free", free >> 30)),
        None => (Level::Warning, "df does not say how much is free".into()),
    }
}

fn public_url(config: &Config) -> Judged {
    if !config.public_url.is_https() {
        return (Level::Ok, format!("{}, for this machine only", config.public_url));
    }
    if config.trusted_proxies.is_empty() {
        let message = format!("{}, but no proxy is trusted: every client has the proxy's address, and shares its limits", config.public_url);
        return (Level::Warning, message);
    }
    (Level::Ok, format!("{}, behind trusted proxies", config.public_url))
}
