//! Offerings on a real database of each engine.

use super::{Interval, MOST, NewOffering, OfferingChange, OfferingOrder, OfferingStatus, Price};
use crate::{Code, OfferingId, Op, ProductId, Role, on_each_engine};

fn named(name: &str) -> NewOffering {
    let price = Price { amount: 1_900, currency: "eur".into(), interval: Interval::Month };
    NewOffering { name: name.into(), description: None, price, features: Vec::new(), cta_url: None, status: None }
}

async fn names(op: &Op, product: &ProductId) -> Vec<String> {
    op.offerings(product, None).await.expect("a list").into_iter().map(|offering| offering.name).collect()
}

on_each_engine! {
    async fn an_offering_is_written_changed_published_and_archived(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let full = NewOffering {
            description: Some(" For small teams ".into()),
            features: vec!["Five seats".into(), "Support".into()],
            cta_url: Some("https://acme.com/buy".into()),
            ..named("Basic")
        };
        let made = owner.create_offering(&product, full).await.expect("made");
        assert_eq!((made.status, made.price.currency.as_str(), made.description.as_deref()), (OfferingStatus::Draft, "EUR", Some("For small teams")));
        assert_eq!(owner.offering(&product, &made.id).await.expect("read"), made);
        let change = OfferingChange { description: Some(String::new()), status: Some(OfferingStatus::Published), ..OfferingChange::default() };
        let published = owner.update_offering(&product, &made.id, change).await.expect("published");
        assert_eq!((published.status, published.description.as_deref()), (OfferingStatus::Published, None));
        assert_eq!((&published.features, &published.cta_url), (&made.features, &made.cta_url), "what is absent stays");
        assert!(published.updated_at > made.updated_at);
        let only = async |status| owner.offerings(&product, Some(status)).await.expect("a list").len();
        assert_eq!((only(OfferingStatus::Published).await, only(OfferingStatus::Draft).await), (1, 0));
        let archived = owner.archive_offering(&product, &made.id).await.expect("archived");
        assert_eq!(owner.archive_offering(&product, &made.id).await.expect("the same"), archived);
        let draft = OfferingChange { status: Some(OfferingStatus::Draft), ..OfferingChange::default() };
        assert_eq!(owner.update_offering(&product, &made.id, draft).await.expect("a draft again").status, OfferingStatus::Draft);
    }

    async fn what_is_no_offering_is_refused_by_field(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let price = |amount, currency: &str| Price { amount, currency: currency.into(), interval: Interval::Once };
        for (asked, field) in [
            (named(""), "name"),
            (NewOffering { price: price(-1, "EUR"), ..named("x") }, "price.amount"),
            (NewOffering { price: price(1, "EURO"), ..named("x") }, "price.currency"),
            (NewOffering { features: vec![String::new()], ..named("x") }, "features"),
            (NewOffering { features: vec!["x".into(); 31], ..named("x") }, "features"),
            (NewOffering { cta_url: Some("javascript:alert(1)".into()), ..named("x") }, "cta_url"),
            (NewOffering { description: Some("x".repeat(501)), ..named("x") }, "description"),
        ] {
            let problem = owner.create_offering(&product, asked).await.expect_err("refused").problem();
            assert_eq!((problem.code, problem.field.as_deref()), (Code::InvalidField, Some(field)));
        }
        assert!(names(&owner, &product).await.is_empty());
        // The table says so too.
        let written = owner.create_offering(&product, named("Basic")).await.expect("made").id;
        for wrong in ["status = 'SECRET'", "amount = -1", "interval = 'decade'"] {
            assert!(fresh.sql(format!("update offering set {wrong} where id = '{written}'")).await.is_err(), "{wrong}");
        }
    }

    async fn the_order_is_the_one_that_was_said_last(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let mut ids: Vec<OfferingId> = Vec::new();
        for name in ["a", "b", "c", "d"] {
            ids.push(owner.create_offering(&product, named(name)).await.expect("made").id);
        }
        assert_eq!(names(&owner, &product).await, ["a", "b", "c", "d"]);
        let order = |places: &[usize]| OfferingOrder { ids: places.iter().map(|at| ids[*at].clone()).collect() };
        let ordered = owner.order_offerings(&product, &order(&[2, 0])).await.expect("ordered");
        assert_eq!(ordered.iter().map(|offering| offering.name.as_str()).collect::<Vec<_>>(), ["c", "a", "b", "d"]);
        assert_eq!(owner.offerings(&product, None).await.expect("a list"), ordered);
        for wrong in [order(&[1, 1]), OfferingOrder { ids: vec![OfferingId::new(fresh.core.now())] }] {
            assert_eq!(owner.order_offerings(&product, &wrong).await.err().map(|error| error.code()), Some(Code::InvalidField));
        }
        assert_eq!(owner.order_offerings(&product, &order(&[])).await.expect("as it was"), ordered);
        owner.create_offering(&product, named("e")).await.expect("made");
        assert_eq!(names(&owner, &product).await.last().map(String::as_str), Some("e"));
    }

    async fn offerings_are_managed_by_admins_in_their_own_product(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let made = owner.create_offering(&product, named("Basic")).await.expect("made").id;
        let viewer = acme.op(&acme.member(Role::Viewer).await).await;
        assert!(viewer.offering(&product, &made).await.is_ok());
        for refused in [
            viewer.create_offering(&product, named("Mine")).await.map(drop),
            viewer.archive_offering(&product, &made).await.map(drop),
            viewer.order_offerings(&product, &OfferingOrder { ids: vec![made.clone()] }).await.map(drop),
        ] {
            assert_eq!(refused.err().map(|error| error.code()), Some(Code::InsufficientRole));
        }
        let other = fresh.tenant("other").await;
        let theirs = other.product().await;
        assert_eq!(other.owner().await.archive_offering(&theirs, &made).await.err().map(|error| error.code()), Some(Code::NotFound));
        assert_eq!(owner.create_offering(&theirs, named("Mine")).await.err().map(|error| error.code()), Some(Code::NotFound));
    }

    async fn a_product_has_a_hundred_offerings_at_most(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        for n in 0..MOST {
            owner.create_offering(&product, named(&n.to_string())).await.expect("room");
        }
        assert_eq!(owner.create_offering(&product, named("one more")).await.err().map(|error| error.code()), Some(Code::Conflict));
    }
}
