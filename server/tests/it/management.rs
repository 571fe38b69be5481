//! Sign-in, invitations and history as a backend meets them (AU7, AZ8).

use crate::{
    app::TestApp,
    house::{House, data},
};
use mintmark::{
    on_each_engine,
    testing::{Engine, PASSWORD, fresh},
};
use serde_json::json;

/// The eleventh sign-in of a minute is told when to come again, and the installation's history hears of it (AU7).
#[tokio::test]
async fn signing_in_is_limited_by_address() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let app = TestApp::start(fresh).await;
    let body = json!({ "email": acme.owner.email, "password": PASSWORD });
    for _ in 0..10 {
        assert_eq!(app.post("/v1/sessions").json(&body).await.status, 201);
    }
    let answer = app.post("/v1/sessions").json(&body).await;
    answer.refused(429, "rate_limited");
    assert!(answer.header("retry-after").and_then(|text| text.parse::<u64>().ok()).is_some_and(|seconds| (1..=60).contains(&seconds)));
    app.fresh.core.flush_refusals().await.expect("written");
    let told =
        "update installation set clock_mark = clock_mark where exists (select 1 from audit_event where body like '%request.limited%')";
    assert_eq!(app.fresh.sql(told).await.expect("a look"), 1);
}

on_each_engine! {
    async fn a_password_buys_a_dashboard_token_for_one_tenant(fresh) {
        let house = House::new(fresh).await;
        let owner = house.acme.owner.email.as_str();
        let buy = |body: serde_json::Value| house.app.post("/v1/sessions").json(&body).into_future();
        let bought = buy(json!({ "email": format!(" {} ", owner.to_uppercase()), "password": PASSWORD, "tenant": "acme" })).await;
        assert_eq!(bought.status, 201, "{}", bought.text());
        let bought = bought.json();
        assert_eq!(bought["user"]["email"], owner);
        assert_eq!((&bought["tenants"][0]["slug"], &bought["tenants"][0]["role"]), (&json!("acme"), &json!("owner")));
        let token = bought["token"].as_str().expect("a token");
        let me = house.app.get("/v1/me").bearer(token).await.json();
        assert_eq!((&me["type"], &me["tenant_id"], &me["role"]), (&json!("user"), &json!(house.acme.tenant), &json!("owner")));
        buy(json!({ "email": owner, "password": "not the password at all" })).await.refused(401, "invalid_credentials");
        buy(json!({ "email": "nobody@acme.example", "password": PASSWORD })).await.refused(401, "invalid_credentials");
        buy(json!({ "email": owner, "password": PASSWORD, "tenant": "other" })).await.refused(404, "not_found");
        buy(json!({ "email": owner })).await.refused(422, "missing_field");
        house.app.fresh.clock.advance(3_600_000);
        house.app.get("/v1/me").bearer(token).await.refused(401, "invalid_token");
    }

    /// AZ8: a link is shown once, and taking it back twice is taking it back.
    async fn an_invitation_has_one_link_and_can_be_taken_back_again_and_again(fresh) {
        let house = House::new(fresh).await;
        let invite = json!({ "email": "guest@acme.example", "role": "viewer" });
        let created = house.backend("POST", "/v1/invitations").json(&invite).await;
        assert_eq!(created.status, 201, "{}", created.text());
        let created = created.json();
        let url = created["url"].as_str().expect("a link");
        assert!(url.starts_with(&house.app.fresh.core.settings().public_url), "{url}");
        let path = format!("/v1/invitations/{}", created["id"].as_str().expect("an id"));
        let shown = house.backend("GET", &path).await;
        assert_eq!((shown.status, shown.json().get("url")), (200, None));
        let first = house.backend("DELETE", &path).await;
        assert_eq!((first.status, &first.json()["status"]), (200, &json!("revoked")));
        assert!(first.json()["revoked_at"].is_string());
        house.app.fresh.clock.advance(5_000);
        let again = house.backend("DELETE", &path).await;
        assert_eq!((again.status, again.json()), (200, first.json()));
        house.backend("POST", &format!("{path}/resend")).await.refused(409, "conflict");
    }

    async fn history_is_listed_filtered_and_taken_away_as_a_file(fresh) {
        let house = House::new(fresh).await;
        let token = house.mint().await;
        let list = |query: &str| house.backend("GET", &format!("/v1/audit-events?{query}")).into_future();
        let found = data(&list(&format!("action=widget_token.minted&target_id={}", token.id)).await);
        assert_eq!(found.len(), 1);
        let event = &found[0];
        assert_eq!(event["actor"]["type"], "user");
        assert_eq!((&event["tenant"], &event["organization"]), (&json!(house.acme.tenant), &json!(house.organization)));
        assert_eq!((&event["outcome"], &event["target"]["id"]), (&json!("success"), &json!(token.id)));
        list("action=widget_token.mint").await.refused(422, "invalid_field");
        list("outcome=maybe").await.refused(422, "invalid_field");
        assert!(data(&list("from=2999-01-01").await).is_empty());

        let jsonl = house.backend("GET", "/v1/audit-events/export?format=jsonl&action=widget_token.minted").await;
        assert_eq!((jsonl.status, jsonl.header("content-type")), (200, Some("application/jsonl; charset=utf-8")));
        assert!(jsonl.header("content-disposition").is_some_and(|said| said.starts_with("attachment")));
        let lines: Vec<serde_json::Value> = jsonl.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!((lines.len(), &lines[0]["id"]), (1, &event["id"]));
        let csv = house.backend("GET", "/v1/audit-events/export?format=csv").await;
        assert!(csv.text().starts_with("seq,id,at,action,"), "{}", csv.text());
        assert!(csv.text().contains("audit_log.exported"), "the export is an event before its first byte leaves");
        house.backend("GET", "/v1/audit-events/export").await.refused(422, "missing_field");
        house.backend("GET", "/v1/audit-events/export?format=xml").await.refused(422, "invalid_field");
    }
}
