//! One file a verb: the type, how it is parsed, what it does. A new verb is its file and its line below.

use crate::{
    config::{BadSetting, Config},
    installation::Closed,
};
use mintmark::{Code, Error, Secret};
use serde::Serialize;
use std::{
    error::Error as _,
    io::{self, BufRead, Read, Write},
    process::ExitCode,
};
use zeroize::Zeroizing;

macro_rules! verbs {
    ($($(#[$meta:meta])* $file:ident $Verb:ident),+ $(,)?) => {
        $(mod $file;)+

        /// What `mintmark` can do.
        #[derive(clap::Subcommand)]
        pub enum Command { $($(#[$meta])* $Verb($file::$Verb),)+ }

        impl Command {
            /// Does it.
            pub async fn run(self, config: Config, output: Output) -> Result<(), Failed> {
                match self { $(Self::$Verb(verb) => verb.run(config, output).await,)+ }
            }
        }
    };
}

verbs! {
    /// Serve until told to stop (SIGTERM or SIGINT), then finish what is under way
    serve Serve,
    /// Bring the database up to date
    migrate Migrate,
    /// Copy everything but the master key into one file, while the server runs
    backup Backup,
    /// Put a backup back into an empty place, or prove that it could be
    restore Restore,
    /// Look for what would go wrong: durability, clock, disk, master key, proxies
    doctor Doctor,
    /// Ask the server of these settings whether it can serve, for containers
    healthcheck Healthcheck,
    /// Make a tenant and its first owner
    owner Owner,
    /// Let in somebody who lost their password or second factor
    user User,
    /// Seal everything under a new master key
    #[command(name = "master-key")]
    master_key MasterKeyCommand,
    /// Prove that history is as it was written
    audit Audit,
    /// Accept the time of a clock that was set back
    clock Clock,
    /// Write the description of the HTTP API
    openapi Openapi,
}

/// Where results go: data to standard output, talk to standard error.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// One JSON object instead of sentences.
    pub json: bool,
}

impl Output {
    /// Writes the result of a command. Whoever stopped reading, as `head` does, wanted no more.
    #[expect(clippy::print_stderr, reason = "standard error is where talk goes")]
    pub fn data(self, data: &impl Serialize, sentence: &str) {
        let text = match serde_json::to_string(data) {
            Ok(json) if self.json => json,
            _ => sentence.to_owned(),
        };
        match writeln!(io::stdout().lock(), "{text}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => eprintln!("mintmark: The result could not be written: {error}."),
            _ => {}
        }
    }

    /// Says why a command failed; with `--json` in the form of the API's errors.
    #[expect(clippy::print_stderr, reason = "standard error is where talk goes")]
    #[must_use]
    pub fn failed(self, failed: &Failed) -> ExitCode {
        if self.json {
            eprintln!("{}", serde_json::json!({ "code": failed.name(), "message": failed.to_string() }));
        } else {
            eprintln!("mintmark: {failed}");
        }
        ExitCode::from(failed.code())
    }
}

/// The first line of standard input, for what must not stand in an argument, where every process could read it.
fn from_stdin() -> io::Result<Secret> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().take(4_096).read_line(&mut line)?;
    let text = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text).to_owned()))
}

/// Why a command failed, and with which exit code.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// The core refused, or the store.
    #[error("{}", in_full(.0))]
    Core(#[from] Error),
    /// The command did its work and found something wrong.
    #[error("{0}")]
    Found(String),
    /// The machine refused.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// With what lies behind it, which only whoever has the machine is told: "connection refused" rather than "try again".
fn in_full(error: &Error) -> String {
    let message = error.problem().message;
    match error.source().map(ToString::to_string) {
        Some(cause) if !message.contains(&cause) => format!("{message} ({cause})"),
        _ => message,
    }
}

impl From<Closed> for Failed {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Setting(error) => Self::Setting(error),
            Closed::Core(error) => Self::Core(error),
        }
    }
}

impl Failed {
    fn code(&self) -> u8 {
        match self {
            Self::Setting(_) => 2,
            Self::Core(error) if error.code() == Code::Unavailable => 3,
            Self::Core(_) | Self::Found(_) | Self::Io(_) => 1,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Setting(_) => "invalid_setting",
            Self::Core(error) => error.code().as_str(),
            Self::Found(_) => "found",
            Self::Io(_) => "io",
        }
    }
}
