//! What the hours of the last day brought, as far as nothing is added to it any more: a view counts what is new, not the whole day.
//!
//! It is a chart's memory and decides nothing. Whether a token lives is read from its row each time, and so is how many do;
//! how many were minted in a past hour does not change, whatever became of them. Retention takes no row younger than thirty
//! days, and a backup is put back into an empty place, under a process that has counted nothing yet. What is committed late
//! all the same, by a machine that stood still or has another clock, is missed for an hour or so: then all is counted anew,
//! while what was counted before is still shown.

use super::HOURS;
use crate::{
    TenantId, Time,
    time::{HOUR, MINUTE, SECOND},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Rows may still come with times that lie so far back: longer than a request may take, and as far as the clock of a process
/// that is ready may be behind.
const SETTLES: i64 = MINUTE;
/// What has settled since is not worth two statements before it is so much.
const STEP: i64 = 10 * SECOND;
/// After so long a day is counted anew.
const LASTS: i64 = HOUR;
/// Entries at once; past it the one goes that was counted longest ago.
const MOST: usize = 1_000;

/// Whose hours: a tenant's, or those of these organizations of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Whose {
    pub(super) tenant: TenantId,
    pub(super) organizations: Option<Vec<String>>,
}

/// What an hour brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) minted: i64,
    pub(super) refused: i64,
}

/// A stretch of time within one hour; its end is excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Time,
    pub(super) to: Time,
}

impl Span {
    /// What of it is no longer than this, in milliseconds.
    pub(super) fn first(self, longest: i64) -> Self {
        Self { to: self.to.min(self.from.plus(longest)), ..self }
    }

    /// How long it is, in milliseconds.
    pub(super) fn length(self) -> i64 {
        self.to.since(self.from)
    }

    /// Its first half; none of a millisecond.
    pub(super) fn half(self) -> Option<Self> {
        let half = self.length() / 2;
        (half > 0).then(|| Self { to: self.from.plus(half), ..self })
    }
}

/// Hours since the epoch.
fn hour(time: Time) -> i64 {
    time.millis().div_euclid(HOUR)
}

fn start(hour: i64) -> Time {
    Time::from_millis(hour * HOUR)
}

/// Cut where hours begin, so that each piece is one range of an index, and a day that takes long is counted piece by piece.
pub(super) fn spans(from: Time, to: Time) -> impl Iterator<Item = Span> {
    std::iter::successors(Some(from), |from| Some(start(hour(*from) + 1)))
        .take_while(move |from| *from < to)
        .map(move |from| Span { from, to: start(hour(from) + 1).min(to) })
}

/// What was counted, hour by hour.
#[derive(Debug, Clone)]
pub(super) struct Day {
    begun: Time,
    /// The first hour that is shown.
    first: i64,
    /// All before this is counted, nothing from it on.
    until: Time,
    hours: BTreeMap<i64, Count>,
    /// How long a piece may be that is counted at once, in milliseconds.
    longest: i64,
    /// What will take its place once it is counted as far.
    anew: Option<Box<Day>>,
}

impl Day {
    /// The day that ends with the present hour, nothing of it counted.
    pub(super) fn begin(now: Time) -> Self {
        let first = hour(now) + 1 - i64::try_from(HOURS).unwrap_or_default();
        Self { begun: now, first, until: start(first), hours: BTreeMap::new(), longest: HOUR, anew: None }
    }

    /// The same counts under a later clock: hours go at one end and come at the other.
    fn moved(mut self, now: Time) -> Self {
        let Self { first, until, .. } = Self::begin(now);
        self.first = first;
        self.until = self.until.max(until);
        self.hours = self.hours.split_off(&first);
        self.anew = self.anew.map(|anew| Box::new(anew.moved(now)));
        self
    }

    /// The one that is to take its place, when it is time for that; counted whole, it replaces this one.
    pub(super) fn anew(&mut self, now: Time) -> Option<&mut Day> {
        let old = now.since(self.begun) >= LASTS;
        old.then(|| &mut **self.anew.get_or_insert_with(|| Box::new(Self::begin(now))))
    }

