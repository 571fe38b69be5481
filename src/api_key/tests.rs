//! API keys on a real database of each engine.

use super::{ApiKeyRotation, ApiKeyStatus, CreatedApiKey, NewApiKey};
use crate::{
    Code, Core, Limit, Origination, Reach, Role, on_each_engine,
    secret::generate_secret,
    time::{DAY, HOUR, SECOND},
};

/// How a bearer text is answered: none when it is let in.
async fn refusal(core: &Core, text: &str) -> Option<Code> {
    core.actor_for_api_key(text, Origination::default()).await.err().map(|error| error.code())
}

async fn works(core: &Core, key: &CreatedApiKey) -> bool {
    refusal(core, key.key.reveal()).await.is_none()
}

fn named(role: Role) -> NewApiKey {
    NewApiKey { name: "Backend".into(), role, organization_id: None, expires_at: None }
}

on_each_engine! {
    /// KY6: ids, typos and well-formed strangers in place of a key are the same 401; only the hash is stored.
    async fn nothing_but_the_key_itself_is_let_in(fresh) {
        let acme = fresh.tenant("acme").await;
        let key = acme.api_key(Role::Admin, None).await;
        let text = key.key.reveal();
        assert!(text.starts_with("sk_live_") && text.len() == "sk_live_".len() + 49 && text.ends_with(&key.api_key.last4));
        let typo = format!("{}{}", &text[..text.len() - 1], if text.ends_with('x') { "y" } else { "x" });
        let stranger = generate_secret("sk_live_");
        let stored: Vec<(String,)> = fresh.core.db().all("select hash from api_key", vec![]).await.expect("read");
        assert!(!stored[0].0.contains(&text[8..20]));
        let mut answers = Vec::new();
        for wrong in [key.api_key.id.as_str(), acme.tenant.as_str(), &typo, stranger.reveal(), stored[0].0.as_str(), "", "nul\u{0}", "sk_live_"] {
            answers.push(fresh.core.actor_for_api_key(wrong, Origination::default()).await.expect_err("refused").problem());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.code == Code::InvalidToken));
        assert!(works(&fresh.core, &key).await);
        fresh.core.flush_uses().await.expect("written");
        let seen = acme.owner().await.api_key(&key.api_key.id).await.expect("read");
        assert_eq!(seen.last_used_at, Some(fresh.core.now()));
        assert!(!serde_json::to_string(&seen).expect("serialises").contains(text));
        assert!(serde_json::to_string(&key).expect("serialises").contains(text));
    }

    /// RV5: the key and the live tokens that it minted die together.
    async fn a_revoked_key_and_its_tokens_are_refused_at_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        let (key, other) = (acme.api_key(Role::Admin, None).await, acme.api_key(Role::Admin, Some(&clinic)).await);
        let token = acme.token(&acme.key_op(&key).await, &clinic).await;
        let kept = acme.token(&acme.key_op(&other).await, &clinic).await;
        assert_eq!(owner.api_key(&key.api_key.id).await.expect("read").live_tokens, 1);
        let revoked = owner.revoke_api_key(&key.api_key.id, Some("leaked".into())).await.expect("revoked");
        assert_eq!((revoked.status, revoked.revoke_reason.as_deref()), (ApiKeyStatus::Revoked, Some("leaked")));
        assert_eq!(refusal(&fresh.core, key.key.reveal()).await, Some(Code::InvalidToken));
        assert!(!acme.lives(&token).await && acme.lives(&kept).await);
        fresh.clock.advance(SECOND);
        let again = owner.revoke_api_key(&key.api_key.id, Some("again".into())).await.expect("the same");
        assert_eq!(again, revoked);
        let listed = owner.api_keys(false, Limit::default(), None).await.expect("a list").data;
        assert_eq!(listed.iter().map(|key| &key.id).collect::<Vec<_>>(), [&other.api_key.id]);
        assert_eq!(owner.api_keys(true, Limit::default(), None).await.expect("a list").data.len(), 2);
        owner.delete_organization(&clinic).await.expect("deleted");
        assert!(!works(&fresh.core, &other).await, "bound to a deleted organization");
    }

    /// RV5: what was under way when the key was revoked comes too late.
    async fn a_mint_under_way_does_not_outlive_the_key(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let key = acme.api_key(Role::Admin, None).await;
        let under_way = acme.key_op(&key).await;
        acme.owner().await.revoke_api_key(&key.api_key.id, None).await.expect("revoked");
        assert_eq!(acme.try_token(&under_way, &clinic).await.err().map(|error| error.code()), Some(Code::Conflict));
        assert_eq!(under_way.create_api_key(named(Role::Viewer)).await.err().map(|error| error.code()), Some(Code::Conflict));
    }

    /// RV5: the planned end of a rotation ends the key and no token.
    async fn a_rotation_overlaps_and_spares_tokens(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let old = acme.api_key(Role::Admin, Some(&clinic)).await;
        let owner = acme.owner().await;
        let rotation = |overlap_seconds| ApiKeyRotation { overlap_seconds, expires_at: None };
        let refused = owner.rotate_api_key(&old.api_key.id, rotation(-1)).await.err().map(|error| error.code());
        assert_eq!(refused, Some(Code::InvalidField));
        let new = owner.rotate_api_key(&old.api_key.id, rotation(3_600)).await.expect("rotated");
        assert_eq!((new.api_key.role, new.api_key.organization_id.as_ref()), (Role::Admin, Some(&clinic)));
        let before = owner.api_key(&old.api_key.id).await.expect("read");
        assert_eq!((before.rotated_to.as_ref(), before.expires_at), (Some(&new.api_key.id), Some(fresh.core.now().plus(HOUR))));
        let twice = owner.rotate_api_key(&old.api_key.id, rotation(0)).await.err().map(|error| error.code());
        assert_eq!(twice, Some(Code::Conflict));
        fresh.clock.advance(HOUR - SECOND);
        assert!(works(&fresh.core, &old).await && works(&fresh.core, &new).await);
        let token = acme.token(&acme.key_op(&old).await, &clinic).await;
        fresh.clock.advance(SECOND);
        assert!(!works(&fresh.core, &old).await && works(&fresh.core, &new).await);
        assert!(acme.lives(&token).await);
        let owner = acme.op(&acme.sign_in(&acme.owner.email).await).await;
        let at_once = owner.rotate_api_key(&new.api_key.id, rotation(0)).await.expect("rotated");
        assert!(!works(&fresh.core, &new).await && works(&fresh.core, &at_once).await);
    }

    async fn a_key_is_at_most_admin_and_never_more_than_its_maker(fresh) {
        let acme = fresh.tenant("acme").await;
        let clinic = acme.organization("clinic").await;
        let owner = acme.owner().await;
        assert_eq!(owner.create_api_key(named(Role::Owner)).await.err().map(|error| error.code()), Some(Code::InvalidField));
        for role in [Role::Member, Role::Viewer] {
            let op = acme.op(&acme.member(role).await).await;
            assert_eq!(op.create_api_key(named(Role::Viewer)).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        }
        let chief = acme.op(&acme.organization_member(&clinic, Role::Admin).await).await;
        assert_eq!(chief.create_api_key(named(Role::Viewer)).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        let bound = acme.key_op(&acme.api_key(Role::Admin, Some(&clinic)).await).await;
        assert_eq!(bound.create_api_key(named(Role::Viewer)).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        let free = acme.key_op(&acme.api_key(Role::Admin, None).await).await;
        assert!(free.create_api_key(named(Role::Admin)).await.is_ok());
        let other = fresh.tenant("other").await;
        let theirs = NewApiKey { organization_id: Some(clinic), ..named(Role::Viewer) };
        assert_eq!(other.owner().await.create_api_key(theirs).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    async fn a_planned_end_holds_and_a_suspended_tenants_keys_do_not_work(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let past = NewApiKey { expires_at: Some(fresh.core.now()), ..named(Role::Viewer) };
        assert_eq!(owner.create_api_key(past).await.err().map(|error| error.code()), Some(Code::InvalidField));
        let key = owner.create_api_key(NewApiKey { expires_at: Some(fresh.core.now().plus(DAY)), ..named(Role::Viewer) }).await.expect("made");
        let actor = fresh.core.actor_for_api_key(key.key.reveal(), Origination::default()).await.expect("in");
        assert_eq!(actor.roles.at(Reach::Tenant), Some(Role::Viewer));
        let lasting = acme.api_key(Role::Viewer, None).await;
        fresh.clock.advance(DAY);
        assert!(!works(&fresh.core, &key).await && works(&fresh.core, &lasting).await);
        fresh.sql("update tenant set suspended_at = 1").await.expect("suspended");
        assert!(!works(&fresh.core, &lasting).await);
    }
}

/// KY6: a small form of 10^6 parallel mints without a collision.
#[test]
fn secrets_made_in_parallel_are_all_different() {
    let make = || (0..5_000).map(|_| generate_secret("sk_live_").reveal().to_owned()).collect::<Vec<_>>();
    let makers: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
    let made: Vec<String> = makers.into_iter().flat_map(|maker| maker.join().expect("ran")).collect();
    assert_eq!(made.iter().collect::<std::collections::HashSet<_>>().len(), 20_000);
}
