//! One tenant never sees another, whatever it says (AZ2, AZ3, AZ7, AZ9).

use crate::{
    access::{body_fields, routes::ROWS},
    app::Answer,
    house::{House, PAGE, data},
};
use mintmark::{
    Role, customer::NewCustomer, invitation::NewInvitation, on_each_engine, origin::NewOrigin, role::NewCustomerRole, token::Mint,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An id of the same kind that nothing ever had.
fn never(id: &str) -> String {
    format!("{}_{}", id.split('_').next().expect("a prefix"), "0123456789abcdef01234567")
}

/// The other tenant's things, by the path under which ours lie.
async fn theirs(house: &House) -> Vec<(&'static str, String)> {
    let op = house.other.owner().await;
    let asked = NewInvitation { email: "guest@other.example".to_owned(), role: Role::Viewer, organization_id: None };
    let customer = NewCustomer { external_id: Some("theirs".to_owned()), ..NewCustomer::default() };
    let role = NewCustomerRole { name: "Theirs".to_owned(), permissions: Vec::new() };
    let mint = Mint {
        organization_id: house.foreign.to_string(),
        scope: vec!["sso_connection".to_owned()],
        origins: vec![PAGE.to_owned()],
        ..Mint::default()
    };
    vec![
        ("/v1/organizations/", house.foreign.to_string()),
        ("/v1/widget-tokens/", op.mint_token(mint, None).await.expect("a token").id.to_string()),
        ("/v1/signing-keys/", op.signing_keys().await.expect("keys")[0].id.to_string()),
        ("/v1/members/", house.other.member(Role::Viewer).await.id.to_string()),
        ("/v1/invitations/", op.create_invitation(asked).await.expect("an invitation").invitation.id.to_string()),
        ("/v1/api-keys/", house.other.api_key(Role::Viewer, None).await.api_key.id.to_string()),
        ("/v1/products/", house.other.product().await.to_string()),
        ("/v1/customers/", op.create_customer(customer).await.expect("a customer").id.to_string()),
        ("/v1/roles/", op.create_role(role).await.expect("a role").id.to_string()),
    ]
}

/// Everything that the other tenant can see of itself, but what happened to its own callers.
async fn everything(house: &House) -> Vec<Value> {
    let token = house.dashboard_token(&house.other.owner.email).await;
    let mut seen = Vec::new();
    for path in [
        "/v1/organizations",
        "/v1/signing-keys",
        "/v1/members",
        "/v1/invitations",
        "/v1/api-keys",
        "/v1/products",
        "/v1/customers",
        "/v1/roles",
        &format!("/v1/widget-tokens?organization_id={}&include_revoked=true", house.foreign),
        &format!("/v1/organizations/{}/origins", house.foreign),
    ] {
        let call = house.app.get(path).bearer(&token).header("x-mintmark-tenant", house.other.tenant.as_str());
        seen.extend(data(&call.await));
    }
    for row in &mut seen {
        if let Some(row) = row.as_object_mut() {
            row.remove("last_seen_at");
            row.remove("last_used_at");
        }
    }
    seen
}

/// What an answer says, but for its request's id.
fn said(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    body.as_object_mut().expect("an object").remove("request_id");
    (answer.status, body)
}

on_each_engine! {
    /// AZ2: ids in paths.
    async fn anothers_id_and_one_that_never_was_are_the_same_404(fresh) {
        let house = House::new(fresh).await;
        let owner = house.dashboard_token(&house.acme.owner.email).await;
        let theirs = theirs(&house).await;
        let before = everything(&house).await;
        let mut tried = BTreeSet::new();
        for row in ROWS.iter().filter(|row| row.route.contains("{id}") && row.target != crate::access::targets::Target::OrganizationMember) {
            let (method, template) = row.route.split_once(' ').expect("a method and a path");
            let (_, id) = theirs.iter().find(|(root, _)| template.starts_with(root)).expect("a thing of theirs");
            let mut answers = Vec::new();
            for id in [id.clone(), never(id), "acme".to_owned()] {
                let path = template
                    .replace("{id}", &id)
                    .replace("{origin_id}", "ori_0123456789abcdef01234567")
                    .replace("{domain_id}", "dom_0123456789abcdef01234567")
                    .replace("bridge-keys/{key_id}", "bridge-keys/brk_0123456789abcdef01234567")
                    .replace("{secret_id}", "vsid_0123456789abcdef01234567")
                    .replace("{key_id}", "pk_live_0123456789abcdef01234567")
                    .replace("{session_id}", "ses_0123456789abcdef01234567")
                    .replace("{offering_id}", "off_0123456789abcdef01234567");
                let call = house.app.call(method, &path).bearer(&owner).header("x-mintmark-tenant", house.acme.tenant.as_str());
                let call = if let Some(body) = (row.body)(&house) { row.send(call, &body) } else { call };
                answers.push(call.await);
            }
            for answer in &answers {
                answer.refused(404, "not_found");
            }
            assert_eq!(said(&answers[0]), said(&answers[1]), "{}", row.route);
            tried.insert(row.route);
        }
        assert!(tried.len() > 15, "{tried:?}");
        assert_eq!(everything(&house).await, before, "nothing of theirs changed");
    }

    /// AZ2: ids in queries and bodies, and an origin's under the wrong organization.
    async fn anothers_organization_is_unknown_in_queries_and_bodies_too(fresh) {
        let house = House::new(fresh).await;
        let before = everything(&house).await;
        let origin = NewOrigin { origin: "https://theirs.example".to_owned() };
        let sibling_origin = house.acme.owner().await.add_origin(&house.sibling, &origin).await.expect("an origin").id;
        let member = house.acme.member(Role::Viewer).await.id;
        let mint = |id: &str| json!({ "organization_id": id, "scope": ["sso_connection"], "origins": [PAGE] });
        let invite = |id: &str| json!({ "organization_id": id, "email": "guest@acme.example", "role": "viewer" });
        let key = |id: &str| json!({ "organization_id": id, "name": "theirs", "role": "viewer" });
        let role = |id: &str| json!({ "organization_id": id, "role": "member" });
        let mut answers = Vec::new();
        for id in [house.foreign.to_string(), never(house.foreign.as_str())] {
            let post = |path: &str, body: Value| house.backend("POST", path).json(&body);
            answers.push([
                house.backend("GET", &format!("/v1/widget-tokens?organization_id={id}")).await,
                house.backend("GET", &format!("/v1/members?organization_id={id}")).await,
                post("/v1/widget-tokens", mint(&id)).await,
                post("/v1/widget-tokens/revoke", json!({ "organization_id": id })).await,
                post("/v1/invitations", invite(&id)).await,
                post("/v1/api-keys", key(&id)).await,
                house.backend("PATCH", &format!("/v1/members/{member}")).json(&role(&id)).await,
                house.backend("DELETE", &format!("/v1/members/{member}?organization_id={id}")).await,
            ]);
        }
        for (theirs, never) in answers[0].iter().zip(&answers[1]) {
            theirs.refused(404, "not_found");
            assert_eq!(said(theirs), said(never));
        }
        let wrong = format!("/v1/organizations/{}/origins/{sibling_origin}", house.organization);
        house.backend("DELETE", &wrong).await.refused(404, "not_found");
        let history = |id: &str| house.backend("GET", &format!("/v1/audit-events?organization_id={id}"));
        let (of_theirs, of_none) = (history(house.foreign.as_str()).await, history(&never(house.foreign.as_str())).await);
        assert_eq!(said(&of_theirs), said(&of_none));
        assert!(of_theirs.json()["data"].as_array().is_none_or(Vec::is_empty), "{}", of_theirs.text());
        assert_eq!(everything(&house).await, before, "nothing of theirs changed");
    }

    /// AZ7
    async fn the_tenant_is_named_once_and_is_the_credentials_own(fresh) {
        let house = House::new(fresh).await;
        let (acme, other) = (house.acme.tenant.as_str(), house.other.tenant.as_str());
        let token = house.dashboard_token(&house.acme.owner.email).await;
        let get = |headers: &[&str]| {
            let call = house.app.get("/v1/organizations").bearer(&token);
            headers.iter().fold(call, |call, tenant| call.header("x-mintmark-tenant", tenant))
        };
        assert_eq!(get(&[acme]).await.status, 200);
        get(&[]).await.refused(400, "tenant_required");
        get(&[acme, acme]).await.refused(400, "tenant_required");
        get(&[acme, other]).await.refused(400, "tenant_required");
        for garbage in ["", "acme", "ten_", "org_0123456789abcdef01234567", "ten_0123456789ABCDEF01234567", "' or 1=1 --"] {
            get(&[garbage]).await.refused(400, "tenant_required");
        }
        let (theirs, none) = (get(&[other]).await, get(&["ten_0123456789abcdef01234567"]).await);
        theirs.refused(404, "not_found");
        assert_eq!(said(&theirs), said(&none));

        let with = |tenant: &str| house.backend("GET", "/v1/organizations").header("x-mintmark-tenant", tenant);
        assert_eq!(house.backend("GET", "/v1/organizations").await.status, 200, "an API key knows its tenant");
        assert_eq!(with(acme).await.status, 200);
        with(other).await.refused(404, "not_found");
        with("acme").await.refused(400, "tenant_required");
        for path in ["/v1/me", "/v1/sessions/current"] {
            let method = if path == "/v1/me" { "GET" } else { "DELETE" };
            assert_eq!(house.app.call(method, path).bearer(&token).await.status, 200, "{path} concerns the bearer alone");
        }
    }

    /// AZ9
    async fn a_cursor_is_good_for_its_own_list_only(fresh) {
        let house = House::new(fresh).await;
        let first = house.backend("GET", "/v1/organizations?limit=1").await;
        let cursor = first.json()["next_cursor"].as_str().expect("a next page").to_owned();
        let next = house.backend("GET", &format!("/v1/organizations?limit=1&cursor={cursor}")).await;
        assert_ne!(data(&next), data(&first));
        let theirs = house.dashboard_token(&house.other.owner.email).await;
        let call = house.app.get(&format!("/v1/organizations?cursor={cursor}")).bearer(&theirs);
        call.header("x-mintmark-tenant", house.other.tenant.as_str()).await.refused(400, "invalid_cursor");
        for path in [
            format!("/v1/members?cursor={cursor}"),
            format!("/v1/organizations?cursor={cursor}x"),
            "/v1/organizations?cursor=bm90IGEgY3Vyc29y".to_owned(),
            "/v1/audit-events?cursor=-1".to_owned(),
            format!("/v1/widget-tokens?organization_id={}&cursor={cursor}", house.organization),
        ] {
            house.backend("GET", &path).await.refused(400, "invalid_cursor");
        }
        for path in ["/v1/organizations", "/v1/members", "/v1/invitations", "/v1/api-keys", "/v1/audit-events", "/v1/customers"] {
            assert_eq!(house.backend("GET", &format!("{path}?limit=1000000")).await.status, 200, "{path}: capped");
            house.backend("GET", &format!("{path}?limit=0")).await.refused(422, "invalid_field");
            house.backend("GET", &format!("{path}?limit=1&limit=2")).await.refused(422, "invalid_field");
            house.backend("GET", &format!("{path}?limt=1")).await.refused(422, "unknown_field");
        }
    }

    /// AZ3: what a body may not say is named, and nothing is made.
    async fn no_body_smuggles_a_field_in(fresh) {
        let house = House::new(fresh).await;
        let description = serde_json::to_value(server::api::description()).expect("JSON");
        let owner = house.dashboard_token(&house.acme.owner.email).await;
        let mut tried = 0;
        for row in ROWS {
            let (method, template) = row.route.split_once(' ').expect("a method and a path");
            let known = body_fields(&description, method, template);
            let Some(known) = known else { continue };
            for field in ["role", "tenant_id", "organization_id", "revoked_at", "expires_at", "email_verified", "created_by", "id", "Name", "__proto__"] {
                if known.contains(field) {
                    continue;
                }
                let mut body = (row.body)(&house).unwrap_or(json!({}));
                body[field] = json!("owner");
                let path = row.target.path(&house, template).await;
                let call = house.app.call(method, &path).bearer(&owner).header("x-mintmark-tenant", house.acme.tenant.as_str());
                let answer = row.send(call, &body).await;
                answer.refused(422, "unknown_field");
                assert_eq!(answer.json()["field"], field, "{}", row.route);
                tried += 1;
            }
        }
        assert!(tried > 150, "{tried}");
    }

    /// Every parameter of every route is known, or named as unknown.
    async fn no_query_parameter_is_ignored(fresh) {
        let house = House::new(fresh).await;
        let owner = house.dashboard_token(&house.acme.owner.email).await;
        for row in ROWS.iter().filter(|row| row.route.contains(" /v1/")) {
            let (method, template) = row.route.split_once(' ').expect("a method and a path");
            let path = row.target.path(&house, template).await + row.query;
            let path = format!("{path}{}surplus=1", if path.contains('?') { '&' } else { '?' });
            let call = house.app.call(method, &path).bearer(&owner).header("x-mintmark-tenant", house.acme.tenant.as_str());
            let call = if let Some(body) = (row.body)(&house) { row.send(call, &body) } else { call };
            let answer = call.await;
            answer.refused(422, "unknown_field");
            assert_eq!(answer.json()["field"], "surplus", "{}", row.route);
        }
    }
}
