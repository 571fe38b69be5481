//! A customer's sessions, and their ends.

use super::live_sessions;
use crate::{
    api::customers::{RevokeCustomerSession, RevokeCustomerSessions},
    ui::{Button, Cell, Column, DangerDialog, Reason, Row, RowActions, Section, Size, Status, Table, Tone, Variant, When},
};
use leptos::prelude::*;
use mintmark::{
    Page,
    customer::Customer,
    customer_session::{CustomerSession, CustomerSessionStatus, Way},
};

const ABOUT: &str = "A session lives for an hour and is refreshed for twelve at most. Ending one holds at its page's next call. One that a browser keeps comes back after a reload until it is ended.";

#[component]
pub(super) fn Sessions(tenant: String, customer: Customer, sessions: Page<CustomerSession>, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    let live = customer.live_sessions;
    let kept = sessions.data.iter().filter(|session| may_come_back(session)).count();
    let values = vec![("tenant", tenant.clone()), ("customer", customer.id.to_string())];
    let dialogs = may.then(|| {
        let one = sessions.data.iter().filter(|session| may_come_back(session));
        let each = one
            .map(|session| {
                let mut values = values.clone();
                values.push(("session", session.id.to_string()));
                view! {
                    <DangerDialog id=end_id(session) action={ServerAction::<RevokeCustomerSession>::new()} title="End session" consequence=consequence(session) verb="End session" values reason=Reason::Optional done="Session ended"/>
                }
            })
            .collect_view();
        view! {
            {each}
            <DangerDialog id="end-sessions" action={ServerAction::<RevokeCustomerSessions>::new()} title="End all sessions" consequence=format!("{} at once, wherever they are signed in. They may come again.", ends(live)) verb="End all sessions" values=values.clone() reason=Reason::Optional done="Sessions ended"/>
        }
    });
    let all = {
        let refused = refused.clone();
        move || (live > 1 || kept > 1).then(|| view! { <Button opens="end-sessions" disabled_because=refused>"End all sessions"</Button> })
    };
    let more = sessions.next_cursor.is_some();
    let content = if sessions.data.is_empty() {
        view! { <p class="field__hint">"None in the last thirty days."</p> }.into_any()
    } else {
        let rows = sessions.data.into_iter().map(|session| view! { <SessionRow session refused=refused.clone()/> }).collect_view();
        let columns: Vec<Column> =
            vec!["Page".into(), "State".into(), "By".into(), "Began".into(), "Ends".into(), "From".into(), Column::actions()];
        view! {
            <Table caption="Sessions" columns>{rows}</Table>
            {more.then(|| view! { <p class="field__hint">"The newest fifty; the HTTP API lists them all."</p> })}
        }
        .into_any()
    };
    view! { <Section title="Sessions" description=ABOUT actions=all>{content}</Section> {dialogs} }
}

fn ends(live: i64) -> String {
    match live {
        0 => "What browsers keep ends".to_owned(),
        1 => "1 live session ends".to_owned(),
        _ => format!("{} end", live_sessions(live)),
    }
}

/// Whether there is anything to end: it is live, or a reload would open another.
fn may_come_back(session: &CustomerSession) -> bool {
    session.status == CustomerSessionStatus::Active || session.kept_until.is_some()
}

fn consequence(session: &CustomerSession) -> String {
    let page = format!("The page at {} is signed out at its next call.", session.origin);
    if session.kept_until.is_some() {
        format!("{page} So is what was restored from the same sign-in, and a reload brings nothing back.")
    } else {
        page
    }
}

fn end_id(session: &CustomerSession) -> String {
    format!("end-{}", session.id)
}

#[component]
fn SessionRow(session: CustomerSession, refused: Option<String>) -> impl IntoView {
    let (active, ends) = (session.status == CustomerSessionStatus::Active, may_come_back(&session));
    let dialog = end_id(&session);
    let (tone, word) = match session.status {
        CustomerSessionStatus::Active => (Tone::Good, "Live"),
        CustomerSessionStatus::Expired => (Tone::Neutral, "Expired"),
        CustomerSessionStatus::Revoked => (Tone::Danger, "Ended"),
    };
    let by = match session.way {
        Way::Bridge => "Bridge token",
        Way::MagicLink => "Magic link",
        Way::SignIn => "Sign-in window",
    };
    let end = session.revoked_at.unwrap_or(session.expires_at);
    let why = session.revoke_reason.clone();
    view! {
        <Row muted=!active>
            <Cell label="Page">
                <span class="two-lines">
                    <code class="origin__whole">{session.origin}</code>
                    <code class="two-lines__second">{session.id.to_string()}</code>
                </span>
            </Cell>
            <Cell label="State">
                <span class="two-lines">
                    <Status tone>{word}</Status>
                    {why.map(|why| view! { <span class="two-lines__second">{why}</span> })}
                    {session.kept_until.map(|until| view! { <span class="two-lines__second">"Kept until " <When at=until/></span> })}
                </span>
            </Cell>
            <Cell label="By">{by}</Cell>
            <Cell label="Began"><When at=session.created_at quiet=true/></Cell>
            <Cell label="Ends"><When at=end quiet=true/></Cell>
            <Cell label="From">{session.ip}</Cell>
            <RowActions>
                {ends.then(|| view! { <Button size=Size::Small variant=Variant::Ghost opens=dialog disabled_because=refused>"End"</Button> })}
            </RowActions>
        </Row>
    }
}
