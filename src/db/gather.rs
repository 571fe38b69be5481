//! One row by its id within a tenant, for a statement that is asked for again and again: on PostgreSQL, those who ask while a
//! round trip is under way are asked for together in the next.
//!
//! A round trip costs both sides far more than the row. Nobody is answered by a statement that began before they asked, so that
//! what was committed before a call is seen by it; and whoever asks alone waits for nobody.

use super::{Db, Inline, Record, Wait, args, without_nul};
use crate::{Error, Result};
use sqlx::{Row, postgres::PgRow};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

/// Round trips under way at once: while one is read, the next is on its way.
const LANES: usize = 2;
/// Rows asked for in one.
const MOST: usize = 64;

/// A statement and those who wait for its rows.
pub(crate) struct Gather<T> {
    one: &'static str,
    lanes: Arc<Lanes<T>>,
}

struct Lanes<T> {
    many: &'static str,
    state: Mutex<State<T>>,
}

struct State<T> {
    waiting: VecDeque<Question<T>>,
    under_way: usize,
}

struct Question<T> {
    id: String,
    tenant: String,
    until: Instant,
    answer: oneshot::Sender<Result<Option<T>>>,
}

impl<T: Record + Inline + 'static> Gather<T> {
    /// `one` finds the row of `$1` in the tenant `$2`; `many` the rows of the ids `$1` in the tenants `$2`, both arrays, each with the
    /// place of its id, counted from one, in the column `place`.
    pub(crate) fn new(one: &'static str, many: &'static str) -> Self {
        let state = Mutex::new(State { waiting: VecDeque::new(), under_way: 0 });
        Self { one, lanes: Arc::new(Lanes { many, state }) }
    }

    /// The row, if there is one.
    pub(crate) async fn point(&self, db: &Db, id: &str, tenant: &str) -> Result<Option<T>> {
        let args = args![id, tenant];
        if !matches!(db, Db::Postgres(_)) {
            return db.point(self.one, args).await;
        }
        // A text that PostgreSQL does not hold would fail all that are asked for with it.
        without_nul(&args)?;
        let wait = Wait::begin();
        let (answer, answered) = oneshot::channel();
        let question = Question { id: id.to_owned(), tenant: tenant.to_owned(), until: wait.until(), answer };
        if let Some(lane) = self.lanes.queue(question) {
            // A task of its own: whoever began it may hang up.
            tokio::spawn(lane.run(db.clone()));
        }
        match timeout_at(wait.until(), answered).await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) | Err(_) => Err(Error::unavailable()),
        }
    }
}

#[cfg(test)]
impl<T: Record + 'static> Gather<T> {
    /// How many wait, and how many round trips are under way.
    pub(super) fn state(&self) -> (usize, usize) {
        let state = self.lanes.state();
        (state.waiting.len(), state.under_way)
    }
}

impl<T: Record + 'static> Lanes<T> {
    /// Somebody has to go and ask, unless enough are under way, who come by here again.
    fn queue(self: &Arc<Self>, question: Question<T>) -> Option<Lane<T>> {
        let mut state = self.state();
        state.waiting.push_back(question);
        if state.under_way == LANES {
            return None;
        }
        state.under_way += 1;
        Some(Lane { lanes: self.clone(), ended: false })
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One round trip after the other, until nobody waits.
struct Lane<T: Record + 'static> {
    lanes: Arc<Lanes<T>>,
    ended: bool,
}

impl<T: Record + 'static> Lane<T> {
    async fn run(mut self, db: Db) {
        // Whoever is about to ask, in this very turn of the runtime, comes along.
        tokio::task::yield_now().await;
        while let Some(batch) = self.next() {
            if !batch.is_empty() {
                answer(self.lanes.many, &db, batch).await;
            }
        }
    }

    /// Those who wait, without those that hung up; none when nobody waits and the lane has ended.
    fn next(&mut self) -> Option<Vec<Question<T>>> {
        let mut state = self.lanes.state();
        if state.waiting.is_empty() {
            // Under the same lock under which the next one who asks looks for a lane.
            state.under_way -= 1;
            self.ended = true;
            return None;
        }
        let many = state.waiting.len().min(MOST);
        Some(state.waiting.drain(..many).filter(|question| !question.answer.is_closed()).collect())
    }
}

impl<T: Record + 'static> Drop for Lane<T> {
    /// The runtime ends, or this task failed.
    fn drop(&mut self) {
        if !self.ended {
            self.lanes.state().under_way -= 1;
        }
    }
}

async fn answer<T: Record>(many: &'static str, db: &Db, batch: Vec<Question<T>>) {
    let Some(until) = batch.iter().map(|question| question.until).max() else { return };
    let ids = batch.iter().map(|question| question.id.clone()).collect();
    let tenants = batch.iter().map(|question| question.tenant.clone()).collect();
    match db.placed(many, ids, tenants, until).await {
        Ok(rows) => {
            let mut found: Vec<Option<PgRow>> = batch.iter().map(|_| None).collect();
            for row in rows {
                let place = row.try_get::<i64, _>("place").ok().and_then(|place| usize::try_from(place - 1).ok());
                if let Some(found) = place.and_then(|place| found.get_mut(place)) {
                    *found = Some(row);
                }
            }
            for (question, row) in batch.into_iter().zip(found) {
                // A row that cannot be read fails alone.
                let row = row.map(|row| T::from_row(&row).map_err(Error::from)).transpose();
                let _ = question.answer.send(row);
            }
        }
        Err(error) => {
            // The cause is told once, with the answer to whoever still waits.
            let mut cause = Some(error);
            for question in batch.into_iter().filter(|question| !question.answer.is_closed()) {
                let _ = question.answer.send(Err(cause.take().unwrap_or_else(Error::unavailable)));
            }
            if let Some(error) = cause {
                tracing::warn!(?error, "a read failed for which nobody waited any more");
            }
        }
    }
}
