//! A token's own history as sentences.

use crate::ui::{Timeline, TimelineItem, Tone};
use leptos::prelude::*;
use mintmark::audit::{Action, AuditEvent, Outcome};

/// Newest first.
#[component]
pub fn Story(events: Vec<AuditEvent>) -> impl IntoView {
    if events.is_empty() {
        return view! { <p class="fine-print">"Its history is past the retention."</p> }.into_any();
    }
    let items = events
        .into_iter()
        .filter_map(|event| {
            let at = event.at.parse().ok()?;
            let (title, tone) = told(&event);
            let facts = facts(&event);
            Some(view! {
                <TimelineItem at title tone>
                    <dl class="story">
                        {facts.into_iter().map(|(name, value)| view! { <div class="story__fact"><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}
                    </dl>
                </TimelineItem>
            })
        })
        .collect_view();
    view! { <Timeline label="History of this token">{items}</Timeline> }.into_any()
}

/// The sentence, and what it means.
fn told(event: &AuditEvent) -> (String, Tone) {
    let who = event.actor.name.clone().unwrap_or_else(|| "Somebody".to_owned());
    let count = event.metadata.get("count").and_then(serde_json::Value::as_u64);
    match event.action {
        Action::TokenMinted => (format!("{who} minted it"), Tone::Good),
        Action::TokenRevoked => (format!("{who} revoked it"), Tone::Danger),
        Action::TokensRevoked => (ended_with_others(&format!("{who} revoked"), count), Tone::Danger),
        Action::OriginRemoved => (ended_with_others(&format!("{who} removed an origin that it named, which revoked"), count), Tone::Danger),
        Action::OrganizationDeleted => (format!("{who} deleted its organization"), Tone::Danger),
        Action::WidgetRequestRefused => {
            let times = match count.unwrap_or(1) {
                1 => "A call was refused".to_owned(),
                many => format!("{many} calls were refused"),
            };
            (format!("{times}: {}", because(event.reason.as_deref().unwrap_or_default())), Tone::Warn)
        }
        action => {
            let tone = if event.outcome == Outcome::Refused { Tone::Warn } else { Tone::Info };
            (format!("{who}: {}", action.as_str().replace(['.', '_'], " ")), tone)
        }
    }
}

fn ended_with_others(start: &str, count: Option<u64>) -> String {
    match count {
        Some(count) if count > 1 => format!("{start} it with {} {}", count - 1, if count == 2 { "other" } else { "others" }),
        _ => format!("{start} it"),
    }
}

/// The code of a refusal, as words.
fn because(code: &str) -> String {
    match code {
        "widget_token_revoked" => "the token was revoked".to_owned(),
        "widget_token_expired" => "the token had expired".to_owned(),
        "widget_origin_mismatch" => "the page's origin is not one of its own".to_owned(),
        "widget_scope_required" => "it lacks the scope".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What else is known: reason, origin, address, request.
fn facts(event: &AuditEvent) -> Vec<(&'static str, String)> {
    let text = |name: &str| event.metadata.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let refused = event.action == Action::WidgetRequestRefused;
    let reason = event.reason.clone();
    [
        (if refused { "Code" } else { "Reason" }, reason),
        ("Page", text("origin").filter(|_| refused)),
        ("Scope", text("scope").filter(|_| refused)),
        ("Address", event.ip.clone()),
        ("Request", event.request_id.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: &str, count: Option<u64>) -> AuditEvent {
        let metadata = count.map_or_else(|| serde_json::json!({}), |count| serde_json::json!({ "count": count }));
        serde_json::from_value(serde_json::json!({
            "id": "aud_0123456789abcdef01234567", "at": "2026-05-23T22:00:00.000Z", "action": action,
            "actor": { "type": "user", "id": null, "name": "Ada" }, "tenant": null, "organization": null, "target": null,
            "outcome": "success", "reason": "widget_origin_mismatch", "ip": null, "user_agent": null, "request_id": null, "metadata": metadata,
        }))
        .expect("an event")
    }

    #[test]
    fn what_ended_it_with_others_is_told() {
        assert_eq!(told(&event("widget_token.bulk_revoked", Some(12))).0, "Ada revoked it with 11 others");
        assert_eq!(told(&event("widget_token.bulk_revoked", Some(1))).0, "Ada revoked it");
    }

    #[test]
    fn refusals_are_counted_and_explained() {
        assert_eq!(told(&event("widget_request.refused", Some(3))).0, "3 calls were refused: the page's origin is not one of its own");
    }
}
