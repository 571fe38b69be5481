//! Putting a backup back, on a real database of each engine: nothing that it knows as alive is alive (RV11).

use crate::{
    Code, Core, KeySource, Op, Role, Secret,
    api_key::ApiKeyStatus,
    key::KeyState,
    on_each_engine,
    testing::{Fixture, Fresh, PASSWORD, Person, settings},
    user::AccountReset,
};

/// The installation as another process opens it after the restore.
async fn adopt(fresh: &Fresh, trust: bool) -> (Core, super::Adopted) {
    let key = KeySource::Given(fresh.master_key());
    let core = Core::open(fresh.location.clone(), key, fresh.clock.clone(), settings()).await.expect("opens");
    let adopted = core.adopt_backup(trust).await.expect("adopted");
    (core, adopted)
}

fn there(core: &Core, acme: &Fixture) -> Fixture {
    let Person { id, email, session, cookie, device } = &acme.owner;
    let owner = Person {
        id: id.clone(),
        email: email.clone(),
        session: session.clone(),
        cookie: Secret::new(cookie.reveal().to_owned()),
        device: device.as_ref().map(|device| Secret::new(device.reveal().to_owned())),
    };
    Fixture { core: core.clone(), tenant: acme.tenant.clone(), slug: acme.slug.clone(), owner }
}

async fn refused(acme: &Fixture, person: &Person) -> Option<Code> {
    acme.actor(person).await.err().map(|error| error.code())
}

/// The owner, let in by the machine's own command line.
async fn come_back(acme: &Fixture) -> Op {
    let link = acme.core.issue_reset(&acme.owner.email).await.expect("a link");
    let asked = AccountReset { token: link.token, password: Secret::new(PASSWORD.to_owned()) };
    acme.core.reset_account(&asked, crate::Origination::default()).await.expect("reset");
    acme.op(&acme.sign_in(&acme.owner.email).await).await
}

on_each_engine! {
    /// RV11, X8
    async fn what_a_backup_knows_is_dead_or_waits_for_an_owner(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("here").await;
        let admin = acme.member(Role::Admin).await;
        let key = acme.api_key(Role::Admin, None).await;
        let token = acme.token(&acme.owner().await, &organization).await;
        let keys = acme.owner().await.signing_keys().await.expect("keys");

        let (core, adopted) = adopt(&fresh, false).await;
        let acme = there(&core, &acme);
        assert_eq!((adopted.tenants, adopted.held_members, adopted.held_api_keys), (1, 2, 1));
        assert_eq!(adopted.owners, std::slice::from_ref(&acme.owner.email));
        assert!(!acme.lives(&token).await);
        assert_eq!(refused(&acme, &acme.owner).await, Some(Code::SignInRequired), "its session ended");
        assert!(core.actor_for_api_key(key.key.reveal(), crate::Origination::default()).await.is_err());
        fresh.clock.advance(10);
        let again = acme.sign_in(&admin.email).await;
        assert_eq!(refused(&acme, &again).await, Some(Code::NotFound), "a password opens nothing that is held");

        let owner = come_back(&acme).await;
        let now = owner.signing_keys().await.expect("keys");
        assert!(keys.iter().all(|old| now.iter().any(|key| key.id == old.id && key.state == KeyState::Revoked)));
        assert_eq!(now.iter().filter(|key| key.state == KeyState::Active).count(), 1);
        let minted = acme.token(&owner, &organization).await;
        assert!(acme.lives(&minted).await);

        assert!(owner.member(&admin.id).await.expect("there").held_at.is_some());
        assert!(owner.release_member(&admin.id).await.expect("released").held_at.is_none());
        assert_eq!(owner.release_member(&admin.id).await.err().map(|error| error.code()), Some(Code::Conflict));
        assert_eq!(refused(&acme, &again).await, None);
        let held = owner.api_key(&key.api_key.id).await.expect("there");
        assert_eq!(held.status, ApiKeyStatus::Held);
        assert_eq!(owner.release_api_key(&key.api_key.id).await.expect("released").status, ApiKeyStatus::Active);
        assert!(acme.try_token(&acme.key_op(&key).await, &organization).await.is_ok());
        core.close().await;
    }

    async fn what_is_trusted_goes_on_but_tokens_and_sessions_do_not(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("here").await;
        let key = acme.api_key(Role::Admin, None).await;
        let dead = acme.api_key(Role::Viewer, None).await;
        acme.owner().await.revoke_api_key(&dead.api_key.id, None).await.expect("revoked");
        let token = acme.token(&acme.owner().await, &organization).await;

        let (core, adopted) = adopt(&fresh, true).await;
        let acme = there(&core, &acme);
        assert_eq!((adopted.held_members, adopted.held_api_keys), (0, 0));
        assert!(!acme.lives(&token).await);
        assert_eq!(refused(&acme, &acme.owner).await, Some(Code::SignInRequired));
        fresh.clock.advance(10);
        let owner = acme.sign_in(&acme.owner.email).await;
        assert_eq!(refused(&acme, &owner).await, None);
        assert!(acme.try_token(&acme.key_op(&key).await, &organization).await.is_ok());
        assert!(core.actor_for_api_key(dead.key.reveal(), crate::Origination::default()).await.is_err());
        core.close().await;
    }

    /// Whoever is not an owner releases nothing.
    async fn only_an_owner_releases(fresh) {
        let acme = fresh.tenant("acme").await;
        let admin = acme.member(Role::Admin).await;
        let key = acme.api_key(Role::Admin, None).await;
        fresh.sql("update api_key set held_at = 1").await.expect("held");
        let op = acme.op(&admin).await;
        assert_eq!(op.release_api_key(&key.api_key.id).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        assert_eq!(op.release_member(&acme.owner.id).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
    }
}
