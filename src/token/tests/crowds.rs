//! Ending more tokens than one transaction may: all that fit, none beside them, each with the event that tells (RV3, RV5).

use super::{super::*, *};
use crate::{Limit, Permission, Reach, audit::HistoryFilter, on_each_engine};

/// So many live tokens like this one, which were minted and end at different times.
async fn crowd(fresh: &Fresh, like: &MintedToken, many: i64) {
    let copy = "insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
         select w.id || n.i, w.tenant_id, w.organization_id, w.signing_key_id, w.scope, w.origins, w.minted_by_type, w.minted_by, w.minted_by_name,
                w.created_at - n.i % 700, w.expires_at - 1000 * (n.i % 1300)
         from widget_token w, n where w.id = $1";
    fresh.core.keep(vec![Write::any(copy, args![&like.id, many])]).await.expect("copied");
}

async fn number(fresh: &Fresh, sql: &'static str) -> i64 {
    let (count,): (i64,) = fresh.core.db().one(sql, args![]).await.expect("a count");
    count
}

/// How many live that nobody has revoked, and how many were revoked by an event that history has.
async fn rows(fresh: &Fresh) -> (i64, i64) {
    let alive = number(fresh, "select count(*) from widget_token where revoked_at is null").await;
    let told = number(fresh, "select count(*) from widget_token w join audit_event e on e.id = w.revocation_event").await;
    (alive, told)
}

/// What the newest event says that it ended, and what was ended before it.
async fn told(op: &Op) -> (u64, u64) {
    let page = op.history(&HistoryFilter::default(), Limit::parse(Some(1)).expect("one"), None).await.expect("history");
    let figure = |name: &str| page.data[0].metadata.get(name).and_then(serde_json::Value::as_u64).unwrap_or_default();
    (figure("count"), figure("revoked_before"))
}

