//! Whoever changes history from outside is told where: AU2, by direct SQL with the triggers out of the way.

use super::*;
use crate::{
    audit::{BadRow, Fault, append::chain_hash},
    db::args,
    on_each_engine,
    testing::Fresh,
    time::HOUR,
};

/// A chain of eight events.
async fn chain(fresh: &Fresh) -> TenantId {
    let tenant = tenant(&fresh.core);
    record_many(&fresh.core, &tenant, Action::TokenMinted, 8).await;
    tenant
}

async fn told(fresh: &Fresh, tenant: &TenantId) -> Option<(Fault, i64)> {
    let report = fresh.core.verify_audit().await.expect("a report");
    let known = report.chains.iter().any(|chain| chain.bad.is_some());
    assert_eq!(report.first_bad().is_some(), known, "what the command line goes by");
    let chain = report.chains.into_iter().find(|chain| chain.chain == tenant.as_str()).expect("the chain is known");
    chain.bad.map(|BadRow { fault, seq, .. }| (fault, seq))
}

/// Runs the statements, each narrowed to the tenant's chain where it says `$chain`.
async fn tamper(fresh: &Fresh, tenant: &TenantId, statements: &[&str]) {
    for statement in statements {
        let statement = statement.replace("$chain", &format!("chain = '{tenant}'"));
        let written = fresh.sql(statement.clone()).await.expect("runs");
        assert!(written > 0, "{statement}");
    }
}

/// What is told of a chain to which this was done.
async fn after(fresh: &Fresh, statements: &[&str]) -> Option<(Fault, i64)> {
    let tenant = chain(fresh).await;
    tamper(fresh, &tenant, statements).await;
    told(fresh, &tenant).await
}

async fn row(fresh: &Fresh, tenant: &TenantId, seq: i64) -> (String, String) {
    fresh.core.db().one("select body, hash from audit_event where chain = $1 and seq = $2", args![tenant, seq]).await.expect("a row")
}

/// Puts a row of one's own in place `seq`, with the hash that fits what comes before it.
async fn insert(fresh: &Fresh, tenant: &TenantId, seq: i64) {
    let (body, _) = row(fresh, tenant, 1).await;
    let (_, before) = row(fresh, tenant, seq - 1).await;
    let id = crate::EventId::new(fresh.core.now());
    let mut event: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    event["id"] = id.to_string().into();
    let body = event.to_string();
    let hash = chain_hash(&before, seq, &body);
    let at = fresh.core.now().millis();
    fresh
        .sql(format!(
            "insert into audit_event (chain, seq, id, at, action, outcome, body, hash)
             values ('{tenant}', {seq}, '{id}', {at}, 'widget_token.minted', 'success', '{body}', '{hash}')"
        ))
        .await
        .expect("inserted");
}

const SWAP: [&str; 3] = [
    "update audit_event set seq = 1000 where $chain and seq = 3",
    "update audit_event set seq = 3 where $chain and seq = 6",
    "update audit_event set seq = 6 where $chain and seq = 1000",
];

