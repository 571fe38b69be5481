//! The log: what to tell, and in which form. It carries ids, never a token, cookie, header map, body or mail address.

use crate::{config::BadSetting, settings::LogFormat};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts the log on standard error: standard output is for data.
pub fn start(filter: Option<&str>, format: Option<LogFormat>) -> Result<(), BadSetting> {
    let filter =
        EnvFilter::builder().parse(filter.unwrap_or("info")).map_err(|error| BadSetting(format!("MINTMARK_LOG is no filter: {error}.")))?;
    let format = format.unwrap_or(if stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json });
    let log = fmt().with_env_filter(filter).with_writer(stderr);
    match format {
        LogFormat::Text => log.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
