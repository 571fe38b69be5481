//! What verifiers read: JWKS and openid-configuration (JW13).

use crate::house::{House, data};
use mintmark::on_each_engine;
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_each_engine! {
    /// JW13
    async fn a_jwks_holds_public_members_of_live_keys_and_nothing_else(fresh) {
        let house = House::new(fresh).await;
        // After these the tenant has keys of all three algorithms, one of them retiring.
        for algorithm in ["EdDSA", "RS256"] {
            let made = house.backend("POST", "/v1/signing-keys").json(&json!({ "algorithm": algorithm })).await;
            assert_eq!(made.status, 201, "{}", made.text());
            let how = json!({ "force": true, "reason": "test" });
            assert_eq!(house.backend("POST", "/v1/signing-keys/rotate").json(&how).await.status, 200);
        }
        let listed = data(&house.backend("GET", "/v1/signing-keys").await);
        let live: BTreeSet<_> = listed
            .iter()
            .filter(|key| ["next", "active", "retiring"].contains(&key["state"].as_str().unwrap_or_default()))
            .map(|key| key["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        for (path, keys) in [("/t/acme/.well-known/jwks.json", live.len()), ("/.well-known/jwks.json", live.len() + 2)] {
            let answer = house.app.get(path).header("origin", "https://anywhere.example").await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
            let document = answer.json();
            assert_eq!(document.as_object().map(serde_json::Map::len), Some(1));
            let set = document["keys"].as_array().expect("keys");
            let ids: BTreeSet<_> = set.iter().map(|key| key["kid"].as_str().unwrap_or_default().to_owned()).collect();
            assert_eq!((set.len(), ids.len()), (keys, keys), "kid is unique");
            assert!(ids.is_superset(&live), "{path}");
            let mut algorithms = BTreeSet::new();
            for key in set {
                let members: Vec<_> = key.as_object().expect("an object").keys().map(String::as_str).collect();
                let allowed: &[&str] = match key["alg"].as_str().unwrap_or_default() {
                    "ES256" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
                    "EdDSA" => &["alg", "crv", "kid", "kty", "use", "x"],
                    "RS256" => &["alg", "e", "kid", "kty", "n", "use"],
                    other => panic!("{other}"),
                };
                assert_eq!(members.iter().copied().collect::<BTreeSet<_>>(), allowed.iter().copied().collect(), "{key}");
                assert_eq!(key["use"], "sig");
                algorithms.insert(key["alg"].as_str().unwrap_or_default().to_owned());
            }
            assert!(algorithms.len() >= 2, "{algorithms:?}");
            let tag = answer.header("etag").expect("a tag");
            let again = house.app.get(path).header("if-none-match", tag).await;
            assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag)));
            assert_eq!(again.header("access-control-allow-origin"), Some("*"));
        }
    }

    /// KY2: a revoked key leaves at once, and the tag changes with it.
    async fn a_revoked_key_is_out_of_the_jwks_at_the_next_read(fresh) {
        let house = House::new(fresh).await;
        let path = "/t/acme/.well-known/jwks.json";
        let before = house.app.get(path).await;
        let key = before.json()["keys"][0]["kid"].as_str().expect("a key").to_owned();
        assert_eq!(house.backend("POST", &format!("/v1/signing-keys/{key}/revoke")).await.status, 200);
        let after = house.app.get(path).header("if-none-match", before.header("etag").expect("a tag")).await;
        assert_eq!(after.status, 200);
        assert!(!after.text().contains(&key), "{}", after.text());
    }

    async fn each_issuer_says_where_its_keys_lie_and_nothing_untrue(fresh) {
        let house = House::new(fresh).await;
        let minted = house.mint().await;
        let payload = minted.token.reveal().split('.').nth(1).expect("three parts").to_owned();
        let payload = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, payload).expect("base64url");
        let claims: Value = serde_json::from_slice(&payload).expect("JSON");
        let answer = house.app.get("/t/acme/.well-known/openid-configuration").await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some("*")));
        let document = answer.json();
        assert_eq!(document["issuer"], claims["iss"], "a verifier compares them");
        let issuer = claims["iss"].as_str().expect("an issuer");
        assert_eq!(document["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["ES256", "EdDSA", "RS256"]));
        for untrue in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint", "introspection_endpoint"] {
            assert!(document.get(untrue).is_none(), "{untrue}");
        }
        let root = house.app.get("/.well-known/openid-configuration").await.json();
        assert_eq!(root["jwks_uri"], format!("{}/.well-known/jwks.json", root["issuer"].as_str().expect("an issuer")));
        for path in ["/t/nobody/.well-known/jwks.json", "/t/nobody/.well-known/openid-configuration", "/t/ACME/.well-known/jwks.json", "/t/%00/.well-known/jwks.json"] {
            let answer = house.app.get(path).await;
            answer.refused(404, "not_found");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        }
    }
}
