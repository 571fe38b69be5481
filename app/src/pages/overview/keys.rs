//! Which key signs, and which one will.

use crate::{
    standing::Standing,
    ui::{Card, Fact, Facts, Id, Now, Status, Tone, When},
};
use leptos::prelude::*;
use mintmark::overview::KeysAtAGlance;

/// The keys, one line each.
#[component]
pub fn KeyStates(
    /// Whoever looks.
    standing: Standing,
    /// What signs.
    keys: KeysAtAGlance,
) -> impl IntoView {
    let page = standing.path("keys");
    let KeysAtAGlance { active, next, next_ready_at, retiring } = keys;
    let now = use_context::<Now>().map(|Now(now)| now);
    let waits_until = next_ready_at.filter(|ready| now.is_none_or(|now| *ready > now));
    let active = match active {
        Some(key) => view! {
            <Status tone=Tone::Good>{key.algorithm.to_string()}</Status>
            <span>"began "<When at=key.activated_at/></span>
            <Id value=key.id.to_string() href=page.clone()/>
        }
        .into_any(),
        None => view! { <Status tone=Tone::Danger>"None: nothing can be minted"</Status> }.into_any(),
    };
    let next = match (next, waits_until) {
        (Some(key), Some(ready)) => view! {
            <Status tone=Tone::Info>{key.algorithm.to_string()}</Status>
            <span>"ready "<When at=ready/></span>
            <Id value=key.id.to_string() href=page.clone()/>
        }
        .into_any(),
        (Some(key), None) => view! {
            <Status tone=Tone::Good>{key.algorithm.to_string()}</Status>
            <span>"ready to sign"</span>
            <Id value=key.id.to_string() href=page.clone()/>
        }
        .into_any(),
        (None, _) => view! { <Status tone=Tone::Warn>"None: make one before you rotate"</Status> }.into_any(),
    };
    let retiring = match retiring {
        0 => "None".to_owned(),
        1 => "One, until its last token has expired".to_owned(),
        more => format!("{more}, until their last tokens have expired"),
    };
    view! {
        <Card title="Signing keys">
            <Facts>
                <Fact label="Signs now">{active}</Fact>
                <Fact label="Signs next">{next}</Fact>
                <Fact label="Retiring"><a href=page>{retiring}</a></Fact>
            </Facts>
        </Card>
    }
}
