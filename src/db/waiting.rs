//! How long the store may keep somebody waiting: two seconds for one statement, and no longer for all statements of one request.

use std::{cell::Cell, time::Duration};
use tokio::time::Instant;

/// For all waits of one request; outside of one, for each wait.
const LONGEST: Duration = Duration::from_secs(2);

tokio::task_local! {
    static SPENT: Cell<Duration>;
}

/// Runs one request's work: what it waits for readers and writer adds up, so that it fails in time however many statements it has.
pub async fn one_request<T>(work: impl Future<Output = T>) -> T {
    SPENT.scope(Cell::default(), work).await
}

/// One wait; what it took is added up when it ends, answered or not.
pub(crate) struct Wait(Instant);

impl Wait {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// When it has been long enough.
    pub(crate) fn until(&self) -> Instant {
        let spent = SPENT.try_with(Cell::get).unwrap_or_default();
        self.0 + LONGEST.saturating_sub(spent)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        // Outside of a request nothing adds up.
        let _ = SPENT.try_with(|spent| spent.set(spent.get() + self.0.elapsed()));
    }
}
