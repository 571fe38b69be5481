//! Tenants on a real database of each engine.

use super::{NewOwner, RevokeEverything, SetUp, TenantChange};
use crate::{
    Clock, Code, Core, KeySource, Origination, Role, Secret,
    invitation::NewInvitation,
    on_each_engine,
    testing::{PASSWORD, settings},
    time::{MINUTE, SECOND},
    user::Visitor,
};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn form(token: &str, number: usize) -> SetUp {
    SetUp {
        token: secret(token),
        tenant_name: format!("Acme {number}"),
        tenant_slug: None,
        email: format!("first-{number}@acme.example"),
        name: "First".into(),
        password: secret(PASSWORD),
    }
}

fn new_owner(slug: &str, email: &str) -> NewOwner {
    NewOwner { tenant_name: "Acme".into(), tenant_slug: slug.into(), email: email.into(), password: Some(secret(PASSWORD)), name: None }
}

on_each_engine! {
    /// SE9: parallel set-ups, through one link and through another process's, make one owner.
    async fn parallel_set_ups_make_one_owner(fresh) {
        let key = KeySource::Given(fresh.master_key());
        let clock: Clock = fresh.clock.clone();
        let second = Core::open(fresh.location.clone(), key, clock, settings()).await.expect("a second process");
        let links = [fresh.core.issue_set_up_link().await, second.issue_set_up_link().await];
        let tokens = links.map(|link| link.expect("issued").expect("no owner yet").token.reveal().to_owned());
        let attempts: Vec<_> = (0..6)
            .map(|number| {
                let core = if number % 2 == 0 { fresh.core.clone() } else { second.clone() };
                let asked = form(&tokens[number % 2], number);
                tokio::spawn(async move { core.set_up(&asked, &Visitor::default()).await.map_err(|error| error.code()) })
            })
            .collect();
        let mut won = Vec::new();
        for attempt in attempts {
            match attempt.await.expect("ran") {
                Ok(signed_in) => won.push(signed_in),
                Err(code) => assert!(matches!(code, Code::LinkConsumed | Code::Unavailable), "{code}"),
            }
        }
        assert_eq!(won.len(), 1);
        assert_eq!(fresh.core.counted("select count(*) from membership where role = 'owner'").await, 1);
        assert_eq!(fresh.core.counted("select count(*) from dashboard_user").await, 1);
        assert_eq!(fresh.core.counted("select count(*) from signing_key").await, 2);
        let session = fresh.core.session(won[0].session.cookie.reveal()).await.expect("read").expect("signed in");
        let actor = fresh.core.actor_for_session(&session, &won[0].tenants[0].slug, Origination::default()).await.expect("a member");
        assert_eq!(actor.roles.tenant, Some(Role::Owner));
        assert!(fresh.core.issue_set_up_link().await.expect("asked").is_none());
        second.close().await;
    }

    /// SE9
    async fn a_set_up_link_is_late_after_half_an_hour_and_void_after_an_owner(fresh) {
        let late = fresh.core.issue_set_up_link().await.expect("issued").expect("no owner");
        assert!(fresh.core.set_up_link(late.token.reveal()).await.is_ok());
        fresh.clock.advance(30 * MINUTE);
        let code = async |token: &str| fresh.core.set_up(&form(token, 1), &Visitor::default()).await.err().map(|error| error.code());
        assert_eq!(code(late.token.reveal()).await, Some(Code::LinkExpired));
        assert_eq!(code("setup_unknown").await, Some(Code::NotFound));
        let link = fresh.core.issue_set_up_link().await.expect("issued").expect("no owner");
        fresh.core.create_owner(new_owner("acme", "cli@acme.example")).await.expect("by the command line");
        assert_eq!(code(link.token.reveal()).await, Some(Code::LinkConsumed));
    }

    async fn a_tenant_comes_with_its_keys_or_not_at_all(fresh) {
        fresh.core.create_owner(new_owner("acme", "ada@acme.example")).await.expect("made");
        let taken = fresh.core.create_owner(new_owner("acme", "bob@acme.example")).await.err().map(|error| error.code());
        assert_eq!(taken, Some(Code::AlreadyExists));
        assert_eq!(fresh.core.counted("select count(*) from dashboard_user").await, 1);
        assert_eq!(fresh.core.counted("select count(*) from signing_key").await, 2);
        for wrong in ["api", "new", "A-B", "x", "-x", "x--y", "ünï", "x\u{0}y"] {
            let refused = fresh.core.create_owner(new_owner(wrong, "ada@acme.example")).await.err().map(|error| error.code());
            assert_eq!(refused, Some(Code::InvalidField), "{wrong}");
        }
        let weak = NewOwner { password: Some(secret("short")), ..new_owner("beta", "carol@acme.example") };
        assert_eq!(fresh.core.create_owner(weak).await.err().map(|error| error.code()), Some(Code::WeakPassword));
    }

    async fn settings_are_bounded_and_history_shows_before_and_after(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let change = TenantChange { name: Some(" Acme Ltd ".into()), default_ttl_seconds: Some(600), max_ttl_seconds: Some(900), ..Default::default() };
        let tenant = owner.update_tenant(change).await.expect("changed");
        assert_eq!((tenant.name.as_str(), tenant.default_ttl_seconds, tenant.max_ttl_seconds), ("Acme Ltd", 600, 900));
        assert_eq!(owner.tenant_record().await.expect("read"), tenant);
        for wrong in [
            TenantChange { default_ttl_seconds: Some(901), ..Default::default() },
            TenantChange { max_ttl_seconds: Some(3_601), ..Default::default() },
            TenantChange { default_ttl_seconds: Some(59), ..Default::default() },
            TenantChange { retention_days: Some(29), ..Default::default() },
            TenantChange { name: Some(String::new()), ..Default::default() },
        ] {
            assert_eq!(owner.update_tenant(wrong).await.err().map(|error| error.code()), Some(Code::InvalidField));
        }
        let hidden = owner.update_tenant(TenantChange { hide_checklist: Some(true), ..Default::default() }).await.expect("hidden");
        assert!(hidden.checklist_hidden_at.is_some());
        let member = acme.member(Role::Member).await;
        let denied = acme.op(&member).await.update_tenant(TenantChange::default()).await.err().map(|error| error.code());
        assert_eq!(denied, Some(Code::InsufficientRole));
    }

    /// RV5: "Revoke everything" ends all that is older, but the session that pressed it.
    async fn revoke_everything_spares_only_the_session_that_pressed_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let other = fresh.tenant("other").await;
        let (clinic, theirs) = (acme.organization("clinic").await, other.organization("clinic").await);
        let admin = acme.member(Role::Admin).await;
        let key = acme.api_key(Role::Admin, None).await;
        let owner = acme.owner().await;
        let asked = NewInvitation { email: "late@acme.example".into(), role: Role::Viewer, organization_id: None };
        let invitation = owner.create_invitation(asked).await.expect("invited");
        let tokens = [acme.token(&owner, &clinic).await, acme.token(&acme.key_op(&key).await, &clinic).await];
        let spared = other.token(&other.owner().await, &theirs).await;
        let alive = owner.everything_alive().await.expect("counted");
        assert_eq!((alive.tokens, alive.api_keys, alive.sessions, alive.invitations), (2, 1, 1, 1));

        let denied = acme.op(&admin).await.revoke_everything(RevokeEverything { confirm: "acme".into(), reason: None }).await;
        assert_eq!(denied.err().map(|error| error.code()), Some(Code::InsufficientRole));
        let typo = owner.revoke_everything(RevokeEverything { confirm: "acm".into(), reason: None }).await.err().map(|error| error.code());
        assert_eq!(typo, Some(Code::InvalidField));
        fresh.clock.advance(6 * MINUTE);
        let confirm = RevokeEverything { confirm: "acme".into(), reason: Some("leaked backup".into()) };
        let stale = acme.owner().await.revoke_everything(confirm.clone()).await.err().map(|error| error.code());
        assert_eq!(stale, Some(Code::StepUpRequired));
        let presser = acme.sign_in(&acme.owner.email).await;
        acme.op(&presser).await.revoke_everything(confirm).await.expect("revoked");

        for token in &tokens {
            assert!(!acme.lives(token).await);
        }
        assert!(other.lives(&spared).await, "another tenant's");
        assert!(fresh.core.actor_for_api_key(key.key.reveal(), Origination::default()).await.is_err());
        assert!(fresh.core.session(admin.cookie.reveal()).await.expect("read").is_none());
        let link = fresh.core.invitation(crate::testing::token_of(&invitation).reveal()).await.err().map(|error| error.code());
        assert_eq!(link, Some(Code::LinkExpired));
        assert_eq!(acme.op(&presser).await.actor().roles.tenant, Some(Role::Owner), "the presser goes on");
        fresh.clock.advance(SECOND);
        let op = acme.op(&presser).await;
        let fresh_token = acme.token(&op, &clinic).await;
        assert!(acme.lives(&fresh_token).await);
        let again = acme.sign_in(&admin.email).await;
        assert_eq!(acme.op(&again).await.actor().roles.tenant, Some(Role::Admin));
        assert_eq!(op.everything_alive().await.expect("counted").tokens, 1);
    }
}
