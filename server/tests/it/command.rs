//! The program itself: settings, files, exit codes, signals, and what its log may not say (KY4, KY7, WB6).

use crate::app::{Answer, PATIENCE, read_to_end};
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

/// An empty folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mintmark-command-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, mode: u32, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("writes");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("sets the mode");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program in `folder`, without the environment of the test.
pub(crate) fn mintmark(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mintmark"));
    command.args(arguments).current_dir(&folder.0).env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command
}

pub(crate) async fn run(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let output = mintmark(folder, arguments).envs(environment.iter().copied()).output();
    tokio::time::timeout(PATIENCE, output).await.expect("ends").expect("runs")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("is there").permissions().mode() & 0o777
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn an_unknown_setting_fails_and_is_named() {
    let folder = Folder::new("unknown");
    let output = run(&folder, &["migrate"], &[("MINTMARK_LISTEM", "127.0.0.1:1")]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("MINTMARK_LISTEM"), "{}", said(&output));
    let file = folder.write("mintmark.toml", 0o600, "lisen = \"127.0.0.1:1\"\n");
    let output = run(&folder, &["migrate", "--config", &file.display().to_string()], &[]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("lisen"), "{}", said(&output));
    assert_eq!(run(&folder, &["migrate", "--lisen", "x"], &[]).await.status.code(), Some(2));
    assert!(!folder.path("data").exists(), "nothing was made");
}

/// KY4, KY7
#[tokio::test]
async fn the_first_start_makes_a_private_folder_and_key_and_later_ones_use_them() {
    let folder = Folder::new("first");
    let output = run(&folder, &["migrate", "--json"], &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(answer["engine"], "sqlite");
    let key = folder.path("data/master.key");
    assert_eq!((mode(&folder.path("data")), mode(&key)), (0o700, 0o600));
    assert_eq!(mode(&folder.path("data/mintmark.db")), 0o600);
    let text = fs::read_to_string(&key).expect("reads");
    assert_eq!(run(&folder, &["migrate"], &[]).await.status.code(), Some(0));
    assert_eq!(fs::read_to_string(&key).expect("reads"), text);
}

/// KY4, E14: one makes the key and the schema, the others wait for both.
#[tokio::test]
async fn several_first_starts_at_once_end_with_one_key_and_one_schema() {
    let folder = Folder::new("at-once");
    let start = || run(&folder, &["migrate"], &[]);
    let (one, two, three, four) = tokio::join!(start(), start(), start(), start());
    for output in [&one, &two, &three, &four] {
        assert_eq!(output.status.code(), Some(0), "{}", said(output));
    }
    let output = run(&folder, &["doctor", "--json"], &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// KY4
#[tokio::test]
async fn a_lost_or_different_master_key_refuses_to_start_and_is_not_replaced() {
    let folder = Folder::new("lost");
    assert_eq!(run(&folder, &["migrate"], &[]).await.status.code(), Some(0));
    let key = folder.path("data/master.key");
    let right = fs::read_to_string(&key).expect("reads");
    fs::remove_file(&key).expect("removes");
    let output = run(&folder, &["migrate"], &[]).await;
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("fingerprint"), "{}", said(&output));
    assert!(!key.exists(), "no new key is left behind");
    folder.write("data/master.key", 0o600, &"ab".repeat(32));
    assert!(said(&run(&folder, &["migrate"], &[]).await).contains("fingerprint"));
    folder.write("data/master.key", 0o600, &right);
    assert_eq!(run(&folder, &["migrate"], &[]).await.status.code(), Some(0));
}

/// KY4: a database that was lost is not begun anew beside the key of the old one, and nothing is put in its way.
#[tokio::test]
async fn a_lost_database_is_not_begun_anew() {
    let folder = Folder::new("lost-database");
    assert!(run(&folder, &["migrate"], &[]).await.status.success());
    let database = folder.path("data/mintmark.db");
    let kept = fs::read(&database).expect("a database");
    fs::remove_file(&database).expect("removes");
    let output = run(&folder, &["migrate"], &[]).await;
    assert!(!output.status.success() && said(&output).contains("mintmark.db that belongs to it is empty or missing"), "{}", said(&output));
    assert!(!database.exists());
    folder.write("data/mintmark.db", 0o600, "");
    assert!(!run(&folder, &["migrate"], &[]).await.status.success());
    fs::write(&database, kept).expect("writes");
    assert!(run(&folder, &["migrate"], &[]).await.status.success());
}

/// KY7
#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused_and_a_loose_folder_mended() {
    let folder = Folder::new("loose");
    let key = folder.write("key", 0o640, &"ab".repeat(32));
    let key = key.display().to_string();
    let output = run(&folder, &["migrate", "--master-key-file", &key], &[]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("chmod 600"), "{}", said(&output));
    folder.write("key", 0o600, &"ab".repeat(32));
    fs::set_permissions(folder.path("data"), fs::Permissions::from_mode(0o755)).expect("sets the mode");
    let output = run(&folder, &["migrate"], &[("MINTMARK_MASTER_KEY_FILE", &key)]).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(mode(&folder.path("data")), 0o700);
    assert!(said(&output).contains("others could read"), "{}", said(&output));
    let file = folder.write("mintmark.toml", 0o644, "database-url = \"sqlite:data/mintmark.db\"\n").display().to_string();
    let output = run(&folder, &["migrate", "--config", &file, "--master-key-file", &key], &[]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("chmod 600"), "{}", said(&output));
}

#[tokio::test]
async fn what_cannot_be_listened_on_or_reached_has_an_exit_code() {
    let folder = Folder::new("exit");
    assert_eq!(run(&folder, &["serve", "--listen", "0.0.0.0:0"], &[]).await.status.code(), Some(2), "no public URL");
    let key = folder.write("key", 0o600, &"ab".repeat(32)).display().to_string();
    let nowhere = "postgres://nobody@127.0.0.1:9/none";
    let output = run(&folder, &["migrate", "--json", "--database-url", nowhere, "--master-key-file", &key], &[]).await;
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let last = said(&output).lines().last().unwrap_or_default().to_owned();
    assert_eq!(serde_json::from_str::<Value>(&last).expect("one JSON object")["code"], "unavailable");
    let output = run(&folder, &["migrate", "--database-url", nowhere], &[]).await;
    assert_eq!(output.status.code(), Some(2), "PostgreSQL needs a key file");
}

#[tokio::test]
async fn the_description_the_clock_and_history_are_verbs_too() {
    let folder = Folder::new("verbs");
    let output = run(&folder, &["openapi", "--json"], &[]).await;
    let api: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert!(api["paths"]["/readyz"].is_object());
    let output = run(&folder, &["clock", "accept", "--json"], &[]).await;
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert!(answer["accepted"].as_str().is_some_and(|at| at.ends_with('Z')), "{answer}");
    let output = run(&folder, &["audit", "verify", "--json"], &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&report["rows"], &report["chains"][0]["chain"]), (&1.into(), &"installation".into()), "the clock's event: {report}");
}

#[tokio::test]
async fn an_owner_is_made_without_a_browser_and_let_in_again_by_a_link() {
    let folder = Folder::new("owner");
    let create = ["owner", "create", "--tenant-name", "Acme", "--tenant-slug", "acme", "--email", "a@b.example", "--json"];
    let output = run(&folder, &create, &[]).await;
    assert_eq!(output.status.code(), Some(1), "a new owner needs a password");
    let mut child = mintmark(&folder, &[&create[..], &["--password-stdin"]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"correct horse battery staple 9\n").await.expect("writes");
    drop(stdin);
    let output = child.wait_with_output().await.expect("runs");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let created: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert!(created["tenant_id"].as_str().is_some_and(|id| id.starts_with("ten_")), "{created}");
    assert!(created["user_id"].as_str().is_some_and(|id| id.starts_with("usr_")), "{created}");
    let output = run(&folder, &["user", "reset", "--email", " A@B.example ", "--json"], &[]).await;
    let link: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert!(link["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:3000/reset")), "{link}");
    let (child, _, first) = serve(&folder, &[]).await;
    assert!(first["set_up"].is_null(), "there is an owner: {first}");
    assert_eq!(terminate(child).await.0, Some(0));
}

/// SE9
#[tokio::test]
async fn while_there_is_no_owner_serving_prints_a_set_up_link() {
    let folder = Folder::new("set-up");
    let (child, at, first) = serve(&folder, &[]).await;
    let url = first["set_up"]["url"].as_str().expect("a link").to_owned();
    assert!(url.starts_with(&format!("http://{at}/set-up")), "{url}");
    let (code, log) = terminate(child).await;
    assert_eq!(code, Some(0));
    assert!(!log.contains("setup_"), "the link is not in the log");
}

/// Starts `serve` on a port of the system's choice.
async fn serve(folder: &Folder, arguments: &[&str]) -> (Child, String, Value) {
    let mut child = mintmark(folder, &[&["serve", "--json", "--listen", "127.0.0.1:0"], arguments].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let first = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("speaks").expect("reads").expect("a line");
    let first: Value = serde_json::from_str(&first).expect("one JSON object");
    let at = first["listening"].as_str().expect("an address").to_owned();
    (child, at, first)
}

/// Sends SIGTERM and gives the exit code and the log.
async fn terminate(mut child: Child) -> (Option<i32>, String) {
    let id = child.id().expect("runs").to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("runs").success());
    let mut log = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut log).await.expect("reads");
    let status = tokio::time::timeout(PATIENCE, child.wait()).await.expect("ends").expect("ends");
    (status.code(), log)
}

