//! Passwords at rest: Argon2id off the async threads, at most one hash per core at once (SE6).

use crate::{Core, Error, HashCost, Result, Secret, secret::fill_random};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Hashes that may wait for a core; past it callers get 503.
const WAITING: usize = 128;

/// The one door to the costly work of passwords.
pub(crate) struct Hashing {
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
    done: AtomicU64,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)), waiting: AtomicUsize::new(0), done: AtomicU64::new(0) }
    }
}

impl Hashing {
    /// How many hashes were computed so far, for tests: an unknown account costs as many as a known one (SE7).
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// Runs on a thread that may be kept busy. The permit goes with the work, so a caller that hangs up frees no core early.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(Error::internal)?;
        drop(place);
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(Error::internal)
    }
}

/// A place in the queue, given back however the wait ends.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Self(waiting);
        if before < WAITING { Ok(place) } else { Err(Error::unavailable()) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2(cost: HashCost) -> Result<Argon2<'static>> {
    let params = Params::new(cost.memory, cost.passes, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn copy(password: &Secret) -> Zeroizing<String> {
    Zeroizing::new(password.reveal().to_owned())
}

impl Core {
    /// The PHC string that the database keeps.
    pub(crate) async fn hash_password(&self, password: &Secret) -> Result<String> {
        let (argon2, password) = (argon2(self.settings().hash_cost)?, copy(password));
        let mut salt = [0_u8; 16];
        fill_random(&mut salt);
        self.hashing().done.fetch_add(1, Ordering::SeqCst);
        let hash = self.hashing().run(move || argon2.hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string()));
        hash.await?.map_err(Error::internal)
    }

    /// Whether the password is the one behind `hash`. Without a hash it never is, at the same cost (SE7).
    pub(crate) async fn password_matches(&self, password: &Secret, hash: Option<&str>) -> Result<bool> {
        let Some(hash) = hash.map(str::to_owned) else {
            self.hash_password(password).await?;
            return Ok(false);
        };
        let (argon2, password) = (argon2(self.settings().hash_cost)?, copy(password));
        self.hashing().done.fetch_add(1, Ordering::SeqCst);
        self.hashing().run(move || argon2.verify_password(password.as_bytes(), hash.as_str()).is_ok()).await
    }

    /// Whether `hash` was made more cheaply than one is made today.
    pub(crate) fn hash_is_outdated(&self, hash: &str) -> bool {
        let cost = self.settings().hash_cost;
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| params.m_cost() < cost.memory || params.t_cost() < cost.passes)
    }
}
