//! The threads on which passwords are hashed: one less than there are cores, where there are several, and all of them give way to
//! everything else. So a crowd that signs in never has the whole machine (SE6, E11).

use crate::{Error, Result, priority::give_way};
use argon2::Block;
use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::sync::{Semaphore, oneshot};

/// Hashes that may wait for a thread; past it callers get 503.
const WAITING: usize = 128;
/// For how long a thread that has nothing to do keeps its memory, some 19 MiB.
const KEPT: Duration = Duration::from_secs(5);

/// The one door to the costly work of passwords.
pub(crate) struct Hashing {
    /// How many threads there are.
    threads: usize,
    /// One permit for each of them, so that nothing waits in their queue, where whoever hangs up would keep a place.
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    done: AtomicU64,
    /// To the threads. They begin with the first hash, and end when this is dropped.
    work: OnceLock<Threads>,
}

/// What a thread fills with a hash. It has one for all hashes of a crowd: made anew for each, it would stay behind in the allocator's
/// arena, and 500 sign-ins at once took 768 MiB.
pub(super) type Memory = Vec<Block>;

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

impl Default for Hashing {
    fn default() -> Self {
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let turns = Arc::new(Semaphore::new(threads));
        Self { threads, turns, waiting: AtomicUsize::new(0), done: AtomicU64::new(0), work: OnceLock::new() }
    }
}

impl Hashing {
    /// How many hashes were computed so far, for tests: an unknown account costs as many as a known one (SE7).
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// The same as `run`, and counts.
    pub(super) async fn hash<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        self.done.fetch_add(1, Ordering::SeqCst);
        self.run(work).await
    }

    /// Runs on a thread that may be kept busy. The permit goes with the work, so a caller that hangs up frees no thread early.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        let place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.turns).acquire_owned().await.map_err(Error::internal)?;
        drop(place);
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |memory| {
            let done = work(memory);
            drop(permit);
            // Whoever hung up wants no answer.
            let _ = answer.send(done);
        });
        self.threads()?.0.put(work);
        answered.await.map_err(Error::internal)
    }

    /// Of several who come first, one has its threads kept; those of the others end at once.
    fn threads(&self) -> Result<&Threads> {
        if let Some(work) = self.work.get() {
            return Ok(work);
        }
        let work = start(self.threads).map_err(Error::internal)?;
        Ok(self.work.get_or_init(|| work))
    }
}

/// Threads of their own, because their priority is low (E11): tokio's blocking threads are everybody's, and a lowered priority can
/// not be raised again.
fn start(threads: usize) -> io::Result<Threads> {
    let started = Threads(Arc::default());
    for _ in 0..threads {
        let queue = Arc::clone(&started.0);
        thread::Builder::new().name("hash".to_owned()).spawn(move || work_off(&queue))?;
    }
    Ok(started)
}

fn work_off(queue: &Queue) {
    give_way();
    let mut memory = Memory::new();
    while let Some(work) = queue.next(&mut memory) {
        // A panic is its caller's, whom no answer reaches; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| work(&mut memory)));
        // What a hash leaves was made of its password.
        memory.fill(Block::new());
    }
}

/// What waits for a thread. A channel of the standard library has one receiver, and here every thread has to be able to wait.
#[derive(Default)]
struct Queue {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    work: VecDeque<Work>,
    closed: bool,
}

impl Queue {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, work: Work) {
        self.inside().work.push_back(work);
        self.changed.notify_one();
    }

    /// The next piece of work, nothing at the end. Who waits for long gives its memory back.
    fn next(&self, memory: &mut Memory) -> Option<Work> {
        let mut inside = self.inside();
        loop {
            if let Some(work) = inside.work.pop_front() {
                return Some(work);
            }
            if inside.closed {
                return None;
            }
            if memory.is_empty() {
                inside = self.changed.wait(inside).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (woken, late) = self.changed.wait_timeout(inside, KEPT).unwrap_or_else(PoisonError::into_inner);
            inside = woken;
            if late.timed_out() {
                *memory = Memory::new();
            }
        }
    }
}

/// The way to the threads, which end when it is dropped.
struct Threads(Arc<Queue>);

impl Drop for Threads {
    fn drop(&mut self) {
        self.0.inside().closed = true;
        self.0.changed.notify_all();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::HashSet,
        pin::Pin,
        task::{Context, Poll, Waker},
    };
    use tokio::task::JoinSet;

    /// What it has to say at once, if anything.
    fn at_once<T>(future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(said) => Some(said),
            Poll::Pending => None,
        }
    }

    /// E11: however many come at once, there is one memory for each thread, and nothing of a password in it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_memory_of_a_hash_is_used_again() {
        let hashing = Arc::new(Hashing::default());
        let mut hashes = JoinSet::new();
        for _ in 0..100 {
            let hashing = Arc::clone(&hashing);
            let work = move |memory: &mut Memory| {
                let clean = memory.iter().all(|block| block.as_ref().iter().all(|word| *word == 0));
                memory.resize(64, Block::new());
                for block in memory.iter_mut() {
                    block.as_mut().fill(7);
                }
                (thread::current().id(), memory.as_ptr() as usize, clean)
            };
            hashes.spawn(async move { hashing.run(work).await.expect("no crowd") });
        }
        let seen = hashes.join_all().await;
        assert!(seen.iter().all(|(.., clean)| *clean), "what was left behind is wiped");
        let memories: HashSet<_> = seen.into_iter().map(|(thread, memory, _)| (thread, memory)).collect();
        assert!((1..=hashing.threads).contains(&memories.len()), "{} of {} threads", memories.len(), hashing.threads);
    }

    /// E11: those who sign in wait for those who read a token, not the other way round.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashes_give_way_to_everything_else() {
        let here = crate::priority::of_this_thread().1;
        let hashing = Hashing::default();
        for _ in 0..10 {
            let (name, nice) = hashing.run(|_| crate::priority::of_this_thread()).await.expect("runs");
            assert_eq!((name.as_str(), nice), ("hash", (here + 10).min(19)));
        }
        assert_eq!(crate::priority::of_this_thread().1, here);
    }

    #[tokio::test]
    async fn a_panic_ends_no_thread_and_keeps_no_place() {
        let hashing = Hashing::default();
        for _ in 0..=hashing.threads {
            assert!(hashing.run(|_| panic!("as a test")).await.map(|()| "no answer").is_err());
        }
        for _ in 0..=hashing.threads {
            assert_eq!(hashing.run(|_| 7).await.ok(), Some(7));
        }
    }

    /// Those who hang up while they wait give their place back; those who come when all are taken hear so at once.
    #[tokio::test]
    async fn a_crowd_is_told_to_come_back_and_places_are_given_back() {
        let hashing = Arc::new(Hashing::default());
        let _all = Arc::clone(&hashing.turns).acquire_many_owned(u32::try_from(hashing.threads).expect("few")).await.expect("free");
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(hashing.run(|_| ()))).collect();
        for one in &mut waiting {
            assert!(at_once(one.as_mut()).is_none(), "it waits for a thread");
        }
        assert_eq!(hashing.run(|_| ()).await.err().map(|error| error.code()), Some(crate::Code::Unavailable));
        waiting.pop();
        assert!(at_once(Box::pin(hashing.run(|_| ())).as_mut()).is_none(), "a place was free again");
    }
}
