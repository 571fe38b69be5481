//! What becomes of a session after a sign-in in the window, on a real database of each engine.

use super::{ABSOLUTE, GRACE, LASTS_AFTER_SIGN_IN, StartedSession};
use crate::{
    Code, Core, CustomerSessionId, EmbedKeyId, Secret,
    bridge::BridgeAlgorithm,
    customer_session::{CustomerCall, CustomerSessionStatus, Way},
    db::args,
    key::KeyRevocation,
    on_each_engine,
    testing::{Fixture, Fresh, PAGE, bridge_token},
    time::{MINUTE, SECOND},
};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const ADA: &str = "ada@customer.example";

/// A tenant whose product has its switch on, and Ada, who signed in.
struct Scene {
    acme: Fixture,
    key: EmbedKeyId,
    started: StartedSession,
}

async fn scene(fresh: &Fresh) -> Scene {
    let acme = fresh.tenant("acme").await;
    let product = acme.product().await;
    let key = acme.embed_key(&product).await.id;
    acme.let_sign_in(&product).await;
    let started = acme.signed_in(&key, ADA).await;
    Scene { acme, key, started }
}

async fn refresh(core: &Core, token: &Secret) -> Result<StartedSession, Code> {
    let call = CustomerCall { bearer: Some(token.reveal()), origin: Some(PAGE), ..CustomerCall::default() };
    let visit = core.customer_visit(call).await.map_err(|error| error.code())?;
    visit.refresh().await.map_err(|error| error.code())
}

impl Scene {
    async fn code(&self, token: &Secret) -> Option<Code> {
        self.acme.visit(token).await.err().map(|error| error.code())
    }

    async fn id(&self, token: &Secret) -> CustomerSessionId {
        self.acme.visit(token).await.expect("alive").me().session_id
    }

    async fn jti(&self, token: &Secret) -> String {
        self.acme.core.verify(token.reveal()).await.expect("answers").expect("ours").id.clone()
    }
}

async fn told(core: &Core, action: &str) -> i64 {
    let (count,): (i64,) = core.db().one("select count(*) from audit_event where action = $1", args![action]).await.expect("a count");
    count
}

