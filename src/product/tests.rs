//! Products and their domains on a real database of each engine.

use super::{Appearance, IntegrationStep, NewDomain, NewProduct, ProductChange, store};
use crate::{
    Code, Limit, ProductId, Role,
    bridge::BridgeAlgorithm,
    embed_key::EmbedCall,
    on_each_engine,
    testing::{PAGE, bridge_token},
    time::{HOUR, SECOND},
};

on_each_engine! {
    /// Contract, section 8: a tenant starts with one.
    async fn a_new_tenant_has_a_product_named_like_it(fresh) {
        let acme = fresh.tenant("acme").await;
        let products = acme.owner().await.products(Limit::default(), None).await.expect("a list").data;
        let [first] = products.as_slice() else { panic!("one: {products:?}") };
        assert_eq!((first.product.name.as_str(), first.embed_keys, first.published_offerings), ("acme", 0, 0));
    }

    async fn a_product_is_made_changed_and_deleted_softly(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let made = owner.create_product(NewProduct { name: " Portal ".into(), ..NewProduct::default() }).await.expect("made");
        assert_eq!(made.name, "Portal");
        let looks = Appearance { accent: Some("#1A6B4F".into()), radius: Some(8), ..Appearance::default() };
        let change = ProductChange { name: Some("Customer portal".into()), appearance: Some(looks), ..ProductChange::default() };
        let changed = owner.update_product(&made.id, change).await.expect("changed");
        assert_eq!(changed.appearance.accent.as_deref(), Some("#1a6b4f"));
        assert_eq!(owner.product(&made.id).await.expect("read"), changed);
        let wrong = ProductChange { name: Some("  ".into()), ..ProductChange::default() };
        assert_eq!(owner.update_product(&made.id, wrong).await.err().map(|error| error.code()), Some(Code::InvalidField));
        let deleted = owner.delete_product(&made.id).await.expect("deleted");
        assert_eq!(deleted.deleted_at, Some(fresh.core.now()));
        assert_eq!(owner.product(&made.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(owner.delete_product(&made.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(owner.products(Limit::default(), None).await.expect("a list").data.len(), 1);
    }

    /// Of two who look at the same product and change it, the second is told so and overwrites nothing.
    async fn a_change_of_what_changed_meanwhile_is_a_conflict(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let id = acme.product().await;
        let rename = |name: &str| ProductChange { name: Some(name.into()), ..ProductChange::default() };
        let before = owner.product(&id).await.expect("read");
        owner.update_product(&id, rename("First")).await.expect("changed");
        let mut late = before.clone();
        late.name = "Second".into();
        let mut tx = owner.begin(crate::Permission::ManageProducts, crate::Reach::Tenant).expect("may");
        tx.write(store::update(&acme.tenant, &before, &late, fresh.core.now()));
        let refused = tx.commit(crate::audit::Event::new(crate::audit::Action::ProductUpdated)).await;
        assert_eq!(refused.err().map(|error| error.code()), Some(Code::Conflict));
        assert_eq!(owner.product(&id).await.expect("read").name, "First");
    }

    async fn domains_are_stored_as_browsers_send_them_and_twenty_at_most(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let id = acme.product().await;
        let domain = owner.add_domain(&id, &NewDomain { origin: "HTTPS://App.Acme.com:443".into() }).await.expect("added");
        assert_eq!(domain.origin.as_str(), "https://app.acme.com");
        let again = owner.add_domain(&id, &NewDomain { origin: "https://app.acme.com".into() }).await;
        assert_eq!(again.err().map(|error| error.code()), Some(Code::AlreadyExists));
        for wrong in ["http://localhost:3000", "https://app.acme.com/", "null", "*", ""] {
            let refused = owner.add_domain(&id, &NewDomain { origin: wrong.into() }).await;
            assert_eq!(refused.err().map(|error| error.code()), Some(Code::InvalidOrigin), "{wrong}");
        }
        for n in 1..20 {
            owner.add_domain(&id, &NewDomain { origin: format!("https://a{n}.acme.com") }).await.expect("room");
        }
        let full = owner.add_domain(&id, &NewDomain { origin: "https://one.too.many".into() }).await;
        assert_eq!(full.err().map(|error| error.code()), Some(Code::InvalidOrigin));
        owner.remove_domain(&id, &domain.id).await.expect("removed");
        assert_eq!(owner.remove_domain(&id, &domain.id).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(owner.domains(&id).await.expect("a list").len(), 19);
    }

    /// Another tenant's product is absent, and an organization's role reaches none.
    async fn products_are_the_tenants_own(fresh) {
        let acme = fresh.tenant("acme").await;
        let theirs = fresh.tenant("other").await.product().await;
        let owner = acme.owner().await;
        let never: ProductId = "prod_0123456789abcdef01234567".parse().expect("an id");
        for id in [&theirs, &never] {
            assert_eq!(owner.product(id).await.err().map(|error| error.code()), Some(Code::NotFound));
            assert_eq!(owner.domains(id).await.err().map(|error| error.code()), Some(Code::NotFound));
            assert_eq!(owner.delete_product(id).await.err().map(|error| error.code()), Some(Code::NotFound));
        }
        let clinic = acme.organization("clinic").await;
        let narrow = acme.op(&acme.organization_member(&clinic, Role::Admin).await).await;
        assert_eq!(narrow.products(Limit::default(), None).await.err().map(|error| error.code()), Some(Code::InsufficientRole));
        let viewer = acme.op(&acme.member(Role::Viewer).await).await;
        assert!(viewer.products(Limit::default(), None).await.is_ok());
        let refused = viewer.create_product(NewProduct { name: "Mine".into(), ..NewProduct::default() }).await;
        assert_eq!(refused.err().map(|error| error.code()), Some(Code::InsufficientRole));
    }

    /// The tester says what the calls themselves are answered.
    async fn a_tried_page_meets_the_rule_that_its_calls_meet(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let working = acme.embed_key(&product).await;
        let disabled = acme.embed_key(&product).await;
        owner.disable_embed_key(&product, &disabled.id, None).await.expect("disabled");
        owner.add_domain(&product, &NewDomain { origin: PAGE.into() }).await.expect("registered");
        for page in [PAGE, "https://www.app.customer.example", "http://app.customer.example", "null", "https://evil.example"] {
            let test = owner.test_page(&product, page).await.expect("tried");
            assert_eq!(test.origin, page);
            assert_eq!(test.domains.named, page == PAGE, "{page}");
            assert_eq!(test.keys.len(), 2);
            for tried in test.keys {
                let call = EmbedCall { key: tried.key.id.as_str(), origin: Some(page), ..EmbedCall::default() };
                let called = fresh.core.embed_config(call.clone()).await.err().map(|error| error.code());
                assert_eq!(tried.refused, called, "config, {page}");
                let entered = fresh.core.enter(&call).await.err().map(|error| error.code());
                assert_eq!(tried.refused, entered, "a session, {page}");
                assert_eq!(tried.list.named, page == PAGE);
            }
        }
        let test = owner.test_page(&product, "http://app.customer.example/shop").await.expect("tried");
        let near = test.keys.into_iter().find(|tried| tried.key.id == working.id).and_then(|tried| tried.list.near).expect("a neighbour");
        assert_eq!((near.origin.as_str(), near.why.as_str()), (PAGE, "The scheme differs."));
        let refused = owner.test_page(&product, "https://").await.expect_err("no address");
        assert_eq!(refused.problem().field.as_deref(), Some("page"));
        let unknown = owner.test_page(&ProductId::new(fresh.core.now()), PAGE).await;
        assert_eq!(unknown.err().map(|error| error.code()), Some(Code::NotFound));
    }

    /// N18: each step is ticked by the thing itself, once, and by nothing else.
    async fn an_integration_ticks_itself_as_each_part_is_seen_working(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        acme.domain(&product).await;
        let ticked = async || {
            fresh.core.flush_uses().await.expect("written");
            let steps = owner.integration(&product).await.expect("steps");
            steps.into_iter().filter(|step| step.at.is_some()).map(|step| (step.step, step.at)).collect::<Vec<_>>()
        };
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let foreign = EmbedCall { key: embed.id.as_str(), origin: Some("https://evil.example"), ..EmbedCall::default() };
        assert!(fresh.core.embed_config(foreign).await.is_err());
        let (own, preview) = (owner.create_preview_key(&product).await.expect("made"), fresh.core.settings().preview.clone());
        let ours = EmbedCall { key: own.id.as_str(), origin: preview.as_deref(), ..EmbedCall::default() };
        fresh.core.embed_config(ours).await.expect("shown");
        assert_eq!(ticked().await, [], "our own preview is no page of theirs");
        let call = EmbedCall { key: embed.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() };
        fresh.core.embed_config(call).await.expect("shown");
        let first = Some(fresh.core.now());
        assert_eq!(ticked().await, [(IntegrationStep::PageLetIn, first)]);
        fresh.clock.advance(SECOND);
        assert!(acme.exchange(&embed, "no.bridge.token".to_owned()).await.is_err());
        assert_eq!(ticked().await.len(), 1);
        let started = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        acme.visit(&started.token).await.expect("let in");
        assert_eq!(ticked().await, [(IntegrationStep::PageLetIn, first), (IntegrationStep::CustomerSignedIn, Some(fresh.core.now()))]);
        let secret = acme.verification_secret(&product).await;
        let identity = acme.identity(&product, &secret.secret, "u").await.expect("a token").token;
        assert_eq!(ticked().await.len(), 2, "buying one verifies nothing");
        acme.identity_me(identity.reveal()).await.expect("known");
        assert_eq!(ticked().await.last().map(|(step, _)| *step), Some(IntegrationStep::IdentityVerified));
        fresh.clock.advance(HOUR - 2 * SECOND);
        let refreshed = acme.visit(&started.token).await.expect("just in time").refresh().await.expect("refreshed");
        assert_eq!(ticked().await.len(), 3, "its first token is still good");
        fresh.clock.advance(3 * SECOND);
        assert!(acme.visit(&started.token).await.is_err());
        assert_eq!(ticked().await.len(), 3, "an expiry is no end that anybody brought about");
        acme.visit(&refreshed.token).await.expect("goes on");
        assert_eq!(ticked().await.last().map(|(step, _)| *step), Some(IntegrationStep::SessionOutlivedItsToken));
        owner.revoke_customer_sessions(&started.customer.id, None).await.expect("ended");
        assert_eq!(ticked().await.len(), 4, "nobody has noticed yet");
        assert!(acme.visit(&refreshed.token).await.is_err());
        assert_eq!(ticked().await.len(), 5);
        let theirs = fresh.tenant("other").await;
        assert_eq!(theirs.owner().await.integration(&product).await.err().map(|error| error.code()), Some(Code::NotFound));
    }
}
