//! Passwords, names and the reset of an account.

use super::{credentials, guess, right, secret, try_sign_in};
use crate::{
    Code, Origination, Role, on_each_engine,
    tenant::NewOwner,
    testing::PASSWORD,
    time::HOUR,
    user::{AccountReset, PasswordChange, Proof, Visitor, judge},
};

const OTHER: &str = "nine quiet lanterns in the harbour";

on_each_engine! {
    /// SE5
    async fn weak_passwords_are_refused_and_long_ones_are_not_cut(fresh) {
        let about = ["ada.lovelace@example.com", "Ada Lovelace"];
        let verdict = async |text: &str, factor: bool| judge(&fresh.core, "password", &secret(text), factor, &about).await.map_err(|error| error.code());
        for weak in ["short but odd!", "passwordpassword", "123456789012345", "aaaaaaaaaaaaaaaaaaaa", "ada.lovelace@example.com", &"x y".repeat(43)] {
            assert_eq!(verdict(weak, false).await, Err(Code::WeakPassword), "{weak}");
        }
        assert_eq!(verdict("zQ7!mvt", true).await, Err(Code::WeakPassword));
        assert_eq!(verdict("zQ7!mvt-Kw2", true).await, Ok(true));
        assert_eq!(verdict("violet tram under seven clouds", false).await, Ok(false));
        let long = format!("{}1", "k3-Wd.u ".repeat(10));
        let hash = fresh.core.hash_password(&secret(&format!("{long}a"))).await.expect("hashed");
        assert!(!fresh.core.password_matches(&secret(&format!("{long}b")), Some(&hash)).await.expect("compared"), "cut at 72 bytes");
    }

    /// SE3: a new password ends every other session and gives this one a new cookie.
    async fn a_password_change_ends_the_other_sessions(fresh) {
        let acme = fresh.tenant("acme").await;
        let other = acme.sign_in(&acme.owner.email).await;
        let change = |old: &str| PasswordChange { current_password: secret(old), new_password: secret(OTHER) };
        let owner = acme.owner().await;
        assert_eq!(owner.change_password(&change("wrong")).await.err().map(|error| error.code()), Some(Code::InvalidCredentials));
        let cookie = owner.change_password(&change(PASSWORD)).await.expect("changed").expect("a browser's session");
        for dead in [other.cookie.reveal(), acme.owner.cookie.reveal()] {
            assert!(fresh.core.session(dead).await.expect("read").is_none());
        }
        assert!(fresh.core.session(cookie.reveal()).await.expect("read").is_some());
        assert_eq!(try_sign_in(&fresh.core, &right(&acme.owner.email), None).await.err().map(|error| error.code()), Some(Code::InvalidCredentials));
    }

    async fn a_name_is_trimmed_and_shown(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        assert_eq!(owner.rename_self("  Olive Oyl ").await.expect("renamed").user.name, "Olive Oyl");
        assert_eq!(owner.rename_self("nul\u{0}").await.err().map(|error| error.code()), Some(Code::InvalidField));
    }

    async fn a_reset_link_works_once_and_ends_sessions_and_delays(fresh) {
        let acme = fresh.tenant("acme").await;
        let email = acme.owner.email.clone();
        for _ in 0..7 {
            guess(&fresh.core, &email, None).await;
        }
        let first = fresh.core.issue_reset(&email).await.expect("a link");
        let link = fresh.core.issue_reset(&email).await.expect("a newer link");
        let uses = |token: &str| AccountReset { token: secret(token), password: secret(OTHER) };
        let replaced = fresh.core.reset_account(&uses(first.token.reveal()), Origination::default()).await.err().map(|error| error.code());
        assert_eq!(replaced, Some(Code::LinkConsumed));
        assert_eq!(fresh.core.reset_link(link.token.reveal()).await.expect("waits").email, email);
        let attempts: Vec<_> = (0..4)
            .map(|_| {
                let (core, asked) = (fresh.core.clone(), uses(link.token.reveal()));
                tokio::spawn(async move { core.reset_account(&asked, Origination::default()).await.is_ok() })
            })
            .collect();
        let mut won = 0;
        for attempt in attempts {
            won += usize::from(attempt.await.expect("ran"));
        }
        assert_eq!(won, 1);
        assert!(fresh.core.session(acme.owner.cookie.reveal()).await.expect("read").is_none());
        let asked = credentials(&email, OTHER, None);
        assert!(try_sign_in(&fresh.core, &asked, None).await.expect("in").is_some());
    }

    async fn a_late_or_mistyped_reset_link_is_refused(fresh) {
        let acme = fresh.tenant("acme").await;
        let link = fresh.core.issue_reset(&acme.owner.email).await.expect("a link");
        assert_eq!(fresh.core.reset_link("reset_x").await.err().map(|error| error.code()), Some(Code::NotFound));
        fresh.clock.advance(HOUR);
        assert_eq!(fresh.core.reset_link(link.token.reveal()).await.err().map(|error| error.code()), Some(Code::LinkExpired));
        assert_eq!(fresh.core.issue_reset("nobody@acme.example").await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// SE3: a password that was right when it was looked at lets nobody in once it has been changed.
    async fn a_sign_in_under_way_ends_with_the_password_that_began_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let email = acme.owner.email.clone();
        let prove = async || match fresh.core.prove(&email, &secret(PASSWORD), None, &Visitor::default()).await {
            Ok(Proof::Whole(proven)) => proven,
            _ => panic!("proved"),
        };
        let (first, second) = (prove().await, prove().await);
        fresh.core.begin_session(first, &Visitor::default()).await.expect("nothing has changed");
        let mine = acme.owner().await;
        let change = PasswordChange { current_password: secret(PASSWORD), new_password: secret(OTHER) };
        mine.change_password(&change).await.expect("changed");
        let late = fresh.core.begin_session(second, &Visitor::default()).await;
        assert_eq!(late.err().map(|error| error.code()), Some(Code::Conflict));
        let (alive,): (i64,) = fresh.core.db().one("select count(*) from dashboard_session where ended_at is null", vec![]).await.expect("a count");
        assert_eq!(alive, 1, "the one that changed it");
    }

    /// Whoever may reset an account may become it, so one tenant's owner never resets a person of another tenant too.
    async fn an_owner_resets_people_of_this_tenant_alone(fresh) {
        let acme = fresh.tenant("acme").await;
        let member = acme.member(Role::Member).await;
        let admin = acme.member(Role::Admin).await;
        let denied = acme.op(&admin).await.issue_reset(&member.id).await.err().map(|error| error.code());
        assert_eq!(denied, Some(Code::InsufficientRole));
        let link = acme.owner().await.issue_reset(&member.id).await.expect("a link");
        let elsewhere = NewOwner {
            tenant_name: "Other".into(),
            tenant_slug: "other".into(),
            email: member.email.clone(),
            password: None,
            name: None,
        };
        fresh.core.create_owner(elsewhere).await.expect("a further tenant");
        assert_eq!(fresh.core.reset_link(link.token.reveal()).await.err().map(|error| error.code()), Some(Code::LinkExpired));
        let refused = acme.owner().await.issue_reset(&member.id).await.err().map(|error| error.code());
        assert_eq!(refused, Some(Code::InsufficientRole));
        let stranger = fresh.tenant("third").await;
        let unknown = stranger.owner().await.issue_reset(&admin.id).await.err().map(|error| error.code());
        assert_eq!(unknown, Some(Code::NotFound));
    }

    /// The same of somebody whom another process lets into a further tenant at that moment.
    async fn a_reset_that_a_further_tenant_overtakes_changes_nothing(fresh) {
        let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
        let member = acme.member(Role::Member).await;
        let link = acme.owner().await.issue_reset(&member.id).await.expect("a link");
        let held = format!("update dashboard_user set name = name where id = '{}'", member.id);
        let joins = format!(
            "insert into membership (user_id, tenant_id, role, created_at) values ('{}', '{}', 'member', 1)",
            member.id, other.tenant
        );
        let mut elsewhere = fresh.meanwhile(&other.tenant, [held, joins]).await;
        let core = fresh.core.clone();
        let resetting = tokio::spawn(async move {
            let asked = || AccountReset { token: secret(link.token.reveal()), password: secret(OTHER) };
            loop {
                match core.reset_account(&asked(), Origination::default()).await.map_err(|error| error.code()) {
                    // A slow machine: it waited for the row for too long.
                    Err(Code::Unavailable) => {}
                    reset => break reset,
                }
            }
        });
        elsewhere.is_waited_for().await;
        elsewhere.commits().await;
        let reset = resetting.await.expect("answered");
        assert!(matches!(reset, Err(Code::LinkConsumed | Code::LinkExpired)), "{reset:?}");
        assert!(try_sign_in(&fresh.core, &right(&member.email), None).await.expect("the old password").is_some());
    }
}
