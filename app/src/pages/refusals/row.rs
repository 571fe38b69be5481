//! One line of refusals, and where it leads: to the token or key, and to the inspector.

use super::words;
use crate::{
    pages::{history::words::calls, inspector::inspector_path, list_address::ListAddress},
    standing::Standing,
    ui::{Cell, Id, LinkButton, Row, RowActions, Size, Variant, When, grouped},
};
use leptos::prelude::*;
use mintmark::{EmbedKeyId, ProductId, Time, audit::AuditEvent};

/// Calls that were refused alike.
#[component]
pub fn RefusalRow(
    /// The event.
    event: AuditEvent,
    /// Whoever looks.
    standing: Standing,
    /// Embed keys with their products and names.
    keys: Vec<(EmbedKeyId, ProductId, String)>,
    /// The list's own address.
    address: ListAddress,
) -> impl IntoView {
    let at: Option<Time> = event.at.parse().ok();
    let (code, advice) = (event.reason.clone().unwrap_or_default(), words::advice(&event));
    let alike = address.with("reason", Some(&code));
    let said = |name| words::detail(&event, name).map(str::to_owned);
    let (origin, scope) = (said("origin"), said("scope"));
    let from_there = address.with("origin", origin.as_deref());
    let id = event.target.as_ref().map(|target| target.id.clone());
    let token = event.target.as_ref().filter(|target| target.kind == "widget_token").map(|target| target.id.clone());
    let named = keys.into_iter().find(|(key, ..)| Some(key.as_str()) == id.as_deref());
    let href = match (&token, &named) {
        (Some(token), _) => Some(standing.path(&format!("tokens/{token}"))),
        (None, Some((key, product, _))) => Some(standing.path(&format!("studio/{product}/keys/{key}"))),
        (None, None) => None,
    };
    let name = named.map(|(.., name)| view! { <span class="two-lines__second">{name}</span> });
    let inspect =
        token.map(|token| inspector_path(&standing, &token, origin.as_deref().unwrap_or_default(), scope.as_deref().unwrap_or_default()));
    let history = id.as_deref().map(|id| ListAddress::of(&standing.path("history"), &[("target_id", id)]));
    let what = match (id, href) {
        (Some(id), Some(href)) => view! { <Id value=id href/> }.into_any(),
        (Some(id), None) => view! { <Id value=id/> }.into_any(),
        (None, _) => view! { <span class="when--never">"unknown"</span> }.into_any(),
    };
    view! {
        <Row>
            <Cell label="Why">
                <span class="two-lines">
                    <a class="refusal__why" href=alike>{words::reason(&code)}</a>
                    <span class="two-lines__second refusal__advice">{advice}</span>
                </span>
            </Cell>
            <Cell label="Token or key"><span class="two-lines refusal__target">{what} {name}</span></Cell>
            <Cell label="From">
                {match (origin, scope) {
                    (Some(origin), _) if !origin.is_empty() => view! { <a class="refusal__from" href=from_there><code class="origin__whole">{origin}</code></a> }.into_any(),
                    (Some(_), _) => "no origin".into_any(),
                    (None, Some(scope)) => view! { "needed " <code>{scope}</code> }.into_any(),
                    (None, None) => view! { <span class="when--never">"not judged"</span> }.into_any(),
                }}
            </Cell>
            <Cell label="Calls" number=true>{grouped(calls(&event))}</Cell>
            <Cell label="When"><When at/></Cell>
            <RowActions>
                {inspect.map(|href| view! { <LinkButton href size=Size::Small variant=Variant::Ghost>"Inspect"</LinkButton> })}
                {history.map(|href| view! { <LinkButton href size=Size::Small variant=Variant::Ghost>"History"</LinkButton> })}
            </RowActions>
        </Row>
    }
}
