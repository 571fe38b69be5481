//! What a backup's file must not be believed.

use super::*;
use mintmark::Time;
use std::fs;

fn backup(folder: &Path) -> (std::path::PathBuf, Manifest) {
    let database = folder.join("database");
    fs::write(&database, b"rows and rows").expect("written");
    let (bytes, sha256) = measure(&database).expect("measured");
    let manifest = Manifest {
        format: FORMAT,
        version: "0.1.0".into(),
        engine: "sqlite".into(),
        schema: 3,
        created_at: Time::from_millis(1_779_573_600_000),
        master_key_fingerprint: Some("f".into()),
        bytes,
        sha256,
    };
    let file = folder.join("backup.tar");
    write(&file, &manifest, &database).expect("written");
    (file, manifest)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn what_was_written_comes_back() {
    let folder = folder();
    let (file, written) = backup(folder.path());
    let read = manifest(&file).expect("read");
    assert_eq!(read, written);
    let out = folder.path().join("out");
    unpack(&file, &read, &out).expect("unpacked");
    assert_eq!(fs::read(out).expect("there"), b"rows and rows");
    assert!(write(&file, &written, &folder.path().join("database")).is_err(), "nothing is overwritten");
}

/// E15: it goes to the disk a step at a time.
#[test]
fn a_database_of_several_steps_comes_back_whole() {
    let folder = folder();
    let bytes: Vec<u8> = (0..2 * STEP + STEP / 3).map(|at| u8::try_from(at % 251).expect("a byte")).collect();
    let database = folder.path().join("large");
    fs::write(&database, &bytes).expect("written");
    let (_, small) = backup(folder.path());
    let (bytes_in_all, sha256) = measure(&database).expect("measured");
    let large = Manifest { bytes: bytes_in_all, sha256, ..small };
    let (file, out) = (folder.path().join("large.tar"), folder.path().join("out"));
    write(&file, &large, &database).expect("written");
    unpack(&file, &manifest(&file).expect("read"), &out).expect("unpacked");
    assert!(fs::read(out).expect("there") == bytes);
}

/// E16
#[test]
fn a_damaged_or_cut_file_is_refused() {
    let folder = folder();
    let (file, known) = backup(folder.path());
    let whole = fs::read(&file).expect("there");
    let at = whole.windows(4).position(|window| window == b"rows").expect("the database");
    let mut flipped = whole.clone();
    flipped[at] ^= 1;
    for (name, bytes) in [("flipped", flipped.as_slice()), ("cut", &whole[..at + 2]), ("headless", &whole[..at - 512])] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        assert!(unpack(&path, &known, &folder.path().join(format!("{name}.out"))).is_err(), "{name}");
    }
    for bytes in [&b""[..], b"SQLite format 3\0", &[0; 4_096]] {
        let path = folder.path().join("other");
        fs::write(&path, bytes).expect("written");
        assert!(manifest(&path).is_err());
    }
}