on_each_engine! {
    async fn a_crowd_is_revoked_by_each_filter(fresh) {
        let ground = ground(&fresh).await;
        let kept = another(&fresh, "other").await.mint().await;
        let row = ground.op.token(&ground.mint().await.id).await.expect("a row");
        let mut dead = 0;
        for filter in [
            ground.of_this_organization(),
            BulkRevocation { origin: Some(PAGE.into()), ..Default::default() },
            BulkRevocation { minted_by: Some(row.minted_by.clone()), ..Default::default() },
            BulkRevocation { signing_key_id: Some(row.signing_key_id.clone()), ..Default::default() },
            BulkRevocation { origin: Some(PAGE.into()), minted_by: Some(row.minted_by.clone()), ..ground.of_this_organization() },
        ] {
            let minted = ground.mint().await;
            crowd(&fresh, &minted, 2_600).await;
            let (alive, told) = rows(&fresh).await;
            assert_eq!((told, alive), (dead, if dead == 0 { 2_603 } else { 2_602 }), "the other tenant's is one of them");
            let found = ground.op.preview_revocation(filter.clone()).await.expect("a count");
            let revoked = ground.op.revoke_tokens(filter.clone()).await.expect("done").revoked;
            assert_eq!(i64::try_from(revoked), Ok(found), "{filter:?}");
            dead += found;
            assert_eq!(rows(&fresh).await, (1, dead), "{filter:?}");
            assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        }
        ground.verdict(kept.token.reveal()).await.expect("another tenant's");
        // Two stretches of a thousand or more each, and the rest.
        assert_eq!(number(&fresh, "select count(*) from audit_event where action = 'widget_token.bulk_revoked'").await, 15);
    }

    /// What is minted meanwhile lies before the place that the stretches have come to, when it lives shorter than what they ended.
    async fn what_is_minted_meanwhile_ends_as_well(fresh) {
        let ground = ground(&fresh).await;
        crowd(&fresh, &ground.mint().await, 2_600).await;
        let filter = ground.of_this_organization();
        let begin = || ground.op.begin(Permission::RevokeTokens, Reach::Tenant);
        let rest = ground.op.thin_out(&filter, Some("a crowd"), begin).await.expect("thinned");
        assert!((2_000..2_601).contains(&rest.ended), "{rest:?}");
        let short = ground.op.mint_token(Mint { ttl_seconds: Some(60), ..ground.asking() }, None).await.expect("minted");
        let mut tx = begin().expect("allowed");
        let by = ground.op.actor().signature();
        let ending = Ending { at: tx.now(), by: &by, reason: None, event: tx.event_id() };
        let write = rest.end(&ground.tenant, &filter, ending);
        tx.write(write);
        tx.commit(Event::new(Action::TokensRevoked)).await.expect("committed");
        assert_eq!(ground.verdict(short.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        assert_eq!(rows(&fresh).await.0, 0);
    }

    async fn few_are_left_to_the_one_transaction(fresh) {
        let ground = ground(&fresh).await;
        crowd(&fresh, &ground.mint().await, 900).await;
        let before = number(&fresh, "select count(*) from audit_event").await;
        assert_eq!(ground.op.revoke_tokens(ground.of_this_organization()).await.expect("done").revoked, 901);
        assert_eq!(number(&fresh, "select count(*) from audit_event").await, before + 1);
    }

    async fn a_crowd_dies_with_its_api_key(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let key = acme.api_key(Role::Admin, None).await;
        let (minted, kept) = (acme.token(&acme.key_op(&key).await, &clinic).await, acme.token(&acme.owner().await, &clinic).await);
        crowd(&fresh, &minted, 2_600).await;
        let owner = acme.owner().await;
        assert_eq!(owner.api_key(&key.api_key.id).await.expect("a key").live_tokens, 2_601);
        assert_eq!(owner.revoke_api_key(&key.api_key.id, None).await.expect("revoked").live_tokens, 0);
        assert_eq!((acme.lives(&minted).await, acme.lives(&kept).await), (false, true));
        assert_eq!(rows(&fresh).await, (1, 2_601));
        let (count, before) = told(&owner).await;
        assert_eq!(count + before, 2_601);
        assert!(before >= 2_000, "{before}");
    }

    async fn a_crowd_dies_with_its_origin(fresh) {
        let ground = ground(&fresh).await;
        let second = ground.op.add_origin(&ground.organization.id, &NewOrigin { origin: "https://second.acme.com".into() }).await.expect("added");
        let named = ground.op.mint_token(Mint { origins: vec!["https://second.acme.com".into(), PAGE.into()], ..ground.asking() }, None).await.expect("minted");
        let spared = ground.mint().await;
        crowd(&fresh, &named, 2_600).await;
        crowd(&fresh, &spared, 1_200).await;
        assert_eq!(ground.op.tokens_naming_origin(&ground.organization.id, &second.id).await.expect("a count"), 2_601);
        assert_eq!(ground.op.remove_origin(&ground.organization.id, &second.id, false).await.expect("removed").revoked, 2_601);
        assert_eq!(ground.verdict(named.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        ground.verdict(spared.token.reveal()).await.expect("names another");
        assert_eq!(rows(&fresh).await, (1_201, 2_601));
        let (count, before) = told(&ground.op).await;
        assert_eq!(count + before, 2_601);
    }

    /// Pages and emergencies do not wait for a million rows to be counted.
    async fn counting_ends_where_it_is_told_to(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        crowd(&fresh, &minted, LIVE_COUNTED + 5).await;
        let key = ground.op.token(&minted.id).await.expect("a row").signing_key_id;
        assert_eq!(ground.op.signing_key(&key).await.expect("a key").live_tokens, LIVE_COUNTED);
        assert_eq!(ground.op.preview_revocation(ground.of_this_organization()).await.expect("a count"), LIVE_COUNTED);
        assert_eq!(ground.op.everything_alive().await.expect("a count").tokens, LIVE_COUNTED);
        let few = Limit::parse(Some(5)).expect("few");
        assert_eq!(ground.op.organizations(few, None).await.expect("a page").data[0].live_tokens, LIVE_COUNTED);
        assert_eq!(ground.op.overview().await.expect("a page").live_tokens, LIVE_COUNTED);
    }
}
