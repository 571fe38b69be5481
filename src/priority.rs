//! What can wait gives way to what cannot: a lower priority for the thread that does it.

use crate::{Error, Result};
use tokio::sync::oneshot;

/// How far below the others: of two threads that want the same core, it then gets a tenth. So it goes on, however busy the machine
/// is, and whoever is woken by a request need not wait until it is through.
#[cfg(target_os = "linux")]
const STEPS: i32 = 10;

/// Lowers the priority of the calling thread, and of every thread and process that it starts from now on. There is no way
/// back, because only a privileged process may raise a priority again: this is for threads of their own, and for work that holds no
/// lock for which others wait: they would wait at its priority.
/// Elsewhere than on Linux a priority is the whole process's, and nothing is done.
pub(crate) fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(STEPS) {
        // A sandbox may forbid it. All the rest works the same.
        tracing::debug!(%error, "the priority of a thread could not be lowered");
    }
}

/// Runs this on a thread of its own that gives way, with the programs and threads that it starts: what is long, and what nobody waits for.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (done, answer) = oneshot::channel();
    let aside = move || {
        give_way();
        let _ = done.send(work());
    };
    std::thread::Builder::new().name("aside".to_owned()).spawn(aside).map_err(Error::internal)?;
    answer.await.map_err(Error::internal)
}

/// The name and the priority (`nice`) of the calling thread, as the system knows them.
#[cfg(all(test, target_os = "linux"))]
pub(crate) fn of_this_thread() -> (String, i32) {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("proc is mounted");
    let (head, fields) = stat.rsplit_once(") ").expect("the name is in parentheses");
    let (_, name) = head.split_once('(').expect("the name is in parentheses");
    // The nineteenth of all, where the state, after the name, is the third.
    let nice = fields.split(' ').nth(16).and_then(|nice| nice.parse().ok()).expect("a number");
    (name.to_owned(), nice)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_gives_way_with_all_that_it_starts_and_nothing_else_does() {
        let before = of_this_thread().1;
        let lowered = std::thread::spawn(|| {
            give_way();
            let child = std::thread::spawn(|| of_this_thread().1).join().expect("joins");
            (of_this_thread().1, child)
        });
        let expected = (before + STEPS).min(19);
        assert_eq!(lowered.join().expect("joins"), (expected, expected));
        assert_eq!(of_this_thread().1, before);
    }

    #[tokio::test]
    async fn what_is_done_aside_gives_way() {
        let here = of_this_thread().1;
        let there = aside(|| of_this_thread().1).await.expect("done");
        assert_eq!((there, of_this_thread().1), ((here + STEPS).min(19), here));
        assert!(aside::<()>(|| panic!("as it may")).await.is_err());
    }
}
