//! One event of history: a line to read, and all that is known of it behind it.

use super::words;
use crate::{
    standing::Standing,
    ui::{Badge, CopyButton, Fact, Facts, Glyph, Icon, Id, Status, Tone, When, shorten},
};
use leptos::prelude::*;
use mintmark::{
    Time,
    audit::{AuditEvent, Outcome, Target},
};
use serde_json::{Map, Value};

/// The event as a disclosure, which needs no script.
#[component]
pub fn EventLine(
    /// The event.
    event: AuditEvent,
    /// Its organization's name, where it has one that is known.
    organization: Option<String>,
    /// Whoever looks.
    standing: Standing,
) -> impl IntoView {
    let at: Option<Time> = event.at.parse().ok();
    let calls = words::calls(&event);
    let (tone, sentence) = (words::tone(&event), words::sentence(&event));
    let alone = (event.outcome == Outcome::Refused && calls == 1).then(|| view! { <Badge tone=Tone::Warn>"refused"</Badge> });
    let about = event.target.as_ref().map(|target| shorten(&target.id));
    view! {
        <li class="event">
            <details>
                <summary class="event__line">
                    <span class="event__what">
                        <Status tone>{sentence}</Status>
                    </span>
                    <span class="event__about">
                        {(calls > 1).then(|| view! { <Badge tone=Tone::Warn>{format!("{calls} calls")}</Badge> })}
                        {alone}
                        {organization.clone().map(|name| view! { <span class="event__organization">{name}</span> })}
                        {about.map(|id| view! { <code class="event__target">{id}</code> })}
                    </span>
                    <span class="event__at"><When at quiet=true/></span>
                    <span class="event__mark"><Icon glyph=Glyph::ChevronRight/></span>
                </summary>
                <EventDetails event organization standing/>
            </details>
        </li>
    }
}

#[component]
fn EventDetails(event: AuditEvent, organization: Option<String>, standing: Standing) -> impl IntoView {
    let by = |name: &str, id: &str| format!("{}?{name}={id}", standing.path("history"));
    let actor = event.actor.id.clone().map(|id| {
        let all = by("actor_id", &id);
        view! { <Id value=id/> <a href=all>"All by this actor"</a> }
    });
    let target = event.target.clone().map(|target| {
        let (all, page) = (by("target_id", &target.id), page_of(&standing, &target));
        view! {
            <Fact label="About">
                {words::words(&target.kind)}
                {match page {
                    Some(href) => view! { <Id value=target.id href/> }.into_any(),
                    None => view! { <Id value=target.id/> }.into_any(),
                }}
                <a href=all>"All about this"</a>
            </Fact>
        }
    });
    let organization = event.organization.clone().map(|id| {
        let href = standing.path(&format!("organizations/{id}"));
        view! { <Fact label="Organization">{organization} <Id value=id.to_string() href/></Fact> }
    });
    let (before, after) = (side(&event.metadata, "before"), side(&event.metadata, "after"));
    let more = event.metadata.iter().filter(|(name, _)| !["before", "after"].contains(&name.as_str()));
    let more: Vec<_> = more.map(|(name, value)| (words::capital(&words::words(name)), words::value(value))).collect();
    let at: Option<Time> = event.at.parse().ok();
    let who = words::who(&event);
    let changed = (!before.is_empty() || !after.is_empty()).then(|| view! { <Changes before after/> });
    let AuditEvent { id, action, outcome, reason, ip, user_agent, request_id, seq, hash, .. } = event;
    view! {
        <div class="event__more">
            <Facts>
                <Fact label="When"><When at full=true/></Fact>
                <Fact label="Action"><code>{action.as_str()}</code></Fact>
                <Fact label="Who">{who} {actor}</Fact>
                {target}
                {organization}
                <Fact label="Outcome">{words::capital(outcome.as_str())}</Fact>
                {reason.map(|reason| view! { <Fact label="Reason">{reason}</Fact> })}
                {more.into_iter().map(|(label, value)| view! { <Fact label>{value}</Fact> }).collect_view()}
                {ip.map(|ip| view! { <Fact label="Address"><code>{ip}</code></Fact> })}
                {user_agent.map(|agent| view! { <Fact label="Software">{agent}</Fact> })}
                {request_id.map(|id| view! { <Fact label="Request"><Id value=id whole=true/></Fact> })}
                <Fact label="Event"><Id value=id.to_string() whole=true/></Fact>
            </Facts>
            {changed}
            <p class="event__seal">
                {format!("Number {seq} of this chain. Hash ")}
                <code>{hash.clone()}</code>
                <CopyButton text=hash label="Copy hash"/>
            </p>
        </div>
    }
}

/// What was and what became of it, one line for each value that changed.
#[component]
fn Changes(before: Map<String, Value>, after: Map<String, Value>) -> impl IntoView {
    let names: std::collections::BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let rows = names
        .into_iter()
        .map(|name| {
            let shown = |side: &Map<String, Value>| side.get(&name).map_or_else(|| "none".to_owned(), words::value);
            view! {
                <tr>
                    <th scope="row">{words::capital(&words::words(&name))}</th>
                    <td><del>{shown(&before)}</del></td>
                    <td><ins>{shown(&after)}</ins></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="changes">
            <table class="changes__table">
                <caption class="visually-hidden">"What changed"</caption>
                <thead><tr><th scope="col">"Changed"</th><th scope="col">"Before"</th><th scope="col">"After"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn side(metadata: &Map<String, Value>, name: &str) -> Map<String, Value> {
    metadata.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Where the thing is shown, if it has a page.
fn page_of(standing: &Standing, target: &Target) -> Option<String> {
    let page = match target.kind.as_str() {
        "widget_token" => format!("tokens/{}", target.id),
        "organization" => format!("organizations/{}", target.id),
        "product" => format!("studio/{}", target.id),
        "customer" => format!("customers/{}", target.id),
        "role" => format!("roles/{}", target.id),
        "tenant" => "settings".to_owned(),
        _ => return None,
    };
    Some(standing.path(&page))
}
