//! The outbox: what was mailed to whom, and whether it arrived.

use crate::{
    api::mail::{ReadMail, SendTestMail, list_mail},
    pages::{list_address::ListAddress, query, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{
        Badge, Button, Cell, Column, EmptyState, Glyph, Hidden, NeedsScripts, Notice, PageHeader, Pager, Row, RowActions, Secrecy,
        SecretOnce, ServerForm, Size, Status, Table, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach,
    mail::{Mail, MailKind, MailState, Outbox},
};

const ABOUT: &str =
    "Mail that Mintmark sends for you, and what became of it. What is in it is erased when it was sent, and after 15 minutes.";

/// The panel that shows a mail, whichever it is.
const SHOWN: &str = "shown-mail";

/// `/t/:tenant/outbox`
#[component]
pub fn OutboxPage() -> impl IntoView {
    let standing = standing();
    let (tenant, base) = (standing.slug(), standing.path("outbox"));
    let address = ListAddress::here(base);
    let refused = standing.refusal(Permission::ManageOutbox, Reach::Tenant);
    loaded_or_ask("Outbox", tenant.clone(), list_mail(tenant.clone(), query("cursor")), move |Outbox { mail, sends }| {
        let (newer, older) = address.pages(mail.next_cursor.as_deref());
        let (empty, paged) = (mail.data.is_empty() && newer.is_none(), newer.is_some() || older.is_some());
        let asked = tenant.clone();
        let test = move || view! { <TestMail tenant=asked refused/> };
        view! {
            <PageHeader title="Outbox" description=ABOUT actions=test/>
            {(!sends).then(|| view! {
                <Notice tone=Tone::Warn title="No mail is sent">
                    "This installation has no mail server, so whoever manages the tenant reads mail here, while it is 15 minutes old at most. "
                    "Whoever runs Mintmark names a server in MINTMARK_SMTP_URL."
                </Notice>
            })}
            {if empty {
                view! { <EmptyState title="No mail yet" text="Sign-in links and test mails appear here as soon as they are asked for." icon=Glyph::Mail/> }
                    .into_any()
            } else {
                view! {
                    <MailTable tenant mail=mail.data sends standing/>
                    {paged.then(|| view! { <Pager newer older/> })}
                }
                .into_any()
            }}
        }
    })
}

#[component]
fn TestMail(tenant: String, refused: Option<String>) -> impl IntoView {
    if refused.is_some() {
        return view! { <Button icon=Glyph::Mail disabled_because=refused>"Send a test mail"</Button> }.into_any();
    }
    view! {
        <ServerForm action={ServerAction::<SendTestMail>::new()} done="Test mail queued">
            <Hidden name="tenant" value=tenant/>
            <Button submit=true icon=Glyph::Mail>"Send a test mail"</Button>
        </ServerForm>
    }
    .into_any()
}

#[component]
fn MailTable(tenant: String, mail: Vec<Mail>, sends: bool, standing: Standing) -> impl IntoView {
    let reads = !sends && standing.roles.hold(Permission::ManageOutbox, Reach::Tenant);
    let readable = reads && mail.iter().any(|mail| mail.ended_at.is_none());
    let rows = mail.into_iter().map(|mail| view! { <MailRow tenant=tenant.clone() mail reads/> }).collect_view();
    view! {
        {readable.then(|| view! {
            <NeedsScripts>"A mail is shown in this page and nowhere else. Allow scripts for this site."</NeedsScripts>
        })}
        <Table caption="Mail" columns=vec!["To".into(), "About".into(), "State".into(), "Queued".into(), Column::actions()]>{rows}</Table>
        {reads.then(|| view! {
            <SecretOnce
                id=SHOWN
                title="Mail"
                what=Secrecy::Letter
                warning="You read what is meant for its recipient, because no mail is sent here. A link in it signs them in; history tells that you read it."
            />
        })}
    }
}

#[component]
fn MailRow(tenant: String, mail: Mail, reads: bool) -> impl IntoView {
    let state = state(&mail);
    let Mail { id, kind, recipient, subject, last_error, created_at, ended_at, .. } = mail;
    let read = (reads && ended_at.is_none()).then(|| {
        let to = format!(" to {recipient}");
        view! {
            <ServerForm action={ServerAction::<ReadMail>::new()} scope=format!("read-{id}") answers=SHOWN>
                <Hidden name="tenant" value=tenant/>
                <Hidden name="mail" value=id.to_string()/>
                <Button submit=true size=Size::Small variant=Variant::Ghost icon=Glyph::Eye>"Read" <span class="visually-hidden">{to}</span></Button>
            </ServerForm>
        }
    });
    view! {
        <Row>
            <Cell label="To"><span class="person">{recipient}</span></Cell>
            <Cell label="About">
                <span class="two-lines">
                    <span>{subject}</span>
                    <span class="two-lines__second"><Badge>{about(kind)}</Badge></span>
                </span>
            </Cell>
            <Cell label="State">
                <span class="two-lines">
                    {state}
                    {last_error.map(|said| view! { <span class="two-lines__second">{said}</span> })}
                </span>
            </Cell>
            <Cell label="Queued"><When at=created_at quiet=true/></Cell>
            <RowActions>{read}</RowActions>
        </Row>
    }
}

fn about(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Test => "Test",
        MailKind::MagicLink => "Sign-in link",
        MailKind::SignUp => "Sign-up",
        MailKind::PasswordReset => "Link for a new password",
        MailKind::PasswordChanged => "Password changed",
    }
}

fn state(mail: &Mail) -> AnyView {
    let again = mail.next_attempt_at;
    match mail.state {
        MailState::Waiting if mail.attempts == 0 => view! { <Status tone=Tone::Info>"Waits"</Status> }.into_any(),
        MailState::Waiting => view! { <Status tone=Tone::Warn>"Tried, again " <When at=again/></Status> }.into_any(),
        MailState::Sending => view! { <Status tone=Tone::Info>"Is being sent"</Status> }.into_any(),
        MailState::Sent => view! { <Status tone=Tone::Good>"Sent"</Status> }.into_any(),
        MailState::Failed => view! { <Status tone=Tone::Danger>"Failed"</Status> }.into_any(),
        MailState::Expired => view! { <Status tone=Tone::Neutral>"Ended unsent"</Status> }.into_any(),
        MailState::Withdrawn => view! { <Status tone=Tone::Neutral>"Withdrawn"</Status> }.into_any(),
    }
}