on_each_engine! {
    /// N5: a quarter of an hour, exactly, and twelve hours at most.
    async fn a_sign_in_lasts_a_quarter_of_an_hour_at_a_time(fresh) {
        let scene = scene(&fresh).await;
        let claims = fresh.core.verify(scene.started.token.reveal()).await.expect("answers").expect("ours").all();
        assert_eq!(claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat"), 900);
        let issued = fresh.core.now().floor_to_second();
        assert_eq!((scene.started.expires_at, scene.started.ends_at), (issued.plus(LASTS_AFTER_SIGN_IN), issued.plus(ABSOLUTE)));
        let id = scene.id(&scene.started.token).await;
        let row = scene.acme.owner().await.customer_session(&scene.started.customer.id, &id).await.expect("a row");
        assert_eq!((row.way, row.embed_key_id, row.origin.as_str()), (Way::SignIn, scene.key.clone(), PAGE));
        let mut latest = refresh(&fresh.core, &scene.started.token).await.expect("at once");
        for _ in 0..100 {
            fresh.clock.advance(14 * MINUTE);
            latest = match refresh(&fresh.core, &latest.token).await {
                Ok(next) => next,
                Err(code) => {
                    assert_eq!(code, Code::SessionExpired);
                    break;
                }
            };
            assert_eq!((scene.id(&latest.token).await, latest.ends_at), (id.clone(), scene.started.ends_at));
            assert!(latest.expires_at <= scene.started.ends_at);
        }
        fresh.clock.advance(14 * MINUTE);
        assert!(fresh.core.now() >= scene.started.ends_at, "it was refreshed to its end");
        assert_eq!(told(&fresh.core, "customer_session.reuse_detected").await, 0);
    }

    /// N6: what was refreshed is good for calls until its own end.
    async fn a_token_that_was_refreshed_is_good_for_calls_and_for_nothing_else(fresh) {
        let scene = scene(&fresh).await;
        let second = refresh(&fresh.core, &scene.started.token).await.expect("refreshed");
        fresh.clock.advance(GRACE + 1);
        assert_eq!((scene.code(&scene.started.token).await, scene.code(&second.token).await), (None, None));
        assert_eq!(refresh(&fresh.core, &scene.started.token).await.err(), Some(Code::SessionRevoked));
        for dead in [&scene.started.token, &second.token] {
            assert_eq!(scene.code(dead).await, Some(Code::SessionRevoked), "nobody knows which of the two is the thief");
        }
        assert_eq!(refresh(&fresh.core, &second.token).await.err(), Some(Code::SessionRevoked));
        assert_eq!(told(&fresh.core, "customer_session.reuse_detected").await, 1);
        let sessions = scene.acme.owner().await.customer_sessions(&scene.started.customer.id, None, crate::Limit::MOST, None).await;
        let row = sessions.expect("a list").data.remove(0);
        assert_eq!((row.status, row.revoked_by.as_deref()), (CustomerSessionStatus::Revoked, Some("system")));
        assert!(row.revoke_reason.expect("a reason").contains("shown again"));
        let again = scene.acme.signed_in(&scene.key, ADA).await;
        assert_eq!(scene.code(&again.token).await, None, "they may come again");
    }

    async fn an_answer_that_was_lost_is_given_again_and_makes_no_second_chain(fresh) {
        let scene = scene(&fresh).await;
        let first = refresh(&fresh.core, &scene.started.token).await.expect("refreshed");
        fresh.clock.advance(GRACE);
        let again = refresh(&fresh.core, &scene.started.token).await.expect("within the grace");
        assert_eq!(scene.jti(&first.token).await, scene.jti(&again.token).await, "the same token, signed again");
        assert_eq!((first.expires_at, first.ends_at), (again.expires_at, again.ends_at), "and it lasts no longer");
        assert_eq!(told(&fresh.core, "customer_session.refreshed").await, 1);
        let third = refresh(&fresh.core, &again.token).await.expect("either goes on");
        assert_eq!(scene.jti(&refresh(&fresh.core, &first.token).await.expect("the other, within the grace").token).await, scene.jti(&third.token).await);
        assert_eq!(refresh(&fresh.core, &scene.started.token).await.err(), Some(Code::SessionRevoked), "two steps behind is no retry");
    }

    /// Of many at once, in two processes, one chain goes on.
    async fn twenty_who_refresh_one_token_in_two_processes_hold_one_chain(fresh) {
        let scene = scene(&fresh).await;
        let cores = [fresh.core.clone(), fresh.another_process().await];
        let mut latest = Secret::new(scene.started.token.reveal().to_owned());
        for round in 0..5 {
            fresh.clock.advance(SECOND);
            let mut refreshing = JoinSet::new();
            for place in 0..20 {
                let (core, token) = (cores[place % 2].clone(), Secret::new(latest.reveal().to_owned()));
                refreshing.spawn(async move { refresh(&core, &token).await });
            }
            let answers: Vec<_> = refreshing.join_all().await.into_iter().map(|answer| answer.expect("answered")).collect();
            let mut chain = BTreeSet::new();
            for answer in &answers {
                chain.insert(scene.jti(&answer.token).await);
            }
            assert_eq!(chain.len(), 1, "round {round}");
            latest = Secret::new(answers[0].token.reveal().to_owned());
        }
        assert_eq!(told(&fresh.core, "customer_session.refreshed").await, 5);
        assert_eq!(scene.code(&latest).await, None);
        cores[1].close().await;
    }

    async fn twenty_who_show_a_copy_in_two_processes_end_the_session_once(fresh) {
        let scene = scene(&fresh).await;
        let cores = [fresh.core.clone(), fresh.another_process().await];
        refresh(&fresh.core, &scene.started.token).await.expect("refreshed");
        fresh.clock.advance(GRACE + 1);
        let mut refreshing = JoinSet::new();
        for place in 0..20 {
            let (core, token) = (cores[place % 2].clone(), Secret::new(scene.started.token.reveal().to_owned()));
            refreshing.spawn(async move { refresh(&core, &token).await.err() });
        }
        let codes = refreshing.join_all().await;
        assert!(codes.iter().all(|code| *code == Some(Code::SessionRevoked)), "{codes:?}");
        assert_eq!(told(&fresh.core, "customer_session.reuse_detected").await, 1);
        cores[1].close().await;
    }

    /// A bridge token's page may hold several widgets with a token each, as ever.
    async fn other_sessions_are_refreshed_as_often_as_one_likes(fresh) {
        let scene = scene(&fresh).await;
        let product = scene.acme.product().await;
        let bridge = scene.acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
        let embed = scene.acme.embed_key(&product).await;
        let begun = scene.acme.exchange(&embed, bridge_token(&bridge, &scene.acme.vouches("u"))).await.expect("a session");
        for _ in 0..3 {
            fresh.clock.advance(GRACE + SECOND);
            refresh(&fresh.core, &begun.token).await.expect("refreshed");
        }
    }

    async fn what_is_given_again_dies_with_the_key_that_signed_it(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        refresh(&fresh.core, &scene.started.token).await.expect("refreshed");
        let active = owner.signing_keys().await.expect("keys").into_iter().find(|key| key.state == crate::key::KeyState::Active).expect("one signs");
        owner.revoke_signing_key(&active.id, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(refresh(&fresh.core, &scene.started.token).await.err(), Some(Code::SessionRevoked));
    }

    async fn signing_out_everywhere_ends_all_of_a_customer_and_nobody_else(fresh) {
        let scene = scene(&fresh).await;
        let (second, other) = (scene.acme.signed_in(&scene.key, ADA).await, scene.acme.signed_in(&scene.key, "eve@customer.example").await);
        let globex = fresh.tenant("globex").await;
        let foreign = globex.embed_key(&globex.product().await).await.id;
        globex.let_sign_in(&globex.product().await).await;
        let namesake = globex.signed_in(&foreign, ADA).await;
        let ended = scene.acme.visit(&second.token).await.expect("alive").end_everywhere().await.expect("ended");
        assert_eq!(ended.revoked, 2);
        for dead in [&scene.started.token, &second.token] {
            assert_eq!(scene.code(dead).await, Some(Code::SessionRevoked));
        }
        assert_eq!((scene.code(&other.token).await, globex.visit(&namesake.token).await.err().map(|error| error.code())), (None, None));
        let (body,): (String,) = fresh.core.db().one("select body from audit_event where action = 'customer_session.bulk_revoked'", args![]).await.expect("one event");
        assert!(body.contains("\"count\":2") && body.contains(scene.started.customer.id.as_str()), "{body}");
    }

    /// Here as well as in the core.
    async fn the_database_itself_refuses_more_than_a_quarter_of_an_hour(fresh) {
        let scene = scene(&fresh).await;
        let late = scene.started.expires_at.plus(MINUTE).millis();
        for wrong in [format!("expires_at = {late}"), "latest_jti = null".to_owned(), "way = 'magic_link'".to_owned()] {
            assert!(fresh.sql(format!("update customer_session set {wrong}")).await.is_err(), "{wrong}");
        }
    }
}
