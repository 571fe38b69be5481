//! Revoke, then ask the guard: how long until the first refusal, and whether one call got through after the answer.

use crate::{
    Failed,
    latency::{Latencies, Percentiles},
    message,
    template::{Template, lines},
};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    time::Instant,
};

/// Where to revoke, where to ask, and the tokens: a line each, with the columns that the templates name.
#[derive(Deserialize)]
pub struct Plan {
    revoke: Template,
    guard: Template,
    values: PathBuf,
}

/// What happened.
#[derive(Serialize)]
pub struct Report {
    revoked: u64,
    /// Calls that the guard let through although the revocation had been answered. The promise is that there is none.
    accepted_after_answer: u64,
    /// From sending the revocation to having read the first refusal.
    latency_ms: Percentiles,
}

/// How often a revoked token is tried before this is called a failure.
const TRIES: u64 = 10_000;

/// Runs the plan, one token after the other on one connection each to the revoking and the guarding server.
pub fn run(plan: &Plan) -> Result<Report, Failed> {
    let (mut latencies, started) = (Latencies::new()?, Instant::now());
    let mut accepted_after_answer = 0;
    let mut revoking = Line::to(&plan.revoke)?;
    let mut guarding = Line::to(&plan.guard)?;
    for line in lines(Some(&plan.values))? {
        let ask = plan.guard.request(&line);
        let alive = guarding.call(&plan.guard, &ask)?;
        if alive != 200 {
            return Err(format!("a live token was answered with {alive}").into());
        }
        let begun = Instant::now();
        let revoked = revoking.call(&plan.revoke, &plan.revoke.request(&line))?;
        if !(200..300).contains(&revoked) {
            return Err(format!("a revocation was answered with {revoked}").into());
        }
        let before = accepted_after_answer;
        loop {
            match guarding.call(&plan.guard, &ask)? {
                // Or a 200 that says so in its body.
                401 | 0 => break,
                200 if accepted_after_answer - before < TRIES => accepted_after_answer += 1,
                status => return Err(format!("a revoked token was answered with {status}").into()),
            }
        }
        latencies.add(begun.elapsed(), started.elapsed())?;
    }
    Ok(Report { revoked: latencies.count(), accepted_after_answer, latency_ms: latencies.percentiles() })
}

/// One connection, used in turns.
struct Line(TcpStream);

impl Line {
    fn to(template: &Template) -> Result<Self, Failed> {
        let socket = TcpStream::connect(template.address)?;
        socket.set_nodelay(true)?;
        Ok(Self(socket))
    }

    fn call(&mut self, template: &Template, request: &[u8]) -> Result<u16, Failed> {
        self.0.write_all(request)?;
        let (mut buffer, mut chunk) = (Vec::new(), [0; 16_384]);
        loop {
            let read = self.0.read(&mut chunk)?;
            if read == 0 {
                return Err("the server hung up".into());
            }
            buffer.extend_from_slice(&chunk[..read]);
            if let Some(answer) = message::whole(&buffer)? {
                return Ok(template.judge(&answer));
            }
        }
    }
}
