//! From starting a program to its first good answer.

use crate::{Failed, message, template::Template};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What to start, in the environment that this program has, and what to ask it.
#[derive(Deserialize)]
pub struct Plan {
    command: Vec<String>,
    ask: Template,
}

/// How long it took.
#[derive(Serialize)]
pub struct Report {
    ms: f64,
}

const PATIENCE: Duration = Duration::from_mins(1);

/// Starts, asks until it answers 200, and ends it.
pub fn run(plan: &Plan) -> Result<Report, Failed> {
    let (program, arguments) = plan.command.split_first().ok_or("name a command")?;
    let request = plan.ask.request("");
    let begun = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let took = loop {
        if asked(&plan.ask, &request) == Some(200) {
            break Some(begun.elapsed());
        }
        if begun.elapsed() > PATIENCE || child.try_wait()?.is_some() {
            break None;
        }
        std::thread::park_timeout(Duration::from_micros(500));
    };
    child.kill()?;
    child.wait()?;
    let took = took.ok_or_else(|| format!("{program} did not become ready"))?;
    Ok(Report { ms: took.as_secs_f64() * 1e3 })
}

fn asked(ask: &Template, request: &[u8]) -> Option<u16> {
    let mut socket = TcpStream::connect(ask.address).ok()?;
    socket.write_all(request).ok()?;
    let (mut buffer, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        match socket.read(&mut chunk).ok()? {
            0 => return None,
            read => buffer.extend_from_slice(&chunk[..read]),
        }
        if let Some(answer) = message::whole(&buffer).ok()? {
            return Some(answer.status);
        }
    }
}
