//! The main job over HTTP: mint, use, list, revoke (RV1, RV3, RV7, OR4).

use crate::house::{House, PAGE, data};
use mintmark::on_each_engine;
use serde_json::{Value, json};

on_each_engine! {
    /// RV1, in its small form
    async fn a_token_works_until_it_is_revoked_and_not_one_call_longer(fresh) {
        let house = House::new(fresh).await;
        let minted = house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await;
        assert_eq!(minted.status, 201, "{}", minted.text());
        let minted = minted.json();
        assert_eq!(minted.as_object().map(serde_json::Map::len), Some(4), "{minted}");
        assert!(minted["warning"].as_str().is_some_and(|text| text.starts_with("This token is shown once.")));
        let (id, token) = (minted["id"].as_str().expect("an id"), minted["token"].as_str().expect("a token"));

        let session = house.page(token, "/widget/session").await;
        assert_eq!(session.status, 200, "{}", session.text());
        assert_eq!(session.header("access-control-allow-origin"), Some(PAGE));
        let session = session.json();
        assert_eq!(session["id"], id);
        assert_eq!(session["organization_id"], house.organization.as_str());
        assert_eq!((&session["scope"], &session["origins"]), (&json!(["sso_connection"]), &json!([PAGE])));
        assert_eq!(session["expires_at"], minted["expires_at"]);
        let organization = house.page(token, "/widget/organization").await.json();
        assert_eq!((&organization["id"], &organization["name"]), (&json!(house.organization), &json!("first")));
        assert!(organization["origins"].as_array().is_some_and(|origins| origins.contains(&json!(PAGE))), "{organization}");

        let path = format!("/v1/widget-tokens/{id}");
        let revoked = house.backend("DELETE", &path).json(&json!({ "reason": "leaked" })).await;
        assert_eq!((revoked.status, &revoked.json()["status"], &revoked.json()["revoke_reason"]), (200, &json!("revoked"), &json!("leaked")));
        let answer = house.page(token, "/widget/session").await;
        answer.refused(401, "widget_token_revoked");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "the page must see why");

        let events = house.backend("GET", &path).await.json()["events"].as_array().expect("events").clone();
        let actions: Vec<_> = events.iter().map(|event| event["action"].as_str().unwrap_or_default()).collect();
        assert!(actions.contains(&"widget_token.minted") && actions.contains(&"widget_token.revoked"), "{actions:?}");
    }

    /// RV3
    async fn revoking_again_changes_nothing_with_or_without_a_body(fresh) {
        let house = House::new(fresh).await;
        let path = format!("/v1/widget-tokens/{}", house.mint().await.id);
        let first = house.backend("DELETE", &path).await;
        assert_eq!(first.status, 200, "{}", first.text());
        house.app.fresh.clock.advance(5_000);
        for call in [
            house.backend("DELETE", &path),
            house.backend("DELETE", &path).header("content-type", "application/json").header("content-length", "0"),
            house.backend("DELETE", &path).header("transfer-encoding", "chunked").body(b"0\r\n\r\n"),
            house.backend("DELETE", &path).json(&json!({ "reason": "again" })),
            house.backend("DELETE", &path).json(&json!({})),
        ] {
            let again = call.await;
            assert_eq!((again.status, again.json()), (200, first.json()));
        }
        house.backend("DELETE", &path).text("text/plain", "why").await.refused(415, "unsupported_media_type");
        house.backend("DELETE", &path).json(&json!({ "reasons": "x" })).await.refused(422, "unknown_field");
    }

    /// RV3
    async fn many_are_revoked_by_organization_origin_minter_or_key(fresh) {
        let house = House::new(fresh).await;
        let revoke = |body: Value| house.backend("POST", "/v1/widget-tokens/revoke").json(&body);
        let key = data(&house.backend("GET", "/v1/signing-keys").await).into_iter().find(|key| key["state"] == "active").expect("a key");
        let me = house.backend("GET", "/v1/me").await.json()["id"].clone();
        for filter in [
            json!({ "organization_id": house.organization }),
            json!({ "origin": PAGE }),
            json!({ "minted_by": me }),
            json!({ "signing_key_id": key["id"] }),
            json!({ "organization_id": house.organization, "origin": PAGE, "reason": "spring cleaning" }),
        ] {
            let minted = house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await.json();
            let others = house.backend("POST", "/v1/widget-tokens/revoke").json(&json!({ "organization_id": house.sibling })).await;
            assert_eq!(others.json(), json!({ "revoked": 0 }));
            let answer = revoke(filter.clone()).await;
            assert_eq!((answer.status, answer.json()), (200, json!({ "revoked": 1 })), "{filter}");
            house.page(minted["token"].as_str().expect("a token"), "/widget/session").await.refused(401, "widget_token_revoked");
        }
        revoke(json!({})).await.refused(422, "empty_filter");
        revoke(json!({ "reason": "no filter" })).await.refused(422, "empty_filter");
        revoke(json!({ "organization_id": house.foreign })).await.refused(404, "not_found");
    }

    /// RV7
    async fn a_life_is_clamped_and_a_non_integer_refused(fresh) {
        let house = House::new(fresh).await;
        let mint = |ttl: Value| {
            let mut body = house.mint_body();
            body["ttl_seconds"] = ttl;
            house.backend("POST", "/v1/widget-tokens").json(&body)
        };
        for (ttl, seconds) in [
            (json!(-1), 60),
            (json!(0), 60),
            (json!(59), 60),
            (json!(60), 60),
            (json!(3_600), 3_600),
            (json!(3_601), 3_600),
            (json!(1_000_000_000), 3_600),
            (json!(i64::MAX), 3_600),
            (json!(null), 1_800),
        ] {
            let minted = mint(ttl.clone()).await;
            assert_eq!(minted.status, 201, "{ttl}: {}", minted.text());
            let claims = claims(minted.json()["token"].as_str().expect("a token"));
            assert_eq!(claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(seconds), "{ttl}");
            let row = house.backend("GET", &format!("/v1/widget-tokens/{}", minted.json()["id"].as_str().expect("an id"))).await.json();
            let stored: mintmark::Time = row["expires_at"].as_str().and_then(|text| text.parse().ok()).expect("a time");
            assert_eq!(Some(stored.seconds()), claims["exp"].as_i64(), "{ttl}");
        }
        for ttl in [json!("60"), json!(60.5), json!([60]), json!(true), json!(1e30)] {
            let answer = mint(ttl.clone()).await;
            answer.refused(422, "invalid_field");
            assert_eq!(answer.json()["field"], "ttl_seconds", "{ttl}");
        }
        let minted = house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await;
        let claims = claims(minted.json()["token"].as_str().expect("a token"));
        assert_eq!(claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(1_800), "by default");
    }

    async fn the_same_idempotency_key_mints_once(fresh) {
        let house = House::new(fresh).await;
        let mint = |key: &str, body: &Value| house.backend("POST", "/v1/widget-tokens").header("idempotency-key", key).json(body);
        let (body, mut another) = (house.mint_body(), house.mint_body());
        another["label"] = json!("another");
        let (first, second) = (mint("k1", &body).await, mint("k1", &body).await);
        assert_eq!((first.status, second.status), (201, 201), "{}", second.text());
        assert_eq!((&first.json()["id"], &first.json()["expires_at"]), (&second.json()["id"], &second.json()["expires_at"]));
        assert_ne!(mint("k2", &body).await.json()["id"], first.json()["id"]);
        mint("k1", &another).await.refused(409, "idempotency_key_reused");
        house.backend("DELETE", &format!("/v1/widget-tokens/{}", first.json()["id"].as_str().expect("an id"))).await;
        mint("k1", &body).await.refused(409, "idempotency_key_spent");
        mint("", &body).await.refused(422, "invalid_field");
        mint("k3", &body).header("idempotency-key", "k4").await.refused(422, "invalid_field");
    }

    async fn a_list_is_of_one_organization_and_shows_what_is_alive_unless_asked(fresh) {
        let house = House::new(fresh).await;
        let (kept, dead) = (house.mint().await, house.mint().await);
        house.backend("DELETE", &format!("/v1/widget-tokens/{}", dead.id)).await;
        let list = |query: &str| house.backend("GET", &format!("/v1/widget-tokens?organization_id={}{query}", house.organization));
        let ids = |answer| data(&answer).iter().map(|row| row["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(list("").await), [kept.id.as_str()]);
        assert_eq!(ids(list("&include_revoked=true").await).len(), 2);
        assert_eq!(ids(list("&status=revoked").await), [dead.id.as_str()]);
        assert!(ids(list("&scope=directory_sync").await).is_empty());
        assert_eq!(ids(list(&format!("&origin={PAGE}&include_revoked=true")).await).len(), 2);
        let first = list("&include_revoked=true&limit=1").await;
        let cursor = first.json()["next_cursor"].as_str().expect("a next page").to_owned();
        let second = list(&format!("&include_revoked=true&limit=1&cursor={cursor}")).await;
        assert_ne!(ids(first), ids(second));
        let missing = house.backend("GET", "/v1/widget-tokens").await;
        missing.refused(422, "missing_field");
        assert_eq!(missing.json()["field"], "organization_id");
        list("&limit=0").await.refused(422, "invalid_field");
        list("&include_revokd=true").await.refused(422, "unknown_field");
        list("&status=dead").await.refused(422, "invalid_field");
        assert!(!list("&include_revoked=true").await.text().contains("eyJ"), "no list has a token's text");
    }

    /// OR4, OR2, OR3
    async fn only_the_tokens_own_page_reads_a_good_answer(fresh) {
        let house = House::new(fresh).await;
        let minted = house.mint().await;
        let token = minted.token.reveal();
        let get = || house.app.get("/widget/session").bearer(token);
        let evil = "https://evil.example";
        let refused = get().header("origin", evil).await;
        refused.refused(403, "widget_origin_mismatch");
        assert_eq!(refused.header("access-control-allow-origin"), Some(evil), "the page must see why");
        for call in [
            get(),
            get().header("origin", "null"),
            get().header("origin", &format!("{PAGE}/")),
            get().header("origin", "https://APP.acme.com"),
            get().header("origin", PAGE).header("origin", PAGE),
            get().header("origin", PAGE).header("origin", evil),
            get().header("origin", evil).header("referer", &format!("{PAGE}/page")),
            get().header("referer", &format!("https://evil.example/{PAGE}/")),
            get().header("referer", &format!("{PAGE}/a")).header("referer", &format!("{PAGE}/b")),
        ] {
            let answer = call.await;
            answer.refused(403, "widget_origin_mismatch");
            assert_eq!(answer.header("vary"), Some("origin"));
        }
        let by_referer = get().header("referer", &format!("{PAGE}/page?x=1")).await;
        assert_eq!((by_referer.status, by_referer.header("access-control-allow-origin")), (200, None));
        let good = get().header("origin", PAGE).await;
        assert_eq!((good.status, good.header("access-control-allow-origin"), good.header("vary")), (200, Some(PAGE), Some("origin")));
        assert_eq!(good.header("access-control-allow-credentials"), None);
        assert_eq!(good.header("cache-control"), Some("no-store"));
        let preflight = house.app.call("OPTIONS", "/widget/session").header("origin", evil).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-methods")), (204, Some("GET")));
    }

    /// AZ6: the guard first, then the scope of the sub-tree, then whether there is a route.
    async fn what_is_no_widget_route_is_behind_the_guard_all_the_same(fresh) {
        let house = House::new(fresh).await;
        let minted = house.mint().await;
        let token = minted.token.reveal();
        for path in ["/widget", "/widget/", "/widget/x", "/widget/sso-connection", "/widget/sso-connection/start", "/widget/sso-connection/a/b"] {
            for method in ["GET", "POST", "DELETE"] {
                house.app.call(method, path).header("origin", PAGE).await.refused(401, "missing_token");
                house.app.call(method, path).header("origin", PAGE).bearer(token).await.refused(404, "not_found");
            }
        }
        for path in ["/widget/directory-sync", "/widget/directory-sync/users"] {
            house.page("nonsense", path).await.refused(401, "invalid_token");
            house.page(token, path).await.refused(403, "widget_scope_required");
        }
        let post = || house.app.post("/widget/session").header("origin", PAGE);
        post().await.refused(401, "missing_token");
        post().bearer(token).await.refused(405, "method_not_allowed");
        house.page(token, "/widget/session?x=1").await.refused(422, "unknown_field");
        house.page(token, "/widget/session").bearer(token).await.refused(401, "invalid_token");
    }
}

/// The payload of a JWT, unverified.
fn claims(token: &str) -> Value {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}
