//! Ending more rows than one transaction may: stretch by stretch of an index, each durable before the next is looked for.
//!
//! One statement for a million rows would keep every other write waiting for seconds, and PostgreSQL would not be given the time. So
//! what they hang on ends first, in a transaction of its own, from when on nothing joins them; the answer comes after the last of them.

use crate::{
    Op, Result, Time, Tx,
    audit::Event,
    db::{Arg, one_request},
    writer::Write,
};

/// So many rows are a crowd; fewer end in one transaction, with what they hang on.
pub(crate) const AT_ONCE: usize = 1_000;

/// After every place.
pub(crate) const END: Time = Time::from_millis(i64::MAX);

/// What is looked at row by row along an index, and leads to no other. PostgreSQL takes nearly all rows to fit: had it to reckon with few,
/// it would read and sort the whole crowd for each thousand.
macro_rules! on_the_way {
    ($condition:expr) => {
        concat!("(case when ", $condition, " then 1 else 0 end) <> 0")
    };
}
pub(crate) use on_the_way;

impl Op {
    /// Whether [`AT_ONCE`] or more live. `next` selects the places of the next thousand from a place on, in their order.
    pub(crate) async fn is_crowd(&self, (sql, args): (&'static str, Vec<Arg>)) -> Result<bool> {
        let places: Vec<(Time,)> = self.core().db().all(sql, args).await?;
        Ok(places.len() >= AT_ONCE)
    }

    /// Ends what `next` finds from a place on, and answers how many that were. `end` ends those between two places, which are among
    /// them; `event` tells of each stretch, which has a request's time to itself. What lived when this was called is dead when it answers.
    pub(crate) async fn end_crowd(
        &self,
        from: Time,
        next: impl Fn(Time) -> (&'static str, Vec<Arg>),
        end: impl Fn(&Tx, Time, Time) -> Write,
        event: impl Fn() -> Event,
    ) -> Result<u64> {
        let (mut ended, mut ahead) = (0, Some(from));
        while let Some((first, last)) = self.next_stretch(&mut ahead, &next).await? {
            let mut tx = self.begin_own().urgently();
            let write = end(&tx, first, last);
            let place = tx.write(write);
            let done = one_request(tx.commit(event().counted(place))).await?;
            ended += done.rows.get(place).copied().unwrap_or_default();
        }
        Ok(ended)
    }

    /// The same for what an event has told already and nobody counts.
    pub(crate) async fn settle_crowd(
        &self,
        from: Time,
        next: impl Fn(Time) -> (&'static str, Vec<Arg>),
        settle: impl Fn(Time, Time) -> Write,
    ) -> Result<()> {
        let mut ahead = Some(from);
        while let Some((first, last)) = self.next_stretch(&mut ahead, &next).await? {
            one_request(self.core().keep_in_turn(self.tenant(), vec![settle(first, last)])).await?;
        }
        Ok(())
    }

    /// The next stretch, from its first place to its last; `ahead` becomes the place after it, or none after the rest.
    async fn next_stretch(
        &self,
        ahead: &mut Option<Time>,
        next: impl Fn(Time) -> (&'static str, Vec<Arg>),
    ) -> Result<Option<(Time, Time)>> {
        let Some(from) = ahead.take() else { return Ok(None) };
        let (sql, args) = next(from);
        let places: Vec<(Time,)> = one_request(self.core().db().all(sql, args)).await?;
        let (Some((first,)), Some((last,))) = (places.first(), places.last()) else { return Ok(None) };
        if places.len() < AT_ONCE {
            return Ok(Some((*first, END)));
        }
        // All of its last place ends with it, so that each stretch lies after the one before.
        *ahead = Some(last.plus(1));
        Ok(Some((*first, *last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::Action, db::args, on_each_engine};

    on_each_engine! {
        /// What ends by itself between a look and its transaction is ended by nobody, and keeps nobody from what comes after it.
        async fn a_place_that_nothing_is_ended_at_is_left(fresh) {
            let acme = fresh.tenant("acme").await;
            let rows = "insert into credential_use (id, last_used_at)
                 with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500) select 'same' || i, 7 from n";
            fresh.sql(rows).await.expect("rows");
            fresh.sql("insert into credential_use (id, last_used_at) values ('later', 8)").await.expect("a row");
            let next = |from: Time| ("select last_used_at from credential_use where last_used_at >= $1 order by last_used_at limit 1000", args![from]);
            let end = |_: &Tx, first: Time, last: Time| {
                Write::any("delete from credential_use where last_used_at >= $1 and last_used_at <= $2 and last_used_at > 7", args![first, last])
            };
            let op = acme.owner().await;
            assert!(op.is_crowd(next(Time::default())).await.expect("looked"));
            let ended = op.end_crowd(Time::default(), next, end, || Event::new(Action::TokensRevoked)).await.expect("ended");
            assert_eq!(ended, 1);
            assert!(!op.is_crowd(next(Time::from_millis(8))).await.expect("looked"));
        }
    }
}
