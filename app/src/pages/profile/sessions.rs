//! Where one is signed in, and ending it there.

use super::device::describe;
use crate::{
    api::{EndOtherSessions, EndOwnSession},
    ui::{Badge, Button, Cell, Column, Hidden, Row, RowActions, Section, ServerForm, Size, Table, Tone, Variant, When},
};
use leptos::prelude::*;
use mintmark::session::{SessionKind, SessionSummary};

/// Every live session of one's own, this one marked.
#[component]
pub(super) fn Sessions(slug: String, sessions: Vec<SessionSummary>) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.current).count();
    let all = slug.clone();
    let out = move || {
        let action = ServerAction::<EndOtherSessions>::new();
        view! {
            <ServerForm action done="Other sessions signed out">
                <Hidden name="tenant" value=all/>
                <Button submit=true disabled_because=(others == 0).then(|| "This is the only session.".to_owned())>"Sign out the others"</Button>
            </ServerForm>
        }
    };
    let rows = sessions.into_iter().map(|session| view! { <SessionRow slug=slug.clone() session/> }).collect_view();
    view! {
        <Section title="Sessions" description="A session ends after an hour without use, and after a day in any case." actions=out>
            <Table caption="Sessions" columns=["Device".into(), "Address".into(), "Last used".into(), "Signed in".into(), Column::actions()]>{rows}</Table>
        </Section>
    }
}

#[component]
fn SessionRow(slug: String, session: SessionSummary) -> impl IntoView {
    let device = match session.kind {
        SessionKind::Browser => describe(session.user_agent.as_deref()),
        SessionKind::Api => format!("{}, dashboard token", describe(session.user_agent.as_deref())),
    };
    let here = session.current;
    let action = ServerAction::<EndOwnSession>::new();
    let id = session.id.to_string();
    view! {
        <Row>
            <Cell label="Device">
                <span class="tags">{device.clone()}{here.then(|| view! { <Badge tone=Tone::Good>"This one"</Badge> })}</span>
            </Cell>
            <Cell label="Address"><code>{session.ip.unwrap_or_else(|| "unknown".to_owned())}</code></Cell>
            <Cell label="Last used"><When at=session.seen_at/></Cell>
            <Cell label="Signed in"><When at=session.created_at/></Cell>
            <RowActions>
                {(!here).then(|| view! {
                    <ServerForm action scope=id.clone() done="Session ended">
                        <Hidden name="tenant" value=slug/>
                        <Hidden name="id" value=id/>
                        <Button submit=true size=Size::Small variant=Variant::Ghost>"Sign out"</Button>
                    </ServerForm>
                })}
            </RowActions>
        </Row>
    }
}
