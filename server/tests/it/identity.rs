//! From a verification secret to a page that knows its user, as backends and pages meet it (W1 to W8, W17 to W19, N7 to N9, ID1 to ID7).

use crate::{
    access::form,
    app::{Answer, Call},
    house::{House, PAGE, data},
};
use mintmark::{on_each_engine, testing::Engine, testing::fresh};
use serde_json::{Value, json};
use std::num::NonZeroU32;

/// A product of acme's with a secret, `PAGE` among its domains.
struct Chat {
    path: String,
    id: String,
    secret: String,
    secret_id: String,
}

impl Chat {
    async fn new(house: &House) -> Self {
        let id =
            house.backend("POST", "/v1/products").json(&json!({ "name": "Chat" })).await.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/v1/products/{id}");
        assert_eq!(house.backend("POST", &format!("{path}/domains")).json(&json!({ "origin": PAGE })).await.status, 201);
        let made = house.backend("POST", &format!("{path}/verification-secrets")).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let text = |name: &str| made.json()[name].as_str().expect("a text").to_owned();
        assert!(text("warning").contains("once") && text("secret").ends_with(&text("last4")));
        Self { secret: text("secret"), secret_id: text("id"), id, path }
    }

    fn ask(&self, house: &House, secret: &str, user: &str) -> Call {
        let body =
            json!({ "productId": self.id, "verificationSecret": secret, "userId": user, "name": "Ada", "metadata": { "plan": "team" } });
        house.app.post("/v1/auth/user-token").json(&body)
    }

    async fn token(&self, house: &House, user: &str) -> String {
        let answer = self.ask(house, &self.secret, user).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["token"].as_str().expect("a token").to_owned()
    }
}

fn me(house: &House, token: &str, origin: &str) -> Call {
    house.app.get("/embed/v1/me").bearer(token).header("origin", origin)
}

fn verify(house: &House, token: &str) -> Call {
    house.app.get("/v1/auth/token/verify").bearer(token)
}

fn told(answer: &Answer) -> (bool, Value) {
    assert_eq!(
        (answer.status, answer.header("cache-control"), answer.header("access-control-allow-origin")),
        (200, Some("no-store"), None)
    );
    (answer.json()["valid"].as_bool().expect("said"), answer.json()["reason"].clone())
}

fn post_form(house: &House, path: &str, pairs: &[(&str, &str)]) -> Call {
    house.backend("POST", path).text("application/x-www-form-urlencoded", &form(pairs))
}

