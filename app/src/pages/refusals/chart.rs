//! How many calls were refused, why, over the time that is looked at.

use super::words;
use crate::{
    ui::{Bar, BarChart, Now, Series, Tone},
    words::exact,
};
use leptos::prelude::*;
use mintmark::{
    Time,
    audit::RefusedCalls,
    time::{DAY, HOUR},
};

/// Steps of the drawing.
const STEPS: i64 = 24;

/// What the colours of the reasons are, the most frequent first; all others share the last.
const TONES: [Tone; 4] = [Tone::Danger, Tone::Warn, Tone::Info, Tone::Neutral];

/// Stacked bars by reason.
#[component]
pub fn OverTime(
    /// Newest first.
    calls: Vec<RefusedCalls>,
    /// Whether there were more than these.
    more: bool,
    /// "Last 24 hours"
    period: &'static str,
    /// How many of them; none for all of history.
    hours: Option<u32>,
) -> impl IntoView {
    let oldest = calls.last().map_or(Time::from_millis(0), |one| one.at);
    let until = use_context::<Now>().map_or_else(|| calls.first().map_or(oldest, |one| one.at), |Now(now)| now);
    // What was left out would look like a quiet time.
    let from = hours.filter(|_| !more).map_or(oldest, |hours| until.plus(-i64::from(hours) * HOUR));
    let (series, bars) = stacked(&calls, from, until);
    let series = series.into_iter().zip(TONES).map(|(name, tone)| Series { name, tone }).collect::<Vec<_>>();
    let title =
        if more { format!("The newest {} lines, refused calls", calls.len()) } else { format!("Refused calls: {}", period.to_lowercase()) };
    view! { <BarChart id="refused" title series bars/> }
}

/// The names of at most four series, and their figures at each step.
fn stacked(calls: &[RefusedCalls], from: Time, until: Time) -> (Vec<String>, Vec<Bar>) {
    let mut reasons: Vec<(String, u64)> = Vec::new();
    for one in calls {
        match reasons.iter_mut().find(|(reason, _)| *reason == one.reason) {
            Some((_, sum)) => *sum += one.calls,
            None => reasons.push((one.reason.clone(), one.calls)),
        }
    }
    reasons.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    let own = if reasons.len() > TONES.len() { TONES.len() - 1 } else { reasons.len() };
    let mut names: Vec<String> = reasons[..own].iter().map(|(reason, _)| words::reason(reason)).collect();
    if own < reasons.len() {
        names.push("Other reasons".to_owned());
    }
    let span = until.since(from).max(STEPS);
    let label = |step: i64| label(from.plus(span * step / STEPS), span);
    let mut bars: Vec<Bar> = (0..STEPS).map(|step| Bar { label: label(step), values: vec![0; names.len()] }).collect();
    for one in calls {
        let step = (one.at.since(from) * STEPS / span).clamp(0, STEPS - 1);
        let series = reasons[..own].iter().position(|(reason, _)| *reason == one.reason).unwrap_or(own);
        let bar = usize::try_from(step).ok().and_then(|step| bars.get_mut(step)?.values.get_mut(series));
        if let Some(count) = bar {
            *count += one.calls;
        }
    }
    (names, bars)
}

/// `14:00` within a day or two, else `23 May`; UTC as every time here.
fn label(at: Time, span: i64) -> String {
    let whole = exact(at);
    let (day, time) = whole.split_once(", ").unwrap_or((&whole, ""));
    if span <= 2 * DAY { time[..time.len().min(5)].to_owned() } else { day.rsplit_once(' ').map_or(day, |(day, _)| day).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(minute: i64, reason: &str, calls: u64) -> RefusedCalls {
        RefusedCalls { at: Time::from_millis(minute * 60_000), reason: reason.to_owned(), calls }
    }

    #[test]
    fn the_most_frequent_reasons_stand_alone_and_nothing_is_lost() {
        let calls = [
            refused(1_439, "widget_origin_mismatch", 5),
            refused(700, "a", 4),
            refused(700, "b", 3),
            refused(61, "c", 2),
            refused(60, "d", 1),
            refused(0, "widget_origin_mismatch", 20),
        ];
        let (names, bars) = stacked(&calls, Time::from_millis(0), Time::from_millis(DAY));
        assert_eq!(names, ["Page is not one of the token's", "A", "B", "Other reasons"]);
        assert_eq!((bars.len(), bars[0].values.clone(), bars[1].values.clone()), (24, vec![20, 0, 0, 0], vec![0, 0, 0, 3]));
        assert_eq!((bars[11].values.clone(), bars[23].values.clone()), (vec![0, 4, 3, 0], vec![5, 0, 0, 0]));
        assert_eq!((bars[0].label.as_str(), bars[23].label.as_str()), ("00:00", "23:00"));
    }

    #[test]
    fn one_event_at_the_very_end_has_its_place() {
        let (names, bars) = stacked(&[refused(10, "a", 1)], Time::from_millis(600_000), Time::from_millis(600_000));
        assert_eq!((names.len(), bars.iter().flat_map(|bar| &bar.values).sum::<u64>()), (1, 1));
    }
}
