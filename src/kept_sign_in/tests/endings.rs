//! What ends a kept sign-in that no page has open any more: a reload must not bring back what somebody ended.

use super::*;
use crate::{
    Limit, Op,
    customer::CustomerChange,
    customer_session::{CustomerSession, CustomerSessionStatus},
    embed_key::EmbedKeyRotation,
    key::{KeyRevocation, KeyState, Rotation},
    tenant::RevokeEverything,
};

/// Ada closed the page a while ago: no session is live, and her browser keeps her.
async fn away(fresh: &Fresh) -> Scene {
    let scene = scene(fresh).await;
    fresh.clock.advance(20 * MINUTE);
    assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionExpired));
    scene
}

impl Scene {
    /// The owner, who has proved presence just now.
    async fn owner(&self) -> Op {
        self.acme.op(&self.acme.sign_in(&self.acme.owner.email).await).await
    }

    async fn sessions(&self) -> Vec<CustomerSession> {
        self.owner().await.customer_sessions(self.customer(), None, Limit::MOST, None).await.expect("a list").data
    }
}

on_each_engine! {
    async fn an_admin_ends_a_session_that_a_reload_would_bring_back(fresh) {
        let mut scene = away(&fresh).await;
        let [session] = scene.sessions().await.try_into().expect("one");
        assert_eq!((session.status, session.kept_until), (CustomerSessionStatus::Expired, Some(scene.started.ends_at)));
        let restored = scene.reload().await.expect("restored");
        let ended = scene.owner().await.revoke_customer_session(scene.customer(), &session.id, Some("lost phone".into())).await.expect("ended");
        assert_eq!((ended.status, ended.kept_until), (CustomerSessionStatus::Expired, None));
        assert_eq!(scene.code(&restored.token).await, Some(Code::SessionRevoked), "what came of the same sign-in");
        scene.is_over("ended by an admin").await;
        let reasons: Vec<(Option<String>,)> = fresh.core.db().all("select end_reason from kept_sign_in", args![]).await.expect("rows");
        assert_eq!(reasons, [(Some("lost phone".to_owned()),)]);
    }

    async fn all_sessions_of_a_customer_are_ended(fresh) {
        let mut scene = away(&fresh).await;
        assert_eq!(scene.owner().await.revoke_customer_sessions(scene.customer(), None).await.expect("ended").revoked, 0, "none was live");
        scene.is_over("all ended").await;
    }

    async fn another_device_signs_out_everywhere(fresh) {
        let mut scene = away(&fresh).await;
        let phone = scene.acme.signed_in(&scene.key, ADA).await;
        scene.acme.visit(&phone.token).await.expect("alive").end_everywhere().await.expect("ended");
        scene.is_over("signed out everywhere").await;
    }

    async fn a_ban_holds_after_it_was_lifted(fresh) {
        let mut scene = away(&fresh).await;
        for banned in [true, false] {
            let change = CustomerChange { banned: Some(banned), ..CustomerChange::default() };
            scene.owner().await.update_customer(scene.customer(), change).await.expect("changed");
        }
        scene.is_over("banned").await;
    }

    async fn an_erased_customer_is_not_restored(fresh) {
        let mut scene = away(&fresh).await;
        scene.owner().await.delete_customer(scene.customer(), None).await.expect("erased");
        scene.is_over("erased").await;
    }

    async fn a_disabled_key_ends_what_began_in_its_pages(fresh) {
        let mut scene = away(&fresh).await;
        let owner = scene.owner().await;
        owner.disable_embed_key(&scene.product, &scene.key, None).await.expect("disabled");
        assert_eq!(restore(&fresh.core, &scene.key, &scene.cookie).await.err(), Some(Code::InvalidEmbedKey));
        owner.enable_embed_key(&scene.product, &scene.key).await.expect("enabled");
        scene.is_over("enabled again, it revives nobody").await;
    }

    async fn a_rotated_key_restores_until_its_end_and_its_successor_nobody(fresh) {
        let mut scene = away(&fresh).await;
        let new = scene.owner().await.rotate_embed_key(&scene.product, &scene.key, &EmbedKeyRotation { overlap_seconds: 60 }).await.expect("rotated");
        assert!(restore(&fresh.core, &new.id, &scene.cookie).await.expect("answered").is_none());
        scene.reload().await.expect("while the old one works");
        fresh.clock.advance(MINUTE);
        assert_eq!(restore(&fresh.core, &scene.key, &scene.cookie).await.err(), Some(Code::InvalidEmbedKey));
    }

    async fn a_revoked_signing_key_takes_it_along(fresh) {
        let mut scene = away(&fresh).await;
        let owner = scene.owner().await;
        let active = owner.signing_keys().await.expect("keys").into_iter().find(|key| key.state == KeyState::Active).expect("one signs");
        owner.revoke_signing_key(&active.id, KeyRevocation::default()).await.expect("revoked");
        scene.is_over("its key was revoked").await;
    }

    /// However long ago the page was left: what it opened last has expired since.
    async fn a_revoked_signing_key_takes_along_what_nobody_used_for_hours(fresh) {
        let mut scene = away(&fresh).await;
        fresh.clock.advance(11 * HOUR);
        let owner = scene.acme.op(&scene.acme.sign_in(&scene.acme.owner.email).await).await;
        let active = owner.signing_keys().await.expect("keys").into_iter().find(|key| key.state == KeyState::Active).expect("one signs");
        owner.revoke_signing_key(&active.id, KeyRevocation::default()).await.expect("revoked");
        scene.is_over("its key was revoked").await;
    }

    async fn a_deleted_product_restores_nobody(fresh) {
        let scene = away(&fresh).await;
        scene.owner().await.delete_product(&scene.product).await.expect("deleted");
        assert_eq!(restore(&fresh.core, &scene.key, &scene.cookie).await.err(), Some(Code::InvalidEmbedKey));
        assert_eq!(scene.sessions().await[0].kept_until, None);
    }

    /// Whatever became of their rows: there may be more than one transaction ends, and a process may die between two.
    async fn what_came_through_a_key_before_it_was_let_in_again_stays_ended(fresh) {
        let mut scene = scene(&fresh).await;
        fresh.clock.advance(SECOND);
        let disabled = format!("update embed_key set disabled_at = 1 where id = '{}'", scene.key);
        assert_eq!(fresh.sql(disabled).await, Ok(1));
        let owner = scene.owner().await;
        owner.enable_embed_key(&scene.product, &scene.key).await.expect("enabled");
        assert_eq!(scene.code(&scene.started.token).await, Some(Code::SessionRevoked));
        let listed = scene.sessions().await;
        assert_eq!((listed[0].status, listed[0].kept_until), (CustomerSessionStatus::Revoked, None));
        scene.is_over("it was disabled").await;
        fresh.clock.advance(1);
        assert!(scene.acme.visit(&scene.acme.signed_in(&scene.key, ADA).await.token).await.is_ok());
    }

    /// A restore that has been judged, and is not written yet; what it hangs on would let the next one in.
    async fn what_another_process_ends_meanwhile_is_not_restored(fresh) {
        let mut scene = away(&fresh).await;
        let key = scene.key.clone();
        for meanwhile in [
            "update embed_key set not_before = {now}",
            "update product set kept_not_before = {now} where keep_signed_in",
            // Of a key that signs no more.
            "update signing_key set state = 'revoked', revoked_at = 1 where state = 'retiring'",
        ] {
            let meanwhile = meanwhile.replace("{now}", &fresh.core.now().millis().to_string());
            if meanwhile.contains("signing_key") {
                let owner = scene.owner().await;
                owner.rotate_signing_keys(Rotation { force: true, reason: Some("a test".into()) }).await.expect("rotated");
            }
            let mut elsewhere = fresh.meanwhile(&scene.acme.tenant, [meanwhile.clone()]).await;
            let (core, page, shown) = (fresh.core.clone(), key.clone(), copy(&scene.cookie));
            let restoring = tokio::spawn(async move { restore(&core, &page, &shown).await });
            elsewhere.is_waited_for().await;
            elsewhere.commits().await;
            assert!(!matches!(restoring.await.expect("answered"), Ok(Some(_))), "restored in spite of {meanwhile}");
            scene.is_over(&meanwhile).await;
            fresh.clock.advance(MINUTE);
            scene.started = scene.acme.signed_in(&key, ADA).await;
            scene.cookie = keep(&fresh.core, &key, &scene.started.token, None).await.expect("kept").expect("a secret");
        }
    }

    /// A crowd is ended after its key: what was being refreshed or kept meanwhile is not missed.
    async fn what_another_process_ends_meanwhile_is_neither_refreshed_nor_kept(fresh) {
        let (acme, product, key) = switched_on(&fresh).await;
        let owner = acme.owner().await;
        let begun = acme.signed_in(&key, ADA).await;
        owner.rotate_signing_keys(Rotation { force: true, reason: Some("a test".into()) }).await.expect("rotated");
        let revoked = "update signing_key set state = 'revoked', revoked_at = 1 where state = 'retiring'".to_owned();
        let mut elsewhere = fresh.meanwhile(&acme.tenant, [revoked]).await;
        let visit = acme.visit(&begun.token).await.expect("alive");
        let refreshing = tokio::spawn(async move { visit.refresh().await.map(drop) });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        let refreshed = refreshing.await.expect("answered");
        assert!(refreshed.is_err(), "refreshed although what signed it was revoked");

        let begun = acme.signed_in(&key, ADA).await;
        let again = format!("update embed_key set not_before = {} where id = '{key}' and product_id = '{product}'", fresh.core.now().millis());
        let mut elsewhere = fresh.meanwhile(&acme.tenant, [again]).await;
        let (core, page, token) = (fresh.core.clone(), key.clone(), copy(&begun.token));
        let keeping = tokio::spawn(async move { keep(&core, &page, &token, None).await.map(drop) });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        assert!(keeping.await.expect("answered").is_err(), "kept although its key was disabled");
    }

    async fn revoke_everything_reaches_it(fresh) {
        let mut scene = away(&fresh).await;
        let asked = RevokeEverything { confirm: "acme".to_owned(), reason: None };
        scene.owner().await.revoke_everything(asked).await.expect("revoked");
        fresh.clock.advance(SECOND);
        scene.is_over("everything was revoked").await;
        assert!(scene.sessions().await.iter().all(|session| session.kept_until.is_none()));
    }

    async fn a_token_that_was_refreshed_twice_ends_what_its_browser_kept(fresh) {
        let mut scene = scene(&fresh).await;
        scene.acme.visit(&scene.started.token).await.expect("alive").refresh().await.expect("refreshed");
        fresh.clock.advance(crate::customer_session::GRACE + 1);
        assert!(scene.acme.visit(&scene.started.token).await.expect("alive").refresh().await.is_err());
        scene.is_over("somebody had a copy of the token").await;
    }

    async fn test_customers_that_are_purged_take_it_along(fresh) {
        let scene = away(&fresh).await;
        fresh.sql("update customer set mode = 'test'").await.expect("as if it were one");
        assert_eq!(scene.owner().await.purge_test_customers().await.expect("purged").purged, 1);
        let (left,): (i64,) = fresh.core.db().one("select count(*) from kept_sign_in", args![]).await.expect("a count");
        assert_eq!(left, 0);
    }

    /// The database decides, not the process: what one ends another restores no more, however close they are.
    async fn an_end_and_a_restore_at_once_in_two_processes_leave_nothing_open(fresh) {
        let mut scene = away(&fresh).await;
        let other = fresh.another_process().await;
        for _ in 0..4 {
            let owner = scene.owner().await;
            let mut restoring = JoinSet::new();
            for _ in 0..6 {
                let (core, key, shown) = (other.clone(), scene.key.clone(), copy(&scene.cookie));
                restoring.spawn(async move { restore(&core, &key, &shown).await });
            }
            owner.revoke_customer_sessions(scene.customer(), None).await.expect("ended");
            for answer in restoring.join_all().await {
                if let Some(restored) = answer.expect("answered") {
                    assert_eq!(scene.code(&restored.session.token).await, Some(Code::SessionRevoked));
                }
            }
            scene.is_over("ended").await;
            scene.started = scene.acme.signed_in(&scene.key, ADA).await;
            scene.cookie = keep(&fresh.core, &scene.key, &scene.started.token, None).await.expect("kept").expect("a secret");
        }
        other.close().await;
    }
}
