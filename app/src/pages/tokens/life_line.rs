//! A token's life as one line: minted, last used, now, its end.

use crate::{ui::Now, words::exact};
use leptos::prelude::*;
use mintmark::{
    Time,
    token::{TokenStatus, WidgetToken},
};

/// The whole line, in its own units.
const WIDTH: i64 = 1_000;

/// So that a short life is seen at all.
const LEAST: i64 = 4;

/// Whole minutes; a row keeps milliseconds, its end is a whole second.
fn rounded(millis: i64) -> i64 {
    (millis.max(0) + mintmark::time::MINUTE / 2) / mintmark::time::MINUTE
}

/// Drawn from the row; the words under it say the same.
#[component]
pub fn LifeLine(token: WidgetToken) -> impl IntoView {
    let now = use_context::<Now>().map(|Now(now)| now);
    let whole = token.expires_at.since(token.created_at).max(1);
    let at = move |time: Time| (time.since(token.created_at).clamp(0, whole) * WIDTH) / whole;
    let end = token.revoked_at.filter(|_| token.status == TokenStatus::Revoked);
    let lived = match (token.status, end) {
        (TokenStatus::Active, _) => now.map_or(0, at),
        (TokenStatus::Expired, _) => WIDTH,
        (TokenStatus::Revoked, end) => end.map_or(WIDTH, at),
    }
    .max(LEAST);
    let tone = match token.status {
        TokenStatus::Active => "good",
        TokenStatus::Expired => "neutral",
        TokenStatus::Revoked => "danger",
    };
    let minutes = rounded(whole);
    let words = match token.status {
        TokenStatus::Active => {
            let left = now.map_or(0, |now| rounded(token.expires_at.since(now)));
            format!("Live for {left} of its {minutes} minutes.")
        }
        TokenStatus::Expired => format!("Lived its {minutes} minutes and expired by itself."),
        TokenStatus::Revoked => match end {
            Some(end) => format!("Revoked after {} of its {minutes} minutes.", rounded(end.since(token.created_at))),
            None => "Ended with its signing key, or when everything was revoked.".to_owned(),
        },
    };
    let used = token.last_used_at.map(|used| view! { <circle class="life-line__used" cx=at(used).to_string() cy="6" r="3"/> });
    view! {
        <figure class="life-line" data-tone=tone>
            <svg class="life-line__line" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label=words.clone()>
                <rect class="life-line__whole" x="0" y="3" width="1000" height="6"/>
                <rect class="life-line__lived" x="0" y="3" width=lived.to_string() height="6"/>
                {used}
            </svg>
            <figcaption class="life-line__words">
                <span class="life-line__state">{words}</span>
                <span>{format!("{} to {}", exact(token.created_at), exact(token.expires_at).rsplit(", ").next().unwrap_or_default())}</span>
            </figcaption>
        </figure>
    }
}