    /// How far it is, for days of one entry.
    fn reach(&self) -> (Time, Time, Option<(Time, Time)>) {
        (self.begun, self.until, self.anew.as_ref().map(|anew| (anew.begun, anew.until)))
    }

    /// What of one hour comes next: it has settled and is not counted yet, and is to be counted, added and kept.
    pub(super) fn settled(&self, now: Time) -> Option<Span> {
        let settled = now.plus(-SETTLES);
        if settled.since(self.until) < STEP { None } else { spans(self.until, settled).next().map(|span| span.first(self.longest)) }
    }

    /// What is still counted on every view, up to the end of the present hour: a clock may be ahead of ours.
    pub(super) fn rest(&self, now: Time) -> Vec<Span> {
        spans(self.until, start(hour(now) + 1)).collect()
    }

    /// What follows is likely to be as dense: pieces begin as long as the last one, or twice as long where it held few.
    pub(super) fn learn(&mut self, span: Span, few: bool) {
        self.longest = if few { span.length().saturating_mul(2) } else { span.length() };
    }

    /// Adds what follows on what is counted.
    pub(super) fn add(&mut self, span: Span, count: Count) {
        let sum = self.hours.entry(hour(span.from)).or_default();
        sum.minted += count.minted;
        sum.refused += count.refused;
        self.until = span.to;
    }

    /// Every hour of the day with its start, oldest first.
    pub(super) fn hours(&self) -> impl Iterator<Item = (Time, Count)> {
        (self.first..).take(HOURS).map(|hour| (start(hour), self.hours.get(&hour).copied().unwrap_or_default()))
    }
}

/// The memory of one process.
#[derive(Default)]
pub(crate) struct Days(Mutex<HashMap<Whose, Day>>);

impl Days {
    /// What is known, else a day of which nothing is.
    pub(super) fn get(&self, whose: &Whose, now: Time) -> Day {
        let mut entries = self.entries();
        match entries.get(whose) {
            Some(day) if now >= day.begun => day.clone().moved(now),
            // A clock that was set back disproves what it counted.
            Some(_) => {
                entries.remove(whose);
                Day::begin(now)
            }
            None => Day::begin(now),
        }
    }

    /// Keeps it, unless somebody has begun later or has counted further meanwhile: each day is right by itself, so that nothing is added up twice.
    pub(super) fn keep(&self, whose: &Whose, day: &Day) {
        let mut entries = self.entries();
        if entries.get(whose).is_some_and(|known| known.reach() > day.reach()) {
            return;
        }
        if entries.len() >= MOST && !entries.contains_key(whose) {
            let oldest = entries.iter().min_by_key(|(_, day)| day.until).map(|(whose, _)| whose.clone());
            oldest.and_then(|oldest| entries.remove(&oldest));
        }
        entries.insert(whose.clone(), day.clone());
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Whose, Day>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64, millis: i64) -> Time {
        Time::from_millis(hours * HOUR + millis)
    }

    fn whose(n: i64) -> Whose {
        Whose { tenant: format!("ten_{n:024x}").parse().expect("an id"), organizations: None }
    }

    fn minted(minted: i64) -> Count {
        Count { minted, refused: 0 }
    }

    /// A day of which each piece brought one.
    fn counted(now: Time) -> Day {
        let mut day = Day::begin(now);
        while let Some(span) = day.settled(now) {
            day.add(span, minted(1));
        }
        day
    }

    #[test]
    fn a_stretch_of_time_is_cut_where_hours_begin() {
        let cut = |from, to| spans(from, to).map(|span| (span.from, span.to)).collect::<Vec<_>>();
        assert_eq!(cut(at(5, 7), at(7, 1)), [(at(5, 7), at(6, 0)), (at(6, 0), at(7, 0)), (at(7, 0), at(7, 1))]);
        assert_eq!(cut(at(5, 0), at(6, 0)), [(at(5, 0), at(6, 0))]);
        assert_eq!(cut(at(5, 7), at(5, 7)), []);
    }

