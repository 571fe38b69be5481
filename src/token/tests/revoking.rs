//! Ending tokens: at once, once, together with what they hang on (RV1, RV3, RV5).

use super::{super::*, *};
use crate::{
    key::{KeyRevocation, KeyState, Rotation},
    on_each_engine,
    organization::OrganizationChange,
    time::{HOUR, SECOND},
};

on_each_engine! {
    /// RV1, small: no call is let through after the answer.
    async fn a_revoked_token_is_refused_at_once(fresh) {
        let ground = ground(&fresh).await;
        for _ in 0..25 {
            let minted = ground.mint().await;
            ground.verdict(minted.token.reveal()).await.expect("good");
            ground.revoke(&minted).await;
            assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        }
    }

    /// RV2, small: a second process on the same database sees it on its next call.
    async fn another_process_refuses_it_as_well(fresh) {
        let ground = ground(&fresh).await;
        let other = fresh.another_process().await;
        for _ in 0..10 {
            let minted = ground.mint().await;
            let call = || other.guard(Presented { bearer: Some(minted.token.reveal()), origin: Some(PAGE), ..Default::default() });
            call().await.map(drop).expect("good");
            ground.revoke(&minted).await;
            assert_eq!(call().await.err().map(|error| error.code()), Some(Code::WidgetTokenRevoked));
        }
    }

    /// RV3: again is the same; the first end stands, with its reason; another tenant's is not found.
    async fn revoking_again_changes_nothing(fresh) {
        let (ground, other) = (ground(&fresh).await, another(&fresh, "other").await);
        let minted = ground.mint().await;
        let why = |text: &str| Revocation { reason: Some(text.into()) };
        let first = ground.op.revoke_token(&minted.id, why("leaked")).await.expect("revoked");
        fresh.clock.advance(SECOND);
        let second = ground.op.revoke_token(&minted.id, why("again")).await.expect("revoked");
        assert_eq!(first, second);
        assert_eq!(second.revoke_reason.as_deref(), Some("leaked"));
        assert_eq!(second.status, TokenStatus::Revoked);
        assert_eq!(other.op.revoke_token(&minted.id, Revocation::default()).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// RV3: by organization, origin, minter and key, all filters together, and never by none.
    async fn many_are_revoked_by_filter(fresh) {
        let ground = ground(&fresh).await;
        let tokens = [ground.mint().await, ground.mint().await];
        let row = ground.op.token(&tokens[0].id).await.expect("a row");
        assert_eq!(ground.op.revoke_tokens(BulkRevocation::default()).await.err().map(|error| error.code()), Some(Code::EmptyFilter));
        for minter in ["", "nobody", "key_0123456789abcdef01234567", "usr", "xapik_0123456789abcdef01234567"] {
            let refused = ground.op.revoke_tokens(BulkRevocation { minted_by: Some(minter.into()), ..Default::default() }).await.err();
            assert_eq!(refused.and_then(|error| error.problem().field).as_deref(), Some("minted_by"), "{minter}");
        }
        for filter in [
            BulkRevocation { origin: Some("https://other.example".into()), ..ground.of_this_organization() },
            BulkRevocation { minted_by: Some("apik_0123456789abcdef01234567".into()), ..Default::default() },
            BulkRevocation { minted_by: Some("usr_0123456789abcdef01234567".into()), ..Default::default() },
        ] {
            assert_eq!(ground.op.preview_revocation(filter.clone()).await.expect("a count"), 0);
            assert_eq!(ground.op.revoke_tokens(filter).await.expect("done").revoked, 0);
        }
        for filter in [
            ground.of_this_organization(),
            BulkRevocation { origin: Some(PAGE.into()), ..Default::default() },
            BulkRevocation { minted_by: Some(row.minted_by.clone()), ..Default::default() },
            BulkRevocation { signing_key_id: Some(row.signing_key_id.clone()), ..Default::default() },
        ] {
            let minted = ground.mint().await;
            let live = ground.op.preview_revocation(filter.clone()).await.expect("a count");
            let revoked = ground.op.revoke_tokens(filter).await.expect("done").revoked;
            assert_eq!(i64::try_from(revoked), Ok(live));
            assert!(live >= 1);
            assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        }
        let (events,): (i64,) =
            ground.core.db().one("select count(*) from audit_event where action = 'widget_token.bulk_revoked'", args![]).await.expect("a count");
        assert_eq!(events, 7);
    }

    /// RV5: the signing key.
    async fn a_revoked_key_ends_all_that_it_signed(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let key = ground.op.token(&minted.id).await.expect("a row").signing_key_id;
        assert_eq!(ground.op.signing_key(&key).await.expect("a key").live_tokens, 1);
        ground.op.revoke_signing_key(&key, KeyRevocation { reason: Some("leaked".into()) }).await.expect("revoked");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        let after = ground.mint().await;
        ground.verdict(after.token.reveal()).await.expect("the successor signs");
        let states: Vec<_> = ground.op.signing_keys().await.expect("keys").into_iter().map(|key| key.state).collect();
        assert_eq!(states.iter().filter(|state| **state == KeyState::Active).count(), 1);
        assert_eq!(states.iter().filter(|state| **state == KeyState::Next).count(), 1);
    }

    /// RV5: the organization.
    async fn a_deleted_organization_ends_its_tokens(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        ground.op.delete_organization(&ground.organization.id).await.expect("deleted");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        assert_eq!(ground.op.organization(&ground.organization.id).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// RV5: an origin; those who decline keep their tokens.
    async fn a_removed_origin_ends_the_tokens_that_name_it(fresh) {
        let ground = ground(&fresh).await;
        let entry = |text: &str| crate::origin::NewOrigin { origin: text.into() };
        let second = ground.op.add_origin(&ground.organization.id, &entry("https://a_b.acme.com")).await.expect("added");
        ground.op.add_origin(&ground.organization.id, &entry("https://axb.acme.com")).await.expect("added");
        let (named, spared) = ("https://a_b.acme.com", "https://axb.acme.com");
        let named = ground.op.mint_token(Mint { origins: vec![named.into(), PAGE.into()], ..ground.asking() }, None).await.expect("minted");
        let spared = ground.op.mint_token(Mint { origins: vec![spared.into(), PAGE.into()], ..ground.asking() }, None).await.expect("minted");
        assert_eq!(ground.op.tokens_naming_origin(&ground.organization.id, &second.id).await.expect("a count"), 1);
        let removed = ground.op.remove_origin(&ground.organization.id, &second.id, false).await.expect("removed");
        assert_eq!(removed.revoked, 1);
        assert_eq!(ground.verdict(named.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        ground.verdict(spared.token.reveal()).await.expect("an underscore is no wildcard");
        let page = ground.op.origins(&ground.organization.id).await.expect("origins");
        let page = page.iter().find(|entry| entry.origin.as_str() == PAGE).expect("the page's").id.clone();
        ground.op.remove_origin(&ground.organization.id, &page, true).await.expect("removed");
        ground.verdict(spared.token.reveal()).await.expect("kept on request");
    }

    /// RV5: what was issued before `not_before`, and a suspended tenant.
    async fn a_moved_not_before_and_a_suspension_end_everything(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        fresh.clock.advance(1);
        let set = |sql| fresh.core.keep(vec![Write::any(sql, args![&ground.tenant, fresh.core.now()])]);
        set("update tenant set suspended_at = $2 where id = $1").await.expect("set");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        set("update tenant set suspended_at = null where id = $1 and $2 > 0").await.expect("set");
        ground.verdict(minted.token.reveal()).await.expect("good again");
        set("update tenant set not_before = $2 where id = $1").await.expect("set");
        assert_eq!(ground.verdict(minted.token.reveal()).await, Err(Code::WidgetTokenRevoked));
        ground.verdict(ground.mint().await.token.reveal()).await.expect("minted after");
    }

    /// KY2, KY3 small: a rotation refuses nothing that is good.
    async fn tokens_of_the_old_key_stay_good_through_a_rotation(fresh) {
        let ground = ground(&fresh).await;
        let old = ground.mint().await;
        assert_eq!(ground.op.rotate_signing_keys(Rotation::default()).await.err().map(|error| error.code()), Some(Code::KeyTooYoung));
        let ready = ground.op.next_key_ready_at().await.expect("read").expect("there is a next key");
        assert!(ready > ground.core.now() && ready <= ground.core.now().plus(300 * SECOND));
        fresh.clock.advance(300 * SECOND);
        let again = acting(&ground.core, &ground.tenant, Role::Owner);
        again.rotate_signing_keys(Rotation::default()).await.expect("rotated");
        let new = ground.mint().await;
        for token in [&old, &new] {
            ground.verdict(token.token.reveal()).await.expect("good");
        }
        let keys = again.signing_keys().await.expect("keys");
        let retiring = keys.iter().find(|key| key.state == KeyState::Retiring).expect("one retires");
        assert_eq!(again.retire_signing_key(&retiring.id).await.err().map(|error| error.code()), Some(Code::KeyInUse));
        ground.core.retire_keys_that_are_due().await.expect("looked");
        assert_eq!(again.signing_key(&retiring.id).await.expect("a key").state, KeyState::Retiring);
        fresh.clock.advance(HOUR + 1);
        ground.core.retire_keys_that_are_due().await.expect("looked");
        assert_eq!(again.signing_key(&retiring.id).await.expect("a key").state, KeyState::Retired);
        assert_eq!(ground.verdict(old.token.reveal()).await, Err(Code::WidgetTokenExpired), "expired, not forged");
    }

    async fn an_emergency_rotation_says_why(fresh) {
        let ground = ground(&fresh).await;
        let rotate = |how| ground.op.rotate_signing_keys(how);
        assert_eq!(rotate(Rotation { force: true, reason: None }).await.err().map(|error| error.code()), Some(Code::MissingField));
        let keys = rotate(Rotation { force: true, reason: Some("leaked".into()) }).await.expect("rotated");
        assert_eq!(keys.iter().filter(|key| key.state == KeyState::Active).count(), 1);
        assert_eq!(keys.len(), 3);
    }

    async fn the_development_switch_changes_what_may_be_added(fresh) {
        let ground = ground(&fresh).await;
        let local = crate::origin::NewOrigin { origin: "http://127.0.0.1:4010".into() };
        let add = || ground.op.add_origin(&ground.organization.id, &local);
        assert_eq!(add().await.err().map(|error| error.code()), Some(Code::InvalidOrigin));
        let on = OrganizationChange { allow_development_origins: Some(true), ..Default::default() };
        ground.op.update_organization(&ground.organization.id, on).await.expect("switched");
        add().await.expect("added");
        assert_eq!(add().await.err().map(|error| error.code()), Some(Code::AlreadyExists));
    }
}
