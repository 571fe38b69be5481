//! Latencies, gathered in nanoseconds and told in milliseconds.

use crate::Failed;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// The longest latency that is told from longer ones, in nanoseconds: a minute.
const LONGEST: u64 = 60_000_000_000;

/// How long a window is.
const WINDOW: Duration = Duration::from_millis(500);

/// A histogram with three significant digits, and one for each window.
pub struct Latencies {
    all: Histogram<u64>,
    windows: Vec<Histogram<u64>>,
}

/// Percentiles in milliseconds.
#[derive(Serialize)]
pub struct Percentiles {
    p50: f64,
    p90: f64,
    p99: f64,
    /// The median of the p99s of all windows of half a second. What stops the whole machine for a tenth of a second is in one or two of
    /// them; what a server does every time is in each.
    window_p99: f64,
    p999: f64,
    max: f64,
}

impl Latencies {
    /// Empty.
    pub fn new() -> Result<Self, Failed> {
        Ok(Self { all: empty()?, windows: Vec::new() })
    }

    /// One more, that ended so long after the first window began.
    pub fn add(&mut self, latency: Duration, at: Duration) -> Result<(), Failed> {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.all.saturating_record(nanos);
        let window = usize::try_from(at.as_nanos() / WINDOW.as_nanos())?;
        while self.windows.len() <= window {
            self.windows.push(empty()?);
        }
        self.windows[window].saturating_record(nanos);
        Ok(())
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.all.len()
    }

    /// Where they lie.
    pub fn percentiles(&self) -> Percentiles {
        let at = |quantile| millis(&self.all, quantile);
        let mut windows: Vec<f64> = self.windows.iter().filter(|window| !window.is_empty()).map(|window| millis(window, 0.99)).collect();
        windows.sort_by(f64::total_cmp);
        let window_p99 = windows.get(windows.len() / 2).copied().unwrap_or_default();
        Percentiles { p50: at(0.5), p90: at(0.9), p99: at(0.99), window_p99, p999: at(0.999), max: at(1.0) }
    }
}

fn empty() -> Result<Histogram<u64>, Failed> {
    Ok(Histogram::new_with_bounds(1_000, LONGEST, 3)?)
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds of a run fit")]
fn millis(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    histogram.value_at_quantile(quantile) as f64 / 1e6
}
