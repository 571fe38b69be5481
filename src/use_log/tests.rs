//! Refusals are recorded, one event a minute however many there are: AU7.

use super::{MOST, Refusal, UseLog};
use crate::{
    Actor, Core, Limit, OrganizationId, Origination, Permission, Reach, Role, Roles, SessionId, TenantId, TokenId, UserId, Who,
    audit::{Action, AuditEvent, Event, HistoryFilter, Outcome},
    on_each_engine,
    testing::{Engine, START, fresh},
    time::{HOUR, MINUTE},
};

fn actor(core: &Core, tenant: &TenantId, role: Role) -> Actor {
    let now = core.now();
    let who = Who::User { id: UserId::new(now), name: "Ada".to_owned(), session: SessionId::new(now), proved_at: now };
    Actor { who, tenant: tenant.clone(), roles: Roles { tenant: Some(role), ..Roles::default() }, from: Origination::default() }
}

/// The refusals that history tells of, oldest first.
async fn refusals(core: &Core, tenant: &TenantId) -> Vec<AuditEvent> {
    let reader = core.act_as(actor(core, tenant, Role::Member));
    let mut events = reader.history(&HistoryFilter::default(), Limit::MOST, None).await.expect("a page").data;
    events.reverse();
    events
}

fn counts(events: &[AuditEvent]) -> Vec<u64> {
    events.iter().filter_map(|event| event.metadata["count"].as_u64()).collect()
}

/// E11
#[test]
fn past_so_many_kinds_of_refusals_the_newest_are_not_noted_and_the_others_go_on() {
    let log = UseLog::default();
    let event = Event::new(Action::RequestDenied).refused();
    let refusal = Refusal { tenant: None, who: Who::Anonymous, from: Origination::default(), event };
    for kind in (0..=MOST).chain([0]) {
        log.refused(kind.to_string(), refusal.clone(), START);
    }
    let refusals = &log.tables().refusals;
    assert_eq!((refusals.len(), refusals["0"].pending), (MOST, 2));
}

#[tokio::test]
async fn last_uses_are_written_in_the_order_of_their_tokens() {
    let fresh = fresh(Engine::Sqlite).await;
    let mut ids: Vec<_> = (0..200).map(|at| TokenId::new(fresh.core.now().plus(at))).collect();
    for id in &ids {
        fresh.core.uses().token_used(id, "https://app.customer.example", fresh.core.now());
    }
    fresh.core.flush_uses().await.expect("written");
    let written: Vec<(TokenId,)> = fresh.core.db().all("select token_id from widget_token_use order by rowid", vec![]).await.expect("rows");
    ids.sort();
    assert_eq!(written.into_iter().map(|(id,)| id).collect::<Vec<_>>(), ids);
}

on_each_engine! {
    /// AU7
    async fn a_flood_of_refusals_is_one_event_a_minute_with_their_count(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let viewer = core.act_as(actor(core, &tenant, Role::Viewer));
        let flood = |times: u64| {
            for _ in 0..times {
                assert!(viewer.require(Permission::MintTokens, Reach::Tenant).is_err());
            }
        };
        flood(1);
        core.flush_refusals().await.expect("written");
        flood(5_000);
        core.flush_refusals().await.expect("nothing is due");
        assert_eq!(counts(&refusals(core, &tenant).await), [1]);
        fresh.clock.advance(MINUTE);
        flood(4_999);
        core.flush_refusals().await.expect("written");
        fresh.clock.advance(MINUTE);
        core.flush_refusals().await.expect("nothing is due");
        let events = refusals(core, &tenant).await;
        assert_eq!(counts(&events), [1, 9_999]);
        let event = &events[0];
        assert_eq!((event.action, event.outcome), (Action::RequestDenied, Outcome::Refused));
        assert_eq!(event.reason.as_deref(), Some("insufficient_role"));
        assert_eq!(event.actor.id.as_deref(), viewer.actor().user().map(UserId::as_str));
    }

    /// AU7
    async fn refusals_that_differ_are_told_apart(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let (one, other) = (core.act_as(actor(core, &tenant, Role::Viewer)), core.act_as(actor(core, &tenant, Role::Viewer)));
        for (op, permission) in [(&one, Permission::MintTokens), (&one, Permission::ManageOwners), (&other, Permission::MintTokens)] {
            assert!(op.require(permission, Reach::Tenant).is_err());
        }
        // What is out of reach is refused as absent, and told all the same.
        let narrow = Roles { tenant: None, ..Roles::default() };
        let stranger = core.act_as(Actor { roles: narrow, ..actor(core, &tenant, Role::Viewer) });
        assert!(stranger.require(Permission::ReadTokens, &OrganizationId::new(core.now())).is_err());
        core.flush_refusals().await.expect("written");
        assert_eq!(counts(&refusals(core, &tenant).await), [1, 1, 1, 1]);
    }

    /// AU7
    async fn a_clock_that_is_set_back_loses_no_refusal(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let viewer = core.act_as(actor(core, &tenant, Role::Viewer));
        for step in [HOUR, -HOUR, 0] {
            fresh.clock.advance(step);
            core.accept_clock().await.expect("accepted");
            for _ in 0..3 {
                assert!(viewer.require(Permission::MintTokens, Reach::Tenant).is_err());
            }
            core.flush_refusals().await.expect("written");
        }
        core.flush().await.expect("written");
        assert_eq!(counts(&refusals(core, &tenant).await).iter().sum::<u64>(), 9);
    }

    /// AU7
    async fn refusals_that_could_not_be_written_are_written_later(fresh) {
        let (core, tenant) = (&fresh.core, TenantId::new(fresh.core.now()));
        let viewer = core.act_as(actor(core, &tenant, Role::Viewer));
        for _ in 0..3 {
            assert!(viewer.require(Permission::MintTokens, Reach::Tenant).is_err());
        }
        fresh.sql("alter table audit_head rename to audit_head_away").await.expect("renamed");
        assert!(core.flush_refusals().await.is_err());
        assert!(viewer.require(Permission::MintTokens, Reach::Tenant).is_err());
        fresh.sql("alter table audit_head_away rename to audit_head").await.expect("renamed");
        core.flush_refusals().await.expect("written");
        assert_eq!(counts(&refusals(core, &tenant).await), [4]);
    }
}
