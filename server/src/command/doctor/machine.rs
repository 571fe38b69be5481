//! What `mintmark doctor` says of files, disk, address and proxies.

use super::{Judged, Level, folder_of};
use crate::config::{Config, loose};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Below this much room the next backup or upgrade may not fit; below a tenth of it writes will soon fail.
const ROOM: u64 = 1 << 30;

/// Who else may use the database's files and their folder.
pub(super) fn modes(path: &Path) -> Judged {
    let files = ["", "-wal", "-shm"].into_iter().map(|ending| PathBuf::from(format!("{}{ending}", path.display())));
    let open: Vec<_> = [folder_of(path).to_owned()]
        .into_iter()
        .chain(files)
        .filter(|file| fs::metadata(file).is_ok_and(|file| loose(file.permissions().mode())))
        .map(|file| file.display().to_string())
        .collect();
    if open.is_empty() {
        return (Level::Ok, "only their owner may use them".into());
    }
    (Level::Warning, format!("others may use {}: chmod 700 the folder and 600 the files", open.join(", ")))
}

/// How much room there is, and whether what is written there stays; as `df` says, which every machine has.
pub(super) fn disk(path: &Path) -> Judged {
    // The folder may be for the first start to make.
    let folder = folder_of(path).ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let df = Command::new("df").args(["--output=avail,fstype", "--block-size=1"]).arg(folder).output();
    let said = df.ok().and_then(|df| Some(String::from_utf8_lossy(&df.stdout).lines().last()?.trim().to_owned()));
    match said.as_deref().and_then(|line| line.split_once(' ')).map(|(free, kind)| (free.parse(), kind.trim())) {
        Some((Ok(free), kind)) => judge(free, kind, folder),
        _ => (Level::Warning, "df does not say how much is free".into()),
    }
}

fn judge(free: u64, kind: &str, folder: &Path) -> Judged {
    let (at, mib) = (folder.display(), free >> 20);
    match kind {
        _ if free < ROOM / 10 => (Level::Wrong, format!("{mib} MiB are free in {at}; writes will soon be refused")),
        "tmpfs" | "ramfs" => (Level::Warning, format!("{at} is memory ({kind}): what is written there is gone when the machine stops")),
        "overlay" => (Level::Warning, format!("{at} is a container's own layer, and goes with it: mount a volume there")),
        "nfs" | "nfs4" | "cifs" | "smb3" => {
            (Level::Warning, format!("{at} is on a network ({kind}), where SQLite cannot keep its promises: use a local disk, or PostgreSQL"))
        }
        _ if free < ROOM => (Level::Warning, format!("{mib} MiB are free in {at}; the next backup may not fit")),
        _ => (Level::Ok, format!("{} GiB are free", free >> 30)),
    }
}

/// Where browsers find it.
pub(super) fn public_url(config: &Config) -> Judged {
    let whom = if config.public_url.is_https() { "the start of every issuer" } else { "for this machine only" };
    (Level::Ok, format!("{}, {whom}", config.public_url))
}

/// Where Embed Studio shows what pages show.
pub(super) fn preview(config: &Config) -> Judged {
    let said = match &config.preview {
        Some(preview) => format!("{}, listening on {}", preview.url, preview.listen),
        None => "none; MINTMARK_PREVIEW_LISTEN and MINTMARK_PREVIEW_URL give it an origin of its own".into(),
    };
    (Level::Ok, said)
}

/// Whose `X-Forwarded-For` is believed.
pub(super) fn proxies(config: &Config) -> Judged {
    let trusted = &config.trusted_proxies;
    if trusted.are_all() {
        let message = format!("X-Forwarded-For is believed from everybody ({trusted}), so anybody may borrow any address; trust the proxy alone");
        return (Level::Wrong, message);
    }
    if !trusted.is_empty() {
        return (Level::Ok, format!("X-Forwarded-For is believed from {trusted}"));
    }
    if config.public_url.is_https() {
        let message = "none is trusted: every client has the proxy's address, and shares its limits; MINTMARK_TRUSTED_PROXIES names it";
        return (Level::Warning, message.into());
    }
    (Level::Ok, "none is trusted, and none is needed on this machine".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(free: u64, kind: &str) -> Level {
        judge(free, kind, Path::new("/data")).0
    }

    #[test]
    fn a_disk_is_judged_by_its_room_and_by_whether_it_keeps() {
        assert_eq!(level(ROOM, "ext4"), Level::Ok);
        assert_eq!(level(ROOM - 1, "ext4"), Level::Warning);
        assert_eq!(level(ROOM / 10 - 1, "ext4"), Level::Wrong);
        for kind in ["tmpfs", "overlay", "nfs4", "cifs"] {
            assert_eq!(level(ROOM, kind), Level::Warning, "{kind}");
            assert_eq!(level(0, kind), Level::Wrong, "{kind}");
        }
    }
}
