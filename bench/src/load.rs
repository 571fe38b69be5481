//! The load: keep-alive connections on one thread, each with one request under way.
//!
//! Closed loop sends the next request when the last is answered: for rates. Open loop sends at a fixed rate whatever the
//! server does, and a latency counts from the moment at which the request was due, so that a server which stalls cannot
//! hide the requests that it kept from being sent (coordinated omission): for percentiles. No kept tool does both and
//! another bearer token for each request.

use crate::{
    Failed,
    latency::{Latencies, Percentiles},
    message,
    template::{Template, lines},
};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Read, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

/// What to do: all streams at once.
#[derive(Deserialize)]
pub struct Plan {
    seconds: f64,
    /// Seconds before that, which are not counted.
    #[serde(default)]
    warmup: f64,
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    name: String,
    connections: usize,
    /// Requests a second; absent: closed loop.
    rate: Option<f64>,
    #[serde(flatten)]
    template: Template,
    /// A file with a line for each request.
    values: Option<PathBuf>,
    /// Each line once, and the stream ends with the file; else from the start again.
    #[serde(default)]
    once: bool,
    /// Where to write fields of the answers, a line each.
    save: Option<Save>,
}

#[derive(Deserialize)]
struct Save {
    file: PathBuf,
    fields: Vec<String>,
}

/// What happened, by the streams' names.
pub type Report = BTreeMap<String, Done>;

/// What happened on one stream between warm-up and end.
#[derive(Serialize)]
pub struct Done {
    answered: u64,
    /// Warm-up included.
    sent: usize,
    seconds: f64,
    rate: f64,
    statuses: BTreeMap<u16, u64>,
    /// The beginning of the first answer of each status, so that a refusal can say why.
    samples: BTreeMap<u16, String>,
    /// Connections that broke.
    broken: u64,
    /// Requests that were due and never sent: the server was slower than the rate.
    unsent: u64,
    latency_ms: Percentiles,
}

struct Running {
    plan: Stream,
    /// Made before the clock starts, so that the load's own work is small.
    requests: Vec<Vec<u8>>,
    next: usize,
    due: Instant,
    latencies: Latencies,
    statuses: BTreeMap<u16, u64>,
    samples: BTreeMap<u16, String>,
    broken: u64,
    last: Instant,
    saved: String,
}

struct Connection {
    stream: usize,
    socket: TcpStream,
    buffer: Vec<u8>,
    /// When the request under way was sent, or due.
    begun: Option<Instant>,
}

/// Runs the plan.
pub fn run(plan: Plan) -> Result<Report, Failed> {
    let mut poll = Poll::new()?;
    let mut streams = Vec::new();
    let mut connections = Vec::new();
    for (at, stream) in plan.streams.into_iter().enumerate() {
        for _ in 0..stream.connections {
            let socket = connect(&poll, &stream.template, connections.len())?;
            connections.push(Connection { stream: at, socket, buffer: Vec::with_capacity(16_384), begun: None });
        }
        let requests = lines(stream.values.as_ref())?.iter().map(|line| stream.template.request(line)).collect();
        let now = Instant::now();
        let (latencies, statuses, samples, saved) = (Latencies::new()?, BTreeMap::new(), BTreeMap::new(), String::new());
        streams.push(Running { plan: stream, requests, next: 0, due: now, latencies, statuses, samples, broken: 0, last: now, saved });
    }
    let start = Instant::now();
    let counted = start + Duration::from_secs_f64(plan.warmup);
    let end = counted + Duration::from_secs_f64(plan.seconds);
    for stream in &mut streams {
        stream.due = start;
    }
    for connection in &mut connections {
        if streams[connection.stream].plan.rate.is_none() {
            connection.send_next(&mut streams)?;
        }
    }
    let mut events = Events::with_capacity(256);
    loop {
        let now = Instant::now();
        if now >= end || connections.iter().all(|c| c.begun.is_none() && streams[c.stream].spent()) {
            break;
        }
        for connection in connections.iter_mut().filter(|connection| connection.begun.is_none()) {
            let stream = &streams[connection.stream];
            if stream.plan.rate.is_some() && stream.due <= now {
                connection.send_next(&mut streams)?;
            }
        }
        match poll.poll(&mut events, Some(patience(&streams, &connections, now, end))) {
            // A signal, or a machine that stood still.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        for event in &events {
            let at = event.token().0;
            let connection = &mut connections[at];
            match connection.receive(&mut streams, counted) {
                Ok(true) if streams[connection.stream].plan.rate.is_none() => connection.send_next(&mut streams)?,
                Ok(_) => {}
                Err(_) => {
                    let stream = &mut streams[connection.stream];
                    stream.broken += 1;
                    connection.socket = connect(&poll, &stream.plan.template, at)?;
                    connection.begun = None;
                    connection.buffer.clear();
                    if stream.plan.rate.is_none() {
                        connection.send_next(&mut streams)?;
                    }
                }
            }
        }
    }
    streams.into_iter().map(|stream| stream.done(counted, end)).collect()
}