    #[test]
    fn all_of_a_day_is_counted_once_and_what_may_still_come_each_time() {
        let now = at(100, 30 * MINUTE);
        let mut day = counted(now);
        assert_eq!(
            day.hours().map(|(at, count)| (at, count.minted)).collect::<Vec<_>>(),
            (77..=100).map(|hour| (at(hour, 0), 1)).collect::<Vec<_>>()
        );
        assert_eq!(day.rest(now), [Span { from: now.plus(-SETTLES), to: at(101, 0) }]);
        assert_eq!(day.settled(now.plus(STEP - 1)), None);
        assert_eq!(day.settled(now.plus(STEP)), Some(Span { from: now.plus(-SETTLES), to: now.plus(STEP - SETTLES) }));
        let half = day.settled(now.plus(STEP)).and_then(Span::half).expect("half of it");
        day.add(half, minted(1));
        assert_eq!(day.rest(now.plus(STEP)), [Span { from: half.to, to: at(101, 0) }], "half of it was counted");
        assert_eq!(Span { from: now, to: now.plus(1) }.half(), None);
    }

    #[test]
    fn an_hour_leaves_the_day_and_a_long_silence_leaves_none() {
        let (days, whose, now) = (Days::default(), whose(1), at(100, 59 * MINUTE));
        days.keep(&whose, &counted(now));
        let next = now.plus(2 * MINUTE);
        let moved = days.get(&whose, next);
        assert_eq!(moved.hours().map(|(_, count)| count.minted).sum::<i64>(), 23, "the oldest is gone, and the present is not counted");
        assert_eq!(moved.rest(next).len(), 2);
        assert_eq!(days.get(&whose, now.plus(25 * HOUR)).hours, BTreeMap::new(), "a day later");
        assert_eq!(days.get(&whose, now.plus(-1)).hours, BTreeMap::new(), "a clock that was set back");
    }

    #[test]
    fn after_an_hour_a_day_is_counted_anew_and_shown_meanwhile() {
        let (days, whose, now) = (Days::default(), whose(1), at(100, 30 * MINUTE));
        let mut day = counted(now);
        assert!(day.anew(now.plus(LASTS - 1)).is_none());
        let later = now.plus(LASTS);
        let anew = day.anew(later).expect("it is time");
        let first = anew.settled(later).expect("all of it");
        anew.add(first, minted(2));
        days.keep(&whose, &day);
        let mut known = days.get(&whose, later);
        assert_eq!(known.hours().map(|(_, count)| count.minted).sum::<i64>(), 23, "as before, but for the hour that has gone");
        let kept = known.anew(later).expect("begun already");
        assert_eq!((kept.hours.len(), kept.until), (1, first.to));
        assert!(counted(later).anew(later).is_none());
    }

    #[test]
    fn whoever_counted_further_is_kept() {
        let (days, whose, now) = (Days::default(), whose(1), at(100, 30 * MINUTE));
        let (mut short, long) = (Day::begin(now), counted(now));
        short.add(short.settled(now).expect("a first hour"), minted(2));
        days.keep(&whose, &long);
        days.keep(&whose, &short);
        assert_eq!(days.get(&whose, now).hours, long.hours);
        let later = now.plus(LASTS);
        let mut both = long.clone();
        both.anew(later).expect("it is time");
        days.keep(&whose, &both);
        days.keep(&whose, &long);
        assert!(days.get(&whose, now).anew.is_some(), "what was begun anew is not lost");
        days.keep(&whose, &Day::begin(later));
        assert_eq!(days.get(&whose, later).hours, BTreeMap::new());
    }

    #[test]
    fn a_crowd_of_tenants_costs_bounded_memory() {
        let (days, now) = (Days::default(), at(100, 30 * MINUTE));
        for n in 0..=i64::try_from(MOST).expect("few") {
            let mut day = Day::begin(now);
            day.add(Span { from: day.until, to: day.until.plus(n + 1) }, minted(1));
            days.keep(&whose(n), &day);
        }
        assert_eq!(days.entries().len(), MOST);
        assert_eq!(days.get(&whose(0), now).hours, BTreeMap::new(), "the one that was counted longest ago");
        assert!(!days.get(&whose(1), now).hours.is_empty());
    }
}
