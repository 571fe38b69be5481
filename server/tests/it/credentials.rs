//! Which credential opens what: kinds in the wrong place, ids instead of credentials, the end of each (JW8, KY6, RV5, SE3, AZ4).

use crate::{
    access::described,
    house::{Caller, House, PAGE},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::server_fn::axum::server_fn_paths;
use mintmark::{
    Role,
    member::RoleChange,
    on_each_engine,
    secret::generate_secret,
    testing::{Engine, PASSWORD, fresh},
};
use serde_json::json;

/// Every path of the program with its methods: described routes, pages, server functions, assets, and what is no route.
fn every_route() -> Vec<(String, String)> {
    let mut routes: Vec<_> =
        described().iter().filter_map(|route| route.split_once(' ').map(|(m, p)| (m.to_owned(), p.to_owned()))).collect();
    routes.extend(leptos_axum::generate_route_list(app::App).into_iter().map(|page| ("GET".to_owned(), page.path().to_owned())));
    routes.extend(server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())));
    for path in
        ["/pkg/app.js", "/metrics", "/v1/nothing", "/v1/auth/token/verify", "/embed/v1/me", "/sdk/v1/mintmark.js", "/nothing", "/docs"]
    {
        routes.push(("GET".to_owned(), path.to_owned()));
        routes.push(("POST".to_owned(), path.to_owned()));
    }
    routes
}

/// JW8: found by walking the router; no signature and no database is asked, so that a forged one fares the same.
#[tokio::test]
async fn a_widget_token_is_refused_on_every_route_but_widgets() {
    let house = House::new(fresh(Engine::Sqlite).await).await;
    let minted = house.mint().await;
    let forged = format!("{}.e30.AAAA", BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"widget+jwt"}"#));
    let routes = every_route();
    assert!(routes.len() > 60, "{}", routes.len());
    for (method, template) in routes {
        let path: Vec<_> = template.split('/').map(|part| if part.contains(['{', ':', '*']) { "x" } else { part }).collect();
        let path = path.join("/");
        for token in [minted.token.reveal(), &forged] {
            let answer = house.app.call(&method, &path).bearer(token).header("sec-fetch-site", "none").header("origin", PAGE).await;
            if path.starts_with("/widget/") {
                assert_ne!(answer.code_or_none(), Some("widget_token_not_allowed_here".to_owned()), "{method} {path}");
            } else {
                answer.refused(403, "widget_token_not_allowed_here");
            }
        }
        let preflight = house.app.call("OPTIONS", &path).bearer(minted.token.reveal()).await;
        assert_ne!(preflight.status, 403, "OPTIONS {path}");
    }
}

