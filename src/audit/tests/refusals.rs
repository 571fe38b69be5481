//! Refusals by reason, by what was refused and by time, within reach, page by page.

use super::*;
use crate::{
    Code, EmbedKeyId, Limit, TokenId,
    audit::{AuditEvent, RefusalFilter},
    on_each_engine,
    testing::PAGE,
    time::HOUR,
};

async fn all(op: &Op, filter: &RefusalFilter) -> Vec<AuditEvent> {
    let limit = Limit::parse(Some(2)).expect("a limit");
    let (mut events, mut cursor) = (Vec::new(), None);
    loop {
        let page = op.refusals(filter, limit, cursor.as_deref()).await.expect("a page");
        events.extend(page.data);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return events;
        }
    }
}

async fn reasons(op: &Op, filter: &RefusalFilter) -> Vec<String> {
    all(op, filter).await.into_iter().map(|event| event.reason.unwrap_or_default()).collect()
}

fn refused(token: &TokenId, organization: &OrganizationId, reason: Code, count: u64) -> Event {
    let event = Event::new(Action::WidgetRequestRefused).refused().reason(Some(reason.as_str())).target(token).organization(organization);
    event.with("origin", "https://evil.example \"count\":7 \"outcome\":\"refused\",\"reason\":\"x\"").with("count", count)
}

on_each_engine! {
    async fn refusals_are_found_by_reason_target_and_time(fresh) {
        let (core, ours, theirs) = (&fresh.core, tenant(&fresh.core), tenant(&fresh.core));
        let (token, other, key) = (TokenId::new(core.now()), TokenId::new(core.now()), EmbedKeyId::new(core.now()));
        let (near, far) = (OrganizationId::new(core.now()), OrganizationId::new(core.now()));
        let (mismatch, dead, scope) = (Code::WidgetOriginMismatch, Code::WidgetTokenRevoked, Code::WidgetScopeRequired);
        record(core, &ours, refused(&token, &near, dead, 4)).await;
        fresh.clock.advance(3 * HOUR);
        record_many(core, &ours, Action::TokenMinted, 3).await;
        record(core, &ours, refused(&token, &near, mismatch, 2)).await;
        record(core, &ours, refused(&other, &far, mismatch, 1)).await;
        let foreign = Event::new(Action::EmbedRequestRefused).refused().reason(Some(Code::EmbedOriginNotAllowed.as_str())).target(&key);
        record(core, &ours, foreign.with("origin", PAGE).with("count", 9)).await;
        record(core, &ours, Event::new(Action::WidgetRequestForged).refused().reason(Some(Code::InvalidToken.as_str()))).await;
        record(core, &ours, Event::new(Action::RequestDenied).refused().reason(Some(Code::InsufficientRole.as_str()))).await;
        record(core, &theirs, refused(&token, &near, scope, 1)).await;

        let op = person(core, &ours, Some(Role::Member), &[]);
        let every = RefusalFilter::default();
        let newest = ["invalid_token", "embed_origin_not_allowed", "widget_origin_mismatch", "widget_origin_mismatch"];
        assert_eq!(reasons(&op, &RefusalFilter { hours: Some(1), ..every.clone() }).await, newest);
        assert_eq!(reasons(&op, &every).await.last().map(String::as_str), Some("widget_token_revoked"));
        assert_eq!(reasons(&op, &RefusalFilter { reason: Some(mismatch), ..every.clone() }).await.len(), 2);
        assert_eq!(reasons(&op, &RefusalFilter { reason: Some(scope), ..every.clone() }).await.len(), 0);
        let of = |id: &str| RefusalFilter { target_id: Some(id.to_owned()), ..RefusalFilter::default() };
        assert_eq!(reasons(&op, &of(token.as_str())).await, ["widget_origin_mismatch", "widget_token_revoked"]);
        assert_eq!(reasons(&op, &RefusalFilter { reason: Some(dead), ..of(token.as_str()) }).await, ["widget_token_revoked"]);
        assert_eq!(reasons(&op, &of(key.as_str())).await, ["embed_origin_not_allowed"]);
        let from = |origin: &str| RefusalFilter { origin: Some(origin.to_owned()), ..RefusalFilter::default() };
        assert_eq!(reasons(&op, &from(PAGE)).await, ["embed_origin_not_allowed"]);
        assert_eq!(reasons(&op, &RefusalFilter { reason: Some(mismatch), ..from(PAGE) }).await.len(), 0);
        assert_eq!(reasons(&op, &from("https://app.acme")).await.len(), 0, "to the letter");

        let (calls, more) = op.refused_calls(&every).await.expect("figures");
        let told: Vec<_> = calls.iter().map(|one| (one.reason.as_str(), one.calls)).collect();
        let mismatches = ("widget_origin_mismatch", 1);
        assert_eq!(told, [("invalid_token", 1), ("embed_origin_not_allowed", 9), mismatches, ("widget_origin_mismatch", 2), ("widget_token_revoked", 4)]);
        assert!(!more && calls[0].at.since(calls[4].at) == 3 * HOUR);

        let narrowed = person(core, &ours, None, &[(&near, Role::Member)]);
        assert_eq!(reasons(&narrowed, &every).await, ["widget_origin_mismatch", "widget_token_revoked"]);
        assert_eq!(reasons(&narrowed, &of(token.as_str())).await.len(), 2);
        assert_eq!(reasons(&narrowed, &of(other.as_str())).await.len(), 0, "of an organization out of reach");
        assert_eq!(reasons(&narrowed, &from(PAGE)).await.len(), 0, "of the tenant's embed key");
        let two = person(core, &ours, None, &[(&near, Role::Member), (&far, Role::Admin)]);
        assert_eq!(reasons(&two, &every).await.len(), 3);
        let viewer = person(core, &ours, Some(Role::Viewer), &[]);
        assert_eq!(viewer.refusals(&every, Limit::default(), None).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        assert_eq!(viewer.refused_calls(&every).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
    }

    /// What a stranger sends as its name must neither hide a refusal nor stop the list: PostgreSQL's JSON knows no NUL.
    async fn a_name_that_no_engine_likes_hides_nothing(fresh) {
        let (core, ours) = (&fresh.core, tenant(&fresh.core));
        let from = Origination { user_agent: Some("a\u{0}b \"reason\":\"x\" \\".to_owned()), ..Origination::default() };
        let event = Event::new(Action::WidgetRequestForged).refused().reason(Some(Code::InvalidToken.as_str())).with("count", 5);
        core.begin(Who::Anonymous, Some(ours.clone()), from).commit(event).await.expect("recorded");
        let op = person(core, &ours, Some(Role::Owner), &[]);
        assert_eq!(reasons(&op, &RefusalFilter { reason: Some(Code::InvalidToken), ..RefusalFilter::default() }).await, ["invalid_token"]);
        assert_eq!(op.refused_calls(&RefusalFilter::default()).await.expect("figures").0[0].calls, 5);
    }
}
