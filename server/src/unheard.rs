//! Changes whose caller hung up, or was told that it took too long: they go on to their end, and nobody hears the answer (X1).
//!
//! One write stands whoever hangs up, since the writer has it. A change of several, as the end of a million tokens, would stop between two.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{runtime::Handle, sync::Semaphore};
use tokio_util::task::TaskTracker;

/// So many go on at once; whoever comes past it is stopped as a read would be.
const MOST: usize = 1_024;

/// Those that go on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Unheard {
    tasks: TaskTracker,
    room: Arc<Semaphore>,
}

impl Unheard {
    pub(crate) fn new() -> Self {
        Self { tasks: TaskTracker::new(), room: Arc::new(Semaphore::new(MOST)) }
    }

    /// Does this; when what comes of it is not waited for to its end, in a task of its own.
    pub(crate) fn to_the_end<T: 'static>(&self, change: impl Future<Output = T> + Send + 'static) -> ToTheEnd<T> {
        ToTheEnd { change: Some(Box::pin(change)), unheard: self.clone() }
    }

    /// When none goes on any more.
    pub(crate) async fn ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// A change that somebody waits for.
pub(crate) struct ToTheEnd<T: 'static> {
    change: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    unheard: Unheard,
}

impl<T> Future for ToTheEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        // What panics is gone with its panic.
        let Some(mut change) = self.change.take() else { return Poll::Pending };
        let polled = change.as_mut().poll(cx);
        if polled.is_pending() {
            self.change = Some(change);
        }
        polled
    }
}

impl<T> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        let (Some(change), Ok(runtime)) = (self.change.take(), Handle::try_current()) else { return };
        let Ok(place) = Arc::clone(&self.unheard.room).try_acquire_owned() else {
            tracing::warn!("{MOST} changes go on that nobody waits for; another one stops where it is");
            return;
        };
        self.unheard.tasks.spawn_on(
            async move {
                drop(change.await);
                drop(place);
            },
            &runtime,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn what_nobody_waits_for_goes_on() {
        let unheard = Unheard::new();
        let ((go, may_go), (done, mut is_done)) = (oneshot::channel::<()>(), oneshot::channel());
        let mut change = unheard.to_the_end(async move {
            let _ = may_go.await;
            let _ = done.send("done");
        });
        poll_fn(|cx| Poll::Ready(Pin::new(&mut change).poll(cx).is_pending())).await;
        drop(change);
        assert!(is_done.try_recv().is_err());
        go.send(()).expect("it goes on");
        unheard.ended().await;
        assert_eq!(is_done.try_recv(), Ok("done"));
    }

    #[tokio::test]
    async fn what_was_heard_is_done_once_and_leaves_its_place() {
        let unheard = Unheard::new();
        assert_eq!(unheard.to_the_end(async { 7 }).await, 7);
        assert!(unheard.tasks.is_empty() && unheard.room.available_permits() == MOST);
    }
}
