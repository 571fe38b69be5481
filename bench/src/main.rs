//! The parts of `make bench` that must be quick themselves: the load, the clocks, and the peers that are written in Rust.
//!
//! What is measured, in which order and against what is decided in `bench/run.mjs`, which starts this program again and
//! again: a plan as JSON on standard input, the result as JSON on standard output.

mod cold;
mod commit;
mod latency;
mod limit;
mod load;
mod message;
mod revoke;
mod template;

use clap::{Parser, Subcommand};
use std::{io, path::PathBuf};

/// Whatever went wrong ends the measurement; nobody tells kinds apart.
type Failed = Box<dyn std::error::Error>;

#[derive(Parser)]
#[command(about)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Sends requests in closed or open loop, as the plan says
    Load,
    /// Revokes token after token and asks the guard at once
    Revoke,
    /// Starts a program and times how soon it answers
    Cold,
    /// Commits one token and its event at a time, durably, for a second: the rate is the unit of whatever must be durable
    Commit1 {
        /// Where to put the file
        folder: PathBuf,
    },
    /// A bare axum route
    Hello {
        /// Port of 127.0.0.1
        port: u16,
    },
    /// As little as can keep the same promises
    Limit {
        /// Port of 127.0.0.1
        port: u16,
        /// Its data, made when absent
        folder: PathBuf,
        /// Rows of tokens to begin with
        rows: u32,
        /// The URL of a PostgreSQL to keep them in, instead of a SQLite file in the folder
        database: Option<String>,
    },
}

fn main() -> Result<(), Failed> {
    match Arguments::parse().verb {
        Verb::Load => answer(&load::run(serde_json::from_reader(io::stdin())?)?),
        Verb::Revoke => answer(&revoke::run(&serde_json::from_reader(io::stdin())?)?),
        Verb::Cold => answer(&cold::run(&serde_json::from_reader(io::stdin())?)?),
        Verb::Commit1 { folder } => answer(&commit::rate(&folder)?),
        Verb::Hello { port } => limit::hello(port),
        Verb::Limit { port, folder, rows, database } => limit::serve(port, &folder, rows, database.as_deref()),
    }
}

fn answer(result: &impl serde::Serialize) -> Result<(), Failed> {
    serde_json::to_writer(io::stdout(), result)?;
    Ok(())
}
