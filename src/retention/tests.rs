//! The purge on a real database of each engine.

use super::Purged;
use crate::{
    Core, Origination, Role, TenantId, Who,
    audit::{Action, ChainReport, Event, Fault},
    db::args,
    on_each_engine,
    testing::Fresh,
    time::{DAY, HOUR, MINUTE},
    writer::Write,
};

/// A tenant that keeps history for this long; its making is its first event.
async fn tenant(core: &Core, days: i64) -> TenantId {
    let id = TenantId::new(core.now());
    let mut tx = core.begin(Who::System, Some(id.clone()), Origination::default());
    tx.write(Write::any(
        "insert into tenant (id, slug, name, retention_days, created_at) values ($1, $1, 'Acme', $2, $3)",
        args![&id, days, core.now()],
    ));
    tx.commit(Event::new(Action::TenantCreated).target(&id)).await.expect("a tenant");
    id
}

async fn record_many(core: &Core, tenant: &TenantId, count: usize) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..count {
        let tx = core.begin(Who::System, Some(tenant.clone()), Origination::default());
        tasks.spawn(tx.commit(Event::new(Action::TenantUpdated)));
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
}

async fn report(fresh: &Fresh, tenant: &TenantId) -> ChainReport {
    let report = fresh.core.verify_audit().await.expect("a report");
    report.chains.into_iter().find(|chain| chain.chain == tenant.as_str()).expect("the chain is known")
}

fn events(events: u64) -> Purged {
    Purged { events, tokens: 0 }
}

on_each_engine! {
    /// AU2
    async fn what_is_past_its_retention_goes_and_the_rest_stays_proven(fresh) {
        let tenant = tenant(&fresh.core, 30).await;
        record_many(&fresh.core, &tenant, 4).await;
        fresh.clock.advance(29 * DAY);
        record_many(&fresh.core, &tenant, 2).await;
        assert_eq!(fresh.core.purge().await.expect("purged"), events(0));
        fresh.clock.advance(2 * DAY);
        assert_eq!(fresh.core.purge().await.expect("purged"), events(5));
        assert_eq!(fresh.core.purge().await.expect("purged"), events(0));
        let mark: (crate::Time,) = fresh.core.db().one("select pruned_before from installation", args![]).await.expect("a mark");
        assert_eq!(mark.0.millis(), fresh.core.now().plus(-30 * DAY).millis() / DAY * DAY, "the triggers let go of what is past, and of no more");
        let report = report(&fresh, &tenant).await;
        // Two events and that of the purge.
        assert_eq!((report.after, report.rows, report.seq, report.bad), (5, 3, 8, None));
        let (body,): (String,) =
            fresh.core.db().one("select body from audit_event where chain = $1 and seq = 8", args![&tenant]).await.expect("an event");
        assert!(body.contains(r#""action":"audit_log.purged""#) && body.contains(r#""events":5"#), "{body}");
        // Nobody else may go as far.
        assert!(fresh.sql("delete from audit_event where seq = 6").await.is_err());
        assert!(fresh.sql("update installation set pruned_before = 0").await.is_err());
    }

    async fn a_purge_of_more_than_a_thousand_rows_goes_in_steps(fresh) {
        let tenant = tenant(&fresh.core, 30).await;
        for _ in 0..3 {
            record_many(&fresh.core, &tenant, 800).await;
        }
        fresh.clock.advance(31 * DAY);
        assert_eq!(fresh.core.purge().await.expect("purged"), events(2_401));
        let report = report(&fresh, &tenant).await;
        assert_eq!((report.after, report.rows, report.bad), (2_401, 1, None));
        let checkpoints: Vec<(i64,)> =
            fresh.core.db().all("select seq from audit_checkpoint where chain = $1", args![&tenant]).await.expect("rows");
        assert_eq!(checkpoints, [(2_401,)]);
    }

    async fn each_tenant_keeps_its_own_time(fresh) {
        let (short, long) = (tenant(&fresh.core, 30).await, tenant(&fresh.core, 60).await);
        fresh.core.accept_clock().await.expect("an event without a tenant");
        fresh.clock.advance(40 * DAY);
        assert_eq!(fresh.core.purge().await.expect("purged"), events(1));
        assert_eq!((report(&fresh, &short).await.after, report(&fresh, &long).await.after), (1, 0));
    }

    async fn a_clock_that_leaps_costs_a_day_of_history(fresh) {
        let tenant = tenant(&fresh.core, 30).await;
        for _ in 0..3 {
            fresh.clock.advance(DAY);
            record_many(&fresh.core, &tenant, 1).await;
        }
        fresh.clock.advance(1_000 * DAY);
        assert_eq!(fresh.core.purge().await.expect("purged"), events(1));
        assert_eq!(report(&fresh, &tenant).await.bad, None);
    }

    /// AU2
    async fn a_purge_does_not_sign_away_what_was_tampered_with(fresh) {
        let tenant = tenant(&fresh.core, 30).await;
        record_many(&fresh.core, &tenant, 5).await;
        fresh.clock.advance(31 * DAY);
        fresh.drop_triggers().await;
        fresh.sql(format!("delete from audit_event where chain = '{tenant}' and seq = 4")).await.expect("deleted");
        assert_eq!(fresh.core.purge().await.expect("purged"), events(3));
        let bad = report(&fresh, &tenant).await.bad.expect("told");
        assert_eq!((bad.fault, bad.seq), (Fault::Missing, 4));
    }

    async fn leftovers_are_swept_when_nothing_asks_for_them(fresh) {
        for (key, age) in [("old", 11 * MINUTE), ("young", 9 * MINUTE)] {
            let at = fresh.core.now().plus(-age).millis();
            let row = format!("insert into idempotency (caller, key_hash, body_hash, token_id, created_at) values ('c', '{key}', 'b', 't', {at})");
            fresh.sql(row).await.expect("a row");
        }
        fresh.core.sweep().await.expect("swept");
        let left: Vec<(String,)> = fresh.core.db().all("select key_hash from idempotency", args![]).await.expect("rows");
        assert_eq!(left, [("young".to_owned(),)]);
    }

    /// Last uses outlive the hour only for as long as somebody can look at them.
    async fn the_last_use_of_what_exists_stays(fresh) {
        let acme = fresh.tenant("acme").await;
        let key = acme.embed_key(&acme.product().await).await;
        let signing = acme.owner().await.signing_keys().await.expect("keys")[0].id.to_string();
        let mut there = vec![acme.api_key(Role::Viewer, None).await.api_key.id.to_string(), key.id.to_string(), signing];
        fresh.core.flush_uses().await.expect("written");
        fresh.sql("delete from credential_use").await.expect("emptied");
        let old = fresh.core.now().plus(-2 * HOUR).millis();
        for id in there.iter().map(String::as_str).chain(["apik_gone"]) {
            fresh.sql(format!("insert into credential_use (id, last_used_at) values ('{id}', {old})")).await.expect("a row");
        }
        fresh.core.sweep().await.expect("swept");
        let left: Vec<(String,)> = fresh.core.db().all("select id from credential_use order by id", args![]).await.expect("rows");
        there.sort();
        assert_eq!(left.into_iter().map(|(id,)| id).collect::<Vec<_>>(), there);
    }
}
