//! The newest tokens and the newest of history.

use crate::{
    pages::history::words,
    standing::Standing,
    ui::{Cell, LinkButton, Row, RowLink, Section, Size, Status, Table, Timeline, TimelineItem, Tone, When},
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach, Time,
    audit::AuditEvent,
    organization::Organization,
    token::{TokenStatus, WidgetToken},
};

/// A few, whatever became of them.
#[component]
pub fn NewestTokens(
    /// Whoever looks.
    standing: Standing,
    /// Newest first.
    tokens: Vec<WidgetToken>,
    /// For their names.
    organizations: Vec<Organization>,
) -> impl IntoView {
    let all = standing.path("tokens");
    let rows = tokens
        .into_iter()
        .map(|token| {
            let (tone, word) = match token.status {
                TokenStatus::Active => (Tone::Good, "Live"),
                TokenStatus::Expired => (Tone::Neutral, "Expired"),
                TokenStatus::Revoked => (Tone::Danger, "Revoked"),
            };
            let organization = organizations.iter().find(|one| one.id == token.organization_id);
            let organization = organization.map_or_else(|| token.organization_id.to_string(), |one| one.name.clone());
            let href = standing.path(&format!("tokens/{}", token.id));
            let ends = token.revoked_at.unwrap_or(token.expires_at);
            view! {
                <Row muted=token.status != TokenStatus::Active>
                    <Cell label="Token">
                        <RowLink href>
                            {match token.label.clone() {
                                Some(label) => view! { <span class="clip">{label}</span> }.into_any(),
                                None => view! { <code>{token.id.to_string()}</code> }.into_any(),
                            }}
                        </RowLink>
                    </Cell>
                    <Cell label="Status"><Status tone>{word}</Status></Cell>
                    <Cell label="Organization"><span class="clip">{organization}</span></Cell>
                    <Cell label="Minted by">{token.minted_by_name}</Cell>
                    <Cell label="Last used"><When at=token.last_used_at quiet=true/></Cell>
                    <Cell label="Ends"><When at=ends quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Section title="Newest tokens" actions=move || view! { <LinkButton href=all size=Size::Small>"All tokens"</LinkButton> }>
            <Table
                caption="Newest tokens"
                columns=["Token", "Status", "Organization", "Minted by", "Last used", "Ends"].map(Into::into)
            >
                {rows}
            </Table>
        </Section>
    }
}

/// A few, for who may read them.
#[component]
pub fn RecentHistory(
    /// Whoever looks.
    standing: Standing,
    /// Newest first; none for who may not read them.
    events: Option<Vec<AuditEvent>>,
    /// For their names.
    organizations: Vec<Organization>,
) -> impl IntoView {
    let Some(events) = events else {
        let reason = standing.refusal(Permission::ReadAudit, Reach::Tenant);
        return view! { <Section title="Recent history"><p class="fine-print">{reason}</p></Section> }.into_any();
    };
    let all = standing.path("history");
    let items = events
        .into_iter()
        .filter_map(|event| {
            let at: Time = event.at.parse().ok()?;
            let organization = organizations.iter().find(|one| Some(&one.id) == event.organization.as_ref());
            let within = organization.map(|one| one.name.clone());
            Some(view! { <TimelineItem at title=words::sentence(&event) tone=words::tone(&event)>{within.map(|name| view! { <span class="clip">{name}</span> })}</TimelineItem> })
        })
        .collect_view();
    view! {
        <Section title="Recent history" actions=move || view! { <LinkButton href=all size=Size::Small>"All of history"</LinkButton> }>
            <Timeline label="Recent history">{items}</Timeline>
        </Section>
    }
    .into_any()
}
