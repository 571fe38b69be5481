//! The log: what to tell, and in which form. It carries ids, never a token, cookie, header map, body or mail address.
//!
//! No request waits for whoever reads it: lines are gathered in memory and written by a thread of their own, some milliseconds'
//! worth at once. Killed, the process takes those lines with it; history is elsewhere, and durable.

use crate::{config::BadSetting, settings::LogFormat};
use std::{
    io::{self, IsTerminal, Write, stderr},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tracing_subscriber::{
    EnvFilter,
    fmt::{self, MakeWriter},
};

/// How long a line may wait for others to be written with. For as long as lines come, whoever writes one wakes nobody: on the core that
/// answers requests the thread that is woken goes first, and each answer waited for it.
const GATHERED_FOR: Duration = Duration::from_millis(10);
/// Bytes that may wait. Past it, where nobody reads, lines are dropped and counted: memory is bounded, and calls go on.
const ROOM: usize = 1 << 20;
/// Bytes that are written at once.
const MUCH: usize = ROOM / 2;
/// What is kept of the room once a burst is over.
const KEPT: usize = 1 << 16;

/// For how long the end of the process waits for whoever reads the last lines.
const LAST: Duration = Duration::from_secs(1);

/// The log of this process, until it is dropped: then what waits is written, if somebody reads it.
#[must_use]
pub struct Log(Arc<Waiting>);

/// Starts the log on standard error: standard output is for data.
pub fn start(filter: Option<&str>, format: Option<LogFormat>) -> Result<Log, BadSetting> {
    let filter =
        EnvFilter::builder().parse(filter.unwrap_or("info")).map_err(|error| BadSetting(format!("MINTMARK_LOG is no filter: {error}.")))?;
    let format = format.unwrap_or(if stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json });
    let (log, lines) = Log::to(stderr()).map_err(|error| BadSetting(format!("The log's thread did not start: {error}.")))?;
    let subscriber = fmt::fmt().with_env_filter(filter).with_writer(lines);
    match format {
        LogFormat::Text => subscriber.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
    Ok(log)
}

#[derive(Default)]
struct Waiting {
    lines: Mutex<Lines>,
    changed: Condvar,
}

#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    dropped: u64,
    /// The thread waits for a line, and has to be woken for it.
    asleep: bool,
    ended: bool,
    /// All of them, and the thread has ended.
    written: bool,
}

impl Waiting {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn to(out: impl Write + Send + 'static) -> io::Result<(Self, Gathered)> {
        let waiting = Arc::<Waiting>::default();
        let there = waiting.clone();
        thread::Builder::new().name("log".to_owned()).spawn(move || write(&there, out))?;
        Ok((Self(waiting.clone()), Gathered(waiting)))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let mut lines = self.0.lines();
        lines.ended = true;
        self.0.changed.notify_all();
        let _ = self.0.changed.wait_timeout_while(lines, LAST, |lines| !lines.written);
    }
}

fn write(waiting: &Waiting, mut out: impl Write) {
    let mut bytes = Vec::new();
    loop {
        let gathering = |lines: &mut Lines| !lines.ended && lines.bytes.len() < MUCH;
        let gathered = waiting.changed.wait_timeout_while(waiting.lines(), GATHERED_FOR, gathering);
        let (mut lines, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        if lines.bytes.is_empty() && !lines.ended {
            lines.asleep = true;
            drop(waiting.changed.wait_while(lines, |lines| lines.asleep && !lines.ended));
            continue;
        }
        mem::swap(&mut bytes, &mut lines.bytes);
        let (dropped, ended) = (mem::take(&mut lines.dropped), lines.ended);
        drop(lines);
        // There is nobody to tell that the log cannot be written.
        let _ = out.write_all(&bytes).and_then(|()| out.flush());
        bytes.clear();
        bytes.shrink_to(KEPT);
        if dropped > 0 {
            tracing::warn!(dropped, "lines of the log were dropped: nobody read it");
        }
        let mut lines = waiting.lines();
        if ended && lines.bytes.is_empty() {
            lines.written = true;
            waiting.changed.notify_all();
            return;
        }
    }
}

/// Where lines go to wait.
struct Gathered(Arc<Waiting>);

impl<'a> MakeWriter<'a> for Gathered {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl Write for &Gathered {
    /// One line, as the subscriber hands it over.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lines();
        if lines.bytes.len() + line.len() > ROOM {
            lines.dropped += 1;
            drop(lines);
            metrics::counter!("mintmark_log_lines_dropped_total").increment(1);
            return Ok(line.len());
        }
        let before = lines.bytes.len();
        lines.bytes.extend_from_slice(line);
        let hurry = before < MUCH && lines.bytes.len() >= MUCH;
        let asleep = mem::take(&mut lines.asleep);
        drop(lines);
        if asleep || hurry {
            self.0.changed.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Hands over what is written, and waits each time until it may go on.
    struct Reader {
        written: mpsc::Sender<Vec<u8>>,
        read: mpsc::Receiver<()>,
    }

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.written.send(bytes.to_vec());
            let _ = self.read.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log() -> (Log, Gathered, mpsc::Receiver<Vec<u8>>, mpsc::Sender<()>) {
        let ((written, seen), (go, read)) = (mpsc::channel(), mpsc::channel());
        let (log, lines) = Log::to(Reader { written, read }).expect("a thread");
        (log, lines, seen, go)
    }

    #[test]
    fn whoever_writes_a_line_does_not_wait_for_who_reads_it() {
        let (log, lines, seen, go) = log();
        (&lines).write_all(b"one\n").expect("gathered");
        assert_eq!(seen.recv().expect("written"), b"one\n");
        // Now the reader stands still.
        for _ in 0..3 {
            (&lines).write_all(b"two\n").expect("gathered");
        }
        go.send(()).expect("reads on");
        drop(go);
        drop(log);
        assert_eq!(seen.into_iter().collect::<Vec<_>>().concat(), b"two\ntwo\ntwo\n", "what waits is written before the process ends");
    }

    #[test]
    fn a_line_wakes_the_thread_that_has_gone_to_sleep() {
        let (log, lines, seen, go) = log();
        for line in [b"one\n", b"two\n"] {
            while !lines.0.lines().asleep {
                std::thread::yield_now();
            }
            (&lines).write_all(line).expect("gathered");
            assert!(!lines.0.lines().asleep, "nobody wakes it again while it gathers");
            assert_eq!(seen.recv_timeout(Duration::from_secs(30)).expect("written"), line);
            go.send(()).expect("reads on");
        }
        drop(go);
        drop(log);
    }

    #[test]
    fn a_process_ends_although_nobody_reads() {
        let (log, lines, seen, go) = log();
        (&lines).write_all(b"one\n").expect("gathered");
        assert_eq!(seen.recv().expect("written"), b"one\n");
        drop(log);
        drop(go);
    }

    #[test]
    fn what_nobody_reads_costs_bounded_memory() {
        let (log, lines, seen, go) = log();
        (&lines).write_all(b"first\n").expect("gathered");
        assert_eq!(seen.recv().expect("written"), b"first\n");
        let line = [b'x'; 1_024];
        for _ in 0..2 * ROOM / line.len() {
            (&lines).write_all(&line).expect("dropped without a word to whoever wrote it");
        }
        let waiting = lines.0.lines();
        assert_eq!((waiting.bytes.len(), waiting.dropped), (ROOM, 1_024));
        drop(waiting);
        drop(go);
        drop(log);
        assert_eq!(seen.into_iter().map(|bytes| bytes.len()).sum::<usize>(), ROOM);
    }
}
