//! What lists and pages call a token: what the guard would say of it.

use super::{super::*, *};
use crate::{
    on_each_engine,
    time::{HOUR, SECOND},
};

on_each_engine! {
    async fn a_token_is_active_for_as_long_as_the_guard_lets_it_in(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let both = async || {
            let shown = ground.op.token(&minted.id).await.expect("a row").status;
            for status in [None, Some(TokenStatus::Active), Some(TokenStatus::Expired), Some(TokenStatus::Revoked)] {
                let filter = TokenFilter { status, include_revoked: true, ..Default::default() };
                let listed = ground.op.tokens(&filter, crate::Limit::default(), None).await.expect("a page").data;
                let expected = if status.is_none_or(|status| status == shown) { vec![shown] } else { Vec::new() };
                assert_eq!(listed.iter().map(|token| token.status).collect::<Vec<_>>(), expected, "{status:?}");
            }
            let alive = ground.op.tokens(&TokenFilter::default(), crate::Limit::default(), None).await.expect("a page").data;
            assert_eq!(alive.len(), usize::from(shown == TokenStatus::Active));
            (shown, ground.verdict(minted.token.reveal()).await.err())
        };
        assert_eq!(both().await, (TokenStatus::Active, None));
        let key = ground.op.token(&minted.id).await.expect("a row").signing_key_id;
        for (table, id, set, back) in [
            ("signing_key", key.to_string(), "state = 'revoked'", "state = 'active'"),
            ("tenant", ground.tenant.to_string(), "not_before = not_before + 9000000000000", "not_before = not_before - 9000000000000"),
        ] {
            fresh.sql(format!("update {table} set {set} where id = '{id}'")).await.expect("ended");
            assert_eq!(both().await, (TokenStatus::Revoked, Some(Code::WidgetTokenRevoked)), "{table}");
            fresh.sql(format!("update {table} set {back} where id = '{id}'")).await.expect("taken back");
            assert_eq!(both().await, (TokenStatus::Active, None), "{table}");
        }
        let created = ground.op.token(&minted.id).await.expect("a row").created_at.millis();
        for (not_before, status) in [(created, TokenStatus::Active), (created + 1, TokenStatus::Revoked)] {
            fresh.sql(format!("update tenant set not_before = {not_before} where id = '{}'", ground.tenant)).await.expect("moved");
            assert_eq!(both().await.0, status);
        }
        fresh.sql(format!("update tenant set not_before = 0 where id = '{}'", ground.tenant)).await.expect("moved back");
        fresh.clock.advance(minted.expires_at.since(fresh.core.now()) - 1);
        assert_eq!(both().await, (TokenStatus::Active, None));
        fresh.clock.advance(1);
        assert_eq!(both().await, (TokenStatus::Expired, Some(Code::WidgetTokenExpired)));
        fresh.sql(format!("update widget_token set revoked_at = 1 where id = '{}'", minted.id)).await.expect("ended");
        assert_eq!(both().await.0, TokenStatus::Revoked);
    }

    /// A row may end before its text does; that is no sign of anything, and history hears nothing of it.
    async fn a_row_that_ends_first_has_expired(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        fresh.sql(format!("update widget_token set expires_at = {} where id = '{}'", fresh.core.now().millis(), minted.id)).await.expect("shortened");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenExpired));
        fresh.core.flush_refusals().await.expect("written");
        let (told,): (i64,) = fresh.core.db().one("select count(*) from audit_event where action = 'widget_request.refused'", args![]).await.expect("a count");
        assert_eq!(told, 0);
    }

    /// RV11: the row that is read on each call tells how far time has come elsewhere.
    async fn a_clock_that_is_behind_lets_in_nothing_that_has_expired(fresh) {
        let ground = ground(&fresh).await;
        let behind = fresh.another_process_at(crate::Clock::standing_at(fresh.core.now())).await;
        let (early, late) = (ground.mint().await, ground.op.mint_token(Mint { ttl_seconds: Some(3_600), ..ground.asking() }, None).await.expect("minted"));
        let verdict = async |minted: &MintedToken| {
            let call = Presented { bearer: Some(minted.token.reveal()), origin: Some(PAGE), ..Default::default() };
            behind.guard(call).await.map(drop).map_err(|error| error.code())
        };
        assert_eq!((verdict(&early).await, behind.clock_is_behind()), (Ok(()), 0));
        fresh.clock.advance(HOUR / 2);
        // Whatever is written leaves the time of its writing.
        ground.mint().await;
        assert_eq!(verdict(&early).await, Err(Code::WidgetTokenExpired), "half an hour, by the other clock");
        assert_eq!((verdict(&late).await, behind.clock_is_behind()), (Ok(()), HOUR / 2));
        assert_eq!(behind.now(), fresh.core.now());
    }

    async fn a_token_from_half_a_minute_ahead_is_believed_and_none_from_further(fresh) {
        let ground = ground(&fresh).await;
        let behind = fresh.another_process_at(crate::Clock::standing_at(fresh.core.now())).await;
        for (ahead, believed) in [(30 * SECOND, true), (SECOND, false)] {
            fresh.clock.advance(ahead);
            let minted = ground.mint().await;
            assert_eq!(behind.verify(minted.token.reveal()).await.expect("read").is_ok(), believed, "{ahead} ms more");
        }
    }

    /// Of other kinds the guard does not even tell that they were good once.
    async fn only_a_widget_token_is_told_to_have_expired(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, crate::bridge::BridgeAlgorithm::Hs256).await);
        let session = acme.exchange(&embed, crate::testing::bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session").token;
        let widget = acme.token(&acme.owner().await, &acme.organization("clinic").await).await.token;
        let verdict = async |token: &crate::Secret| {
            let call = Presented { bearer: Some(token.reveal()), origin: Some(crate::testing::PAGE), ..Default::default() };
            fresh.core.guard(call).await.err().map(|error| error.code())
        };
        assert_eq!((verdict(&session).await, verdict(&widget).await), (Some(Code::WidgetTokenRequired), None));
        fresh.clock.advance(HOUR);
        assert_eq!((verdict(&session).await, verdict(&widget).await), (Some(Code::InvalidToken), Some(Code::WidgetTokenExpired)));
    }

    async fn a_grant_knows_from_where_the_call_came(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let from = Origination { ip: Some("198.51.100.7".into()), user_agent: Some("Firefox".into()), request_id: None };
        let call = Presented { bearer: Some(minted.token.reveal()), origin: Some(PAGE), from: from.clone(), ..Default::default() };
        assert_eq!(ground.core.guard(call).await.expect("good").from(), &from);
    }
}
