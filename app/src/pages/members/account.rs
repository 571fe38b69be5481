//! A member's account: second factor, sessions and their end, a link that resets it.

use crate::{
    access,
    api::members::{EndMemberSessions, IssueMemberReset},
    standing::Standing,
    ui::{
        Actions, Button, Card, Cell, DangerDialog, Fact, Facts, Hidden, Id, NeedsScripts, Row, Secrecy, SecretOnce, Section, ServerForm,
        Status, Table, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach, Role,
    member::Member,
    session::{SessionKind, SessionSummary},
};

#[component]
pub(super) fn Account(member: Member, sessions: Option<Vec<SessionSummary>>, standing: Standing) -> impl IntoView {
    let id = member.user.id.to_string();
    let needed = Permission::to_give(member.role.unwrap_or(Role::Viewer), Reach::Tenant);
    let ending = access::refusal(&standing.roles, needed, Reach::Tenant);
    let reset = match access::refusal(&standing.roles, Permission::ManageOwners, Reach::Tenant) {
        None => view! { <ResetLink tenant=standing.slug() member=id.clone()/> }.into_any(),
        because => view! { <Button disabled_because=because>"Create reset link"</Button> }.into_any(),
    };
    view! {
        <Card title="Account">
            <Facts>
                <Fact label="Id"><Id value=id.clone()/></Fact>
                <Fact label="Second factor">
                    {if member.second_factor {
                        view! { <Status tone=Tone::Good>"On"</Status> }.into_any()
                    } else {
                        view! { <Status tone=Tone::Warn>"Off"</Status> }.into_any()
                    }}
                </Fact>
                <Fact label="Joined"><When at=member.joined_at/></Fact>
                <Fact label="Last seen"><When at=member.last_seen_at/></Fact>
            </Facts>
        </Card>
        {sessions.map(|sessions| view! { <Sessions sessions tenant=standing.slug() member=member.clone() refused=ending/> })}
        <Card
            title="Reset"
            description="For somebody who lost password or second factor: a link, good for one hour and once, that sets a new password, turns the second factor off and ends every session."
        >
            {reset}
        </Card>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionSummary>, tenant: String, member: Member, refused: Option<String>) -> impl IntoView {
    let count = sessions.len();
    let none = (count == 0).then(|| "There is no session to end.".to_owned());
    let may = refused.is_none() && count > 0;
    let because = refused.or(none);
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let kind = if session.kind == SessionKind::Api { "API token" } else { "Browser" };
            view! {
                <Row>
                    <Cell label="What">{kind}</Cell>
                    <Cell label="From"><code>{session.ip.unwrap_or_else(|| "unknown".to_owned())}</code></Cell>
                    <Cell label="With"><span class="agent">{session.user_agent}</span></Cell>
                    <Cell label="Began"><When at=session.created_at quiet=true/></Cell>
                    <Cell label="Last seen"><When at=session.seen_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect();
    let table = if count == 0 {
        view! { <p class="nobody">"Not signed in anywhere."</p> }.into_any()
    } else {
        view! { <Table caption="Sessions" columns=["What", "From", "With", "Began", "Last seen"].map(Into::into)>{rows}</Table> }.into_any()
    };
    let sessions_words = if count == 1 { "1 session ends".to_owned() } else { format!("{count} sessions end") };
    view! {
        <Section title="Sessions" actions=move || view! { <Button opens="end-sessions" disabled_because=because>"Sign out everywhere"</Button> }>
            {table}
            {may.then(|| view! {
                <DangerDialog
                    id="end-sessions"
                    action={ServerAction::<EndMemberSessions>::new()}
                    title="Sign out everywhere"
                    consequence=format!("{sessions_words} at the next call. {} can sign in again.", member.user.name)
                    verb="Sign out everywhere"
                    values=vec![("tenant", tenant), ("member", member.user.id.to_string())]
                    mild=true
                    done="Signed out everywhere"
                />
            })}
        </Section>
    }
}

#[component]
fn ResetLink(tenant: String, member: String) -> impl IntoView {
    view! {
        <NeedsScripts>"The link is shown once, in this page and nowhere else. Allow scripts, or use the command line: mintmark user reset."</NeedsScripts>
        <ServerForm action={ServerAction::<IssueMemberReset>::new()} answers="reset-link">
            <Hidden name="tenant" value=tenant/>
            <Hidden name="member" value=member/>
            <Actions><Button submit=true variant=Variant::Secondary>"Create reset link"</Button></Actions>
        </ServerForm>
        <SecretOnce
            id="reset-link"
            title="Reset link created"
            what=Secrecy::Link
            warning="Send this link to them by a way that you trust: whoever opens it can take the account over."
        />
    }
}
