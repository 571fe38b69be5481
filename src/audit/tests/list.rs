//! Who sees what of history, and that every page of it comes once.

use super::*;
use crate::{
    Code, Limit, Page, Permission, TokenId,
    audit::{AuditEvent, HistoryFilter, Outcome},
    on_each_engine,
    time::HOUR,
};

fn filter() -> HistoryFilter {
    HistoryFilter::default()
}

async fn all(op: &Op, filter: &HistoryFilter, limit: i64) -> Vec<AuditEvent> {
    let limit = Limit::parse(Some(limit)).expect("a limit");
    let (mut events, mut cursor) = (Vec::new(), None);
    loop {
        let Page { data, next_cursor } = op.history(filter, limit, cursor.as_deref()).await.expect("a page");
        events.extend(data);
        cursor = next_cursor;
        if cursor.is_none() {
            return events;
        }
    }
}

fn seqs(events: &[AuditEvent]) -> Vec<i64> {
    events.iter().map(|event| event.seq).collect()
}

on_each_engine! {
    async fn pages_lead_through_all_of_history_newest_first(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        record_many(core, &tenant, Action::TokenMinted, 7).await;
        record_many(core, &tenant, Action::OriginAdded, 4).await;
        let op = person(core, &tenant, Some(Role::Member), &[]);
        assert_eq!(seqs(&all(&op, &filter(), 3).await), (1..=11).rev().collect::<Vec<_>>());
        let two = HistoryFilter { action: Some("widget_token.,origin.added".to_owned()), ..filter() };
        assert_eq!(seqs(&all(&op, &two, 2).await), (1..=11).rev().collect::<Vec<_>>());
        let one = HistoryFilter { not_action: Some("widget_token.".to_owned()), ..filter() };
        assert_eq!(seqs(&all(&op, &one, 3).await), [11, 10, 9, 8]);
        let typo = HistoryFilter { action: Some("widget_token.mintd".to_owned()), ..filter() };
        let refused = op.history(&typo, Limit::default(), None).await.map_err(|error| error.problem());
        assert_eq!(refused.map_err(|problem| (problem.code, problem.field)), Err((Code::InvalidField, Some("action".to_owned()))));
    }

    /// AZ9
    async fn another_tenants_cursor_is_refused(fresh) {
        let (core, ours, theirs) = (&fresh.core, tenant(&fresh.core), tenant(&fresh.core));
        for tenant in [&ours, &theirs] {
            record_many(core, tenant, Action::TokenMinted, 2).await;
        }
        let limit = Limit::parse(Some(1)).expect("a limit");
        let (us, them) = (person(core, &ours, Some(Role::Member), &[]), person(core, &theirs, Some(Role::Member), &[]));
        let cursor = them.history(&filter(), limit, None).await.expect("a page").next_cursor;
        let refused = us.history(&filter(), limit, cursor.as_deref()).await.map_err(|error| error.code());
        assert_eq!(refused.err(), Some(Code::InvalidCursor));
    }

    /// AU4
    async fn history_is_read_by_members_within_their_reach(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let (ours, other) = (OrganizationId::new(core.now()), OrganizationId::new(core.now()));
        record(core, &tenant, Event::new(Action::TenantUpdated)).await;
        record(core, &tenant, Event::new(Action::TokenMinted).organization(&ours)).await;
        record(core, &tenant, Event::new(Action::TokenMinted).organization(&other)).await;
        record(core, &tenant, Event::new(Action::TokenRevoked).organization(&ours)).await;
        for role in [Role::Member, Role::Admin, Role::Owner] {
            assert_eq!(seqs(&all(&person(core, &tenant, Some(role), &[]), &filter(), 50).await), [4, 3, 2, 1]);
            assert_eq!(seqs(&all(&person(core, &tenant, None, &[(&ours, role)]), &filter(), 50).await), [4, 2]);
        }
        // A viewer of one organization and member of another reads what it may, and nothing of the first.
        let mixed = person(core, &tenant, None, &[(&ours, Role::Viewer), (&other, Role::Member)]);
        assert_eq!(seqs(&all(&mixed, &filter(), 50).await), [3]);
        let refusal = |op: Op, filter: HistoryFilter| async move { op.history(&filter, Limit::default(), None).await.err().map(|error| error.code()) };
        assert_eq!(refusal(person(core, &tenant, Some(Role::Viewer), &[]), filter()).await, Some(Code::InsufficientRole));
        assert_eq!(refusal(person(core, &tenant, None, &[(&ours, Role::Viewer)]), filter()).await, Some(Code::InsufficientRole));
        let of_other = HistoryFilter { organization_id: Some(other.clone()), ..filter() };
        assert_eq!(refusal(person(core, &tenant, None, &[(&ours, Role::Owner)]), of_other.clone()).await, Some(Code::NotFound));
        assert_eq!(seqs(&all(&person(core, &tenant, Some(Role::Member), &[]), &of_other, 50).await), [3]);
        // Another tenant's people see their own, empty history.
        let stranger = person(core, &super::tenant(core), Some(Role::Owner), &[]);
        assert_eq!(seqs(&all(&stranger, &filter(), 50).await), Vec::<i64>::new());
    }

    async fn every_condition_narrows(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let organization = OrganizationId::new(core.now());
        let (first, second) = (TokenId::new(core.now()), TokenId::new(core.now()));
        let ada = person(core, &tenant, Some(Role::Owner), &[]);
        let event = |action, token: &TokenId| Event::new(action).organization(&organization).target(token);
        ada.begin(Permission::MintTokens, &organization).expect("may").commit(event(Action::TokenMinted, &first)).await.expect("recorded");
        fresh.clock.advance(HOUR);
        record(core, &tenant, event(Action::TokenMinted, &second)).await;
        fresh.clock.advance(HOUR);
        record(core, &tenant, event(Action::WidgetRequestRefused, &second).refused().reason(Some("widget_origin_mismatch"))).await;
        let reader = person(core, &tenant, Some(Role::Member), &[]);
        let found = |filter: HistoryFilter| {
            let reader = &reader;
            async move { seqs(&all(reader, &filter, 50).await) }
        };
        assert_eq!(found(HistoryFilter { actor_id: ada.actor().user().map(ToString::to_string), ..filter() }).await, [1]);
        assert_eq!(found(HistoryFilter { target_id: Some(second.to_string()), ..filter() }).await, [3, 2]);
        assert_eq!(found(HistoryFilter { outcome: Some(Outcome::Refused), ..filter() }).await, [3]);
        let start = crate::testing::START;
        assert_eq!(found(HistoryFilter { from: Some(start.plus(HOUR)), to: Some(start.plus(2 * HOUR)), ..filter() }).await, [2]);
        assert_eq!(found(HistoryFilter { from: Some(start), to: Some(start.plus(1)), ..filter() }).await, [1]);
        assert_eq!(found(HistoryFilter { from: Some(start.plus(3 * HOUR)), ..filter() }).await, Vec::<i64>::new());
        let nul = HistoryFilter { target_id: Some("a\0b".to_owned()), ..filter() };
        assert_eq!(reader.history(&nul, Limit::default(), None).await.err().map(|error| error.code()), Some(Code::InvalidField));
    }

    async fn a_clock_set_back_hides_nothing_from_a_span_of_time(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        fresh.clock.advance(48 * HOUR);
        record(core, &tenant, Event::new(Action::TenantUpdated)).await;
        fresh.clock.advance(-24 * HOUR);
        core.accept_clock().await.expect("accepted");
        record(core, &tenant, Event::new(Action::TenantUpdated)).await;
        let reader = person(core, &tenant, Some(Role::Member), &[]);
        let before = HistoryFilter { to: Some(core.now().plus(HOUR)), ..filter() };
        assert_eq!(seqs(&all(&reader, &before, 50).await), [2]);
    }

    async fn an_event_tells_what_changed_and_by_whom(fresh) {
        let (core, tenant) = (&fresh.core, tenant(&fresh.core));
        let ada = person(core, &tenant, Some(Role::Owner), &[]);
        let event = Event::new(Action::TenantUpdated).target(&tenant).changed("name", &"Acme", &"Apex").reason(Some("rebranding"));
        ada.begin(Permission::UpdateTenant, crate::Reach::Tenant).expect("may").commit(event).await.expect("recorded");
        let page = ada.history_of(tenant.as_str(), Limit::default(), None).await.expect("a page");
        let [event] = &page.data[..] else { panic!("one event, not {}", page.data.len()) };
        assert_eq!((event.action, event.outcome, event.seq), (Action::TenantUpdated, Outcome::Success, 1));
        assert_eq!(event.actor.name.as_deref(), Some("Ada"));
        assert_eq!(event.reason.as_deref(), Some("rebranding"));
        assert_eq!(event.metadata["before"]["name"], "Acme");
        assert_eq!(event.metadata["after"]["name"], "Apex");
        // AU8: UTC, with milliseconds.
        assert_eq!(event.at, "2026-05-23T22:00:00.250Z");
    }
}
