//! The life of a key, drawn: each state with the keys that are in it now, revoked ones beside.

use super::{PROMOTE, end, in_state, minutes};
use crate::{
    api::keys::KeyBook,
    ui::{Badge, Button, Id, Size, Status, Tone, Variant, When},
};
use leptos::prelude::*;
use mintmark::{
    Time,
    key::{KeyState, NEEDED_FOR, SigningKey},
};

/// From left to right, as keys go.
const STAGES: [(KeyState, &str); 4] = [
    (KeyState::Next, "Published, so that every verifier knows it before it signs."),
    (KeyState::Active, "Signs whatever is minted now."),
    (KeyState::Retiring, "Signs no more, stays published. What it signed goes on working."),
    (KeyState::Retired, "No longer published. All that it signed has expired."),
];

/// What a state is called and means.
pub(super) fn state(state: KeyState) -> (&'static str, Tone) {
    match state {
        KeyState::Next => ("Next", Tone::Info),
        KeyState::Active => ("Active", Tone::Good),
        KeyState::Retiring => ("Retiring", Tone::Warn),
        KeyState::Retired => ("Retired", Tone::Neutral),
        KeyState::Revoked => ("Revoked", Tone::Danger),
    }
}

#[component]
pub(super) fn Life(book: KeyBook, refused: Option<String>) -> impl IntoView {
    let stages = STAGES
        .into_iter()
        .map(|(stage, meaning)| {
            let keys: Vec<_> = book.keys.iter().filter(|key| key.state == stage).cloned().collect();
            view! { <Stage stage meaning keys book=book.clone() refused=refused.clone()/> }
        })
        .collect_view();
    let revoked = book.keys.iter().filter(|key| key.state == KeyState::Revoked).count();
    view! {
        <section class="key-life" aria-label="The life of a signing key">
            <ol class="key-life__line" role="list">{stages}</ol>
            <div class="key-life__beside">
                <Status tone=Tone::Danger>"Revoked"</Status>
                <p class="key-life__meaning">
                    "From any state, at once: no longer published, and everything that it signed is dead. "
                    {ended(revoked, "revoked")}
                </p>
            </div>
        </section>
    }
}

#[component]
fn Stage(stage: KeyState, meaning: &'static str, keys: Vec<SigningKey>, book: KeyBook, refused: Option<String>) -> impl IntoView {
    let (name, tone) = state(stage);
    let content = if stage == KeyState::Retired {
        view! { <p class="key-life__none">{ended(keys.len(), "retired")}</p> }.into_any()
    } else if keys.is_empty() {
        view! { <p class="key-life__none">"None now."</p> }.into_any()
    } else {
        keys.into_iter().map(|key| view! { <Key key_=key book=book.clone() refused=refused.clone()/> }).collect_view().into_any()
    };
    view! {
        <li class="key-life__stage" data-state=stage.as_str()>
            <h2 class="key-life__name"><Status tone>{name}</Status></h2>
            <p class="key-life__meaning">{meaning}</p>
            {content}
        </li>
    }
}

fn ended(count: usize, word: &str) -> impl IntoView + use<> {
    match count {
        0 => format!("None {word} so far.").into_any(),
        1 => view! { <a href="#earlier">{format!("1 key {word}")}</a> }.into_any(),
        _ => view! { <a href="#earlier">{format!("{count} keys {word}")}</a> }.into_any(),
    }
}

/// One key as it is now, and the steps that it can take.
#[component]
fn Key(key_: SigningKey, book: KeyBook, refused: Option<String>) -> impl IntoView {
    let key = key_;
    let steps = match key.state {
        KeyState::Next => {
            let young = book.next_ready_at.filter(|at| *at > book.now);
            view! {
                <Line label="Published"><When at=key.created_at/></Line>
                <Line label="May sign">
                    {match young {
                        Some(at) => view! { <When at/> }.into_any(),
                        None => "now".into_any(),
                    }}
                </Line>
            }
            .into_any()
        }
        KeyState::Active => view! {
            <Line label="Signs since"><When at=key.activated_at/></Line>
            <Line label="Signs for">{tokens(key.live_tokens)}</Line>
            <Line label="Last used"><When at=key.last_used_at/></Line>
        }
        .into_any(),
        _ => view! {
            <Line label="Stopped"><When at=key.retiring_at/></Line>
            <Line label="Still signs for">{tokens(key.live_tokens)}</Line>
            <Line label="Last used"><When at=key.last_used_at/></Line>
            <Line label="Retires"><When at=key.retiring_at.map(|at: Time| at.plus(NEEDED_FOR))/></Line>
        }
        .into_any(),
    };
    let promotion = (key.state == KeyState::Next && in_state(&book, KeyState::Active).is_some()).then(|| {
        view! { <Button size=Size::Small opens=PROMOTE disabled_because=refused.clone()>"Promote"</Button> }
    });
    let retirement = (key.state != KeyState::Active).then(|| {
        let in_use = (key.live_tokens > 0).then(|| {
            format!(
                "It still signs for {}. They expire within {}; wait for that, or revoke the key.",
                super::live_tokens(key.live_tokens),
                minutes(NEEDED_FOR / 1_000)
            )
        });
        let because = refused.clone().or(in_use);
        view! { <Button size=Size::Small opens=end::retire_id(&key.id) disabled_because=because>"Retire"</Button> }
    });
    view! {
        <article class="key" aria-label=format!("Key {}", super::short(&key.id))>
            <div class="key__head">
                <Id value=key.id.to_string()/>
                <Badge mono=true>{key.algorithm.as_str()}</Badge>
            </div>
            <dl class="key__facts">{steps}</dl>
            <div class="key__actions">
                {promotion}
                {retirement}
                <Button size=Size::Small variant=Variant::Ghost opens=end::revoke_id(&key.id) disabled_because=refused>"Revoke"</Button>
            </div>
        </article>
    }
}

/// Live ones; the place is narrow.
fn tokens(count: i64) -> String {
    super::live_tokens(count).replace("live ", "")
}

#[component]
fn Line(label: &'static str, children: Children) -> impl IntoView {
    view! { <div class="key__fact"><dt>{label}</dt><dd>{children()}</dd></div> }
}
