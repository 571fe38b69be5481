//! Roles of customers over HTTP, from the first role to the token that dies with it.

use crate::house::{House, PAGE};
use mintmark::on_each_engine;
use serde_json::json;

on_each_engine! {
    /// K2 to K5
    async fn a_backend_gives_a_role_mints_for_its_holder_and_takes_it_back(fresh) {
        let house = House::new(fresh).await;
        let made = house.backend("POST", "/v1/roles").json(&json!({ "name": "IT", "permissions": ["widgets:sso:manage", "widgets:sso:manage"] })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let role = made.json();
        assert_eq!((&role["permissions"], &role["holders"]), (&json!(["widgets:sso:manage"]), &json!(0)));
        let customer = house.backend("POST", "/v1/customers").json(&json!({ "external_id": "u1" })).await.json();
        let customer = customer["id"].as_str().expect("an id").to_owned();
        let place = format!("/v1/customers/{customer}/organizations/{}", house.organization);
        let asked = json!({ "user_id": customer, "scopes": ["sso_connection"], "organization_id": house.organization });
        let refused = house.backend("POST", "/v1/widgets/token").json(&asked).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "missing_permission"));
        assert!(refused.text().contains("widgets:sso:manage"), "{}", refused.text());

        let given = house.backend("PUT", &place).json(&json!({ "role_id": role["id"] })).await;
        assert_eq!((given.status, &given.json()["role_name"]), (200, &json!("IT")), "{}", given.text());
        let listed = house.backend("GET", &format!("/v1/customers/{customer}/organizations")).await.json();
        assert_eq!(listed["data"][0]["role_id"], role["id"]);
        let minted = house.backend("POST", "/v1/widgets/token").json(&asked).await;
        assert_eq!(minted.status, 201, "{}", minted.text());
        let minted = minted.json();
        let token = minted["token"].as_str().expect("a token");
        let session = house.page(token, "/widget/session").await;
        assert_eq!((session.status, &session.json()["user_id"]), (200, &json!(customer)));
        let body = json!({ "organization_id": house.organization, "scope": ["sso_connection", "directory_sync"], "origins": [PAGE], "user_id": customer });
        let refused = house.backend("POST", "/v1/widget-tokens").json(&body).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "missing_permission"));

        let path = format!("/v1/roles/{}", role["id"].as_str().expect("an id"));
        let unknown = house.backend("PATCH", &path).json(&json!({ "permissions": ["widgets:everything"] })).await;
        assert_eq!(unknown.status, 422);
        assert_eq!(house.backend("PATCH", &path).json(&json!({ "permissions": [] })).await.status, 200);
        let dead = house.page(token, "/widget/session").await;
        assert_eq!((dead.status, dead.code().as_str()), (403, "missing_permission"));
        assert_eq!(dead.header("access-control-allow-origin"), Some(PAGE), "the page can read why");
        assert_eq!(house.backend("PATCH", &path).json(&json!({ "permissions": ["widgets:sso:manage"] })).await.status, 200);
        assert_eq!(house.page(token, "/widget/session").await.status, 200);
        assert_eq!(house.backend("DELETE", &place).await.json()["role_id"], json!(null));
        assert_eq!(house.page(token, "/widget/session").await.status, 403);
    }
}
