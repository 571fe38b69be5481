//! `mintmark doctor`: that it names what would go wrong, and calls nothing wrong that is right.

use crate::command::{Folder, mintmark, run, said};
use serde_json::Value;
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

/// What it says of each thing: `level: message`.
async fn doctor(folder: &Folder, environment: &[(&str, &str)]) -> BTreeMap<String, String> {
    let output = run(folder, &["doctor", "--json"], environment).await;
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let wrong = findings.iter().any(|finding| finding["level"] == "wrong");
    assert_eq!(output.status.code(), Some(i32::from(wrong)), "{findings:?}");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let said = |finding: &Value| format!("{}: {}", text(&finding["level"]), text(&finding["message"]));
    findings.iter().map(|finding| (text(&finding["check"]), said(finding))).collect()
}

async fn migrated(name: &str) -> Folder {
    let folder = Folder::new(name);
    let output = run(&folder, &["migrate"], &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    folder
}

#[track_caller]
fn says(told: &BTreeMap<String, String>, check: &str, start: &str, part: &str) {
    let message = told.get(check).map_or("nothing", String::as_str);
    assert!(message.starts_with(start) && message.contains(part), "{check}: {message}");
}

#[tokio::test]
async fn a_place_that_is_still_empty_has_nothing_wrong() {
    let told = doctor(&Folder::new("doctor-empty"), &[]).await;
    says(&told, "schema", "warning", "empty");
    says(&told, "master key", "ok", "first start");
    says(&told, "proxies", "ok", "none is needed");
    says(&told, "preview", "ok", "http://127.0.0.1:3001");
    assert!(!told["disk"].contains("df does not say"), "{}", told["disk"]);
}

#[tokio::test]
async fn whoever_stops_reading_breaks_nothing() {
    let folder = Folder::new("doctor-pipe");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = mintmark(&folder, &["doctor"]).stdout(writer).status().await.expect("runs");
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn a_key_is_told_apart_from_its_database() {
    let folder = migrated("doctor-key").await;
    let told = doctor(&folder, &[]).await;
    says(&told, "durability", "ok", "synchronous=full");
    says(&told, "database", "ok", "intact");
    says(&told, "clock", "ok", "not behind");
    says(&told, "files", "ok", "only their owner");
    says(&told, "master key", "warning", "whoever copies that folder has both");

    fs::rename(folder.path("data/mintmark.db"), folder.path("mintmark.db")).expect("renames");
    says(&doctor(&folder, &[]).await, "master key", "wrong", "is empty or missing");
    fs::rename(folder.path("mintmark.db"), folder.path("data/mintmark.db")).expect("renames");

    fs::create_dir(folder.path("keys")).expect("a folder");
    fs::rename(folder.path("data/master.key"), folder.path("keys/master.key")).expect("renames");
    says(&doctor(&folder, &[]).await, "master key", "wrong", "is missing; the database is sealed under");
    let key = folder.path("keys/master.key").display().to_string();
    let apart = [("MINTMARK_MASTER_KEY_FILE", key.as_str())];
    says(&doctor(&folder, &apart).await, "master key", "ok", "opens the database");
    let other = folder.write("other.key", 0o600, &"ab".repeat(32)).display().to_string();
    says(&doctor(&folder, &[("MINTMARK_MASTER_KEY_FILE", &other)]).await, "master key", "wrong", "has the fingerprint");

    let backup = folder.path("keys/backup.tar").display().to_string();
    assert_eq!(run(&folder, &["backup", &backup], &apart).await.status.code(), Some(0));
    says(&doctor(&folder, &apart).await, "master key", "warning", "backup.tar");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("sets the mode");
    says(&doctor(&folder, &apart).await, "master key", "wrong", "chmod 600");
}

#[tokio::test]
async fn what_does_not_open_is_said_with_its_reason() {
    let folder = migrated("doctor-damage").await;
    fs::set_permissions(folder.path("data"), fs::Permissions::from_mode(0o755)).expect("sets the mode");
    says(&doctor(&folder, &[]).await, "files", "warning", "chmod 700");
    fs::write(folder.path("data/mintmark.db"), b"rows and rows").expect("writes");
    let told = doctor(&folder, &[]).await;
    says(&told, "schema", "wrong", "not a database");
    let key = folder.path("data/master.key").display().to_string();
    let away = [("MINTMARK_DATABASE_URL", "postgres://nobody@127.0.0.1:9/none"), ("MINTMARK_MASTER_KEY_FILE", key.as_str())];
    let told = doctor(&folder, &away).await;
    says(&told, "schema", "wrong", "refused");
    assert!(!told["master key"].contains("opens the database"), "nobody asked it: {}", told["master key"]);
}

#[tokio::test]
async fn proxies_that_nobody_or_everybody_is_are_named() {
    let folder = Folder::new("doctor-proxies");
    let url = ("MINTMARK_PUBLIC_URL", "https://mintmark.example.com");
    says(&doctor(&folder, &[url]).await, "proxies", "warning", "MINTMARK_TRUSTED_PROXIES");
    let near = [url, ("MINTMARK_TRUSTED_PROXIES", "127.0.0.1/32")];
    says(&doctor(&folder, &near).await, "proxies", "ok", "X-Forwarded-For is believed from 127.0.0.1/32");
    for all in ["0.0.0.0/0", "127.0.0.1/32,::/0"] {
        let told = doctor(&folder, &[url, ("MINTMARK_TRUSTED_PROXIES", all)]).await;
        says(&told, "proxies", "wrong", "everybody");
    }
}

#[tokio::test]
async fn a_mail_server_that_does_not_let_us_in_is_named_without_its_password() {
    let folder = Folder::new("doctor-mail");
    says(&doctor(&folder, &[]).await, "mail", "ok", "none is sent");
    says(&doctor(&folder, &[("MINTMARK_PUBLIC_URL", "https://mintmark.example.com")]).await, "mail", "warning", "MINTMARK_SMTP_URL");
    let told = doctor(&folder, &[("MINTMARK_SMTP_URL", "smtp://ada:hunter2@127.0.0.1:9")]).await;
    says(&told, "mail", "wrong", "127.0.0.1:9 without TLS");
    assert!(!told["mail"].contains("hunter2"), "{}", told["mail"]);
    let output = run(&folder, &["doctor"], &[("MINTMARK_MAIL_FROM", "no-reply@acme.example")]).await;
    assert!(output.status.code() == Some(2) && said(&output).contains("MINTMARK_SMTP_URL"), "{}", said(&output));
}
