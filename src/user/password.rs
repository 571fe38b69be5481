//! Passwords at rest: Argon2id off the async threads, at most one hash per core at once (SE6).

use crate::{Core, Error, HashCost, Result, Secret, secret::fill_random};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Hashes that may wait for a core; past it callers get 503.
const WAITING: usize = 128;

/// The one door to the costly work of passwords.
pub(crate) struct Hashing {
    cores: Arc<Semaphore>,
    waiting: AtomicUsize,
    done: AtomicU64,
    /// What hashes fill, one for each core at most. Made anew for each hash, it would stay behind in the allocator's arena of
    /// every thread that ever made one: 500 sign-ins at once took 768 MiB.
    memories: Arc<Mutex<Vec<Memory>>>,
}

/// The memory of one hash.
pub(super) type Memory = Vec<Block>;

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)), waiting: AtomicUsize::new(0), done: AtomicU64::new(0), memories: Arc::default() }
    }
}

impl Hashing {
    /// How many hashes were computed so far, for tests: an unknown account costs as many as a known one (SE7).
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// Runs on a thread that may be kept busy. The permit goes with the work, so a caller that hangs up frees no core early.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        let place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(Error::internal)?;
        drop(place);
        let memories = Arc::clone(&self.memories);
        let done = tokio::task::spawn_blocking(move || {
            let mut memory = memories.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            // What a hash leaves was made of its password.
            memory.fill(Block::new());
            memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
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

/// The PHC string of a password.
fn hash(argon2: &Argon2<'_>, memory: &mut Memory, password: &[u8], salt: &[u8]) -> Result<String> {
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(argon2, memory, password, salt, &mut out)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(Error::internal)?,
        salt: Some(Salt::new(salt).map_err(Error::internal)?),
        hash: Some(Output::new(&out).map_err(Error::internal)?),
    };
    Ok(hash.to_string())
}

/// Whether this is the password behind a PHC string, whatever it cost.
fn matches(memory: &mut Memory, password: &[u8], hash: &str) -> Option<bool> {
    let known = PasswordHash::new(hash).ok()?;
    let (salt, expected) = (known.salt?, known.hash?);
    let algorithm = Algorithm::try_from(known.algorithm.as_str()).ok()?;
    let argon2 = Argon2::new(algorithm, Version::try_from(known.version?).ok()?, Params::try_from(&known).ok()?);
    let mut out = vec![0; expected.len()];
    fill(&argon2, memory, password, &salt, &mut out).ok()?;
    Some(out.ct_eq(expected.as_bytes()).into())
}

fn fill(argon2: &Argon2<'_>, memory: &mut Memory, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<()> {
    memory.resize(argon2.params().block_count(), Block::new());
    argon2.hash_password_into_with_memory(password, salt, out, memory).map_err(Error::internal)
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
        self.hashing().run(move |memory| hash(&argon2, memory, password.as_bytes(), &salt)).await?
    }

    /// Whether the password is the one behind `hash`. Without a hash it never is, at the same cost (SE7).
    pub(crate) async fn password_matches(&self, password: &Secret, hash: Option<&str>) -> Result<bool> {
        let Some(hash) = hash.map(str::to_owned) else {
            self.hash_password(password).await?;
            return Ok(false);
        };
        let password = copy(password);
        self.hashing().done.fetch_add(1, Ordering::SeqCst);
        self.hashing().run(move |memory| matches(memory, password.as_bytes(), &hash).unwrap_or(false)).await
    }

    /// Whether `hash` was made more cheaply than one is made today.
    pub(crate) fn hash_is_outdated(&self, hash: &str) -> bool {
        let cost = self.settings().hash_cost;
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| params.m_cost() < cost.memory || params.t_cost() < cost.passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};
    use tokio::task::JoinSet;

    /// The library's own way to the same string, and back.
    #[test]
    fn hashes_are_those_of_the_library() {
        let (argon2, salt) = (argon2(HashCost { memory: 64, passes: 1 }).expect("costs"), [7; 16]);
        let theirs = argon2.hash_password_with_salt(b"right", &salt).expect("hashed").to_string();
        let mut memory = Memory::new();
        assert_eq!(hash(&argon2, &mut memory, b"right", &salt).expect("hashed"), theirs);
        assert_eq!(matches(&mut memory, b"right", &theirs), Some(true));
        assert_eq!(matches(&mut memory, b"wrong", &theirs), Some(false));
        assert_eq!(matches(&mut memory, b"right", "no hash"), None);
        assert!(argon2.verify_password(b"right", theirs.as_str()).is_ok());
    }

    /// E11: however many come at once, there is one memory for each core, and nothing of a password in it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_memory_of_a_hash_is_used_again() {
        let hashing = Arc::new(Hashing::default());
        let cores = hashing.cores.available_permits();
        let mut hashes = JoinSet::new();
        for _ in 0..100 {
            let hashing = Arc::clone(&hashing);
            let argon2 = argon2(HashCost { memory: 64, passes: 1 }).expect("costs");
            hashes.spawn(async move { hashing.run(move |memory| hash(&argon2, memory, b"right", &[7; 16])).await.is_ok() });
        }
        assert!(hashes.join_all().await.into_iter().all(|done| done));
        let memories = hashing.memories.lock().expect("not poisoned");
        assert!((1..=cores).contains(&memories.len()), "{} of {cores} cores", memories.len());
        assert!(memories.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }
}
