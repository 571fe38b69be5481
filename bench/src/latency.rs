//! Latencies, gathered in nanoseconds and told in milliseconds.

use crate::Failed;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// The longest latency that is told from longer ones, in nanoseconds: a minute.
const LONGEST: u64 = 60_000_000_000;

/// A histogram with three significant digits.
pub struct Latencies(Histogram<u64>);

/// Percentiles in milliseconds.
#[derive(Serialize)]
pub struct Percentiles {
    p50: f64,
    p90: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

impl Latencies {
    /// Empty.
    pub fn new() -> Result<Self, Failed> {
        Ok(Self(Histogram::new_with_bounds(1_000, LONGEST, 3)?))
    }

    /// One more.
    pub fn add(&mut self, latency: Duration) {
        self.0.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Where they lie.
    pub fn percentiles(&self) -> Percentiles {
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a run fit")]
        let at = |quantile| self.0.value_at_quantile(quantile) as f64 / 1e6;
        Percentiles { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1.0) }
    }
}