fn connect(poll: &Poll, template: &Template, at: usize) -> Result<TcpStream, Failed> {
    let socket = std::net::TcpStream::connect(template.address)?;
    socket.set_nonblocking(true)?;
    socket.set_nodelay(true)?;
    let mut socket = TcpStream::from_std(socket);
    poll.registry().register(&mut socket, Token(at), Interest::READABLE)?;
    Ok(socket)
}

/// How long to wait for answers. The kernel wakes us up to a millisecond late, so the last one before a due request is spun.
fn patience(streams: &[Running], connections: &[Connection], now: Instant, end: Instant) -> Duration {
    let idle = |at: usize| connections.iter().any(|connection| connection.stream == at && connection.begun.is_none());
    let due = streams.iter().enumerate().filter(|(at, stream)| stream.plan.rate.is_some() && !stream.spent() && idle(*at));
    let next = due.map(|(_, stream)| stream.due).min().unwrap_or(end);
    next.saturating_duration_since(now).saturating_sub(Duration::from_millis(2)).max(if next == end {
        Duration::from_millis(1)
    } else {
        Duration::ZERO
    })
}

impl Connection {
    /// Sends the stream's next request, if it has one.
    fn send_next(&mut self, streams: &mut [Running]) -> Result<(), Failed> {
        let stream = &mut streams[self.stream];
        if stream.spent() {
            return Ok(());
        }
        let request = &stream.requests[stream.next % stream.requests.len()];
        stream.next += 1;
        let begun = match stream.plan.rate {
            Some(rate) => {
                let due = stream.due;
                stream.due += Duration::from_secs_f64(1.0 / rate);
                due
            }
            None => Instant::now(),
        };
        let mut left = &request[..];
        while !left.is_empty() {
            match self.socket.write(left) {
                Ok(written) => left = &left[written..],
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                // The reading side notices, and counts it.
                Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => break,
                Err(error) => return Err(error.into()),
            }
        }
        self.begun = Some(begun);
        Ok(())
    }

    /// Reads what came; true when that completed the answer.
    fn receive(&mut self, streams: &mut [Running], counted: Instant) -> Result<bool, Failed> {
        let Some(begun) = self.begun else { return Ok(false) };
        let mut chunk = [0; 16_384];
        loop {
            match self.socket.read(&mut chunk) {
                Ok(0) => return Err("the server hung up".into()),
                Ok(read) => self.buffer.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            }
            let Some(answer) = message::whole(&self.buffer)? else { continue };
            let (stream, now) = (&mut streams[self.stream], Instant::now());
            if now >= counted {
                stream.latencies.add(now.saturating_duration_since(begun), now.saturating_duration_since(counted))?;
                let status = stream.plan.template.judge(&answer);
                let seen = stream.statuses.entry(status).or_default();
                *seen += 1;
                if *seen == 1 {
                    stream.samples.insert(status, String::from_utf8_lossy(&answer.body[..answer.body.len().min(300)]).into_owned());
                }
                stream.last = now;
            }
            if let Some(save) = &stream.plan.save
                && let Some(values) = save.fields.iter().map(|name| answer.field(name)).collect::<Option<Vec<_>>>()
            {
                stream.saved.push_str(&values.join("\t"));
                stream.saved.push('\n');
            }
            self.buffer.clear();
            self.begun = None;
            return Ok(true);
        }
    }
}

impl Running {
    /// Whether every line was used that may be used once.
    fn spent(&self) -> bool {
        self.plan.once && self.next >= self.requests.len()
    }

    fn done(self, counted: Instant, end: Instant) -> Result<(String, Done), Failed> {
        if let Some(save) = &self.plan.save {
            fs::write(&save.file, &self.saved)?;
        }
        // A stream that ran out of lines was over with its last answer.
        let until = if self.spent() { self.last } else { end };
        let seconds = until.saturating_duration_since(counted).as_secs_f64();
        let unsent = match self.plan.rate {
            Some(rate) if !self.spent() => end.saturating_duration_since(self.due).as_secs_f64() * rate,
            _ => 0.0,
        };
        #[expect(clippy::cast_precision_loss, reason = "requests of a run fit")]
        let rate = self.latencies.count() as f64 / seconds;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of requests")]
        let unsent = unsent as u64;
        let (answered, latency_ms) = (self.latencies.count(), self.latencies.percentiles());
        Ok((
            self.plan.name,
            Done {
                answered,
                sent: self.next,
                seconds,
                rate,
                statuses: self.statuses,
                samples: self.samples,
                broken: self.broken,
                unsent,
                latency_ms,
            },
        ))
    }
}
