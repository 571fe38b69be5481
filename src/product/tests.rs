//! Products and their domains on a real database of each engine.

use super::{Appearance, NewDomain, NewProduct, ProductChange, store};
use crate::{Code, Limit, ProductId, Role, embed_key::EmbedCall, on_each_engine, testing::PAGE};

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
        tx.write(store::update(&acme.tenant, &before, &late));
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
}
