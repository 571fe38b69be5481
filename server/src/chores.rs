//! What the process does by itself, beside answering: writes what the core gathered, sends mail, signs history, retires what is due.

use crate::{Context, mailer};
use mintmark::Result;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

/// Between the first turns of two chores, so that they read on one connection in turns: each that is opened stays, with a thread and a
/// schema of its own.
const APART: Duration = Duration::from_millis(40);

/// Runs until `done`. A chore under way is finished, so that nothing it took is lost; closing the core writes the rest.
pub(crate) async fn chores(context: &Context, done: &CancellationToken) {
    let (core, smtp) = (&context.core, context.config.smtp.as_ref());
    tokio::join!(
        every(0, Duration::from_secs(1), done, "refusals", || core.flush_refusals()),
        every(1, Duration::from_secs(1), done, "mail", || mailer::turn(core, smtp, done)),
        every(2, Duration::from_secs(10), done, "last uses", || core.flush_uses()),
        every(3, Duration::from_mins(1), done, "checkpoints", || core.write_checkpoints()),
        every(4, Duration::from_mins(10), done, "leftovers", || core.sweep()),
        every(5, Duration::from_hours(1), done, "purge", || async { core.purge().await.map(drop) }),
        every(6, Duration::from_mins(1), done, "keys", || core.retire_keys_that_are_due()),
        every(7, Duration::from_secs(5), done, "metrics", || async {
            crate::metrics::upkeep();
            Ok(())
        }),
    );
}

/// A failure is told and tried again at the next turn: none of these decides anything.
async fn every<F: Future<Output = Result<()>>>(
    place: u32,
    pause: Duration,
    done: &CancellationToken,
    what: &'static str,
    chore: impl Fn() -> F,
) {
    let mut turn = interval_at(Instant::now() + APART * place, pause);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = done.cancelled() => return,
            _ = turn.tick() => {}
        }
        if let Err(error) = chore().await {
            tracing::warn!(what, code = error.code().as_str(), "a chore failed and is tried again");
        }
    }
}
