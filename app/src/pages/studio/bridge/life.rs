//! The life of a bridge key, drawn: each state with the keys that are in it now, revoked ones beside.

use super::{end, live_sessions, short};
use crate::ui::{Badge, Button, Cell, Id, Row, Section, Size, Status, Table, Tone, Variant, When};
use leptos::prelude::*;
use mintmark::bridge::{BridgeAlgorithm, BridgeKey, BridgeKeyState};

/// From left to right, as keys go.
const STAGES: [(BridgeKeyState, &str); 4] = [
    (BridgeKeyState::Next, "Accepted already, so that your backend may begin to sign with it at any time."),
    (BridgeKeyState::Active, "What your backend signs with."),
    (BridgeKeyState::Retiring, "Still accepted, until the last of your servers signs with its successor."),
    (BridgeKeyState::Retired, "Opens no new session. Those that it vouched for live on."),
];

/// What a state is called.
fn state(state: BridgeKeyState) -> (&'static str, Tone) {
    match state {
        BridgeKeyState::Next => ("Next", Tone::Info),
        BridgeKeyState::Active => ("Active", Tone::Good),
        BridgeKeyState::Retiring => ("Retiring", Tone::Warn),
        BridgeKeyState::Retired => ("Retired", Tone::Neutral),
        BridgeKeyState::Revoked => ("Revoked", Tone::Danger),
    }
}

#[component]
pub(super) fn Life(keys: Vec<BridgeKey>, refused: Option<String>) -> impl IntoView {
    let stages = STAGES
        .into_iter()
        .map(|(stage, meaning)| {
            let here: Vec<_> = keys.iter().filter(|key| key.state == stage).cloned().collect();
            view! { <Stage stage meaning keys=here refused=refused.clone()/> }
        })
        .collect_view();
    let revoked = keys.iter().filter(|key| key.state == BridgeKeyState::Revoked).count();
    view! {
        <div class="key-life" role="group" aria-label="The life of a bridge key">
            <ol class="key-life__line" role="list">{stages}</ol>
            <div class="key-life__beside">
                <Status tone=Tone::Danger>"Revoked"</Status>
                <p class="key-life__meaning">
                    "From any state, at once, with every session that it vouched for. "
                    {ended(revoked, "revoked")}
                </p>
            </div>
        </div>
    }
}

#[component]
fn Stage(stage: BridgeKeyState, meaning: &'static str, keys: Vec<BridgeKey>, refused: Option<String>) -> impl IntoView {
    let (name, tone) = state(stage);
    let content = if stage == BridgeKeyState::Retired {
        view! { <p class="key-life__none">{ended(keys.len(), "retired")}</p> }.into_any()
    } else if keys.is_empty() {
        view! { <p class="key-life__none">"None now."</p> }.into_any()
    } else {
        keys.into_iter().map(|key| view! { <Key key_=key refused=refused.clone()/> }).collect_view().into_any()
    };
    view! {
        <li class="key-life__stage" data-state=stage.as_str()>
            <h3 class="key-life__name"><Status tone>{name}</Status></h3>
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
fn Key(key_: BridgeKey, refused: Option<String>) -> impl IntoView {
    let key = key_;
    let kind = if key.algorithm == BridgeAlgorithm::Hs256 { "Secret" } else { "Pair" };
    let whose = if key.made_here { "made here" } else { "yours" };
    let held = key.held_at;
    view! {
        <article class="key" aria-label=format!("Key {}", short(&key.id))>
            <div class="key__head">
                <Id value=key.id.to_string()/>
                <Badge mono=true>{key.algorithm.as_str()}</Badge>
                {held.map(|_| view! { <Badge tone=Tone::Warn>"held"</Badge> })}
            </div>
            <dl class="key__facts">
                <Line label=kind>{whose}</Line>
                <Line label="Added"><When at=key.created_at/></Line>
                <Line label="Vouches for">{live_sessions(key.live_sessions).replace("live ", "")}</Line>
                <Line label="Last used"><When at=key.last_used_at/></Line>
            </dl>
            <div class="key__actions">
                {held.map(|_| view! { <Button size=Size::Small opens=end::release_id(&key.id) disabled_because=refused.clone()>"Release"</Button> })}
                {(key.state == BridgeKeyState::Next).then(|| view! {
                    <Button size=Size::Small opens=end::promote_id(&key.id) disabled_because=refused.clone()>"Promote"</Button>
                })}
                {(key.state != BridgeKeyState::Active).then(|| view! {
                    <Button size=Size::Small opens=end::retire_id(&key.id) disabled_because=refused.clone()>"Retire"</Button>
                })}
                <Button size=Size::Small variant=Variant::Ghost opens=end::revoke_id(&key.id) disabled_because=refused>"Revoke"</Button>
            </div>
        </article>
    }
}

#[component]
fn Line(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="key__fact">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

/// Keys whose life is over.
#[component]
pub(super) fn Past(keys: Vec<BridgeKey>, refused: Option<String>) -> impl IntoView {
    let mut past: Vec<_> = keys.into_iter().filter(|key| !key.state.verifies()).collect();
    if past.is_empty() {
        return ().into_any();
    }
    let ended = |key: &BridgeKey| key.revoked_at.or(key.retired_at);
    past.sort_by_key(|key| std::cmp::Reverse(ended(key)));
    let rows = past
        .into_iter()
        .map(|key| {
            let ((name, tone), ended) = (state(key.state), ended(&key));
            let sessions = if key.state == BridgeKeyState::Retired && key.live_sessions > 0 {
                let verb = format!("Revoke with {}", live_sessions(key.live_sessions));
                view! { <Button size=Size::Small opens=end::revoke_id(&key.id) disabled_because=refused.clone()>{verb}</Button> }.into_any()
            } else {
                live_sessions(key.live_sessions).into_any()
            };
            view! {
                <Row muted=true>
                    <Cell label="Key"><Id value=key.id.to_string()/></Cell>
                    <Cell label="Algorithm"><Badge mono=true>{key.algorithm.as_str()}</Badge></Cell>
                    <Cell label="State"><Status tone>{name}</Status></Cell>
                    <Cell label="Ended"><When at=ended/></Cell>
                    <Cell label="Reason">{key.revoke_reason.filter(|reason| !reason.is_empty())}</Cell>
                    <Cell label="Sessions">{sessions}</Cell>
                </Row>
            }
        })
        .collect_view();
    let columns = ["Key", "Algorithm", "State", "Ended", "Reason", "Sessions"].map(Into::into);
    view! { <Section id="earlier" title="Earlier keys"><Table caption="Earlier keys" columns>{rows}</Table></Section> }.into_any()
}
