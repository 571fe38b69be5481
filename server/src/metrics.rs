//! What is counted, and `/metrics`. Labels are routes, methods, statuses and codes; never an id.

use axum::extract::MatchedPath;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{
    sync::OnceLock,
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

/// Counts one request.
pub(crate) fn request(method: &'static str, route: Option<&MatchedPath>, status: u16, took: Duration) {
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    metrics::counter!("mintmark_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(SECONDS, "method" => method, "route" => route).record(took.as_secs_f64());
}