/// WB6: at the loudest level the log has ids, and none of what a client sent.
#[tokio::test]
async fn the_log_has_the_request_id_and_no_secret_and_sigterm_ends_in_order() {
    let folder = Folder::new("log");
    let (child, at, _) = serve(&folder, &["--log", "trace", "--log-format", "json"]).await;
    let mut stream = TcpStream::connect(&at).await.expect("connects");
    let request = "POST /v1/canary-path?q=canary-query HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: req_0123456789abcdef01234567\r\n\
        authorization: Bearer canary-bearer\r\ncookie: mintmark=canary-cookie\r\nuser-agent: canary-agent\r\n\
        content-type: application/json\r\ncontent-length: 26\r\n\r\n{\"password\":\"canary-body\"}";
    stream.write_all(request.as_bytes()).await.expect("sends");
    assert_eq!(Answer::parse(&read_to_end(&mut stream).await).status, 404);
    let (code, log) = terminate(child).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("req_0123456789abcdef01234567") && log.contains("\"status\":404"), "{log}");
    assert!(!log.contains("canary"), "{log}");
    assert!(log.contains("draining"), "{log}");
}

/// The whole way without a browser, and a new master key under it (KY4).
#[tokio::test]
async fn the_master_key_is_rotated_from_the_command_line_and_finished_after_a_stop() {
    let folder = Folder::new("owner");
    let create =
        ["owner", "create", "--tenant-name", "Acme", "--tenant-slug", "acme", "--email", "a@b.example", "--password-stdin", "--json"];
    let mut child = mintmark(&folder, &create).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("a pipe").write_all(b"velvet otter plays backgammon\n").await.expect("writes");
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("ends").expect("runs");
    assert!(output.status.success(), "{}", said(&output));
    let made: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(
        made["tenant_id"].as_str().is_some_and(|id| id.starts_with("ten_"))
            && made["user_id"].as_str().is_some_and(|id| id.starts_with("usr_"))
    );
    let again = run(&folder, &create[..create.len() - 2], &[]).await;
    assert_eq!(again.status.code(), Some(1), "the slug is taken");

    let before = fs::read_to_string(folder.path("data/master.key")).expect("a key");
    let rotated = run(&folder, &["master-key", "rotate"], &[]).await;
    assert!(rotated.status.success(), "{}", said(&rotated));
    let after = fs::read_to_string(folder.path("data/master.key")).expect("a key");
    assert_ne!(before, after);
    assert_eq!(mode(&folder.path("data/master.key")), 0o600);
    assert!(!folder.path("data/master.key.new").exists());
    assert!(run(&folder, &["audit", "verify"], &[]).await.status.success());

    // The machine stopped between the database's commit and the rename: the next run finishes it.
    fs::rename(folder.path("data/master.key"), folder.path("data/master.key.new")).expect("renames");
    folder.write("data/master.key", 0o600, &before);
    assert_eq!(run(&folder, &["audit", "verify"], &[]).await.status.code(), Some(1));
    assert!(run(&folder, &["master-key", "rotate"], &[]).await.status.success());
    assert_eq!(fs::read_to_string(folder.path("data/master.key")).expect("a key"), after);

    let reset = run(&folder, &["user", "reset", "--email", "A@B.example", "--json"], &[]).await;
    let link: Value = serde_json::from_slice(&reset.stdout).expect("JSON");
    assert!(link["url"].as_str().is_some_and(|url| url.contains("/reset?token=reset_")), "{link}");
}
