//! The command line: settings, log, then one verb.

use clap::Parser;
use server::{
    command::{Command, Failed, Output},
    config::Config,
    log,
    settings::{self, Settings},
};
use std::{path::PathBuf, process::ExitCode};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Mints, limits, watches and revokes the credentials that embedded widgets carry.
///
/// Settings: flags win over the environment, the environment over the file, the file over the defaults. Unknown settings fail.
///
/// Exit codes: 0 done; 1 the command failed or found something wrong; 2 usage or settings; 3 the store cannot be used.
#[derive(Parser)]
#[command(name = "mintmark", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// File with settings in TOML, named like the flags
    #[arg(long, env = "MINTMARK_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write the result as one JSON object on standard output
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let output = Output { json: line.json };
    match begin(line, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => output.failed(&failed),
    }
}

fn begin(line: CommandLine, output: Output) -> Result<(), Failed> {
    settings::refuse_unknown::<CommandLine>(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
    let settings = line.settings.over_file(line.config.as_ref())?;
    let _log = log::start(settings.log.as_deref(), settings.log_format)?;
    let config = Config::resolve(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failed::from)?;
    runtime.block_on(line.command.run(config, output))
}
