//! The file of a backup: a tar of a manifest and the database, so that `tar` opens it where Mintmark is not at hand.

mod postgres;

pub(crate) use postgres::{dump, load};

use crate::command::Failed;
use mintmark::backup::{FORMAT, Manifest};
use sha2::{Digest, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database";

/// What may wait for the disk at once while a backup is written.
const STEP: usize = 1 << 20;

/// The most that a manifest may be; it comes from a file that somebody hands us.
const MANIFEST_LIMIT: u64 = 64 * 1_024;

/// Size and SHA-256 (hex) of a file.
pub(crate) fn measure(file: &Path) -> io::Result<(u64, String)> {
    let mut counted = Counted { inner: io::sink(), bytes: 0, hash: Sha256::new() };
    io::copy(&mut File::open(file)?, &mut counted)?;
    Ok(counted.end())
}

/// Writes the backup, mode 0600, and returns when the disk has it. The file must not be there yet.
pub(crate) fn write(to: &Path, manifest: &Manifest, database: &Path) -> io::Result<()> {
    let mut tar = tar::Builder::new(new_file(to)?);
    let text = serde_json::to_vec_pretty(manifest)?;
    let seconds = u64::try_from(manifest.created_at.seconds()).unwrap_or_default();
    let header = |size: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(seconds);
        header
    };
    tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
    tar.append_data(&mut header(manifest.bytes), DATABASE, File::open(database)?)?;
    tar.into_inner()?.file.sync_all()
}

/// What a backup says of itself.
pub(crate) fn manifest(file: &Path) -> Result<Manifest, Failed> {
    let unreadable = |why: &str| Failed::Found(format!("{} is no backup of Mintmark: {why}.", file.display()));
    let mut archive = tar::Archive::new(File::open(file)?);
    let mut entries = archive.entries()?;
    let first = entries.next().and_then(Result::ok).ok_or_else(|| unreadable("it is no tar file"))?;
    if first.path_bytes().as_ref() != MANIFEST.as_bytes() {
        return Err(unreadable("its first entry is not manifest.json"));
    }
    let manifest: Manifest = serde_json::from_reader(first.take(MANIFEST_LIMIT))
        .map_err(|error| unreadable(&format!("its manifest cannot be read ({error})")))?;
    if manifest.format != FORMAT {
        return Err(unreadable(&format!("its format is {}, and this version reads {FORMAT}", manifest.format)));
    }
    Ok(manifest)
}

/// Writes the database of a backup to a file that must not be there yet, and proves that it is the one of the manifest.
pub(crate) fn unpack(file: &Path, manifest: &Manifest, to: &Path) -> Result<(), Failed> {
    let mut archive = tar::Archive::new(File::open(file)?);
    let entry = archive.entries()?.filter_map(Result::ok).find(|entry| entry.path_bytes().as_ref() == DATABASE.as_bytes());
    let mut entry = entry.ok_or_else(|| Failed::Found(format!("{} holds no database: it was cut off.", file.display())))?;
    let mut counted = Counted { inner: new_file(to)?, bytes: 0, hash: Sha256::new() };
    io::copy(&mut entry, &mut counted)?;
    counted.inner.file.sync_all()?;
    if counted.end() != (manifest.bytes, manifest.sha256.clone()) {
        return Err(Failed::Found(format!("{} is damaged: its database is not the one that its manifest names.", file.display())));
    }
    Ok(())
}

fn new_file(path: &Path) -> io::Result<BitByBit> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = made.map_err(|error| io::Error::new(error.kind(), format!("{} cannot be made: {error}.", path.display())))?;
    Ok(BitByBit { file, waiting: 0 })
}

/// A file that goes to the disk step by step. One sync of everything at the end would keep the commits of the server beside us waiting
/// until it is done (E15).
struct BitByBit {
    file: File,
    waiting: usize,
}

impl Write for BitByBit {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(&bytes[..bytes.len().min(STEP)])?;
        self.waiting += written;
        if self.waiting >= STEP {
            self.file.sync_data()?;
            self.waiting = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A writer that knows what went through it.
struct Counted<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W> Counted<W> {
    fn end(self) -> (u64, String) {
        use std::fmt::Write;
        let hex = self.hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        (self.bytes, hex)
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests;
