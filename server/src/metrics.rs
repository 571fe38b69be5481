//! What is counted, and `/metrics`. Labels are routes, methods, statuses and codes; never an id.

use axum::extract::MatchedPath;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{
    collections::BTreeMap,
    sync::{OnceLock, PoisonError, RwLock},
    time::{Duration, Instant},
};

const SECONDS: &str = "mintmark_http_request_seconds";
const JOBS: &str = "mintmark_commit_jobs";

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
static STARTED: OnceLock<Instant> = OnceLock::new();

/// Starts counting; the process has one recorder, however often this is called.
pub fn install() {
    STARTED.get_or_init(Instant::now);
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(SECONDS.into()), &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0])
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full(JOBS.into()), &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]))
            .map(PrometheusBuilder::build_recorder);
        let recorder = builder.ok()?;
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        metrics::describe_counter!("mintmark_http_requests_total", "Requests by method, route and status.");
        metrics::describe_histogram!(SECONDS, metrics::Unit::Seconds, "From a request's head to its answer's head.");
        metrics::describe_counter!("mintmark_http_refusals_total", "Errors by their code.");
        metrics::describe_gauge!("mintmark_http_connections", "Connections that are open.");
        metrics::describe_counter!("mintmark_http_connections_refused_total", "Connections closed because their client had too many.");
        metrics::describe_counter!("mintmark_events_total", "What history was told, by action and outcome, once it was durable.");
        metrics::describe_counter!("mintmark_log_lines_dropped_total", "Lines that nobody read in time.");
        metrics::describe_counter!("mintmark_mail_total", "Mails by kind and by what became of them.");
        metrics::describe_counter!("mintmark_magic_links_total", "Requests for a sign-in link, by what became of them.");
        metrics::describe_gauge!("mintmark_mail_waiting", "Mails that were neither sent nor given up.");
        metrics::describe_gauge!("mintmark_mail_oldest_seconds", "For how long the oldest of them has waited.");
        metrics::describe_histogram!(JOBS, "Writes that shared one commit.");
        metrics::describe_gauge!("mintmark_build_info", "The version that runs.");
        metrics::gauge!("mintmark_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Some(handle)
    });
}

/// The text that Prometheus reads.
#[must_use]
pub fn render() -> String {
    let uptime = STARTED.get().map_or(0.0, |started| started.elapsed().as_secs_f64());
    metrics::gauge!("mintmark_uptime_seconds").set(uptime);
    HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

/// Empties the buffers of histograms, or a process that nobody scrapes would grow.
pub(crate) fn upkeep() {
    if let Some(Some(handle)) = HANDLE.get() {
        handle.run_upkeep();
    }
}

/// What one kind of request is counted with, looked up once: the recorder's own look-up makes and hashes five texts.
type Kind = ((&'static str, u16), metrics::Counter, metrics::Histogram);

/// The kinds of each route. Routes, methods and statuses are ours, so there is no end of it only on paper.
static KINDS: RwLock<BTreeMap<String, Vec<Kind>>> = RwLock::new(BTreeMap::new());

/// Counts one request.
pub(crate) fn request(method: &'static str, route: Option<&MatchedPath>, status: u16, took: Duration) {
    // What is looked up before the recorder is there counts nothing for ever.
    if !matches!(HANDLE.get(), Some(Some(_))) {
        return;
    }
    let route = route.map_or("none", MatchedPath::as_str);
    let count = |(_, requests, seconds): &Kind| {
        requests.increment(1);
        seconds.record(took.as_secs_f64());
    };
    let is_it = |(kind, ..): &&Kind| *kind == (method, status);
    if let Some(kind) = KINDS.read().unwrap_or_else(PoisonError::into_inner).get(route).and_then(|kinds| kinds.iter().find(is_it)) {
        return count(kind);
    }
    let labels = [("method", method.to_owned()), ("route", route.to_owned())];
    let requests =
        metrics::counter!("mintmark_http_requests_total", "method" => method, "route" => route.to_owned(), "status" => status.to_string());
    let kind = ((method, status), requests, metrics::histogram!(SECONDS, &labels));
    count(&kind);
    KINDS.write().unwrap_or_else(PoisonError::into_inner).entry(route.to_owned()).or_default().push(kind);
}
