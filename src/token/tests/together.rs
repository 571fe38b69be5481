//! On PostgreSQL mints that wait for each other are one statement: each is judged for itself, and is what was asked.

use crate::{
    Code, CustomerId, OrganizationId, Role,
    customer::NewCustomer,
    db::args,
    role::{NewCustomerRole, RoleAssignment},
    testing::{Engine, Fixture, PAGE, fresh},
    token::{Mint, Scope},
};

/// Somebody who may have opened there what the tokens here are for.
async fn customer(acme: &Fixture, organization: &OrganizationId) -> CustomerId {
    let owner = acme.owner().await;
    let asked = NewCustomerRole { name: "Support".to_owned(), permissions: vec![Scope::SsoConnection.permission()] };
    let role_id = owner.create_role(asked).await.expect("a role").id;
    let asked = NewCustomer { external_id: Some("u".to_owned()), ..NewCustomer::default() };
    let customer = owner.create_customer(asked).await.expect("a customer").id;
    owner.assign_role(&customer, organization, &RoleAssignment { role_id }).await.expect("given");
    customer
}

#[tokio::test]
async fn mints_that_wait_for_each_other_are_one_statement() {
    let fresh = fresh(Engine::Postgres).await;
    let (acme, other) = (fresh.tenant("acme").await, fresh.tenant("other").await);
    let (here, there) = (acme.organization("customer").await, other.organization("customer").await);
    let (key, customer) = (acme.api_key(Role::Admin, None).await, customer(&acme, &here).await);
    let asking = |organization: &OrganizationId, label: Option<&str>, ttl: i64| Mint {
        organization_id: organization.to_string(),
        scope: vec!["sso_connection".into()],
        origins: vec![PAGE.into()],
        label: label.map(str::to_owned),
        ttl_seconds: Some(ttl),
        user_id: None,
    };
    let mints = [
        (acme.owner().await, asking(&here, Some("labelled"), 61)),
        (acme.key_op(&key).await, asking(&here, None, 62)),
        (other.owner().await, asking(&there, None, 63)),
        (acme.key_op(&key).await, asking(&here, Some("by a key"), 64)),
        (acme.owner().await, Mint { user_id: Some(customer.to_string()), ..asking(&here, None, 65) }),
    ];
    let revoked = format!("update api_key set revoked_at = 1 where id = '{}'", key.api_key.id);
    let (owner, alone) = (acme.owner().await, asking(&here, Some("alone"), 60));
    let mut elsewhere = fresh.meanwhile(&acme.tenant, [revoked]).await;
    // The writer has this one in its hands, and waits for its turn.
    let mut minting = vec![tokio::spawn(async move { owner.mint_token(alone, None).await })];
    elsewhere.is_waited_for().await;
    for (op, asked) in mints {
        minting.push(tokio::spawn(async move { op.mint_token(asked, None).await }));
    }
    while fresh.core.writes_waiting() < 5 {
        tokio::task::yield_now().await;
    }
    elsewhere.commits().await;
    let mut minted = Vec::new();
    for outcome in minting {
        minted.push(outcome.await.expect("answered").map(|token| token.id).map_err(|error| error.code()));
    }
    let [Ok(alone), Ok(labelled), Err(Code::Conflict), Ok(others), Err(Code::Conflict), Ok(customers)] = minted.as_slice() else {
        panic!("{minted:?}")
    };
    let mut commands = Vec::new();
    for (id, tenant, organization, label, ttl, user) in [
        (alone, &acme.tenant, &here, Some("alone"), 60, None),
        (labelled, &acme.tenant, &here, Some("labelled"), 61, None),
        (others, &other.tenant, &there, None, 63, None),
        (customers, &acme.tenant, &here, None, 65, Some(customer.as_str())),
    ] {
        let sql = "select tenant_id, organization_id, label, customer_id, scope, origins, minted_by_type, minted_by_name,
                xmin::text || '/' || cmin::text from widget_token where id = $1 and expires_at / 1000 - created_at / 1000 = $2 and revoked_at is null";
        let row: (String, String, Option<String>, Option<String>, String, String, String, String, String) =
            fresh.core.db().one(sql, args![id, i64::from(ttl)]).await.expect("a row");
        let (in_tenant, in_organization, labelled, user_of, scope, origins, kind, name, command) = row;
        assert_eq!((in_tenant.as_str(), in_organization.as_str()), (tenant.as_str(), organization.as_str()));
        assert_eq!((labelled.as_deref(), user_of.as_deref()), (label, user), "{id}");
        assert_eq!((scope, origins), (r#"["sso_connection"]"#.to_owned(), format!("[\"{PAGE}\"]")));
        assert_eq!((kind.as_str(), name.as_str()), ("user", "Olive Owner"));
        commands.push(command);
    }
    let [alone, together @ ..] = commands.as_slice() else { panic!("four rows") };
    assert!(together.iter().all(|command| *command == together[0] && command != alone), "{commands:?}");
}
