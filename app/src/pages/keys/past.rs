//! Keys whose life is over: which they were, when and why they ended.

use super::life::state;
use crate::ui::{Badge, Cell, Id, Row, Section, Status, Table, When};
use leptos::prelude::*;
use mintmark::key::{KeyState, SigningKey};

#[component]
pub(super) fn PastKeys(keys: Vec<SigningKey>) -> impl IntoView {
    let mut past: Vec<_> = keys.into_iter().filter(|key| matches!(key.state, KeyState::Retired | KeyState::Revoked)).collect();
    if past.is_empty() {
        return ().into_any();
    }
    let ended = |key: &SigningKey| key.revoked_at.or(key.retired_at);
    past.sort_by_key(|key| std::cmp::Reverse(ended(key)));
    let rows = past
        .into_iter()
        .map(|key| {
            let (name, tone) = state(key.state);
            let ended = ended(&key);
            view! {
                <Row muted=true>
                    <Cell label="Key"><Id value=key.id.to_string()/></Cell>
                    <Cell label="Algorithm"><Badge mono=true>{key.algorithm.as_str()}</Badge></Cell>
                    <Cell label="State"><Status tone>{name}</Status></Cell>
                    <Cell label="Published"><When at=key.created_at/></Cell>
                    <Cell label="Signed from"><When at=key.activated_at/></Cell>
                    <Cell label="Ended"><When at=ended/></Cell>
                    <Cell label="Reason">{key.revoke_reason.filter(|reason| !reason.is_empty())}</Cell>
                </Row>
            }
        })
        .collect_view();
    let columns = ["Key", "Algorithm", "State", "Published", "Signed from", "Ended", "Reason"].map(Into::into);
    view! {
        <Section id="earlier" title="Earlier keys" description="A retired key's public half is kept for 30 days, only to tell an expired token from a forged one.">
            <Table caption="Earlier keys" columns>{rows}</Table>
        </Section>
    }
    .into_any()
}
