//! Limits that an operator set (DS6): one tenant's flood is its own.

use crate::house::{House, PAGE};
use mintmark::{Role, on_each_engine};
use serde_json::json;
use std::num::NonZeroU32;

on_each_engine! {
    async fn an_api_key_has_its_own_minute(fresh) {
        let house = House::with(fresh, |config| config.api_key_limit = NonZeroU32::new(3)).await;
        let other = house.acme.api_key(Role::Admin, None).await.key;
        for _ in 0..3 {
            assert_eq!(house.backend("GET", "/v1/me").await.status, 200);
        }
        let refused = house.backend("GET", "/v1/me").await;
        refused.refused(429, "rate_limited");
        let seconds: Option<u32> = refused.header("retry-after").and_then(|seconds| seconds.parse().ok());
        assert!(seconds.is_some_and(|seconds| (1..=20).contains(&seconds)), "{seconds:?}");
        assert_eq!(house.app.get("/v1/me").bearer(other.reveal()).await.status, 200, "another key has its own");
        let person = house.dashboard_token(&house.acme.owner.email).await;
        assert_eq!(house.app.get("/v1/me").bearer(&person).await.status, 200, "a person is no key");
    }

    async fn an_organization_has_its_own_minute_of_calls_and_mints(fresh) {
        let house = House::with(fresh, |config| config.organization_limit = NonZeroU32::new(3)).await;
        let minted = house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await;
        let token = minted.json()["token"].as_str().expect("a token").to_owned();
        for _ in 0..2 {
            assert_eq!(house.page(&token, "/widget/session").await.status, 200);
        }
        let refused = house.page(&token, "/widget/session").await;
        refused.refused(429, "rate_limited");
        assert!(refused.header("retry-after").is_some());
        assert_eq!(refused.header("access-control-allow-origin"), Some(PAGE), "the page must see why");
        house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await.refused(429, "rate_limited");
        let mut sibling = house.mint_body();
        sibling["organization_id"] = json!(house.sibling);
        assert_eq!(house.backend("POST", "/v1/widget-tokens").json(&sibling).await.status, 201, "another organization has its own");
        let revoked = house.backend("DELETE", &format!("/v1/widget-tokens/{}", minted.json()["id"].as_str().expect("an id"))).await;
        assert_eq!(revoked.status, 200, "a flood keeps nobody from revoking");
        house.page(&token, "/widget/session").await.refused(401, "widget_token_revoked");
    }
}
