//! From one state to the next, and what goes along (KY1, KY2).

use crate::{
    Code, KeyId, Role, Time,
    bridge::BridgeAlgorithm,
    db::args,
    key::{KeyRevocation, KeyState, Rotation},
    on_each_engine,
    testing::{Fixture, bridge_token},
    time::{DAY, HOUR, SECOND},
};

async fn id_of(acme: &Fixture, state: KeyState) -> KeyId {
    let keys = acme.owner().await.signing_keys().await.expect("keys");
    keys.into_iter().find(|key| key.state == state).unwrap_or_else(|| panic!("none is {state}")).id
}

async fn rotate(acme: &Fixture) {
    let forced = Rotation { force: true, reason: Some("a test".to_owned()) };
    acme.owner().await.rotate_signing_keys(forced).await.expect("rotated");
}

on_each_engine! {
    /// KY1: whoever may write to the database, and does not have the master key, puts no key in another one's place.
    async fn a_sealed_half_in_the_row_of_another_key_opens_for_nobody(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let halves = "(select sealed_private from signing_key where state = 'next')";
        fresh.sql(format!("update signing_key set sealed_private = {halves} where state = 'active'")).await.expect("moved");
        let other = fresh.another_process().await;
        let minted = acme.try_token(&other.act_as(owner.actor().clone()), &organization).await;
        assert_eq!(minted.err().map(|error| error.code()), Some(Code::Internal));
    }

    async fn only_a_key_that_signs_or_has_signed_signs_again(fresh) {
        let acme = fresh.tenant("acme").await;
        let signs = async |id: &KeyId| fresh.core.pair_of(&acme.tenant, id).await.expect("read").is_some();
        let first = id_of(&acme, KeyState::Active).await;
        assert!(signs(&first).await);
        assert!(!signs(&id_of(&acme, KeyState::Next).await).await, "published, and not yet in use");
        rotate(&acme).await;
        assert!(signs(&first).await, "while it retires");
        acme.owner().await.revoke_signing_key(&first, KeyRevocation::default()).await.expect("revoked");
        assert!(!signs(&first).await);
        assert!(!signs(&KeyId::new(fresh.core.now())).await, "nobody has it");
    }

    /// A private half stays in memory for as long as it signs.
    async fn who_signs_no_more_is_forgotten(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, organization) = (acme.owner().await, acme.organization("clinic").await);
        let known = |id: &KeyId| fresh.core.keyring().pair(id).is_some();
        let mut used = Vec::new();
        for _ in 0..3 {
            acme.token(&owner, &organization).await;
            used.push(id_of(&acme, KeyState::Active).await);
            rotate(&acme).await;
        }
        assert!(used.iter().all(known));
        owner.revoke_signing_key(&used[0], KeyRevocation::default()).await.expect("revoked");
        assert_eq!(used.iter().map(known).collect::<Vec<_>>(), [false, true, true]);
        fresh.clock.advance(HOUR + SECOND);
        fresh.sql("update dashboard_session set ended_at = 1").await.expect("ended");
        fresh.sql(format!("update signing_key set retiring_at = retiring_at + {HOUR} where id = '{}'", used[2])).await.expect("later");
        fresh.core.retire_keys_that_are_due().await.expect("looked");
        assert_eq!(used.iter().map(known).collect::<Vec<_>>(), [false, false, true]);
        acme.op(&acme.sign_in(&acme.owner.email).await).await.retire_signing_key(&used[2]).await.expect("retired");
        assert!(!known(&used[2]));
    }

    async fn who_rotates_too_early_is_told_how_long_to_wait(fresh) {
        let acme = fresh.tenant("acme").await;
        let age = fresh.core.settings().jwks_max_age;
        let owner = acme.owner().await;
        let ready = owner.next_key_ready_at().await.expect("read").expect("there is a next key");
        assert_eq!(ready, fresh.core.now().plus(age * SECOND));
        let early = async || {
            let error = acme.owner().await.rotate_signing_keys(Rotation::default()).await.err()?;
            Some((error.code(), error.problem().retry_after?))
        };
        fresh.clock.advance(age * SECOND - 2_500);
        assert_eq!(early().await, Some((Code::KeyTooYoung, 3)));
        fresh.clock.advance(2_499);
        assert_eq!(early().await, Some((Code::KeyTooYoung, 1)));
        fresh.clock.advance(1);
        assert_eq!(early().await, None);
    }

    async fn a_few_sessions_end_with_the_key_in_its_own_event(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let organization = acme.organization("clinic").await;
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        acme.token(&owner, &organization).await;
        let events = fresh.core.counted("select count(*) from audit_event").await;
        let active = id_of(&acme, KeyState::Active).await;
        owner.revoke_signing_key(&active, KeyRevocation { reason: Some("leaked".to_owned()) }).await.expect("revoked");
        assert_eq!(fresh.core.counted("select count(*) from customer_session where revoked_at is null").await, 0);
        assert_eq!(fresh.core.counted("select count(*) from audit_event").await, events + 1);
        let (body,): (String,) = fresh.core.db().one("select body from audit_event where action = 'signing_key.revoked'", args![]).await.expect("an event");
        let told: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let told = &told["metadata"];
        assert_eq!((&told["was"], &told["live_tokens"]), (&"active".into(), &1.into()));
        assert!(told.get("and_more").is_none(), "one is all of them");
        assert_eq!((&told["successor"], told["next"].is_string()), (&id_of(&acme, KeyState::Active).await.as_str().into(), true));
        owner.revoke_signing_key(&active, KeyRevocation::default()).await.expect("the same");
        assert_eq!(fresh.core.counted("select count(*) from audit_event").await, events + 1, "again ends nothing, and says nothing");
    }

    /// Its tokens are dead for long then; until it is forgotten they are expired, not forged.
    async fn a_public_half_is_kept_for_thirty_days_after_its_key_retired(fresh) {
        let acme = fresh.tenant("acme").await;
        let first = id_of(&acme, KeyState::Active).await;
        rotate(&acme).await;
        fresh.clock.advance(HOUR + SECOND);
        fresh.sql("update dashboard_session set ended_at = 1").await.expect("ended");
        fresh.core.retire_keys_that_are_due().await.expect("looked");
        let retired: (Option<Time>,) = fresh.core.db().one("select retired_at from signing_key where id = $1", args![&first]).await.expect("a row");
        assert_eq!(retired, (Some(fresh.core.now()),));
        let kept = async || {
            fresh.core.retire_keys_that_are_due().await.expect("looked");
            fresh.core.counted("select count(*) from signing_key where state = 'retired' and public_jwk <> ''").await
        };
        fresh.clock.advance(30 * DAY);
        assert_eq!(kept().await, 1);
        fresh.clock.advance(1);
        assert_eq!(kept().await, 0);
        assert_eq!(fresh.core.counted("select count(*) from signing_key where public_jwk = ''").await, 1, "those of others stay");
    }

    async fn a_key_retires_by_hand_when_nothing_needs_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.op(&acme.member(Role::Owner).await).await;
        let code = async |id: &KeyId| owner.retire_signing_key(id).await.map(|key| key.state).map_err(|error| error.code());
        assert_eq!(code(&id_of(&acme, KeyState::Active).await).await, Err(Code::KeyState));
        let next = id_of(&acme, KeyState::Next).await;
        assert_eq!(code(&next).await, Ok(KeyState::Retired), "it has signed nothing");
        assert_eq!(code(&next).await, Ok(KeyState::Retired), "the same again");
        let active = id_of(&acme, KeyState::Active).await;
        owner.revoke_signing_key(&active, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(code(&active).await, Err(Code::KeyState), "what was revoked stays so");
    }
}
