//! Dashboard sessions on a real database of each engine.

use super::NewApiSession;
use crate::{
    Code, Origination, Permission, Reach, Role, Secret,
    key::KeyRevocation,
    on_each_engine,
    tenant::NewOwner,
    testing::{Fixture, PASSWORD},
    time::{HOUR, MINUTE, SECOND},
    user::Visitor,
};

async fn is_alive(acme: &Fixture, cookie: &Secret) -> bool {
    acme.core.session(cookie.reveal()).await.expect("read").is_some()
}

fn api(email: &str, tenant: Option<&str>) -> NewApiSession {
    NewApiSession { email: email.to_owned(), password: Secret::new(PASSWORD.to_owned()), code: None, tenant: tenant.map(str::to_owned) }
}

/// How a dashboard JWT is answered: none when it is let in.
async fn refusal(acme: &Fixture, token: &Secret) -> Option<Code> {
    acme.core.actor_for_dashboard_token(token.reveal(), Origination::default()).await.err().map(|error| error.code())
}

on_each_engine! {
    /// SE4
    async fn a_session_ends_after_an_idle_hour_and_after_a_day(fresh) {
        let acme = fresh.tenant("acme").await;
        fresh.clock.advance(HOUR);
        assert!(!is_alive(&acme, &acme.owner.cookie).await, "idle");
        let busy = acme.sign_in(&acme.owner.email).await;
        for minute in 0..(24 * 2) {
            assert!(is_alive(&acme, &busy.cookie).await, "{minute}");
            if minute % 7 == 0 {
                fresh.core.flush_uses().await.expect("written");
            }
            fresh.clock.advance(30 * MINUTE);
        }
        assert!(!is_alive(&acme, &busy.cookie).await, "a day old");
    }

    /// X5 and SE2: the database holds no cookie; what ended is never revived by a request in flight.
    async fn a_session_that_ended_is_never_revived(fresh) {
        let acme = fresh.tenant("acme").await;
        let session = fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").expect("alive");
        fresh.core.save_session(&session.id, "{\"a\":1}").await.expect("saved");
        let again = fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").expect("alive");
        assert_eq!(again.data, "{\"a\":1}");
        let rows: Vec<(String,)> = fresh.core.db().all("select cookie_hash from dashboard_session", vec![]).await.expect("read");
        assert!(rows.iter().all(|(stored,)| !stored.contains(acme.owner.cookie.reveal()) && stored.len() == 64));
        for planted in [rows[0].0.as_str(), session.id.as_str(), "", "planted"] {
            assert!(fresh.core.session(planted).await.expect("read").is_none(), "{planted}");
        }
        fresh.core.sign_out(&session, Origination::default()).await.expect("out");
        let late = [
            fresh.core.save_session(&session.id, "{}").await.err().map(|error| error.code()),
            fresh.core.cycle_session(&session.id).await.err().map(|error| error.code()),
        ];
        assert_eq!(late, [Some(Code::SignInRequired); 2]);
        assert!(!is_alive(&acme, &acme.owner.cookie).await);
    }

    /// SE2
    async fn a_cycled_session_answers_to_its_new_cookie_only(fresh) {
        let acme = fresh.tenant("acme").await;
        let cookie = fresh.core.cycle_session(&acme.owner.session).await.expect("cycled");
        assert!(is_alive(&acme, &cookie).await && !is_alive(&acme, &acme.owner.cookie).await);
    }

    /// SE3, SE4
    async fn sessions_are_listed_and_ended_by_their_owner_only(fresh) {
        let acme = fresh.tenant("acme").await;
        let (second, third) = (acme.sign_in(&acme.owner.email).await, acme.sign_in(&acme.owner.email).await);
        let member = acme.member(Role::Member).await;
        let owner = acme.owner().await;
        let sessions = owner.sessions().await.expect("a list");
        assert_eq!(sessions.len(), 3);
        assert_eq!(sessions.iter().filter(|session| session.current).map(|session| &session.id).collect::<Vec<_>>(), [&acme.owner.session]);
        assert_eq!(owner.end_session(&member.session).await.err().map(|error| error.code()), Some(Code::NotFound));
        owner.end_session(&second.session).await.expect("ended");
        assert!(!is_alive(&acme, &second.cookie).await);
        assert_eq!(owner.end_other_sessions().await.expect("ended"), 1);
        assert!(!is_alive(&acme, &third.cookie).await && is_alive(&acme, &acme.owner.cookie).await && is_alive(&acme, &member.cookie).await);
    }

    /// SE4: an admin ends a member's sessions, an owner's only an owner.
    async fn an_admin_ends_a_members_sessions_and_no_owners(fresh) {
        let acme = fresh.tenant("acme").await;
        let (admin, member) = (acme.member(Role::Admin).await, acme.member(Role::Member).await);
        let op = acme.op(&admin).await;
        assert_eq!(op.sessions_of(&member.id).await.expect("a list").len(), 1);
        assert_eq!(op.end_sessions_of(&member.id).await.expect("ended"), 1);
        assert!(!is_alive(&acme, &member.cookie).await);
        assert_eq!(op.end_sessions_of(&acme.owner.id).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        let other = fresh.tenant("other").await;
        assert_eq!(op.end_sessions_of(&other.owner.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        let viewer = acme.member(Role::Viewer).await;
        assert_eq!(acme.op(&viewer).await.end_sessions_of(&admin.id).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
    }

    async fn another_tenant_is_as_absent_as_one_that_never_was(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let session = fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").expect("alive");
        let mut answers = Vec::new();
        for tenant in ["other", other.tenant.as_str(), "never", "", "nul\u{0}", "' or 1=1 --"] {
            answers.push(fresh.core.actor_for_session(&session, tenant, Origination::default()).await.expect_err("refused").problem());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.code == Code::NotFound), "{answers:?}");
        let by_id = fresh.core.actor_for_session(&session, acme.tenant.as_str(), Origination::default()).await.expect("a member");
        assert_eq!(by_id.tenant, acme.tenant);
    }

    async fn the_tenant_used_last_comes_first(fresh) {
        let acme = fresh.tenant("acme").await;
        let mut further = Vec::new();
        for slug in ["beta", "gamma"] {
            let email = acme.owner.email.clone();
            let new = NewOwner { tenant_name: slug.into(), tenant_slug: slug.into(), email, password: None, name: None };
            further.push(fresh.core.create_owner(new).await.expect("a further tenant"));
        }
        assert!(further.iter().all(|created| created.user_id == acme.owner.id), "known people keep their account");
        let session = fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").expect("alive");
        for slug in ["gamma", "acme", "beta"] {
            fresh.core.actor_for_session(&session, slug, Origination::default()).await.expect("a member");
            assert_eq!(fresh.core.tenants_of(&acme.owner.id).await.expect("tenants")[0].slug, slug);
            fresh.core.flush_uses().await.expect("written");
            assert_eq!(fresh.core.tenants_of(&acme.owner.id).await.expect("tenants")[0].slug, slug);
        }
    }

    async fn a_dashboard_jwt_is_for_one_tenant_and_ends_with_its_row(fresh) {
        let acme = fresh.tenant("acme").await;
        let minted = fresh.core.mint_session(&api(&acme.owner.email, None), &Visitor::default()).await.expect("a token");
        assert_eq!(minted.tenants[0].id, acme.tenant);
        let actor = fresh.core.actor_for_dashboard_token(minted.token.reveal(), Origination::default()).await.expect("in");
        assert_eq!((&actor.tenant, actor.roles.tenant, actor.user()), (&acme.tenant, Some(Role::Owner), Some(&acme.owner.id)));
        let op = fresh.core.act_as(actor);
        assert_eq!(op.sessions().await.expect("a list").iter().filter(|session| session.current).count(), 1);
        fresh.clock.advance(5 * MINUTE + SECOND);
        assert_eq!(op.require(Permission::ManageApiKeys, Reach::Tenant).err().map(|error| error.code()), Some(Code::StepUpRequired));
        op.sign_out().await.expect("out");
        assert_eq!(refusal(&acme, &minted.token).await, Some(Code::InvalidToken));
        for wrong in [Some("never"), Some("")] {
            let refused = fresh.core.mint_session(&api(&acme.owner.email, wrong), &Visitor::default()).await.err().map(|error| error.code());
            assert_eq!(refused, Some(Code::NotFound));
        }
        let by_id = api(&acme.owner.email, Some(acme.tenant.as_str()));
        assert!(fresh.core.mint_session(&by_id, &Visitor::default()).await.is_ok());
    }

    /// RV5: nothing older than the tenant accepts, to the millisecond.
    async fn a_session_from_before_everything_was_revoked_is_of_no_use(fresh) {
        let acme = fresh.tenant("acme").await;
        let token = fresh.core.mint_session(&api(&acme.owner.email, None), &Visitor::default()).await.expect("a token").token;
        let begun = fresh.core.now().millis();
        for (not_before, dead) in [(begun, false), (begun + 1, true)] {
            fresh.sql(format!("update tenant set not_before = {not_before} where id = '{}'", acme.tenant)).await.expect("moved");
            let entered = acme.actor(&acme.owner).await.err().map(|error| error.code());
            assert_eq!(entered, dead.then_some(Code::SignInRequired));
            assert_eq!(refusal(&acme, &token).await.is_some(), dead);
        }
    }

    /// RV5: what ends a dashboard JWT at the next call.
    async fn a_dashboard_jwt_ends_with_its_hour_its_key_and_its_user(fresh) {
        let acme = fresh.tenant("acme").await;
        let mint = async |email: &str| fresh.core.mint_session(&api(email, None), &Visitor::default()).await.expect("a token").token;
        let by_hour = mint(&acme.owner.email).await;
        fresh.clock.advance(HOUR);
        assert_eq!(refusal(&acme, &by_hour).await, Some(Code::InvalidToken));
        let owner = acme.sign_in(&acme.owner.email).await;
        let op = acme.op(&owner).await;
        let by_key = mint(&acme.owner.email).await;
        assert_eq!(refusal(&acme, &by_key).await, None);
        let keys = op.signing_keys().await.expect("keys");
        let active = keys.iter().find(|key| key.state == crate::key::KeyState::Active).expect("an active key");
        op.revoke_signing_key(&active.id, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(refusal(&acme, &by_key).await, Some(Code::InvalidToken));
        let by_user = mint(&acme.owner.email).await;
        fresh.sql(format!("update dashboard_user set disabled_at = 1 where id = '{}'", acme.owner.id)).await.expect("disabled");
        assert_eq!(refusal(&acme, &by_user).await, Some(Code::InvalidToken));
        assert!(!is_alive(&acme, &owner.cookie).await, "SE3: a disabled user's sessions end");
    }

    async fn what_is_long_over_is_swept_away(fresh) {
        let acme = fresh.tenant("acme").await;
        fresh.clock.advance(32 * 24 * HOUR);
        let later = acme.sign_in(&acme.owner.email).await;
        fresh.core.sweep_sessions().await.expect("swept");
        let rows: Vec<(String,)> = fresh.core.db().all("select id from dashboard_session", vec![]).await.expect("read");
        assert_eq!(rows, [(later.session.to_string(),)]);
    }
}
