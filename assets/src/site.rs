//! The folder to be: plain names, hashed names, contents, and how they are written.

use std::{collections::BTreeMap, fs, path::Path, thread};

use sha2::{Digest, Sha256};

use crate::{Outcome, compress};

/// The files of the site under their hashed names, and the manifest that leads from plain to hashed.
#[derive(Default)]
pub struct Site {
    names: BTreeMap<String, String>,
    contents: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Adds a file under its own name with a hash before the extension.
    pub fn add(&mut self, plain: &str, content: Vec<u8>) {
        let hash = hash(&content);
        let hashed = match plain.rsplit_once('.') {
            Some((stem, end)) => format!("{stem}.{hash}.{end}"),
            None => format!("{plain}.{hash}"),
        };
        self.add_as(plain, hashed, content);
    }

    /// Adds a file under a hashed name that the caller chose.
    pub fn add_as(&mut self, plain: &str, hashed: String, content: Vec<u8>) {
        self.name(plain, &hashed);
        self.contents.insert(hashed, content);
    }

    /// Adds an entry to the manifest alone.
    pub fn name(&mut self, plain: &str, hashed: &str) {
        self.names.insert(plain.to_owned(), hashed.to_owned());
    }

    /// The hashed name of a file added before.
    pub fn hashed(&self, plain: &str) -> Option<&str> {
        self.names.get(plain).map(String::as_str)
    }

    /// Writes every file, its compressed forms beside it, and `manifest.json`.
    pub fn write(&self, folder: &Path) -> Outcome<()> {
        thread::scope(|scope| {
            let writers: Vec<_> =
                self.contents.iter().map(|(name, content)| scope.spawn(move || write_one(&folder.join(name), content))).collect();
            for writer in writers {
                writer.join().map_err(|_| "a compressor panicked")??;
            }
            Ok::<_, Box<dyn std::error::Error>>(())
        })?;
        fs::write(folder.join("manifest.json"), serde_json::to_vec_pretty(&self.names)?)?;
        Ok(())
    }
}

fn write_one(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    for (end, small) in [("br", compress::brotli(content)?), ("gz", compress::gzip(content)?)] {
        // What is compressed already (woff2, png) only grows: the server falls back to the plain file.
        if small.len() < content.len() {
            let mut name = path.as_os_str().to_owned();
            name.push(".");
            name.push(end);
            fs::write(name, small)?;
        }
    }
    Ok(())
}

/// Sixteen hex digits of SHA-256: enough that two contents of one name never share an address.
pub fn hash(content: &[u8]) -> String {
    let first = Sha256::digest(content).iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:016x}")
}
