//! From a bridge token to a session: once, for exactly one customer, by one process or by two (JW15, JW16).

use crate::{
    Code, Core, KeySource, Limit, Secret,
    bridge::{BridgeAlgorithm, Exchange},
    customer::{CustomerFilter, FirstSeenBy, NewCustomer},
    embed_key::{EmbedCall, EmbedKey, KeyMode, NewEmbedKey},
    on_each_engine,
    testing::{Fixture, PAGE, bridge_token, settings},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn saying(acme: &Fixture, id: &str, more: &[(&str, Value)]) -> Value {
    let mut claims = acme.vouches(id);
    claims.as_object_mut().expect("an object").extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    claims
}

/// All at once, half of them by each process; what became of them, sorted.
async fn all_at_once(cores: &[Core; 2], key: &EmbedKey, tokens: Vec<String>) -> Vec<Result<crate::CustomerId, Code>> {
    let mut tasks = JoinSet::new();
    for (at, token) in tokens.into_iter().enumerate() {
        let (core, key) = (cores[at % 2].clone(), key.id.clone());
        tasks.spawn(async move {
            let call = EmbedCall { key: key.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
            let done = core.exchange_bridge_token(&Exchange { bridge_token: Secret::new(token) }, call).await;
            done.map(|started| started.customer.id).map_err(|error| error.code())
        });
    }
    tasks.join_all().await
}

on_each_engine! {
    /// JW15, JW16: two processes, one database.
    async fn a_token_opens_one_session_and_a_first_sight_makes_one_customer(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let second = Core::open(fresh.location.clone(), KeySource::Given(fresh.master_key()), fresh.clock.clone(), settings()).await.expect("opens");
        let cores = [fresh.core.clone(), second];
        let one = bridge_token(&bridge, &acme.vouches("replayed"));
        let done = all_at_once(&cores, &key, vec![one; 30]).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
        assert!(done.iter().all(|done| done.is_ok() || *done == Err(Code::BridgeTokenReplayed)), "{done:?}");

        let tokens = (0..30).map(|_| bridge_token(&bridge, &acme.vouches("same"))).collect();
        let done = all_at_once(&cores, &key, tokens).await;
        let first = done[0].clone().expect("a customer");
        assert!(done.iter().all(|done| done.as_ref() == Ok(&first)), "{done:?}");
        let all = acme.owner().await.customers(&CustomerFilter::default(), Limit::MOST, None).await.expect("a list").data;
        let same: Vec<_> = all.iter().filter(|customer| customer.external_id.as_deref() == Some("same")).collect();
        assert_eq!((same.len(), same[0].live_sessions), (1, 30));
        assert_eq!(same[0].first_seen_by, FirstSeenBy::Bridge);
        cores[1].close().await;
    }

    /// The latest word counts; what it does not say stays.
    async fn what_the_backend_says_of_a_customer_is_kept(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let organization = acme.organization("here").await;
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let say = async |id: &str, more: &[(&str, Value)]| {
            let started = acme.exchange(&key, bridge_token(&bridge, &saying(&acme, id, more))).await.expect("a session");
            owner.customer(&started.customer.id).await.expect("there")
        };
        let ada = say("ada", &[("email", json!("Ada@Example.com")), ("name", json!("Ada")), ("metadata", json!({ "plan": "team" })), ("organization_id", json!(organization))]).await;
        assert_eq!((ada.email.as_deref(), ada.email_verified, ada.name.as_deref()), (Some("ada@example.com"), false, Some("Ada")));
        assert_eq!((&ada.organization_ids.0, &ada.metadata.0["plan"]), (&vec![organization], &json!("team")));
        let again = say("ada", &[]).await;
        assert_eq!((again.id.clone(), again.name.clone(), again.live_sessions), (ada.id.clone(), ada.name.clone(), 2));
        let renamed = say("ada", &[("name", json!("Ada L.")), ("email", json!("ada@example.com")), ("email_verified", json!(true))]).await;
        assert_eq!((renamed.name.as_deref(), renamed.email_verified), (Some("Ada L."), true));
        assert!(say("ada", &[("email", json!("ada@example.com"))]).await.email_verified, "an unverified word takes nothing back");
        assert!(!say("ada", &[("email", json!("ada@elsewhere.example"))]).await.email_verified, "another address is another matter");
        // Ids are compared byte for byte.
        for other in ["Ada", "ada ", "a\u{308}da"] {
            assert_ne!(say(other, &[]).await.id, ada.id, "{other}");
        }
    }

    /// Contract, section 1: an unverified e-mail never finds or merges anybody.
    async fn only_a_verified_address_finds_anybody(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let by_mail = NewCustomer { email: Some("eve@example.com".into()), email_verified: true, ..NewCustomer::default() };
        let by_mail = owner.create_customer(by_mail).await.expect("made").id;
        let say = async |id: &str, verified: bool| {
            let claims = saying(&acme, id, &[("email", json!("eve@example.com")), ("email_verified", json!(verified))]);
            acme.exchange(&key, bridge_token(&bridge, &claims)).await.expect("a session").customer.id
        };
        let stranger = say("stranger", false).await;
        assert_ne!(stranger, by_mail);
        assert!(owner.customer(&by_mail).await.expect("there").email_verified);
        let found = say("eve", true).await;
        assert_eq!(found, by_mail, "whom a mail found gets the tenant's id");
        assert_eq!(owner.customer(&found).await.expect("there").external_id.as_deref(), Some("eve"));
        // The tenant's latest word moves a verified address, and merges nobody.
        let moved = say("mallory", true).await;
        assert!(moved != by_mail && owner.customer(&moved).await.expect("there").email_verified);
        let before = owner.customer(&by_mail).await.expect("there");
        assert_eq!((before.email.as_deref(), before.email_verified), (Some("eve@example.com"), false));
    }

    /// Live and test customers are two worlds.
    async fn a_test_key_never_finds_a_live_customer(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let (live, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let asked = NewEmbedKey { name: "Try".into(), origins: vec![PAGE.into()], mode: KeyMode::Test, allow_development_origins: None };
        let test = owner.create_embed_key(&product, asked).await.expect("made");
        let verified = [("email", json!("u@example.com")), ("email_verified", json!(true))];
        let real = acme.exchange(&live, bridge_token(&bridge, &saying(&acme, "u", &verified))).await.expect("a session");
        let tried = acme.exchange(&test, bridge_token(&bridge, &saying(&acme, "u", &verified))).await.expect("a session");
        assert_ne!(real.customer.id, tried.customer.id);
        let listed = async |mode| {
            let filter = CustomerFilter { mode, ..CustomerFilter::default() };
            owner.customers(&filter, Limit::MOST, None).await.expect("a list").data.into_iter().map(|customer| customer.id).collect::<Vec<_>>()
        };
        assert_eq!(listed(None).await, std::slice::from_ref(&real.customer.id));
        assert_eq!(listed(Some(KeyMode::Test)).await, std::slice::from_ref(&tried.customer.id));
        assert_eq!(acme.visit(&tried.token).await.expect("alive").me().mode, KeyMode::Test);
        assert_eq!(owner.purge_test_customers().await.expect("purged").purged, 1);
        assert_eq!(listed(Some(KeyMode::Test)).await, []);
        assert_eq!(acme.visit(&tried.token).await.err().map(|error| error.code()), Some(Code::SessionRevoked));
        assert!(acme.visit(&real.token).await.is_ok());
    }

    /// F6, OR2, OR5: the page first.
    async fn only_a_page_of_the_embed_key_brings_a_token(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let token = bridge_token(&bridge, &acme.vouches("u"));
        let bring = async |key: &str, origin: Option<&str>, tenant: Option<&str>| {
            let call = EmbedCall { key, tenant, origin, ..EmbedCall::default() };
            fresh.core.exchange_bridge_token(&Exchange { bridge_token: Secret::new(token.clone()) }, call).await.map(drop).map_err(|error| error.code())
        };
        for origin in [None, Some(""), Some("null"), Some("https://evil.example"), Some("https://app.customer.example."), Some("http://app.customer.example")] {
            assert_eq!(bring(key.id.as_str(), origin, None).await, Err(Code::EmbedOriginNotAllowed), "{origin:?}");
        }
        for unknown in ["", "pk_live_0123456789abcdef01234567", bridge.key.id.as_str()] {
            assert_eq!(bring(unknown, Some(PAGE), None).await, Err(Code::InvalidEmbedKey), "{unknown}");
        }
        assert_eq!(bring(key.id.as_str(), Some(PAGE), Some("other")).await, Err(Code::InvalidEmbedKey));
        owner.disable_embed_key(&product, &key.id, None).await.expect("disabled");
        assert_eq!(bring(key.id.as_str(), Some(PAGE), None).await, Err(Code::InvalidEmbedKey));
        owner.enable_embed_key(&product, &key.id).await.expect("enabled");
        assert_eq!(bring(key.id.as_str(), Some(PAGE), None).await, Ok(()), "no refusal has used the token up");
    }
}
