//! What `GET /embed/v1/config` answers, kept for a second: the one place where an embed key's state is not read anew.
//!
//! What this process changes is dropped before the change is answered; what another one changes is at most a second late.
//! An entry belongs to a generation, and a change begins a new one: whoever read before the change and puts down after it
//! puts down what nobody takes up.

use crate::{EmbedKeyId, ProductId, TenantId, Time, origin::Origin, time::SECOND};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How late another process may hear of a change.
const LASTS: Duration = Duration::from_secs(1);
/// Keys at once; a crowd of unknown ones costs bounded memory.
const MOST: usize = 10_000;

/// A document and its entity tag, as they are served.
#[derive(Debug)]
pub struct ServedConfig {
    /// The JSON text.
    pub body: String,
    /// A strong entity tag, quotes included.
    pub etag: String,
}

/// A key that works, and what a page of its origins is told.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) tenant: TenantId,
    pub(super) product: ProductId,
    pub(super) slug: String,
    pub(super) origins: Vec<Origin>,
    pub(super) expires_at: Option<Time>,
    pub(super) served: Arc<ServedConfig>,
}

/// What a key is worth.
#[derive(Clone)]
pub(super) enum Worth {
    /// It works.
    Alive(Arc<Ground>),
    /// It works no more, or never did; with whose it was.
    Dead(Option<TenantId>),
}

/// What was read of a key, and when. Unknown and disabled keys are kept alike.
pub(super) struct Known {
    generation: u64,
    since: Instant,
    at: Time,
    pub(super) worth: Worth,
}

/// The memory of one process.
pub(crate) struct Configs {
    known: quick_cache::sync::Cache<EmbedKeyId, Arc<Known>>,
    generation: AtomicU64,
}

impl Default for Configs {
    fn default() -> Self {
        Self { known: quick_cache::sync::Cache::new(MOST), generation: AtomicU64::new(0) }
    }
}

/// A read that has begun: what it finds is as old as this.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    generation: u64,
    since: Instant,
    at: Time,
}

impl Configs {
    /// After anything has changed that a page may be told.
    pub(crate) fn drop_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// What is known of this key, if that was read within the last second and nothing has changed since.
    pub(super) fn get(&self, key: &EmbedKeyId, now: Time) -> Option<Arc<Known>> {
        let known = self.known.get(key)?;
        let same = known.generation == self.generation.load(Ordering::SeqCst);
        // By the machine's own count and by the clock that tests move, whichever is past first.
        let fresh = known.since.elapsed() < LASTS && (0..SECOND).contains(&now.since(known.at));
        (same && fresh).then_some(known)
    }

    /// To be called before the database is asked.
    pub(super) fn begin(&self, now: Time) -> Reading {
        Reading { generation: self.generation.load(Ordering::SeqCst), since: Instant::now(), at: now }
    }

    /// Keeps what was found.
    pub(super) fn keep(&self, reading: Reading, key: EmbedKeyId, worth: Worth) {
        let Reading { generation, since, at } = reading;
        self.known.insert(key, Arc::new(Known { generation, since, at, worth }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> EmbedKeyId {
        EmbedKeyId::new(Time::from_millis(1))
    }

    #[test]
    fn what_was_read_before_a_change_is_not_taken_up_after_it() {
        let (configs, key, now) = (Configs::default(), key(), Time::from_millis(1_000));
        let before = configs.begin(now);
        configs.drop_all();
        configs.keep(before, key.clone(), Worth::Dead(None));
        assert!(configs.get(&key, now).is_none(), "it was read before the change");
        let after = configs.begin(now);
        configs.keep(after, key.clone(), Worth::Dead(None));
        configs.drop_all();
        assert!(configs.get(&key, now).is_none(), "it was kept before the change");
    }

    #[test]
    fn a_second_later_the_database_is_asked_again() {
        let (configs, key, now) = (Configs::default(), key(), Time::from_millis(1_000));
        let reading = Reading { since: Instant::now() + Duration::from_mins(1), ..configs.begin(now) };
        configs.keep(reading, key.clone(), Worth::Dead(None));
        assert!(configs.get(&key, now.plus(SECOND - 1)).is_some());
        assert!(configs.get(&key, now.plus(SECOND)).is_none());
        assert!(configs.get(&key, now.plus(-1)).is_none(), "a clock that was set back proves nothing");
    }
}