on_each_engine! {
    /// JW8: the cells that exist so far.
    async fn each_kind_of_credential_opens_its_own_surface_only(fresh) {
        let house = House::new(fresh).await;
        let dashboard = house.dashboard_token(&house.acme.owner.email).await;
        let widget = house.mint().await.token.reveal().to_owned();
        let retyped = |typ: &str| {
            let mut parts = dashboard.split('.');
            let head = BASE64_URL_SAFE_NO_PAD.decode(parts.next().expect("a header")).expect("base64url");
            let mut head: serde_json::Value = serde_json::from_slice(&head).expect("JSON");
            head["typ"] = json!(typ);
            let head = BASE64_URL_SAFE_NO_PAD.encode(head.to_string());
            format!("{head}.{}", parts.collect::<Vec<_>>().join("."))
        };
        let secret = |prefix: &str| generate_secret(prefix).reveal().to_owned();
        for (kind, credential, management, widgets) in [
            ("dashboard", dashboard.clone(), (200, ""), (403, "widget_token_required")),
            ("API key", house.key.reveal().to_owned(), (200, ""), (401, "invalid_token")),
            ("widget", widget, (403, "widget_token_not_allowed_here"), (200, "")),
            ("session, forged", retyped("session+jwt"), (401, "invalid_token"), (401, "invalid_token")),
            ("identity, forged", retyped("identity+jwt"), (401, "invalid_token"), (401, "invalid_token")),
            ("no typ", retyped("JWT"), (401, "invalid_token"), (401, "invalid_token")),
            ("widget, forged", retyped("widget+jwt"), (403, "widget_token_not_allowed_here"), (401, "invalid_token")),
            ("unknown API key", secret("sk_live_"), (401, "invalid_token"), (401, "invalid_token")),
            ("test API key", secret("sk_test_"), (401, "invalid_token"), (401, "invalid_token")),
            ("verification secret", secret("vs_"), (401, "invalid_token"), (401, "invalid_token")),
            ("magic link", secret("mgl_"), (401, "invalid_token"), (401, "invalid_token")),
            ("session cookie", house.acme.owner.cookie.reveal().to_owned(), (401, "invalid_token"), (401, "invalid_token")),
            ("embed key", "pk_live_0123456789abcdef01234567".to_owned(), (401, "invalid_token"), (401, "invalid_token")),
            ("password", PASSWORD.replace(' ', "-"), (401, "invalid_token"), (401, "invalid_token")),
        ] {
            let me = house.app.get("/v1/me").bearer(&credential).await;
            assert_eq!((me.status, me.code_or_none().unwrap_or_default().as_str()), management, "{kind} at /v1: {}", me.text());
            let page = house.page(&credential, "/widget/session").await;
            assert_eq!((page.status, page.code_or_none().unwrap_or_default().as_str()), widgets, "{kind} at /widget: {}", page.text());
        }
    }

    /// KY6: knowing an id grants nothing.
    async fn an_id_in_place_of_a_credential_is_401(fresh) {
        let house = House::new(fresh).await;
        let op = house.acme.owner().await;
        let ids = [
            house.acme.tenant.to_string(),
            house.organization.to_string(),
            house.acme.owner.id.to_string(),
            house.acme.owner.session.to_string(),
            house.mint().await.id.to_string(),
            op.signing_keys().await.expect("keys")[0].id.to_string(),
            house.acme.api_key(Role::Viewer, None).await.api_key.id.to_string(),
        ];
        for id in ids {
            house.app.get("/v1/me").bearer(&id).await.refused(401, "invalid_token");
            house.page(&id, "/widget/session").await.refused(401, "invalid_token");
        }
    }

    /// JW8: a header is read, and nothing else.
    async fn a_credential_anywhere_but_in_the_header_is_none(fresh) {
        let house = House::new(fresh).await;
        let key = house.key.reveal();
        house.app.get(&format!("/v1/me?access_token={key}")).await.refused(401, "missing_token");
        house.app.get("/v1/me").header("cookie", &format!("mintmark={key}; authorization={key}")).await.refused(401, "missing_token");
        house.app.get("/v1/me").header("authorization", &format!("Basic {key}")).await.refused(401, "missing_token");
        house.app.get("/v1/me").header("authorization", key).await.refused(401, "missing_token");
        house.app.get("/v1/me").header("x-api-key", key).await.refused(401, "missing_token");
        house.backend("GET", "/v1/me").bearer(key).await.refused(401, "invalid_token");
        let typo = format!("{}{}", &key[..key.len() - 1], if key.ends_with('x') { "y" } else { "x" });
        house.app.get("/v1/me").bearer(&typo).await.refused(401, "invalid_token");
    }

    /// SE3, RV5: sign-out, removal and revocation hold at the next call.
    async fn what_ended_opens_nothing_at_the_next_call(fresh) {
        let house = House::new(fresh).await;
        let member = house.dashboard_token(house.email(Caller::Member)).await;
        let me = |token: String| house.app.get("/v1/me").bearer(&token).into_future();
        let id = me(member.clone()).await.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(house.app.delete("/v1/sessions/current").bearer(&member).await.status, 200);
        me(member.clone()).await.refused(401, "invalid_token");

        let member = house.dashboard_token(house.email(Caller::Member)).await;
        assert_eq!(house.backend("DELETE", &format!("/v1/members/{id}")).await.status, 200);
        me(member).await.refused(401, "invalid_token");

        let key = house.acme.api_key(Role::Admin, None).await;
        let minted = house.app.post("/v1/widget-tokens").bearer(key.key.reveal()).json(&house.mint_body()).await.json();
        let token = minted["token"].as_str().expect("a token");
        assert_eq!(house.page(token, "/widget/session").await.status, 200);
        let revoked = house.backend("DELETE", &format!("/v1/api-keys/{}", key.api_key.id)).json(&json!({ "reason": "leaked" })).await;
        assert_eq!((revoked.status, revoked.json()["revoke_reason"].clone()), (200, json!("leaked")));
        house.app.get("/v1/me").bearer(key.key.reveal()).await.refused(401, "invalid_token");
        house.page(token, "/widget/session").await.refused(401, "widget_token_revoked");
    }

    /// AZ4
    async fn a_demotion_holds_at_the_next_request_of_the_same_token(fresh) {
        let house = House::new(fresh).await;
        let admin = house.dashboard_token(house.email(Caller::Admin)).await;
        let mint = || {
            let call = house.app.post("/v1/widget-tokens").bearer(&admin).header("x-mintmark-tenant", house.acme.tenant.as_str());
            call.json(&house.mint_body())
        };
        let minted = mint().await;
        assert_eq!(minted.status, 201, "{}", minted.text());
        let id = house.app.get("/v1/me").bearer(&admin).await.json()["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let change = RoleChange { role: Role::Viewer, organization_id: None, revoke_minted: true };
        house.acme.owner().await.change_role(&id, change).await.expect("demoted");
        mint().await.refused(403, "insufficient_role");
        let token = minted.json()["token"].as_str().expect("a token").to_owned();
        house.page(&token, "/widget/session").await.refused(401, "widget_token_revoked");
    }
}

/// Step-up: a dashboard JWT proves presence for five minutes from its `iat`; an API key is never asked (SE10).
#[tokio::test]
async fn an_old_dashboard_token_is_asked_for_presence_and_an_api_key_never() {
    let house = House::new(fresh(Engine::Sqlite).await).await;
    let owner = house.dashboard_token(&house.acme.owner.email).await;
    let create = |bearer: &str| {
        let call = house.app.post("/v1/signing-keys").bearer(bearer).header("x-mintmark-tenant", house.acme.tenant.as_str());
        call.json(&json!({ "algorithm": "EdDSA" }))
    };
    assert_eq!(create(&owner).await.status, 201);
    house.app.fresh.clock.advance(5 * 60_000 + 1_000);
    create(&owner).await.refused(403, "step_up_required");
    assert_eq!(create(house.key.reveal()).await.status, 201);
}
