//! Ending more tokens than one transaction may: all that fit, none beside them, each with the event that tells (RV3, RV5).

use super::{super::*, *};
use crate::{Limit, on_each_engine};

/// So many live tokens like this one, which were minted and end at different times.
async fn crowd(fresh: &Fresh, like: &MintedToken, many: i64) {
    let copy = "insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, minted_by_type, minted_by, minted_by_name, created_at, expires_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
         select w.id || n.i, w.tenant_id, w.organization_id, w.signing_key_id, w.scope, w.origins, w.minted_by_type, w.minted_by, w.minted_by_name,
                w.created_at - n.i % 700, w.expires_at - 1000 * (n.i % 1300)
         from widget_token w, n where w.id = $1";
    fresh.core.keep(vec![Write::any(copy, args![&like.id, many])]).await.expect("copied");
}

/// So many of one minter, organization and key.
pub(in crate::token) async fn of(fresh: &Fresh, many: i64) {
    let minted = ground(fresh).await.mint().await;
    crowd(fresh, &minted, many).await;
}

/// How many live that nobody has revoked, and how many were revoked by an event that history has.
async fn rows(fresh: &Fresh) -> (i64, i64) {
    let alive = fresh.core.counted("select count(*) from widget_token where revoked_at is null").await;
    let told = fresh.core.counted("select count(*) from widget_token w join audit_event e on e.id = w.revocation_event").await;
    (alive, told)
}

/// The sum of what all events say that they ended.
async fn told(fresh: &Fresh) -> i64 {
    let rows: Vec<(String,)> = fresh.core.db().all("select body from audit_event", args![]).await.expect("history");
    let bodies = rows.into_iter().map(|(body,)| serde_json::from_str::<serde_json::Value>(&body).expect("JSON"));
    bodies.filter_map(|body| body["metadata"]["count"].as_i64()).sum()
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
        assert_eq!(fresh.core.counted("select count(*) from audit_event where action = 'widget_token.bulk_revoked'").await, 15);
    }

    async fn few_are_left_to_the_one_transaction(fresh) {
        let ground = ground(&fresh).await;
        crowd(&fresh, &ground.mint().await, 900).await;
        let before = fresh.core.counted("select count(*) from audit_event").await;
        assert_eq!(ground.op.revoke_tokens(ground.of_this_organization()).await.expect("done").revoked, 901);
        assert_eq!(fresh.core.counted("select count(*) from audit_event").await, before + 1);
    }

    async fn few_die_with_their_origin_in_its_own_event_and_a_crowd_is_spared_on_request(fresh) {
        let ground = ground(&fresh).await;
        let add = async |origin: &str| ground.op.add_origin(&ground.organization.id, &NewOrigin { origin: origin.into() }).await.expect("added");
        let (few, many) = (add("https://few.acme.com").await, add("https://many.acme.com").await);
        let mint = async |origin: &str| ground.op.mint_token(Mint { origins: vec![origin.into()], ..ground.asking() }, None).await.expect("minted");
        mint("https://few.acme.com").await;
        crowd(&fresh, &mint("https://many.acme.com").await, 1_200).await;
        let before = fresh.core.counted("select count(*) from audit_event").await;
        assert_eq!(ground.op.remove_origin(&ground.organization.id, &few.id, false).await.expect("removed").revoked, 1);
        assert_eq!((fresh.core.counted("select count(*) from audit_event").await, told(&fresh).await), (before + 1, 1));
        assert_eq!(ground.op.remove_origin(&ground.organization.id, &many.id, true).await.expect("removed").revoked, 0);
        assert_eq!(rows(&fresh).await, (1_201, 1));
        assert_eq!(fresh.core.counted("select count(*) from audit_event").await, before + 2);
    }

    async fn few_die_with_their_organization_in_its_own_event(fresh) {
        let ground = ground(&fresh).await;
        crowd(&fresh, &ground.mint().await, 3).await;
        let before = fresh.core.counted("select count(*) from audit_event").await;
        ground.op.delete_organization(&ground.organization.id).await.expect("deleted");
        assert_eq!((rows(&fresh).await, told(&fresh).await), ((0, 4), 4));
        assert_eq!(fresh.core.counted("select count(*) from audit_event").await, before + 1);
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
        assert_eq!(told(&fresh).await, 2_601);
        assert_eq!(fresh.core.counted("select count(*) from audit_event where action = 'api_key.revoked'").await, 1);
        owner.revoke_api_key(&key.api_key.id, None).await.expect("the same");
        assert_eq!(told(&fresh).await, 2_601, "again ends nothing, and says nothing");
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
        assert_eq!(told(&fresh).await, 2_601);
    }

    /// A process may die, or a caller give up, between the credential and the last of what hangs on it.
    async fn what_was_left_of_a_crowd_is_ended_by_who_asks_again(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let (owner, key) = (acme.owner().await, acme.api_key(Role::Admin, None).await);
        let minted = acme.token(&acme.key_op(&key).await, &clinic).await;
        crowd(&fresh, &minted, 1_200).await;
        let few = acme.api_key(Role::Admin, None).await;
        let one = acme.token(&acme.key_op(&few).await, &clinic).await;
        fresh.sql(format!("update api_key set revoked_at = {} where id = '{}'", fresh.core.now().millis(), few.api_key.id)).await.expect("revoked");
        owner.revoke_api_key(&few.api_key.id, None).await.expect("the rest");
        assert!(!acme.lives(&one).await, "a single one as well");
        let id = &key.api_key.id;
        fresh.sql(format!("update api_key set revoked_at = {} where id = '{id}'", fresh.core.now().millis())).await.expect("revoked");
        assert!(acme.lives(&minted).await);
        assert_eq!(owner.revoke_api_key(id, None).await.expect("the rest").live_tokens, 0);
        assert!(!acme.lives(&minted).await);
        assert_eq!(rows(&fresh).await, (0, 1_202));
    }

    async fn a_crowd_dies_with_its_organization_or_its_minter(fresh) {
        let acme = fresh.tenant("acme").await;
        let (clinic, other) = (acme.organization("clinic").await, acme.organization("other").await);
        let (owner, admin) = (acme.owner().await, acme.member(Role::Admin).await);
        let kept = acme.token(&owner, &other).await;
        let minted = acme.token(&acme.op(&admin).await, &clinic).await;
        crowd(&fresh, &minted, 10_200).await;
        let removed = owner.remove_member(&admin.id, crate::member::Removal::default()).await.expect("removed");
        assert_eq!(removed.revoked_tokens, 10_201);
        assert_eq!(rows(&fresh).await, (1, 10_201));
        crowd(&fresh, &acme.token(&owner, &clinic).await, 2_600).await;
        owner.delete_organization(&clinic).await.expect("deleted");
        assert_eq!(rows(&fresh).await, (1, 12_802));
        assert!(acme.lives(&kept).await);
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
