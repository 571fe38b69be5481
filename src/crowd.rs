//! Ending more rows than one transaction may: stretch by stretch of an index, each durable before the next is looked for.
//!
//! One statement for a million rows would keep every other write waiting for seconds, and neither engine would be given the time. The
//! transaction that ends what they hang on comes last, and finds few that are left.

use crate::{
    Op, Result, Time, Tx,
    audit::Event,
    db::{Arg, one_request},
    writer::Write,
};

/// What has fewer is left to the one transaction.
pub(crate) const AT_ONCE: usize = 1_000;

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Rows that it ended.
    pub(crate) ended: u64,
    /// The last place that it ended rows at; none where there were few.
    pub(crate) last: Option<Time>,
}

impl Op {
    /// Ends rows until fewer than [`AT_ONCE`] are left besides what comes meanwhile. `next` selects the places of the next thousand live
    /// ones from a place on, in their order; `end` ends those between two places, which are among them; `event` tells of each stretch. Each
    /// has a request's time to itself.
    pub(crate) async fn in_stretches(
        &self,
        from: Time,
        begin: impl Fn() -> Result<Tx>,
        next: impl Fn(Time) -> (&'static str, Vec<Arg>),
        end: impl Fn(&Tx, Time, Time) -> Write,
        event: impl Fn() -> Event,
    ) -> Result<Reached> {
        let mut reached = Reached { ended: 0, last: None };
        loop {
            let (sql, args) = next(reached.last.unwrap_or(from));
            let places: Vec<(Time,)> = one_request(self.core().db().all(sql, args)).await?;
            let (Some((first,)), Some((last,)), true) = (places.first(), places.last(), places.len() >= AT_ONCE) else {
                return Ok(reached);
            };
            let mut tx = begin()?.urgently();
            let write = end(&tx, *first, *last);
            let place = tx.write(write);
            let done = one_request(tx.commit(event().counted(place))).await?;
            reached = Reached { ended: reached.ended + done.rows.get(place).copied().unwrap_or_default(), last: Some(*last) };
        }
    }
}
