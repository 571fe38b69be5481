//! The installation on a real database of each engine.

use crate::{
    Clock, Code, Core, KeySource, Origination, Role, Secret, Time,
    api_key::NewApiKey,
    bridge::{BridgeAlgorithm, Exchange},
    embed_key::EmbedCall,
    key::MasterKey,
    on_each_engine,
    testing::{PAGE, PASSWORD, START, bridge_token, settings, totp},
    time::MINUTE,
    user::{Credentials, SignIn, Visitor},
};

/// One sealed value.
fn sql_of(column: &str) -> &'static str {
    match column {
        "sealed_private" => "select sealed_private from signing_key where state = 'active'",
        "sealed_secret" => "select sealed_secret from bridge_key where sealed_secret is not null",
        _ => "select totp_secret from dashboard_user where totp_secret is not null",
    }
}

on_each_engine! {
    /// KY4
    async fn a_wrong_or_missing_master_key_refuses_to_open(fresh) {
        let open = |key| Core::open(fresh.location.clone(), key, Clock::standing_at(START), settings());
        let wrong = open(KeySource::Given(MasterKey::generate())).await.err().map(|error| error.code());
        assert_eq!(wrong, Some(Code::WeakOrInvalidKey));
        let missing = open(KeySource::New(MasterKey::generate())).await.err().map(|error| error.code());
        assert_eq!(missing, Some(Code::WeakOrInvalidKey));
    }

    /// KY4: everything opens under the new key, nothing under the old one, and a process with the old one seals nothing.
    async fn a_rotated_master_key_opens_everything(fresh) {
        let tenant = fresh.tenant("acme").await;
        let (owner, product) = (tenant.owner().await, tenant.product().await);
        let authenticator = owner.offer_second_factor().await.expect("an offer").secret;
        let code = || Secret::new(totp(authenticator.reveal(), fresh.clock.now()));
        owner.confirm_second_factor(&code()).await.expect("on");
        let (embed, bridge) = (tenant.embed_key(&product).await, tenant.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let organization = tenant.organization("clinic").await;
        let new = MasterKey::generate();
        assert!(fresh.core.rotate_master_key(&new).await.expect("rotated") >= 3);
        let stale = tenant.owner().await.create_signing_key(crate::key::NewSigningKey { algorithm: crate::key::Algorithm::Es256 }).await;
        assert_eq!(stale.err().map(|error| error.code()), Some(Code::Unavailable));
        let open = |key| Core::open(fresh.location.clone(), KeySource::Given(key), fresh.clock.clone(), settings());
        assert_eq!(open(fresh.master_key()).await.err().map(|error| error.code()), Some(Code::WeakOrInvalidKey));
        let core = open(new).await.expect("opens");
        core.prove_master_key().await.expect("every value opens");
        for (table, column) in [("signing_key", "sealed_private"), ("bridge_key", "sealed_secret"), ("dashboard_user", "totp_secret")] {
            let (kept,): (String,) = core.db().one(sql_of(column), vec![]).await.expect("a value");
            fresh.sql(format!("update {table} set {column} = 'AAAA' where {column} = '{kept}'")).await.expect("damaged");
            assert!(core.prove_master_key().await.is_err(), "{table}");
            fresh.sql(format!("update {table} set {column} = '{kept}' where {column} = 'AAAA'")).await.expect("mended");
        }
        core.prove_master_key().await.expect("every value opens again");
        fresh.clock.advance(MINUTE);
        let asked = Credentials { email: tenant.owner.email.clone(), password: Secret::new(PASSWORD.to_owned()), code: Some(code()) };
        assert!(matches!(core.sign_in(&asked, &Visitor::default()).await, Ok(SignIn::Done(_))), "an authenticator");
        let asked = Exchange { bridge_token: Secret::new(bridge_token(&bridge, &tenant.vouches("u"))) };
        let call = EmbedCall { key: embed.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
        core.exchange_bridge_token(&asked, call).await.map(drop).expect("a bridge key's secret");
        tenant.try_token(&core.act_as(owner.actor().clone()), &organization).await.map(drop).expect("a signing key");
        assert!(core.verify_audit().await.expect("verified").first_bad().is_none());
    }

    /// However seldom something is written: whoever opens the database later knows how late it was.
    async fn a_single_write_moves_the_mark(fresh) {
        for _ in 0..3 {
            fresh.clock.advance(MINUTE);
            fresh.core.sweep_sessions().await.expect("one write");
            let (mark,): (Time,) = fresh.core.db().one("select clock_mark from installation", vec![]).await.expect("a mark");
            assert_eq!(mark, fresh.clock.now());
        }
    }

    async fn an_accepted_clock_is_recorded_and_taken_back(fresh) {
        fresh.clock.advance(3 * crate::time::HOUR);
        fresh.core.accept_clock().await.expect("recorded");
        fresh.clock.advance(-2 * crate::time::HOUR);
        assert_eq!(fresh.core.clock_is_behind(), 2 * crate::time::HOUR);
        assert_eq!(fresh.core.now(), START.plus(3 * crate::time::HOUR));
        fresh.core.accept_clock().await.expect("recorded");
        assert_eq!(fresh.core.clock_is_behind(), 0);
        assert_eq!(fresh.core.now(), START.plus(crate::time::HOUR));
    }

    /// RV11: what died while the clock ran ahead stays dead, another process sees the accepted time, and work goes on.
    async fn after_an_accepted_clock_all_that_was_issued_is_dead_and_new_things_live(fresh) {
        let tenant = fresh.tenant("acme").await;
        let owner = tenant.owner().await;
        let organization = tenant.organization("customer").await;
        let before = tenant.token(&owner, &organization).await;
        fresh.clock.advance(2 * crate::time::HOUR);
        let owner = tenant.op(&tenant.sign_in("owner@acme.example").await).await;
        let ahead = tenant.token(&owner, &organization).await;
        let asked = NewApiKey { name: "ahead".to_owned(), role: Role::Admin, organization_id: None, expires_at: None };
        let key = owner.create_api_key(asked).await.expect("an API key");
        assert!(tenant.lives(&ahead).await);
        fresh.clock.advance(-crate::time::HOUR - 30 * crate::time::MINUTE);
        let other = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
        assert_eq!(other.ready().await.err().map(|error| error.code()), Some(Code::Unavailable));
        other.accept_clock().await.expect("accepted");
        other.close().await;

        let core = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
        core.ready().await.expect("the accepted time was kept");
        assert_eq!(core.now(), fresh.clock.now());
        core.close().await;
        fresh.core.set_mark(fresh.clock.now());
        assert!(!tenant.lives(&before).await && !tenant.lives(&ahead).await);
        assert!(fresh.core.actor_for_api_key(key.key.reveal(), Origination::default()).await.is_err());
        let owner = tenant.op(&tenant.sign_in("owner@acme.example").await).await;
        assert!(tenant.lives(&tenant.token(&owner, &organization).await).await);
    }
}
