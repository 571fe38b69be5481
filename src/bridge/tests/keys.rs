//! The life of a bridge key (F8 to F12, KY1).

use crate::{
    Code, Limit, Op, ProductId, Role,
    bridge::{BridgeAlgorithm, BridgeKey, BridgeKeyChange, BridgeKeyState, MOST, NewBridgeKey},
    db::args,
    key::MasterKey,
    on_each_engine,
    tenant::RevokeEverything,
    testing::bridge_token,
    time::{MINUTE, SECOND},
};

async fn states(owner: &Op, product: &ProductId) -> Vec<BridgeKeyState> {
    let keys = owner.bridge_keys(product, Limit::MOST, None).await.expect("a list").data;
    keys.into_iter().rev().map(|key| key.state).collect()
}

fn code(done: Result<BridgeKey, crate::Error>) -> Option<Code> {
    done.err().map(|error| error.code())
}

fn why() -> BridgeKeyChange {
    BridgeKeyChange { reason: Some("because".into()) }
}

on_each_engine! {
    /// KY1: a sealed secret that somebody put into another key's row vouches for nobody.
    async fn a_sealed_secret_in_the_row_of_another_key_opens_for_nobody(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let embed = acme.embed_key(&product).await;
        let (known, other) = (acme.bridge_key(&product, BridgeAlgorithm::Hs256).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let moved = format!("(select sealed_secret from bridge_key where id = '{}')", known.key.id);
        fresh.sql(format!("update bridge_key set sealed_secret = {moved} where id = '{}'", other.key.id)).await.expect("moved");
        // Whoever knows the one secret signs with it in the name of the other key.
        let secret = known.secret.as_ref().expect("a secret").reveal().as_bytes();
        let header = serde_json::json!({ "alg": "HS256", "kid": other.key.id });
        let token = crate::testing::sign_shared(secret, &header, &acme.vouches("u"));
        assert_eq!(acme.exchange(&embed, token).await.err().map(|error| error.code()), Some(Code::Internal));
        acme.exchange(&embed, bridge_token(&known, &acme.vouches("u"))).await.map(drop).expect("its own row");
    }

    /// F12: both verify while one takes over from the other; what is revoked takes its sessions along.
    async fn one_key_takes_over_from_another_without_a_gap(fresh) {
        use BridgeKeyState::{Active, Next, Retired, Retiring, Revoked};
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let embed = acme.embed_key(&product).await;
        let old = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        fresh.clock.advance(SECOND);
        let new = acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
        assert_eq!(states(&owner, &product).await, [Active, Next]);
        let begin = async |key| acme.exchange(&embed, bridge_token(key, &acme.vouches("u"))).await.map_err(|error| error.code());
        let through_old = begin(&old).await.expect("the active one");
        let through_new = begin(&new).await.expect("a next one verifies already");
        assert_eq!(code(owner.retire_bridge_key(&product, &old.key.id, why()).await), Some(Code::KeyState), "promote first");
        assert_eq!(code(owner.promote_bridge_key(&product, &old.key.id, why()).await), Some(Code::KeyState));

        assert_eq!(owner.promote_bridge_key(&product, &new.key.id, why()).await.expect("promoted").state, Active);
        assert_eq!(states(&owner, &product).await, [Retiring, Active]);
        assert!(begin(&old).await.is_ok() && begin(&new).await.is_ok());
        let retired = owner.retire_bridge_key(&product, &old.key.id, why()).await.expect("retired");
        assert_eq!((retired.state, retired.live_sessions), (Retired, 2));
        assert_eq!(begin(&old).await.err(), Some(Code::InvalidToken));
        assert!(acme.visit(&through_old.token).await.is_ok(), "what it vouched for lives on");

        let revoked = owner.revoke_bridge_key(&product, &old.key.id, why()).await.expect("revoked");
        assert_eq!((revoked.state, revoked.live_sessions, revoked.revoke_reason.as_deref()), (Revoked, 0, Some("because")));
        assert_eq!(acme.visit(&through_old.token).await.err().map(|error| error.code()), Some(Code::SessionRevoked));
        assert!(acme.visit(&through_new.token).await.is_ok());
        fresh.clock.advance(SECOND);
        assert_eq!(owner.revoke_bridge_key(&product, &old.key.id, BridgeKeyChange::default()).await.expect("the same"), revoked);
        assert_eq!(code(owner.promote_bridge_key(&product, &old.key.id, why()).await), Some(Code::KeyState));
        // The active one is succeeded by the oldest next.
        let third = acme.bridge_key(&product, BridgeAlgorithm::EdDsa).await;
        owner.revoke_bridge_key(&product, &new.key.id, why()).await.expect("revoked");
        assert_eq!(states(&owner, &product).await, [Revoked, Revoked, Active]);
        assert!(begin(&third).await.is_ok());
        assert_eq!(begin(&new).await.err(), Some(Code::InvalidToken));
        fresh.core.flush_uses().await.expect("written");
        assert_eq!(owner.bridge_key(&product, &third.key.id).await.expect("read").last_used_at, Some(fresh.core.now()));
    }

    /// KY1, F9: a secret is sealed, a private half is nowhere, and a rotated master key opens what it must.
    async fn nothing_that_signs_lies_in_the_database(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let shared = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        let pair = acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
        let rows: Vec<(String, Option<String>, Option<String>)> =
            fresh.core.db().all("select id, sealed_secret, public_jwk from bridge_key", args![]).await.expect("rows");
        let secret = shared.secret.as_ref().expect("a secret").reveal();
        assert!(secret.starts_with("bridge_") && secret.len() == 56);
        for (_, sealed, jwk) in &rows {
            assert!(sealed.as_deref().unwrap_or_default().starts_with("v1.") != jwk.is_some());
            assert!(!format!("{sealed:?}{jwk:?}").contains(secret));
            assert!(!jwk.as_deref().unwrap_or_default().contains("\"d\""));
        }
        assert!(pair.private_key.as_ref().expect("a private half").reveal().starts_with("-----BEGIN PRIVATE KEY-----\nM"));
        let new = MasterKey::generate();
        let text = new.to_text();
        fresh.core.rotate_master_key(&new).await.expect("rotated");
        let again = crate::Core::open(
            fresh.location.clone(),
            crate::KeySource::Given(MasterKey::parse(&text).expect("the key's own text")),
            fresh.clock.clone(),
            crate::testing::settings(),
        ).await.expect("opens");
        again.prove_master_key().await.expect("every value opens");
        let embed = acme.embed_key(&product).await;
        let call = crate::embed_key::EmbedCall { key: embed.id.as_str(), origin: Some(crate::testing::PAGE), ..Default::default() };
        let asked = crate::bridge::Exchange { bridge_token: crate::Secret::new(bridge_token(&shared, &acme.vouches("u"))) };
        assert!(again.exchange_bridge_token(&asked, call).await.is_ok());
        again.close().await;
        owner.revoke_bridge_key(&product, &shared.key.id, why()).await.expect("revoked");
        let left: (i64,) = fresh.core.db().one("select count(*) from bridge_key where sealed_secret is not null", args![]).await.expect("a count");
        assert_eq!(left, (0,), "a dead key's secret is gone");
    }

    async fn keys_are_managed_by_admins_whose_presence_is_proved(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await.key;
        let asked = || NewBridgeKey { algorithm: BridgeAlgorithm::Hs256, public_key: None };
        for role in [Role::Viewer, Role::Member] {
            let op = acme.op(&acme.member(role).await).await;
            assert!(op.bridge_key(&product, &key.id).await.is_ok());
            assert_eq!(op.create_bridge_key(&product, asked()).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
            assert_eq!(code(op.revoke_bridge_key(&product, &key.id, why()).await), Some(Code::InsufficientRole));
        }
        let other = fresh.tenant("other").await;
        assert_eq!(code(other.owner().await.revoke_bridge_key(&other.product().await, &key.id, why()).await), Some(Code::NotFound));
        assert_eq!(other.owner().await.create_bridge_key(&product, asked()).await.err().map(|error| error.code()), Some(Code::NotFound));
        for _ in 1..MOST {
            acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        }
        assert_eq!(acme.owner().await.create_bridge_key(&product, asked()).await.err().map(|error| error.code()), Some(Code::Conflict), "ten at most");
        fresh.clock.advance(6 * MINUTE);
        assert_eq!(acme.owner().await.create_bridge_key(&product, asked()).await.err().map(|error| error.code()), Some(Code::StepUpRequired));
    }

    /// Contract, section 5: "Revoke everything" is everything older.
    async fn when_everything_is_revoked_no_older_key_or_token_opens_anything(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let started = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        let asked = RevokeEverything { confirm: "acme".into(), reason: None };
        acme.owner().await.revoke_everything(asked).await.expect("revoked");
        assert_eq!(acme.visit(&started.token).await.err().map(|error| error.code()), Some(Code::SessionRevoked));
        let refused = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await;
        assert_eq!(refused.err().map(|error| error.code()), Some(Code::InvalidToken));
        // A new key, and a token that says that it is older than all that.
        let new = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        let older = bridge_token(&new, &acme.vouches("u"));
        assert_eq!(acme.exchange(&embed, older).await.err().map(|error| error.code()), Some(Code::InvalidToken));
        fresh.clock.advance(SECOND);
        assert!(acme.exchange(&embed, bridge_token(&new, &acme.vouches("u"))).await.is_ok());
    }

    /// RV11, X8
    async fn what_a_restore_brings_back_waits_for_an_owner(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let started = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        let adopted = fresh.core.adopt_backup(false).await.expect("adopted");
        assert_eq!(adopted.held_bridge_keys, 1);
        fresh.clock.advance(SECOND);
        assert_eq!(acme.visit(&started.token).await.err().map(|error| error.code()), Some(Code::SessionRevoked));
        let exchanged = async || acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.map(drop).map_err(|error| error.code());
        assert_eq!(exchanged().await, Err(Code::InvalidToken));
        fresh.sql("update membership set held_at = null").await.expect("the owner is back");
        let owner = acme.op(&acme.sign_in(&acme.owner.email).await).await;
        assert!(owner.release_bridge_key(&product, &bridge.key.id).await.expect("released").held_at.is_none());
        assert_eq!(code(owner.release_bridge_key(&product, &bridge.key.id).await), Some(Code::Conflict));
        assert_eq!(exchanged().await, Ok(()));
    }
}
