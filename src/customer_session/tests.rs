//! Customers' sessions on a real database of each engine.

use super::{ABSOLUTE, CustomerCall, CustomerSessionStatus, LASTS, StartedSession};
use crate::{
    Code, Limit, ProductId, Secret,
    bridge::BridgeAlgorithm,
    db::args,
    embed_key::{EmbedKey, EmbedKeyChange, EmbedKeyRotation},
    key::KeyRevocation,
    on_each_engine,
    testing::{Fixture, Fresh, PAGE, bridge_token},
    time::{HOUR, MINUTE, SECOND},
    token::Presented,
};

/// A tenant with a page in which customer `u` has a session.
struct Scene {
    acme: Fixture,
    product: ProductId,
    key: EmbedKey,
    started: StartedSession,
}

async fn scene(fresh: &Fresh) -> Scene {
    let acme = fresh.tenant("acme").await;
    let product = acme.product().await;
    let key = acme.embed_key(&product).await;
    let bridge = acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
    let started = acme.exchange(&key, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
    Scene { acme, product, key, started }
}

impl Scene {
    async fn code(&self, token: &Secret) -> Option<Code> {
        self.acme.visit(token).await.err().map(|error| error.code())
    }

    async fn refreshed(&self, token: &Secret) -> Result<StartedSession, Code> {
        let visit = self.acme.visit(token).await.map_err(|error| error.code())?;
        visit.refresh().await.map_err(|error| error.code())
    }
}

on_each_engine! {
    /// F21, F23: an hour, for that customer, product and tenant.
    async fn a_session_says_whose_it_is_for_an_hour(fresh) {
        let Scene { acme, product, started, .. } = &scene(&fresh).await;
        let issued = fresh.core.now().floor_to_second();
        assert_eq!((started.expires_at, started.ends_at), (issued.plus(LASTS), issued.plus(ABSOLUTE)));
        let me = acme.visit(&started.token).await.expect("alive").me();
        assert_eq!((&me.customer, &me.product_id, me.anonymous), (&started.customer, product, false));
        let claims = fresh.core.verify(started.token.reveal()).await.expect("answers").expect("ours");
        assert_eq!((claims.subject.as_str(), claims.audience.as_str()), (started.customer.id.as_str(), product.as_str()));
        assert_eq!(claims.all()["sid"], serde_json::json!(me.session_id));
        assert_eq!(claims.all()["external_customer_id"], "u");
        fresh.clock.advance(started.expires_at.since(fresh.core.now()) - 1);
        assert!(acme.visit(&started.token).await.is_ok());
        fresh.clock.advance(1);
        assert_eq!(acme.visit(&started.token).await.err().map(|error| error.code()), Some(Code::SessionExpired));
    }

    /// Contract, section 4: a refresh keeps the session, and twelve hours are the end.
    async fn a_refresh_goes_on_for_an_hour_and_never_past_twelve(fresh) {
        let scene = scene(&fresh).await;
        let id = scene.acme.visit(&scene.started.token).await.expect("alive").me().session_id;
        let ends_at = scene.started.ends_at;
        let mut latest = scene.refreshed(&scene.started.token).await.expect("at once");
        assert!(scene.code(&scene.started.token).await.is_none(), "the page's other widgets may still hold the old one");
        for _ in 0..13 {
            fresh.clock.advance(55 * MINUTE);
            latest = scene.refreshed(&latest.token).await.expect("alive");
            assert_eq!(latest.ends_at, ends_at);
            let me = scene.acme.visit(&latest.token).await.expect("alive").me();
            assert_eq!((me.session_id, me.expires_at), (id.clone(), latest.expires_at));
        }
        assert_eq!(latest.expires_at, ends_at, "the last one is cut");
        fresh.clock.advance(ends_at.since(fresh.core.now()));
        assert_eq!(scene.refreshed(&latest.token).await.err(), Some(Code::SessionExpired));
        assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionExpired));
    }

    /// JW8: on its own surface only.
    async fn a_session_token_is_good_nowhere_else(fresh) {
        let scene = scene(&fresh).await;
        let token = scene.started.token.reveal();
        let call = Presented { bearer: Some(token), origin: Some(PAGE), ..Presented::default() };
        assert_eq!(fresh.core.guard(call).await.err().map(|error| error.code()), Some(Code::WidgetTokenRequired));
        assert!(fresh.core.actor_for_dashboard_token(token, crate::Origination::default()).await.is_err());
        let organization = scene.acme.organization("here").await;
        let widget = scene.acme.token(&scene.acme.owner().await, &organization).await;
        for (bearer, code) in [(None, Code::MissingToken), (Some(""), Code::MissingToken), (Some("x"), Code::InvalidToken), (Some(widget.token.reveal()), Code::InvalidToken)] {
            let call = CustomerCall { bearer, origin: Some(PAGE), ..CustomerCall::default() };
            assert_eq!(fresh.core.customer_visit(call).await.err().map(|error| error.code()), Some(code));
        }
    }

    /// OR2: the list as it is now decides.
    async fn a_session_is_used_from_pages_of_its_embed_key_only(fresh) {
        let scene = scene(&fresh).await;
        let from = async |origin| {
            let call = CustomerCall { bearer: Some(scene.started.token.reveal()), origin, ..CustomerCall::default() };
            fresh.core.customer_visit(call).await.map(drop).map_err(|error| error.code())
        };
        for elsewhere in [None, Some(""), Some("null"), Some("https://evil.example"), Some("https://app.customer.example:8443")] {
            assert_eq!(from(elsewhere).await, Err(Code::EmbedOriginNotAllowed), "{elsewhere:?}");
        }
        let owner = scene.acme.owner().await;
        let change = EmbedKeyChange { origins: Some(vec!["https://new.example".into()]), ..EmbedKeyChange::default() };
        owner.update_embed_key(&scene.product, &scene.key.id, change).await.expect("changed");
        assert_eq!(from(Some(PAGE)).await, Err(Code::EmbedOriginNotAllowed));
        assert_eq!(from(Some("https://new.example")).await, Ok(()));
        // AU7: somebody may have copied the token.
        fresh.core.flush_refusals().await.expect("written");
        let told: Vec<(String,)> = fresh.core.db().all("select body from audit_event where outcome = 'refused'", args![]).await.expect("rows");
        assert!(told.len() == 1 && told[0].0.contains("embed_origin_not_allowed") && told[0].0.contains(PAGE), "{told:?}");
    }

    /// Contract, section 5: each way in which a session dies holds at the next call, and nothing revives it.
    async fn what_a_session_came_through_takes_it_along(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let bridge = owner.bridge_keys(&scene.product, Limit::MOST, None).await.expect("a list").data.remove(0).id;
        let signing = owner.signing_keys().await.expect("keys");
        let active = signing.iter().find(|key| key.state == crate::key::KeyState::Active).expect("one signs").id.clone();
        let customer = scene.started.customer.id.clone();
        let session = scene.acme.visit(&scene.started.token).await.expect("alive").me().session_id;
        // Each straight in the row, without what the verbs do besides: the read alone must refuse.
        for (table, id, column) in [
            ("embed_key", scene.key.id.to_string(), "disabled_at"),
            ("embed_key", scene.key.id.to_string(), "expires_at"),
            ("product", scene.product.to_string(), "deleted_at"),
            ("customer", customer.to_string(), "banned_at"),
            ("customer", customer.to_string(), "deleted_at"),
            ("tenant", scene.acme.tenant.to_string(), "suspended_at"),
            ("bridge_key", bridge.to_string(), "revoked_at"),
        ] {
            fresh.sql(format!("update {table} set {column} = 1 where id = '{id}'")).await.expect("ended");
            assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionRevoked), "{table}.{column}");
            fresh.sql(format!("update {table} set {column} = null where id = '{id}'")).await.expect("taken back");
            assert_eq!(scene.code(&scene.started.token).await, None, "{table}.{column}");
        }
        // Not younger than the end of its key's earlier pages: a millisecond is not told apart.
        let began = fresh.core.now().millis();
        for (before, code) in [(began - 1, None), (began, Some(Code::SessionRevoked))] {
            fresh.sql(format!("update embed_key set not_before = {before} where id = '{}'", scene.key.id)).await.expect("moved");
            assert_eq!(scene.code(&scene.started.token).await, code);
        }
        fresh.sql(format!("update embed_key set not_before = null where id = '{}'", scene.key.id)).await.expect("taken back");
        let all = owner.customer_sessions(&customer, Some(CustomerSessionStatus::Active), Limit::MOST, None).await.expect("a list").data;
        assert_eq!(all.iter().map(|session| session.id.clone()).collect::<Vec<_>>(), [session]);
        owner.disable_embed_key(&scene.product, &scene.key.id, None).await.expect("disabled");
        owner.enable_embed_key(&scene.product, &scene.key.id).await.expect("enabled");
        assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionRevoked), "what was disabled revives nothing");
        let again = scene.acme.bridge_key(&scene.product, BridgeAlgorithm::Hs256).await;
        let begun = scene.acme.exchange(&scene.key, bridge_token(&again, &scene.acme.vouches("u"))).await.expect("a session");
        owner.revoke_signing_key(&active, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(scene.code(&begun.token).await, Some(Code::SessionRevoked));
        let begun = scene.acme.exchange(&scene.key, bridge_token(&again, &scene.acme.vouches("u"))).await.expect("a session");
        owner.delete_product(&scene.product).await.expect("deleted");
        assert_eq!(scene.code(&begun.token).await, Some(Code::SessionRevoked));
        assert_eq!(owner.customer(&customer).await.expect("there").live_sessions, 0);
    }

    async fn a_session_is_ended_by_its_page_or_by_an_admin(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let customer = scene.started.customer.id.clone();
        let ended = scene.acme.visit(&scene.started.token).await.expect("alive").end().await.expect("ended");
        assert_eq!((ended.customer_id.clone(), ended.revoked_at), (customer.clone(), fresh.core.now()));
        assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionRevoked));
        assert_eq!(scene.refreshed(&scene.started.token).await.err(), Some(Code::SessionRevoked));
        let bridge = scene.acme.bridge_key(&scene.product, BridgeAlgorithm::EdDsa).await;
        let mut begun = Vec::new();
        for _ in 0..3 {
            fresh.clock.advance(SECOND);
            begun.push(scene.acme.exchange(&scene.key, bridge_token(&bridge, &scene.acme.vouches("u"))).await.expect("a session"));
        }
        let first = scene.acme.visit(&begun[0].token).await.expect("alive").me().session_id;
        let revoked = owner.revoke_customer_session(&customer, &first, Some("lost phone".into())).await.expect("revoked");
        assert_eq!((revoked.status, revoked.revoke_reason.as_deref()), (CustomerSessionStatus::Revoked, Some("lost phone")));
        assert_eq!(scene.code(&begun[0].token).await, Some(Code::SessionRevoked));
        fresh.clock.advance(SECOND);
        assert_eq!(owner.revoke_customer_session(&customer, &first, None).await.expect("the same"), revoked);
        assert_eq!(owner.revoke_customer_sessions(&customer, None).await.expect("revoked").revoked, 2);
        for started in &begun {
            assert_eq!(scene.code(&started.token).await, Some(Code::SessionRevoked));
        }
        let other = owner.create_customer(crate::customer::NewCustomer { external_id: Some("v".into()), ..Default::default() }).await.expect("made");
        assert_eq!(owner.revoke_customer_session(&other.id, &first, None).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// RV6, RV8: the database refuses what the core would never ask, and holds no token.
    async fn the_database_itself_refuses_a_longer_life_and_a_revival(fresh) {
        let scene = scene(&fresh).await;
        let at = fresh.core.now().plus(13 * HOUR).millis();
        for wrong in [format!("expires_at = {at}"), format!("ends_at = {at}"), "bridge_key_id = null".to_owned(), "way = 'guess'".to_owned()] {
            assert!(fresh.sql(format!("update customer_session set {wrong}")).await.is_err(), "{wrong}");
        }
        assert_eq!(fresh.sql("update customer_session set revoked_at = 5").await, Ok(1));
        for wrong in ["revoked_at = null", "revoked_at = 6"] {
            assert!(fresh.sql(format!("update customer_session set {wrong}")).await.is_err(), "{wrong}");
        }
        let signature = scene.started.token.reveal().rsplit('.').next().expect("three parts").to_owned();
        let rows: Vec<(String,)> = fresh.core.db().all("select body from audit_event", args![]).await.expect("rows");
        assert!(rows.iter().all(|(body,)| !body.contains(&signature)));
    }

    async fn a_session_of_a_rotated_embed_key_lives_as_long_as_the_key(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        owner.rotate_embed_key(&scene.product, &scene.key.id, &EmbedKeyRotation { overlap_seconds: 60 }).await.expect("rotated");
        assert_eq!(scene.code(&scene.started.token).await, None);
        fresh.clock.advance(MINUTE);
        assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionRevoked));
    }

    async fn what_ended_a_month_ago_is_swept(fresh) {
        let scene = scene(&fresh).await;
        fresh.clock.advance(scene.started.ends_at.since(fresh.core.now()) + 30 * 24 * HOUR);
        fresh.core.sweep().await.expect("swept");
        let left = async || -> (i64,) { fresh.core.db().one("select count(*) from customer_session", args![]).await.expect("a count") };
        assert_eq!(left().await, (1,));
        fresh.clock.advance(1);
        fresh.core.sweep().await.expect("swept");
        assert_eq!(left().await, (0,));
    }
}
