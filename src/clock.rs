//! The system's time, or one that a test moves. Everything else asks a `Clock`.

use crate::Time;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's wall clock.
    System,
    /// A test's.
    Moved(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn standing_at(time: Time) -> Self {
        Self::Moved(Arc::new(AtomicI64::new(time.millis())))
    }

    /// Moves a test's clock by `millis`, backwards when negative; the system's stays as it is.
    pub fn advance(&self, millis: i64) {
        if let Self::Moved(at) = self {
            at.fetch_add(millis, Ordering::SeqCst);
        }
    }

    /// The time now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Time {
        match self {
            Self::System => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Time::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Moved(at) => Time::from_millis(at.load(Ordering::SeqCst)),
        }
    }
}
