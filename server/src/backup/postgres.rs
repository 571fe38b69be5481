//! PostgreSQL's own tools, driven by our verbs. Passwords travel in the environment, never in an argument.

use crate::command::Failed;
use mintmark::Secret;
use std::{
    io::{self, Write},
    path::Path,
    process::{Command, ExitStatus, Stdio},
};
use url::Url;

/// `pg_dump` into a file of its custom format.
pub(crate) fn dump(database: &Secret, to: &Path) -> Result<(), Failed> {
    let mut dump = tool("pg_dump", database)?;
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
    said("pg_dump", dump.status())
}

/// `pg_restore` into an empty database, in one transaction that also moves every `not_before`: whenever the machine stops,
/// no token, session or API key of the backup is ever accepted.
pub(crate) fn load(database: &Secret, from: &Path, not_before: i64) -> Result<(), Failed> {
    let mut restore = Command::new("pg_restore");
    restore.args(["--no-owner", "--no-privileges", "--file=-"]).arg(from).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut restore = restore.spawn().map_err(|error| missing("pg_restore", &error))?;
    let mut psql = tool("psql", database)?;
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null", "--file=-"]);
    let mut psql = psql.stdin(Stdio::piped()).spawn().map_err(|error| missing("psql", &error))?;
    let fed = feed(restore.stdout.take(), psql.stdin.take(), not_before);
    let (restored, kept) = (restore.wait(), psql.wait());
    said("pg_restore", restored)?;
    said("psql", kept)?;
    Ok(fed?)
}

/// The script, then what must not be missing from it.
fn feed(script: Option<impl io::Read>, psql: Option<impl Write>, not_before: i64) -> io::Result<()> {
    let (Some(mut script), Some(mut psql)) = (script, psql) else { return Ok(()) };
    io::copy(&mut script, &mut psql)?;
    // pg_restore's script empties the search path.
    writeln!(psql, "update public.tenant set not_before = {not_before} where not_before < {not_before};")
}

/// A tool that is told where to connect.
fn tool(name: &'static str, database: &Secret) -> Result<Command, Failed> {
    let mut url = Url::parse(database.reveal()).map_err(|_| Failed::Found("The PostgreSQL URL cannot be read.".into()))?;
    let mut command = Command::new(name);
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", percent_encoding::percent_decode_str(password).decode_utf8_lossy().as_ref());
        let _ = url.set_password(None);
    }
    command.arg("--no-password").arg("--dbname").arg(url.as_str()).stdin(Stdio::null());
    Ok(command)
}

fn missing(name: &str, error: &io::Error) -> Failed {
    Failed::Found(format!("{name} cannot be run ({error}). It is in Debian's package postgresql-client."))
}

fn said(name: &str, status: io::Result<ExitStatus>) -> Result<(), Failed> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failed::Found(format!("{name} failed: {status}."))),
        Err(error) => Err(missing(name, &error)),
    }
}