on_each_engine! {
    /// AU2
    async fn history_as_it_was_written_is_found_right(fresh) {
        let tenant = chain(&fresh).await;
        fresh.core.accept_clock().await.expect("an event without a tenant");
        let report = fresh.core.verify_audit().await.expect("a report");
        assert_eq!(report.first_bad(), None);
        assert_eq!(report.rows, 9);
        let names: Vec<&str> = report.chains.iter().map(|chain| chain.chain.as_str()).collect();
        assert_eq!(names, ["installation", tenant.as_str()]);
        assert_eq!((report.chains[1].seq, &report.chains[1].hash), (8, &row(&fresh, &tenant, 8).await.1));
    }

    async fn a_verification_under_way_does_not_take_new_events_for_tampering(fresh) {
        let tenant = chain(&fresh).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (core, tenant) = (fresh.core.clone(), tenant.clone());
            tasks.spawn(async move { record_many(&core, &tenant, Action::TokenMinted, 60).await });
        }
        let mut verified = 0;
        while !tasks.is_empty() {
            assert_eq!(told(&fresh, &tenant).await, None);
            fresh.core.write_checkpoints().await.expect("signed");
            fresh.clock.advance(HOUR);
            verified += 1;
            while tasks.try_join_next().is_some() {}
        }
        assert_eq!(told(&fresh, &tenant).await, None, "after {verified} rounds");
    }

    /// AU2
    async fn an_edit_is_told(fresh) {
        fresh.drop_triggers().await;
        let edits = [
            "update audit_event set body = replace(body, 'minted', 'denied') where $chain and seq = 3",
            "update audit_event set hash = replace(hash, substr(hash, 1, 8), '00000000') where $chain and seq = 3",
            "update audit_event set organization_id = 'org_0' where $chain and seq = 3",
            "update audit_event set actor_id = 'usr_0' where $chain and seq = 3",
            "update audit_event set target_id = 'wtok_0' where $chain and seq = 3",
            "update audit_event set action = 'origin.added' where $chain and seq = 3",
            "update audit_event set outcome = 'refused' where $chain and seq = 3",
            "update audit_event set at = at - 1 where $chain and seq = 3",
            "update audit_event set id = id || '0' where $chain and seq = 3",
        ];
        for edit in edits {
            assert_eq!(after(&fresh, &[edit]).await, Some((Fault::Edited, 3)), "{edit}");
        }
    }

    /// AU2
    async fn a_deletion_is_told(fresh) {
        fresh.drop_triggers().await;
        assert_eq!(after(&fresh, &["delete from audit_event where $chain and seq = 3"]).await, Some((Fault::Missing, 3)));
        assert_eq!(after(&fresh, &["delete from audit_event where $chain and seq <= 3"]).await, Some((Fault::Missing, 1)));
    }

    /// AU2
    async fn a_swap_is_told(fresh) {
        fresh.drop_triggers().await;
        assert_eq!(after(&fresh, &SWAP).await, Some((Fault::Swapped, 3)));
        let neighbours: Vec<String> = SWAP.iter().map(|statement| statement.replace("seq = 6", "seq = 4")).collect();
        let neighbours: Vec<&str> = neighbours.iter().map(String::as_str).collect();
        assert_eq!(after(&fresh, &neighbours).await, Some((Fault::Swapped, 3)));
        // Only the texts, each under the other's hash.
        let tenant = chain(&fresh).await;
        let (third, sixth) = (row(&fresh, &tenant, 3).await.0, row(&fresh, &tenant, 6).await.0);
        for (seq, body) in [(3, sixth), (6, third)] {
            tamper(&fresh, &tenant, &[&format!("update audit_event set body = '{body}' where $chain and seq = {seq}")]).await;
        }
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::Swapped, 3)));
    }

    /// AU2
    async fn an_insertion_is_told(fresh) {
        fresh.drop_triggers().await;
        let room = [
            "update audit_event set seq = seq + 1000 where $chain and seq >= 3",
            "update audit_event set seq = seq - 999 where $chain and seq >= 1003",
        ];
        let with_fitting_hash = chain(&fresh).await;
        tamper(&fresh, &with_fitting_hash, &room).await;
        insert(&fresh, &with_fitting_hash, 3).await;
        assert_eq!(told(&fresh, &with_fitting_hash).await, Some((Fault::Inserted, 3)));
        let with_any_hash = chain(&fresh).await;
        tamper(&fresh, &with_any_hash, &room).await;
        insert(&fresh, &with_any_hash, 3).await;
        tamper(&fresh, &with_any_hash, &["update audit_event set hash = 'ff' where $chain and seq = 3"]).await;
        assert_eq!(told(&fresh, &with_any_hash).await, Some((Fault::Inserted, 3)));
        let at_the_end = chain(&fresh).await;
        insert(&fresh, &at_the_end, 9).await;
        assert_eq!(told(&fresh, &at_the_end).await, Some((Fault::Inserted, 9)));
        let before_the_beginning = "update audit_event set seq = 0 where $chain and seq = 1";
        assert_eq!(after(&fresh, &[before_the_beginning]).await, Some((Fault::Inserted, 0)));
    }

    /// AU2
    async fn a_cut_is_told_even_when_the_recorded_end_was_moved(fresh) {
        fresh.drop_triggers().await;
        let cut = "delete from audit_event where $chain and seq > 5";
        let moved = "update audit_head set seq = 5, hash = (select hash from audit_event where $chain and seq = 5) where $chain";
        assert_eq!(after(&fresh, &[cut]).await, Some((Fault::Truncated, 6)));
        assert_eq!(after(&fresh, &[cut, moved]).await, Some((Fault::HeadMismatch, 5)));
        assert_eq!(after(&fresh, &["delete from audit_event where $chain"]).await, Some((Fault::Truncated, 1)));
        assert_eq!(after(&fresh, &["delete from audit_head where $chain"]).await, Some((Fault::HeadMismatch, 8)));
        // An end that is not ours is not laundered by the next event.
        let tenant = chain(&fresh).await;
        tamper(&fresh, &tenant, &[cut, moved]).await;
        record_many(&fresh.core, &tenant, Action::TokenMinted, 1).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::HeadMismatch, 6)));
    }

    /// AU2
    async fn an_end_that_was_signed_once_does_not_hide_what_came_after_a_checkpoint(fresh) {
        fresh.drop_triggers().await;
        let tenant = tenant(&fresh.core);
        record_many(&fresh.core, &tenant, Action::TokenMinted, 5).await;
        let (hash, mac): (String, String) =
            fresh.core.db().one("select hash, mac from audit_head where chain = $1", args![&tenant]).await.expect("a head");
        record_many(&fresh.core, &tenant, Action::TokenMinted, 3).await;
        fresh.core.write_checkpoints().await.expect("signed");
        let back = format!("update audit_head set seq = 5, hash = '{hash}', mac = '{mac}' where $chain");
        tamper(&fresh, &tenant, &["delete from audit_event where $chain and seq > 5", &back]).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::Truncated, 6)));
        // Nothing left but the checkpoint.
        tamper(&fresh, &tenant, &["delete from audit_event where $chain", "delete from audit_head where $chain"]).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::Truncated, 1)));
    }

    /// AU2
    async fn a_chain_written_anew_does_not_fit_what_was_signed(fresh) {
        fresh.drop_triggers().await;
        let tenant = chain(&fresh).await;
        fresh.core.write_checkpoints().await.expect("signed");
        let (_, mut hash) = row(&fresh, &tenant, 3).await;
        for seq in 4..=8 {
            let body = row(&fresh, &tenant, seq).await.0.replace("\"number\":3", "\"number\":33");
            hash = chain_hash(&hash, seq, &body);
            tamper(&fresh, &tenant, &[&format!("update audit_event set body = '{body}', hash = '{hash}' where $chain and seq = {seq}")]).await;
        }
        tamper(&fresh, &tenant, &[&format!("update audit_head set hash = '{hash}' where $chain")]).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::Edited, 8)));
        tamper(&fresh, &tenant, &["delete from audit_checkpoint where $chain"]).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::HeadMismatch, 8)));
    }

    /// AU2
    async fn a_checkpoint_of_ones_own_is_told(fresh) {
        fresh.drop_triggers().await;
        let tenant = chain(&fresh).await;
        let (_, hash) = row(&fresh, &tenant, 3).await;
        let pruned = if fresh.core.engine() == "postgres" { "true" } else { "1" };
        tamper(&fresh, &tenant, &[
            "delete from audit_event where $chain and seq <= 3",
            &format!("insert into audit_checkpoint (chain, seq, hash, at, pruned, mac) values ('{tenant}', 3, '{hash}', 0, {pruned}, 'aa')"),
        ]).await;
        assert_eq!(told(&fresh, &tenant).await, Some((Fault::CheckpointForged, 3)));
    }

    /// AU2
    async fn a_signature_holds_for_its_own_place_of_its_own_chain(fresh) {
        fresh.drop_triggers().await;
        let pruned = if fresh.core.engine() == "postgres" { "true" } else { "1" };
        let other = chain(&fresh).await;
        fresh.core.write_checkpoints().await.expect("signed");
        for (edits, seq) in [
            (&["update audit_checkpoint set at = at + 1 where $chain"][..], 8),
            (&["update audit_checkpoint set seq = 7, hash = (select hash from audit_event where $chain and seq = 7) where $chain"], 7),
            (&[&format!("update audit_checkpoint set mac = (select mac from audit_checkpoint where chain = '{other}') where $chain")], 8),
            // What was reached is not what was purged.
            (&[&format!("update audit_checkpoint set pruned = {pruned} where $chain"), "delete from audit_event where $chain"], 8),
        ] {
            let tenant = chain(&fresh).await;
            fresh.core.write_checkpoints().await.expect("signed");
            assert_eq!(told(&fresh, &tenant).await, None);
            tamper(&fresh, &tenant, edits).await;
            assert_eq!(told(&fresh, &tenant).await, Some((Fault::CheckpointForged, seq)), "{edits:?}");
        }
        assert_eq!(told(&fresh, &other).await, None);
    }

    async fn a_chain_is_signed_after_an_hour_and_not_twice(fresh) {
        let tenant = chain(&fresh).await;
        let signed = || async {
            let rows: Vec<(i64,)> =
                fresh.core.db().all("select seq from audit_checkpoint where chain = $1 order by seq", args![&tenant]).await.expect("rows");
            rows.into_iter().map(|(seq,)| seq).collect::<Vec<_>>()
        };
        fresh.core.write_checkpoints().await.expect("signed");
        fresh.core.write_checkpoints().await.expect("signed");
        assert_eq!(signed().await, [8]);
        record_many(&fresh.core, &tenant, Action::TokenMinted, 1).await;
        fresh.core.write_checkpoints().await.expect("too early");
        assert_eq!(signed().await, [8]);
        fresh.clock.advance(HOUR);
        fresh.core.write_checkpoints().await.expect("signed");
        fresh.clock.advance(HOUR);
        fresh.core.write_checkpoints().await.expect("nothing new");
        assert_eq!(signed().await, [8, 9]);
        assert_eq!(told(&fresh, &tenant).await, None);
    }
}
