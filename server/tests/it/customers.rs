//! From a bridge key to a customer's session and its end, as backends and pages meet it (JW8, JW15, OR2, OR4, RV5).

use crate::{
    app::Call,
    house::{House, PAGE, data},
};
use mintmark::{on_each_engine, testing::bridge_token};
use serde_json::{Value, json};

/// A product of acme's with a live key for `PAGE` and a bridge key; answers the product's path and both.
struct Portal {
    path: String,
    key: String,
    bridge: mintmark::bridge::CreatedBridgeKey,
}

impl Portal {
    async fn new(house: &House) -> Self {
        let made = house.backend("POST", "/v1/products").json(&json!({ "name": "Portal" })).await;
        let path = format!("/v1/products/{}", made.json()["id"].as_str().expect("an id"));
        let asked = json!({ "name": "Website", "origins": [PAGE], "mode": "live" });
        let key = house.backend("POST", &format!("{path}/embed-keys")).json(&asked).await.json()["id"].as_str().expect("an id").to_owned();
        let made = house.backend("POST", &format!("{path}/bridge-keys")).json(&json!({ "algorithm": "HS256" })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let bridge = serde_json::from_value(made.json()).expect("a bridge key");
        Self { path, key, bridge }
    }

    fn token(&self, house: &House, external_id: &str) -> String {
        bridge_token(&self.bridge, &house.acme.vouches(external_id))
    }

    fn exchange(&self, house: &House, token: &str) -> Call {
        house
            .app
            .post(&format!("/embed/v1/sessions/exchange?key={}", self.key))
            .header("origin", PAGE)
            .json(&json!({ "bridge_token": token }))
    }

    /// A session of this customer.
    async fn session(&self, house: &House, external_id: &str) -> String {
        let answer = self.exchange(house, &self.token(house, external_id)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["token"].as_str().expect("a token").to_owned()
    }
}

fn with_session(house: &House, method: &str, path: &str, token: &str) -> Call {
    house.app.call(method, path).bearer(token).header("origin", PAGE)
}

on_each_engine! {
    /// Contract, section 8: the shapes that outsiders rely on.
    async fn a_bridge_token_buys_a_session_that_tells_refreshes_and_ends(fresh) {
        let house = House::new(fresh).await;
        let portal = Portal::new(&house).await;
        assert!(portal.bridge.warning.contains("HSM"));
        let token = portal.token(&house, "u-1");
        let started = portal.exchange(&house, &token).await;
        assert_eq!((started.status, started.header("cache-control"), started.header("access-control-allow-origin")), (200, Some("no-store"), Some(PAGE)));
        assert!(started.header("set-cookie").is_none());
        let body = started.json();
        let names: Vec<_> = body.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(names, ["customer", "ends_at", "expires_at", "token"]);
        assert_eq!(body["customer"], json!({ "id": body["customer"]["id"], "external_id": "u-1", "email": null, "name": null }));
        portal.exchange(&house, &token).await.refused(401, "bridge_token_replayed");

        let session = body["token"].as_str().expect("a token");
        let me = with_session(&house, "GET", "/embed/v1/me", session).await;
        assert_eq!((me.status, me.header("access-control-allow-origin")), (200, Some(PAGE)), "{}", me.text());
        assert_eq!((&me.json()["customer"], &me.json()["anonymous"], &me.json()["expires_at"]), (&body["customer"], &json!(false), &body["expires_at"]));
        let refreshed = with_session(&house, "POST", "/embed/v1/sessions/refresh", session).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text());
        assert_eq!(refreshed.json()["customer"], body["customer"]);
        let ended = with_session(&house, "DELETE", "/embed/v1/sessions/current", refreshed.json()["token"].as_str().expect("a token")).await;
        assert_eq!((ended.status, &ended.json()["id"]), (200, &me.json()["session_id"]));
        assert!(ended.json()["revoked_at"].is_string());
        with_session(&house, "GET", "/embed/v1/me", session).await.refused(401, "session_revoked");
    }

    /// OR4: everybody reads a refusal, and nobody but the checked origin an answer.
    async fn only_the_checked_origin_reads_an_answer_and_everyone_a_refusal(fresh) {
        let house = House::new(fresh).await;
        let portal = Portal::new(&house).await;
        let evil = "https://evil.example";
        for (path, body) in [("/embed/v1/sessions/exchange", "POST"), ("/embed/v1/sessions/refresh", "POST"), ("/embed/v1/sessions/current", "DELETE"), ("/embed/v1/me", "GET")] {
            let preflight = house.app.call("OPTIONS", path).header("origin", evil).header("access-control-request-method", body).await;
            assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(evil)), "{path}");
            assert_eq!(preflight.header("access-control-allow-methods"), Some(body), "{path}");
            assert_eq!(preflight.header("access-control-allow-credentials"), None);
        }
        let token = portal.token(&house, "u");
        let from_evil = house.app.post(&format!("/embed/v1/sessions/exchange?key={}", portal.key)).header("origin", evil).json(&json!({ "bridge_token": token })).await;
        from_evil.refused(403, "embed_origin_not_allowed");
        assert_eq!(from_evil.header("access-control-allow-origin"), Some(evil));
        let session = portal.session(&house, "u").await;
        for origin in [evil, "null", ""] {
            let refused = house.app.get("/embed/v1/me").bearer(&session).header("origin", origin).await;
            refused.refused(403, "embed_origin_not_allowed");
            assert_ne!(refused.header("access-control-allow-origin"), Some("null"));
        }
        house.app.get("/embed/v1/me").bearer(&session).await.refused(403, "embed_origin_not_allowed");
        house.app.get("/embed/v1/me").header("origin", PAGE).await.refused(401, "missing_token");
        with_session(&house, "GET", "/embed/v1/me", "e30.e30.e30").await.refused(401, "invalid_token");
        // Nothing but the header carries it.
        for path in [format!("/embed/v1/me?token={session}"), format!("/embed/v1/me?access_token={session}")] {
            let answer = house.app.get(&path).header("origin", PAGE).header("cookie", &format!("token={session}")).await;
            assert!(matches!(answer.status, 401 | 422), "{}", answer.text());
        }
    }

    /// What a backend writes of its customers, and what it reads.
    async fn customers_are_listed_changed_banned_and_erased(fresh) {
        let house = House::new(fresh).await;
        let portal = Portal::new(&house).await;
        let session = portal.session(&house, "u-1").await;
        house.app.fresh.clock.advance(1_000);
        let made = house.backend("POST", "/v1/customers").json(&json!({ "external_id": "u-2", "name": "Bo", "email": "bo@example.com", "organization_ids": [house.organization] })).await;
        assert_eq!((made.status, &made.json()["first_seen_by"], &made.json()["email_verified"]), (201, &json!("api"), &json!(false)), "{}", made.text());
        house.backend("POST", "/v1/customers").json(&json!({ "external_id": "u-2" })).await.refused(409, "already_exists");
        for (wrong, field) in [(json!({}), "external_id"), (json!({ "external_id": "x", "role": "owner" }), "role"), (json!({ "external_id": "x", "tenant_id": house.other.tenant }), "tenant_id"), (json!({ "external_id": "x", "organization_ids": [house.foreign] }), "organization_ids"), (json!({ "external_id": 7 }), "external_id")] {
            let refused = house.backend("POST", "/v1/customers").json(&wrong).await;
            assert_eq!((refused.status, &refused.json()["field"]), (422, &json!(field)), "{wrong}: {}", refused.text());
        }
        let listed = data(&house.backend("GET", "/v1/customers").await);
        assert_eq!(listed.iter().map(|customer| customer["external_id"].as_str().expect("an id")).collect::<Vec<_>>(), ["u-2", "u-1"]);
        let found = async |query: &str| data(&house.backend("GET", &format!("/v1/customers?{query}")).await).len();
        for (query, many) in [("search=bo", 1), ("first_seen_by=bridge", 1), ("mode=test", 0), ("email=BO@example.com", 1), ("banned=true", 0), ("external_id=u-1", 1), ("external_id=U-1", 0)] {
            assert_eq!(found(query).await, many, "{query}");
        }
        house.backend("GET", "/v1/customers?bannd=true").await.refused(422, "unknown_field");
        let first = house.backend("GET", "/v1/customers?limit=1").await.json();
        let next = first["next_cursor"].as_str().expect("another page");
        assert_eq!(data(&house.backend("GET", &format!("/v1/customers?limit=1&cursor={next}")).await)[0]["external_id"], "u-1");

        let id = listed[1]["id"].as_str().expect("an id").to_owned();
        let path = format!("/v1/customers/{id}");
        let sessions = data(&house.backend("GET", &format!("{path}/sessions")).await);
        assert_eq!((sessions.len(), &sessions[0]["status"], &sessions[0]["origin"]), (1, &json!("active"), &json!(PAGE)));
        let renamed = house.backend("PATCH", &path).json(&json!({ "name": "Ada", "metadata": { "plan": "team" } })).await.json();
        assert_eq!((&renamed["name"], &renamed["metadata"]["plan"], &renamed["external_id"]), (&json!("Ada"), &json!("team"), &json!("u-1")));
        assert_eq!(house.backend("PATCH", &path).json(&json!({ "name": null })).await.json()["name"], Value::Null);
        let one = format!("{path}/sessions/{}", sessions[0]["id"].as_str().expect("an id"));
        let revoked = house.backend("DELETE", &one).json(&json!({ "reason": "lost" })).await;
        assert_eq!((revoked.status, &revoked.json()["status"], &revoked.json()["revoke_reason"]), (200, &json!("revoked"), &json!("lost")));
        with_session(&house, "GET", "/embed/v1/me", &session).await.refused(401, "session_revoked");
        portal.session(&house, "u-1").await;
        assert_eq!(house.backend("DELETE", &format!("{path}/sessions")).await.json()["revoked"], 1);

        assert_eq!(house.backend("PATCH", &path).json(&json!({ "banned": true })).await.status, 200);
        portal.exchange(&house, &portal.token(&house, "u-1")).await.refused(403, "customer_banned");
        let erased = house.backend("DELETE", &path).await;
        assert_eq!((erased.status, &erased.json()["external_id"]), (200, &Value::Null));
        assert!(erased.json()["deleted_at"].is_string());
        house.backend("GET", &path).await.refused(404, "not_found");
        house.backend("GET", &format!("{path}/sessions")).await.refused(404, "not_found");
    }

    /// RV5: each way in which a bridge key or an embed key ends holds at the page's next call.
    async fn what_vouched_for_a_session_takes_it_along(fresh) {
        let house = House::new(fresh).await;
        let portal = Portal::new(&house).await;
        let session = portal.session(&house, "u").await;
        let keys = format!("{}/bridge-keys", portal.path);
        let old = portal.bridge.key.id.to_string();
        house.backend("POST", &format!("{keys}/{old}/retire")).await.refused(409, "key_state");
        house.app.fresh.clock.advance(1_000);
        let public = include_str!("../../../src/bridge/tests/p256.pem");
        let next = house.backend("POST", &keys).json(&json!({ "algorithm": "ES256", "public_key": public })).await;
        assert_eq!((next.status, &next.json()["state"], next.json().get("secret")), (201, &json!("next"), None), "{}", next.text());
        house.backend("POST", &keys).json(&json!({ "algorithm": "ES256", "public_key": "-----BEGIN PRIVATE KEY-----" })).await.refused(422, "weak_or_invalid_key");
        house.backend("POST", &keys).json(&json!({ "algorithm": "RS512" })).await.refused(422, "invalid_field");
        let next = next.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(house.backend("POST", &format!("{keys}/{next}/promote")).await.json()["state"], "active");
        let states: Vec<_> = data(&house.backend("GET", &keys).await).iter().map(|key| key["state"].clone()).collect();
        assert_eq!(states, ["active", "retiring"]);
        assert_eq!(with_session(&house, "GET", "/embed/v1/me", &session).await.status, 200);
        let revoked = house.backend("POST", &format!("{keys}/{old}/revoke")).json(&json!({ "reason": "leaked" })).await;
        assert_eq!((revoked.status, &revoked.json()["state"], &revoked.json()["revoke_reason"]), (200, &json!("revoked"), &json!("leaked")));
        with_session(&house, "GET", "/embed/v1/me", &session).await.refused(401, "session_revoked");
        portal.exchange(&house, &portal.token(&house, "u")).await.refused(401, "invalid_token");
        assert_eq!(house.backend("GET", &format!("{keys}/{old}")).await.json()["live_sessions"], 0);
    }

    /// A claim that is wrong is named, for the signature was right; a wrong signature is told nothing.
    async fn a_developer_is_told_which_claim_is_wrong_and_a_forger_nothing(fresh) {
        let house = House::new(fresh).await;
        let portal = Portal::new(&house).await;
        let mut claims = house.acme.vouches("u");
        claims["exp"] = json!(claims["iat"].as_i64().expect("seconds") + 601);
        let long = portal.exchange(&house, &bridge_token(&portal.bridge, &claims)).await;
        long.refused(401, "invalid_token");
        assert_eq!(long.json()["field"], "exp");
        let good = portal.token(&house, "u");
        let (message, _) = good.rsplit_once('.').expect("three parts");
        let forged = portal.exchange(&house, &format!("{message}.{}", "A".repeat(43))).await;
        forged.refused(401, "invalid_token");
        assert_eq!(forged.json().get("field"), None);
        portal.exchange(&house, "").await.refused(401, "invalid_token");
        for (body, code) in [(json!({}), "missing_field"), (json!({ "bridge_token": 7 }), "invalid_field"), (json!({ "bridge_token": good, "key": "x" }), "unknown_field")] {
            let answer = house.app.post(&format!("/embed/v1/sessions/exchange?key={}", portal.key)).header("origin", PAGE).json(&body).await;
            answer.refused(422, code);
            assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "a page may read why");
        }
        house.app.post("/embed/v1/sessions/exchange").header("origin", PAGE).json(&json!({ "bridge_token": good })).await.refused(422, "missing_field");
        assert_eq!(portal.exchange(&house, &good).await.status, 200, "no refusal has used it up");
    }
}