on_each_engine! {
    /// W2, W4, W20: the seed's own request, and what the page may do with its answer.
    async fn a_backend_buys_a_token_and_the_page_is_known(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let answer = chat.ask(&house, &chat.secret, "u-1").await;
        let names: Vec<_> = answer.json().as_object().expect("an object").keys().cloned().collect();
        assert_eq!((answer.status, answer.header("cache-control"), names), (200, Some("no-store"), vec!["expires_at".to_owned(), "id".into(), "token".into()]));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let token = answer.json()["token"].as_str().expect("a token").to_owned();
        let known = me(&house, &token, PAGE).await;
        assert_eq!((known.status, known.header("access-control-allow-origin")), (200, Some(PAGE)), "{}", known.text());
        let body = known.json();
        assert_eq!((&body["anonymous"], &body["customer"]["external_id"], &body["customer"]["name"], &body["metadata"]["plan"]), (&json!(false), &json!("u-1"), &json!("Ada"), &json!("team")));
        let customers = data(&house.backend("GET", "/v1/customers").await);
        assert_eq!((customers.len(), &customers[0]["external_id"]), (1, &json!("u-1")));
        house.app.fresh.core.flush_uses().await.expect("written");
        let seen = house.backend("GET", &format!("{}/verification-secrets/{}", chat.path, chat.secret_id)).await.json();
        assert!(seen["last_used_at"].is_string() && seen["live_tokens"] == 1 && seen.get("secret").is_none(), "{seen}");
    }

    /// W6: a browser never asks for a token, from whatever page.
    async fn a_request_of_a_browser_is_refused_with_the_right_secret(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        for origin in [PAGE, "null", "", &house.app.origin] {
            let refused = chat.ask(&house, &chat.secret, "u").header("origin", origin).await;
            refused.refused(403, "cross_site");
            assert_eq!(refused.header("access-control-allow-origin"), None);
        }
        assert_ne!(house.app.call("OPTIONS", "/v1/auth/user-token").header("origin", PAGE).await.status, 204);
        assert!(data(&house.backend("GET", "/v1/customers").await).is_empty());
    }

    /// ID1: status and body alike; W5: what is missing or wrong in the rest is named.
    async fn wrong_secrets_are_one_answer_and_wrong_fields_are_named(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let other = Chat::new(&house).await;
        let revoked = house.backend("POST", &format!("{}/verification-secrets", chat.path)).json(&json!({ "name": "old" })).await.json();
        let path = format!("{}/verification-secrets/{}", chat.path, revoked["id"].as_str().expect("an id"));
        let ended = house.backend("DELETE", &path).json(&json!({ "reason": "leaked" })).await;
        assert_eq!((ended.status, &ended.json()["revoke_reason"], &ended.json()["status"]), (200, &json!("leaked"), &json!("revoked")));
        let mut said = Vec::new();
        for (product, secret) in [(&chat.id, "vs_x"), (&chat.id, &other.secret), (&chat.id, revoked["secret"].as_str().expect("a secret")), (&"prod_0123456789abcdef01234567".to_owned(), &chat.secret), (&"x".to_owned(), &chat.secret)] {
            let answer = house.app.post("/v1/auth/user-token").json(&json!({ "product_id": product, "verification_secret": secret, "user_id": "u" })).await;
            answer.refused(401, "invalid_credentials");
            let mut body = answer.json();
            body["request_id"] = json!(null);
            said.push((body, answer.head.iter().filter(|(name, _)| name != "x-request-id" && name != "date").cloned().collect::<Vec<_>>()));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        let right = json!({ "product_id": chat.id, "verification_secret": chat.secret, "user_id": "u" });
        for (name, value, code) in [("user_id", json!(7), "invalid_field"), ("user_id", json!(""), "invalid_field"), ("name", json!(7), "invalid_field"), ("metadata", json!([]), "invalid_field"), ("metadata", json!({ "a": { "b": { "c": {} } } }), "invalid_field"), ("role", json!("owner"), "unknown_field")] {
            let mut body = right.clone();
            body[name] = value;
            let answer = house.app.post("/v1/auth/user-token").json(&body).await;
            answer.refused(422, code);
            assert_eq!(answer.json()["field"], name);
        }
        for name in ["product_id", "verification_secret", "user_id"] {
            let mut body = right.clone();
            body.as_object_mut().expect("an object").remove(name);
            house.app.post("/v1/auth/user-token").json(&body).await.refused(422, "missing_field");
        }
    }

    /// ID2, W17, ID5, W19: what a page is told as its token ages, dies or is none.
    async fn a_page_is_told_expired_from_refused(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let token = chat.token(&house, "u").await;
        let evil = "https://evil.example";
        let refused = me(&house, &token, evil).await;
        refused.refused(403, "embed_origin_not_allowed");
        assert_eq!(refused.header("access-control-allow-origin"), Some(evil), "a page may read why");
        let mut head = token.clone();
        head.truncate(token.rfind('.').expect("three parts"));
        let forged = me(&house, &format!("{head}.{}", "A".repeat(86)), PAGE).await;
        forged.refused(401, "invalid_token");
        assert_eq!(forged.header("access-control-allow-origin"), Some(PAGE));

        let revoked = post_form(&house, "/v1/revoke", &[("user_id", "u"), ("reason", "signed out")]).await;
        assert_eq!((revoked.status, revoked.json()), (200, json!({ "revoked": 1 })));
        me(&house, &token, PAGE).await.refused(401, "invalid_token");
        house.app.fresh.core.flush_refusals().await.expect("written");
        let refusals = data(&house.backend("GET", "/v1/audit-events?action=embed_request.refused").await);
        let mut why: Vec<_> = refusals.iter().map(|event| event["metadata"]["why"].as_str().unwrap_or("origin").to_owned()).collect();
        why.sort();
        assert_eq!(why, ["forged", "origin", "revoked"]);

        let token = chat.token(&house, "u").await;
        house.app.fresh.clock.advance(16 * 60_000);
        let expired = me(&house, &token, PAGE).await;
        assert_eq!((expired.status, expired.header("access-control-allow-origin")), (200, Some(PAGE)));
        assert_eq!((&expired.json()["anonymous"], &expired.json()["reason"], &expired.json()["customer"]), (&json!(true), &json!("identity_expired"), &json!(null)));
        me(&house, &token, evil).await.refused(403, "embed_origin_not_allowed");
    }

    /// N7 to N9, N13, N14, ID6
    async fn anybody_may_ask_what_the_token_in_hand_is_worth(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let token = chat.token(&house, "u-1").await;
        let answer = verify(&house, &token).await;
        assert_eq!(told(&answer), (true, json!(null)));
        assert_eq!((&answer.json()["payload"]["product_id"], &answer.json()["user"]["display_name"]), (&json!(chat.id), &json!("Ada")));
        let camel = house.app.get("/v1/auth/token/verify?case=camel").bearer(&token).await.json();
        assert_eq!((&camel["payload"]["projectId"], &camel["payload"]["metadata"]["plan"], &camel["user"]["displayName"], &camel["user"]["avatarUrl"]), (&json!(chat.id), &json!("team"), &json!("Ada"), &json!(null)));
        let mut shapes = Vec::new();
        for wrong in ["x", "e30.e30.e30", house.key.reveal(), &format!("{token}x")] {
            let answer = verify(&house, wrong).await;
            assert_eq!(told(&answer), (false, json!("invalid_token")), "{wrong}");
            shapes.push(answer.text());
        }
        let dashboard = house.dashboard_token(&house.acme.owner.email).await;
        assert_eq!(told(&verify(&house, &dashboard).await), (false, json!("wrong_kind")));
        verify(&house, house.mint().await.token.reveal()).await.refused(403, "widget_token_not_allowed_here");
        shapes.dedup();
        assert_eq!(shapes, [r#"{"valid":false,"reason":"invalid_token"}"#], "one shape for every bad token");
        let call = || house.app.get("/v1/auth/token/verify");
        let query = format!("/v1/auth/token/verify?token={token}&access_token={token}");
        for none in [call(), call().header("authorization", &format!("Basic {token}")), call().header("authorization", &token), call().header("cookie", &format!("token={token}")), house.app.get(&query), call().bearer(&token).bearer(&token), call().json(&json!({ "token": token }))] {
            let answer = none.await;
            assert_eq!((answer.status, &answer.json()["valid"], answer.header("cache-control")), (401, &json!(false), Some("no-store")), "{}", answer.text());
            answer.refused(401, &answer.code());
        }
        house.app.get("/v1/auth/token/verify?case=kebab").bearer(&token).await.refused(422, "invalid_field");
    }

    /// ID7: RFC 7662 and RFC 7009 over the wire.
    async fn backends_introspect_and_revoke_by_forms(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let token = chat.token(&house, "u").await;
        let introspect = |token: &str| post_form(&house, "/v1/introspect", &[("token", token), ("token_type_hint", "access_token")]);
        let active = introspect(&token).await;
        assert_eq!((active.status, active.header("cache-control"), &active.json()["active"], &active.json()["sub"]), (200, Some("no-store"), &json!(true), &json!("u")), "{}", active.text());
        assert_eq!(introspect("x").await.text(), r#"{"active":false}"#);
        let batch = house.backend("POST", "/v1/introspect/batch").json(&json!({ "tokens": [token, "x"] })).await.json();
        assert_eq!((&batch["data"][0]["active"], &batch["data"][1]), (&json!(true), &json!({ "active": false })));
        house.backend("POST", "/v1/introspect/batch").json(&json!({ "tokens": [] })).await.refused(422, "invalid_field");
        post_form(&house, "/v1/introspect", &[]).await.refused(422, "missing_field");
        post_form(&house, "/v1/introspect", &[("token", "a"), ("token", "b")]).await.refused(422, "invalid_field");
        house.backend("POST", "/v1/introspect").json(&json!({ "token": token })).await.refused(415, "unsupported_media_type");
        house.app.post("/v1/introspect").text("application/x-www-form-urlencoded", "token=x").await.refused(401, "missing_token");
        for expected in [1, 0] {
            assert_eq!(post_form(&house, "/v1/revoke", &[("token", &token), ("token_type_hint", "refresh_token")]).await.json(), json!({ "revoked": expected }));
        }
        assert_eq!(introspect(&token).await.text(), r#"{"active":false}"#);
        assert_eq!(told(&verify(&house, &token).await), (false, json!("revoked")));
        assert_eq!(post_form(&house, "/v1/revoke", &[("token", "x")]).await.status, 200, "RFC 7009, section 2.2");
        post_form(&house, "/v1/revoke", &[]).await.refused(422, "missing_field");
        post_form(&house, "/v1/revoke", &[("token", "x"), ("jti", "idt_0123456789abcdef01234567")]).await.refused(422, "invalid_field");
    }

    /// ID2 over the wire, with a restore's release at the end.
    async fn a_secret_is_rotated_listed_and_revoked(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let path = format!("{}/verification-secrets", chat.path);
        house.app.fresh.clock.advance(1_000);
        let new = house.backend("POST", &format!("{path}/{}/rotate", chat.secret_id)).json(&json!({ "overlap_seconds": 60 })).await;
        assert_eq!(new.status, 201, "{}", new.text());
        let new = new.json();
        for secret in [&chat.secret, new["secret"].as_str().expect("a secret")] {
            assert_eq!(chat.ask(&house, secret, "u").await.status, 200);
        }
        let listed = data(&house.backend("GET", &path).await);
        assert_eq!(listed.iter().map(|secret| secret["rotated_to"].clone()).collect::<Vec<_>>(), [json!(null), new["id"].clone()]);
        assert!(listed.iter().all(|secret| secret.get("secret").is_none() && secret.get("hash").is_none()));
        house.app.fresh.clock.advance(60_000);
        chat.ask(&house, &chat.secret, "u").await.refused(401, "invalid_credentials");
        house.backend("POST", &format!("{path}/{}/rotate", chat.secret_id)).json(&json!({ "overlap_seconds": 0 })).await.refused(409, "conflict");
        house.backend("POST", &format!("{path}/{}/release", chat.secret_id)).await.refused(403, "insufficient_role");
    }
}

/// ID1: failures are limited by product, and the right secret is never counted, so nobody locks a tenant out.
#[tokio::test]
async fn a_stranger_who_guesses_is_slowed_down_and_the_tenant_is_not() {
    let house = House::with(fresh(Engine::Sqlite).await, |config| config.wrong_secret_limit = 3).await;
    let chat = Chat::new(&house).await;
    for _ in 0..3 {
        chat.ask(&house, "vs_x", "u").await.refused(401, "invalid_credentials");
    }
    let refused = chat.ask(&house, "vs_x", "u").await;
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    for _ in 0..5 {
        chat.token(&house, "u").await;
    }
}

/// N19, and the generous limit of a secret.
#[tokio::test]
async fn verify_and_user_token_have_limits_of_their_own() {
    let house = House::with(fresh(Engine::Sqlite).await, |config| {
        config.verify_limit = 2;
        config.identity_limit = NonZeroU32::MIN;
    })
    .await;
    let chat = Chat::new(&house).await;
    let token = chat.token(&house, "u").await;
    chat.ask(&house, &chat.secret, "u").await.refused(429, "rate_limited");
    for _ in 0..2 {
        assert!(told(&verify(&house, &token).await).0);
    }
    verify(&house, &token).await.refused(429, "rate_limited");
}
