//! The life of a verification secret (W1, W6, ID1, ID2, RV11).

use super::{MOST, NewVerificationSecret, VerificationSecret, VerificationSecretRotation, VerificationSecretStatus};
use crate::{
    Code, Core, KeySource, Limit, Role,
    db::args,
    on_each_engine,
    secret::{Digest, looks_like_secret},
    tenant::RevokeEverything,
    testing::settings,
    time::{MINUTE, SECOND},
};

fn code<T>(done: crate::Result<T>) -> Option<Code> {
    done.err().map(|error| error.code())
}

fn rotation(overlap_seconds: i64) -> VerificationSecretRotation {
    VerificationSecretRotation { overlap_seconds }
}

on_each_engine! {
    /// W6: of the text a hash is kept and the last four characters, and nothing else.
    async fn a_secret_is_shown_once_and_kept_as_a_hash(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let asked = NewVerificationSecret { name: Some(" Web ".into()) };
        let made = acme.owner().await.create_verification_secret(&product, asked).await.expect("made");
        let text = made.secret.reveal();
        assert!(looks_like_secret("vs_", text) && text.ends_with(&made.verification_secret.last4));
        assert!(made.warning.contains("once"));
        let rows: Vec<(String, String, String)> =
            fresh.core.db().all("select id, name, hash from verification_secret", args![]).await.expect("rows");
        let hash = Digest::of(text.as_bytes()).to_hex();
        assert_eq!(rows, [(made.verification_secret.id.to_string(), "Web".to_owned(), hash)]);
        acme.identity(&product, &made.secret, "u").await.expect("it works");
        fresh.core.flush_uses().await.expect("written");
        let seen = acme.owner().await.verification_secret(&product, &made.verification_secret.id).await.expect("there");
        assert_eq!((seen.last_used_at, seen.live_tokens), (Some(fresh.core.now()), 1));
        assert_eq!(VerificationSecret { last_used_at: None, live_tokens: 0, ..seen }, made.verification_secret);
    }

    /// ID2: both work until the set time, then only the new one; what the old one bought lives on.
    async fn a_rotation_overlaps_until_the_set_time(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        acme.domain(&product).await;
        let old = acme.verification_secret(&product).await;
        let id = &old.verification_secret.id;
        for wrong in [-1, 30 * 24 * 3600 + 1] {
            assert_eq!(code(owner.rotate_verification_secret(&product, id, &rotation(wrong)).await), Some(Code::InvalidField));
        }
        let new = owner.rotate_verification_secret(&product, id, &rotation(60)).await.expect("rotated");
        assert_eq!(code(owner.rotate_verification_secret(&product, id, &rotation(60)).await), Some(Code::Conflict), "once");
        let replaced = owner.verification_secret(&product, id).await.expect("there");
        assert_eq!(replaced.rotated_to.as_ref(), Some(&new.verification_secret.id));
        fresh.clock.advance(60 * SECOND - 1);
        let bought = acme.identity(&product, &old.secret, "u").await.expect("still");
        acme.identity(&product, &new.secret, "u").await.expect("already");
        fresh.clock.advance(1);
        assert_eq!(code(acme.identity(&product, &old.secret, "u").await), Some(Code::InvalidCredentials));
        acme.identity(&product, &new.secret, "u").await.expect("from now on");
        assert!(!acme.identity_me(bought.token.reveal()).await.expect("alive").anonymous);
        assert_eq!(owner.verification_secret(&product, id).await.expect("there").status, VerificationSecretStatus::Expired);
    }

    /// Contract, section 5: with a revoked secret die the tokens that it bought, in every process, and no others.
    async fn a_revoked_secret_takes_what_it_bought_along(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        acme.domain(&product).await;
        let (leaked, other) = (acme.verification_secret(&product).await, acme.verification_secret(&product).await);
        let dead = acme.identity(&product, &leaked.secret, "u").await.expect("bought");
        let alive = acme.identity(&product, &other.secret, "u").await.expect("bought");
        let key = KeySource::Given(fresh.master_key());
        let elsewhere = Core::open(fresh.location.clone(), key, fresh.clock.clone(), settings()).await.expect("a second process");
        let there = |token: String| {
            let (elsewhere, page) = (elsewhere.clone(), crate::testing::PAGE);
            async move {
                let call = crate::customer_session::CustomerCall { bearer: Some(&token), origin: Some(page), ..Default::default() };
                elsewhere.identity_me(call).await.map(|me| me.anonymous).map_err(|error| error.code())
            }
        };
        assert_eq!(there(dead.token.reveal().to_owned()).await, Ok(false));
        let id = &leaked.verification_secret.id;
        let revoked = owner.revoke_verification_secret(&product, id, Some("leaked".into())).await.expect("revoked");
        assert_eq!((revoked.status, revoked.live_tokens, revoked.revoke_reason.as_deref()), (VerificationSecretStatus::Revoked, 0, Some("leaked")));
        assert_eq!(there(dead.token.reveal().to_owned()).await, Err(Code::InvalidToken));
        assert_eq!(there(alive.token.reveal().to_owned()).await, Ok(false));
        assert_eq!(code(acme.identity(&product, &leaked.secret, "u").await), Some(Code::InvalidCredentials));
        fresh.clock.advance(SECOND);
        assert_eq!(owner.revoke_verification_secret(&product, id, None).await.expect("the same"), revoked);
        elsewhere.close().await;
    }

    async fn secrets_are_managed_by_admins_whose_presence_is_proved(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let id = acme.verification_secret(&product).await.verification_secret.id;
        for role in [Role::Viewer, Role::Member] {
            let op = acme.op(&acme.member(role).await).await;
            assert!(op.verification_secret(&product, &id).await.is_ok());
            assert_eq!(code(op.create_verification_secret(&product, NewVerificationSecret::default()).await), Some(Code::InsufficientRole));
            assert_eq!(code(op.rotate_verification_secret(&product, &id, &rotation(0)).await), Some(Code::InsufficientRole));
            assert_eq!(code(op.revoke_verification_secret(&product, &id, None).await), Some(Code::InsufficientRole));
        }
        let other = fresh.tenant("other").await;
        let theirs = other.owner().await;
        assert_eq!(code(theirs.revoke_verification_secret(&other.product().await, &id, None).await), Some(Code::NotFound));
        assert_eq!(code(theirs.create_verification_secret(&product, NewVerificationSecret::default()).await), Some(Code::NotFound));
        for _ in 1..MOST {
            acme.verification_secret(&product).await;
        }
        let owner = acme.owner().await;
        assert_eq!(code(owner.create_verification_secret(&product, NewVerificationSecret::default()).await), Some(Code::Conflict), "ten at most");
        assert_eq!(owner.verification_secrets(&product, Limit::MOST, None).await.expect("a list").data.len(), 10);
        fresh.clock.advance(6 * MINUTE);
        assert_eq!(code(acme.owner().await.revoke_verification_secret(&product, &id, None).await), Some(Code::StepUpRequired));
    }

    /// RV11, X8
    async fn what_a_restore_brings_back_waits_for_an_owner(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        acme.domain(&product).await;
        let made = acme.verification_secret(&product).await;
        let bought = acme.identity(&product, &made.secret, "u").await.expect("bought");
        assert_eq!(fresh.core.adopt_backup(false).await.expect("adopted").held_verification_secrets, 1);
        fresh.clock.advance(SECOND);
        assert_eq!(code(acme.identity_me(bought.token.reveal()).await), Some(Code::InvalidToken));
        assert_eq!(code(acme.identity(&product, &made.secret, "u").await), Some(Code::InvalidCredentials));
        fresh.sql("update membership set held_at = null").await.expect("the owner is back");
        let owner = acme.op(&acme.sign_in(&acme.owner.email).await).await;
        let id = &made.verification_secret.id;
        assert_eq!(owner.verification_secret(&product, id).await.expect("there").status, VerificationSecretStatus::Held);
        assert_eq!(owner.release_verification_secret(&product, id).await.expect("released").status, VerificationSecretStatus::Active);
        assert_eq!(code(owner.release_verification_secret(&product, id).await), Some(Code::Conflict));
        acme.identity(&product, &made.secret, "u").await.expect("works again");
    }

    async fn a_restore_that_is_trusted_lets_a_secret_work_on(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let made = acme.verification_secret(&product).await;
        assert_eq!(fresh.core.adopt_backup(true).await.expect("adopted").held_verification_secrets, 0);
        fresh.clock.advance(SECOND);
        acme.identity(&product, &made.secret, "u").await.expect("works");
    }

    /// Contract, section 5: "Revoke everything" is everything older.
    async fn when_everything_is_revoked_no_older_secret_or_token_lives(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        acme.domain(&product).await;
        let made = acme.verification_secret(&product).await;
        let bought = acme.identity(&product, &made.secret, "u").await.expect("bought");
        let ended = acme.owner().await.revoke_everything(RevokeEverything { confirm: "acme".into(), reason: None }).await.expect("revoked");
        assert_eq!((ended.verification_secrets, ended.identity_tokens), (1, 1));
        assert_eq!(code(acme.identity_me(bought.token.reveal()).await), Some(Code::InvalidToken));
        assert_eq!(code(acme.identity(&product, &made.secret, "u").await), Some(Code::InvalidCredentials));
        fresh.clock.advance(SECOND);
        let new = acme.verification_secret(&product).await;
        acme.identity(&product, &new.secret, "u").await.expect("what is newer works");
    }
}
