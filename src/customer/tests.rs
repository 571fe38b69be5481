//! Customers on a real database of each engine.

use super::{Customer, CustomerChange, CustomerFilter, FirstSeenBy, NewCustomer};
use crate::{
    Code, Limit, Op, OrganizationId, Role, bridge::BridgeAlgorithm, db::args, embed_key::KeyMode, on_each_engine,
    organization::NewOrganization, testing::bridge_token, time::SECOND,
};
use serde_json::json;

fn known_as(external_id: &str) -> NewCustomer {
    NewCustomer { external_id: Some(external_id.into()), ..NewCustomer::default() }
}

fn code<T>(done: Result<T, crate::Error>) -> Option<Code> {
    done.err().map(|error| error.code())
}

fn change(text: &serde_json::Value) -> CustomerChange {
    serde_json::from_value(text.clone()).expect("a change")
}

async fn found(op: &Op, filter: CustomerFilter) -> Vec<String> {
    let page = op.customers(&filter, Limit::MOST, None).await.expect("a list");
    page.data.into_iter().rev().map(|customer| customer.external_id.unwrap_or_default()).collect()
}

on_each_engine! {
    async fn a_customer_is_written_down_changed_and_found(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, organization) = (acme.owner().await, acme.organization("here").await);
        let asked = NewCustomer {
            email: Some(" Ada@Example.com".into()),
            email_verified: true,
            name: Some("Ada Lovelace".into()),
            organization_ids: vec![organization.clone()],
            ..known_as("u_1%")
        };
        let ada = owner.create_customer(asked).await.expect("made");
        assert_eq!((ada.email.as_deref(), ada.first_seen_by, ada.mode), (Some("ada@example.com"), FirstSeenBy::Dashboard, KeyMode::Live));
        assert_eq!(ada.organization_ids.0, std::slice::from_ref(&organization));
        fresh.clock.advance(SECOND);
        let bob = acme.key_op(&acme.api_key(Role::Admin, None).await).await.create_customer(known_as("bob")).await.expect("made");
        assert_eq!(bob.first_seen_by, FirstSeenBy::Api);
        assert_eq!(found(&owner, CustomerFilter::default()).await, ["u_1%", "bob"]);
        for (search, who) in [("LOVE", "u_1%"), ("ada@", "u_1%"), ("U_1%", "u_1%"), (bob.id.as_str(), "bob"), (" bo", "bob")] {
            assert_eq!(found(&owner, CustomerFilter { search: Some(search.into()), ..Default::default() }).await, [who], "{search}");
        }
        for nothing in ["x_1", "%%", "__", "'--", "u\\_1"] {
            assert_eq!(found(&owner, CustomerFilter { search: Some(nothing.into()), ..Default::default() }).await, [""; 0], "{nothing}");
        }
        assert_eq!(found(&owner, CustomerFilter { organization_id: Some(organization.clone()), ..Default::default() }).await, ["u_1%"]);
        assert_eq!(found(&owner, CustomerFilter { email: Some("ADA@example.com ".into()), ..Default::default() }).await, ["u_1%"]);
        assert_eq!(found(&owner, CustomerFilter { external_id: Some("BOB".into()), ..Default::default() }).await, [""; 0]);
        assert_eq!(found(&owner, CustomerFilter { first_seen_by: Some(FirstSeenBy::Api), ..Default::default() }).await, ["bob"]);

        let moved = owner.update_customer(&ada.id, change(&json!({ "email": "ada@elsewhere.example", "organization_ids": [] }))).await.expect("changed");
        assert!(!moved.email_verified && moved.organization_ids.0.is_empty() && moved.name == ada.name);
        assert_eq!(code(owner.update_customer(&ada.id, change(&json!({ "external_id": null }))).await), Some(Code::InvalidField), "nothing would find them");
        let verified = owner.update_customer(&ada.id, change(&json!({ "email_verified": true, "external_id": null, "name": null }))).await.expect("changed");
        assert_eq!((verified.external_id, verified.name, verified.email_verified), (None, None, true));
        let unknown = json!({ "organization_ids": ["org_0123456789abcdef01234567"] });
        assert_eq!(code(owner.update_customer(&ada.id, change(&unknown)).await), Some(Code::InvalidField));
    }

    async fn an_id_and_a_verified_address_are_one_customers(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        owner.create_customer(known_as("u")).await.expect("made");
        assert_eq!(code(owner.create_customer(known_as("u")).await), Some(Code::AlreadyExists));
        let mail = |verified| NewCustomer { email: Some("u@example.com".into()), email_verified: verified, ..known_as(if verified { "v" } else { "w" }) };
        owner.create_customer(mail(true)).await.expect("made");
        let noted = owner.create_customer(mail(false)).await.expect("an unverified address is a note").id;
        assert_eq!(code(owner.update_customer(&noted, change(&json!({ "email_verified": true }))).await), Some(Code::AlreadyExists));
        assert_eq!(code(owner.update_customer(&noted, change(&json!({ "external_id": "u" }))).await), Some(Code::AlreadyExists));
        let test = NewCustomer { mode: Some(KeyMode::Test), ..known_as("u") };
        assert!(owner.create_customer(test).await.is_ok(), "another world");
        assert!(fresh.tenant("other").await.owner().await.create_customer(known_as("u")).await.is_ok(), "another tenant");
        let unverified = NewCustomer { email: Some("x@example.com".into()), ..NewCustomer::default() };
        let nothing = NewCustomer { email_verified: true, ..known_as("x") };
        for wrong in [NewCustomer::default(), unverified, nothing, known_as(""), known_as(" "), known_as("a\nb"), known_as(&"x".repeat(256))] {
            assert_eq!(code(owner.create_customer(wrong.clone()).await), Some(Code::InvalidField), "{wrong:?}");
        }
    }

    /// Contract, section 5: a ban ends what is alive, and taking it back revives nothing.
    async fn a_banned_customer_is_out_at_once_and_comes_in_no_more(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let begin = async || acme.exchange(&key, bridge_token(&bridge, &acme.vouches("u"))).await;
        let started = begin().await.expect("a session");
        let id = started.customer.id.clone();
        let banned = owner.update_customer(&id, change(&json!({ "banned": true, "reason": "abuse" }))).await.expect("banned");
        assert_eq!((banned.live_sessions, banned.ban_reason.as_deref()), (0, Some("abuse")));
        assert_eq!(code(acme.visit(&started.token).await), Some(Code::SessionRevoked));
        assert_eq!(code(begin().await), Some(Code::CustomerBanned));
        assert_eq!(found(&owner, CustomerFilter { banned: Some(true), ..Default::default() }).await, ["u"]);
        assert!(owner.update_customer(&id, change(&json!({ "banned": false }))).await.expect("let in").banned_at.is_none());
        assert_eq!(code(acme.visit(&started.token).await), Some(Code::SessionRevoked));
        assert!(begin().await.is_ok());
    }

    /// Deleting erases: nothing that tells who they were is left in any table, history among them.
    async fn a_deleted_customer_leaves_nothing_but_an_id(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let mut claims = acme.vouches("canary-external-id");
        claims["email"] = json!("canary-mail@example.com");
        claims["email_verified"] = json!(true);
        claims["name"] = json!("Canary Name");
        claims["metadata"] = json!({ "note": "canary-note" });
        let started = acme.exchange(&key, bridge_token(&bridge, &claims)).await.expect("a session");
        let id = started.customer.id.clone();
        owner.update_customer(&id, change(&json!({ "name": "Canary Name the Second", "banned": false }))).await.expect("changed");
        let deleted: Customer = owner.delete_customer(&id, None).await.expect("deleted");
        assert!(deleted.deleted_at.is_some() && deleted.email.is_none() && deleted.metadata.0.is_empty());
        assert_eq!(code(acme.visit(&started.token).await), Some(Code::SessionRevoked));
        assert_eq!(code(owner.customer(&id).await), Some(Code::NotFound));
        assert_eq!(code(owner.delete_customer(&id, None).await), Some(Code::NotFound));
        fresh.core.flush().await.expect("written");
        for sql in [
            "select body from audit_event",
            "select coalesce(external_id, '') || coalesce(email, '') || coalesce(name, '') || metadata from customer",
            "select coalesce(ip, '') || coalesce(user_agent, '') || origin from customer_session",
        ] {
            let rows: Vec<(String,)> = fresh.core.db().all(sql, args![]).await.expect("rows");
            assert!(!rows.is_empty() && rows.iter().all(|(text,)| !text.to_lowercase().contains("canary")), "{sql}");
        }
        // The tenant's id may come again: it is somebody new.
        let again = acme.exchange(&key, bridge_token(&bridge, &acme.vouches("canary-external-id"))).await.expect("a session");
        assert_ne!(again.customer.id, id);
        assert_eq!(again.customer.email, None);
    }

    async fn history_names_the_fields_that_changed_and_no_others(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let ada = owner.create_customer(known_as("ada")).await.expect("made").id;
        for (asked, fields) in [
            (json!({ "name": "Ada" }), json!(["name"])),
            (json!({ "metadata": { "plan": "team" }, "name": "Ada" }), json!(["metadata"])),
            (json!({ "email": "ada@example.com", "email_verified": true, "external_id": "eve" }), json!(["external_id", "email", "email_verified"])),
        ] {
            owner.update_customer(&ada, change(&asked)).await.expect("changed");
            let told = owner.history_of(ada.as_str(), Limit::default(), None).await.expect("a page").data;
            assert_eq!(told[0].metadata["fields"], fields);
        }
    }

    async fn a_customer_belongs_to_fifty_organizations_at_most(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let mut ids = Vec::new();
        for n in 0..51 {
            let asked = NewOrganization { name: format!("Place {n}"), ..NewOrganization::default() };
            ids.push(owner.create_organization(asked).await.expect("made").id);
        }
        let ada = owner.create_customer(known_as("ada")).await.expect("made").id;
        let belong = async |ids: &[OrganizationId]| owner.update_customer(&ada, change(&json!({ "organization_ids": ids }))).await;
        assert_eq!(belong(&ids[..50]).await.expect("there").organization_ids.0.len(), 50);
        assert_eq!(code(belong(&ids).await), Some(Code::InvalidField));
        assert_eq!(owner.customer(&ada).await.expect("read").organization_ids.0.len(), 50);
    }

    async fn customers_are_managed_by_admins_of_the_tenant(fresh) {
        let acme = fresh.tenant("acme").await;
        let organization = acme.organization("here").await;
        let id = acme.owner().await.create_customer(known_as("u")).await.expect("made").id;
        for role in [Role::Viewer, Role::Member] {
            let op = acme.op(&acme.member(role).await).await;
            assert!(op.customer(&id).await.is_ok());
            assert_eq!(code(op.create_customer(known_as("v")).await), Some(Code::InsufficientRole));
            assert_eq!(code(op.delete_customer(&id, None).await), Some(Code::InsufficientRole));
            assert_eq!(code(op.purge_test_customers().await), Some(Code::InsufficientRole));
        }
        let inside = acme.op(&acme.organization_member(&organization, Role::Admin).await).await;
        assert_eq!(code(inside.customers(&CustomerFilter::default(), Limit::MOST, None).await), Some(Code::InsufficientRole));
        let other = fresh.tenant("other").await.owner().await;
        assert_eq!(code(other.customer(&id).await), Some(Code::NotFound));
        assert_eq!(code(other.delete_customer(&id, None).await), Some(Code::NotFound));
    }

    async fn six_hundred_test_customers_are_purged_and_no_live_one(fresh) {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        owner.create_customer(known_as("live")).await.expect("made");
        for n in 0..6 {
            let rows: Vec<String> = (0..100)
                .map(|m| format!("('cus_{:024x}', '{}', 'test', 'u{n}-{m}', 'api', {at}, {at})", n * 100 + m + 1, acme.tenant, at = fresh.core.now().millis()))
                .collect();
            let sql = "insert into customer (id, tenant_id, mode, external_id, first_seen_by, created_at, updated_at) values ";
            fresh.sql(format!("{sql}{}", rows.join(","))).await.expect("rows");
        }
        assert_eq!(owner.count_customers(KeyMode::Test).await.expect("a count"), 600);
        assert_eq!(owner.purge_test_customers().await.expect("purged").purged, 600);
        assert_eq!((owner.count_customers(KeyMode::Test).await.expect("a count"), owner.count_customers(KeyMode::Live).await.expect("a count")), (0, 1));
    }
}
