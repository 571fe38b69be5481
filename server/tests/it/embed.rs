//! `/embed/v1/config`: who may read what with an embed key, as browsers and backends meet it (OR2, OR4, OR5, F5, F6).

use crate::{
    app::{Answer, Call},
    house::{House, PAGE, data},
};
use mintmark::on_each_engine;
use serde_json::{Value, json};

/// A product of acme's with one live key for `PAGE`; answers the product's path and the key.
async fn product(house: &House) -> (String, String) {
    let made = house.backend("POST", "/v1/products").json(&json!({ "name": "Portal" })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/v1/products/{}", made.json()["id"].as_str().expect("an id"));
    let asked = json!({ "name": "Website", "origins": [PAGE], "mode": "live" });
    let key = house.backend("POST", &format!("{path}/embed-keys")).json(&asked).await;
    assert_eq!(key.status, 201, "{}", key.text());
    (path, key.json()["id"].as_str().expect("an id").to_owned())
}

fn config(house: &House, key: &str) -> Call {
    house.app.get(&format!("/embed/v1/config?key={key}")).header("origin", PAGE)
}

fn offering(name: &str, status: &str) -> Value {
    json!({ "name": name, "price": { "amount": 1900, "currency": "EUR", "interval": "month" }, "features": ["Everything"], "status": status })
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let offerings = answer.json()["offerings"].clone();
    offerings.as_array().expect("a list").iter().map(|offering| offering["name"].as_str().unwrap_or_default().to_owned()).collect()
}

on_each_engine! {
    /// F5: whatever the query says, drafts and archived offerings stay in the house; a change shows at the next call.
    async fn a_page_reads_what_is_published_and_each_change_at_once(fresh) {
        let house = House::new(fresh).await;
        let (path, key) = product(&house).await;
        let mut ids = Vec::new();
        for (name, status) in [("Draft", "DRAFT"), ("Basic", "PUBLISHED"), ("Old", "ARCHIVED"), ("Team", "PUBLISHED")] {
            let made = house.backend("POST", &format!("{path}/offerings")).json(&offering(name, status)).await;
            assert_eq!((made.status, &made.json()["status"]), (201, &json!(status)), "{}", made.text());
            ids.push(made.json()["id"].as_str().expect("an id").to_owned());
        }
        let first = config(&house, &key).await;
        assert_eq!(names(&first), ["Basic", "Team"]);
        assert_eq!(first.header("cache-control"), Some("public, max-age=60"));
        assert!(!first.text().contains("Draft") && !first.text().contains("Old"));
        assert_eq!(first.json()["tenant"]["slug"], "acme");
        assert_eq!(first.json()["product"]["name"], "Portal");
        for more in ["&status=DRAFT", "&include=all", "&key=x"] {
            let answer = house.app.get(&format!("/embed/v1/config?key={key}{more}")).header("origin", PAGE).await;
            assert_eq!(answer.status, 422, "{more}: {}", answer.text());
        }
        house.app.get("/embed/v1/config").header("origin", PAGE).await.refused(422, "missing_field");

        let tag = first.header("etag").expect("a tag").to_owned();
        let again = config(&house, &key).header("if-none-match", &tag).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
        assert_eq!(again.header("access-control-allow-origin"), Some(PAGE));
        let publish = house.backend("PATCH", &format!("{path}/offerings/{}", ids[0])).json(&json!({ "status": "PUBLISHED" })).await;
        assert_eq!(publish.status, 200, "{}", publish.text());
        let changed = config(&house, &key).header("if-none-match", &tag).await;
        assert_eq!(names(&changed), ["Draft", "Basic", "Team"]);
        let order = house.backend("POST", &format!("{path}/offerings/order")).json(&json!({ "ids": [ids[3]] })).await;
        assert_eq!(order.status, 200, "{}", order.text());
        let archived = house.backend("DELETE", &format!("{path}/offerings/{}", ids[1])).await;
        assert_eq!((archived.status, &archived.json()["status"]), (200, &json!("ARCHIVED")));
        assert_eq!(names(&config(&house, &key).await), ["Team", "Draft"]);
        assert_eq!(data(&house.backend("GET", &format!("{path}/offerings?status=ARCHIVED")).await).len(), 2);
        house.backend("GET", &format!("{path}/offerings?status=published")).await.refused(422, "invalid_field");
        house.backend("PATCH", &path).json(&json!({ "name": "Chat", "appearance": { "accent": "#1a6b4f" } })).await;
        let renamed = config(&house, &key).await.json();
        assert_eq!((&renamed["product"]["name"], &renamed["appearance"]), (&json!("Chat"), &json!({ "accent": "#1a6b4f" })));
        for (sign_in, passwords) in [(false, true), (true, true), (true, false), (false, false)] {
            house.backend("PATCH", &path).json(&json!({ "sign_in": sign_in, "passwords": passwords })).await;
            let offered = config(&house, &key).await.json();
            let expected = (&json!(sign_in), &json!(sign_in && passwords));
            assert_eq!((&offered["sign_in"], &offered["passwords"]), expected, "a password is typed into the popup alone");
        }
        for keeps in [true, false] {
            house.backend("PATCH", &path).json(&json!({ "keep_signed_in": keeps })).await;
            assert_eq!(config(&house, &key).await.json()["keep_signed_in"], json!(keeps));
        }
        let wrong = house.backend("PATCH", &path).json(&json!({ "appearance": { "accent": "red;}" } })).await;
        wrong.refused(422, "invalid_field");
        assert_eq!(wrong.json()["field"], "appearance.accent");
    }

    /// OR5, F7: each way in which a key stops working holds at the next call, and none is told from a key that never was.
    async fn a_key_that_ended_is_refused_like_one_that_never_was(fresh) {
        let house = House::new(fresh).await;
        let (path, key) = product(&house).await;
        let keys = format!("{path}/embed-keys");
        assert_eq!(config(&house, &key).await.status, 200);
        let said = |answer: &Answer| {
            answer.refused(403, "invalid_embed_key");
            answer.json()["message"].clone()
        };
        let never = said(&config(&house, "pk_live_0123456789abcdef01234567").await);
        for garbage in ["", "x", "pk_live_", "sk_live_x", "pk_live_0123456789ABCDEF01234567", "%27%20or%201=1"] {
            assert_eq!(said(&config(&house, garbage).await), never, "{garbage}");
        }
        let disabled = house.backend("DELETE", &format!("{keys}/{key}")).json(&json!({ "reason": "leaving" })).await;
        assert_eq!((disabled.status, &disabled.json()["status"]), (200, &json!("disabled")));
        assert!(disabled.json()["disabled_at"].is_string());
        assert_eq!(said(&config(&house, &key).await), never);
        assert_eq!(house.backend("POST", &format!("{keys}/{key}/enable")).await.status, 200);
        assert_eq!(config(&house, &key).await.status, 200);
        let tenant = |slug: &str| house.app.get(&format!("/embed/v1/config?tenant={slug}&key={key}")).header("origin", PAGE).into_future();
        assert_eq!((tenant("acme").await.status, tenant("").await.status), (200, 200), "an empty one is not said");
        for slug in ["other", "nobody", "ACME"] {
            assert_eq!(said(&tenant(slug).await), never, "{slug}");
        }
        let rotated = house.backend("POST", &format!("{keys}/{key}/rotate")).json(&json!({ "overlap_seconds": 0 })).await;
        assert_eq!(rotated.status, 201, "{}", rotated.text());
        let new = rotated.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(said(&config(&house, &key).await), never);
        assert_eq!(config(&house, &new).await.status, 200);
        house.backend("POST", &format!("{keys}/{key}/enable")).await.refused(409, "conflict");
        assert_eq!(house.backend("DELETE", &path).await.status, 200);
        assert_eq!(said(&config(&house, &new).await), never);
    }

    /// OR2, OR4: a page of another origin may read that it is refused, and nothing else.
    async fn only_a_listed_origin_reads_the_config_and_everyone_reads_the_refusal(fresh) {
        let house = House::new(fresh).await;
        let (path, key) = product(&house).await;
        let from = |origins: &[&str]| {
            let call = house.app.get(&format!("/embed/v1/config?key={key}"));
            origins.iter().fold(call, |call, origin| call.header("origin", origin)).into_future()
        };
        let read = from(&[PAGE]).await;
        assert_eq!((read.status, read.header("access-control-allow-origin"), read.header("vary")), (200, Some(PAGE), Some("origin")));
        assert_eq!(read.header("access-control-allow-credentials"), None);
        assert_eq!(read.header("access-control-expose-headers"), Some("x-request-id, retry-after, etag"));
        assert_eq!(read.header("set-cookie"), None);
        for evil in ["https://evil-app.acme.com", "https://app.acme.com.evil.com", "http://app.acme.com", "https://app.acme.com:8443", "HTTPS://APP.ACME.COM", "https://app.acme.com."] {
            let refused = from(&[evil]).await;
            refused.refused(403, "embed_origin_not_allowed");
            assert_eq!((refused.header("access-control-allow-origin"), refused.header("vary")), (Some(evil), Some("origin")), "{evil}");
            assert_eq!(refused.header("cache-control"), Some("no-store"));
            assert!(!refused.text().contains("Portal"), "{}", refused.text());
        }
        for nobody in [&[][..], &["null"], &[PAGE, PAGE], &[PAGE, "https://evil.example"], &[""]] {
            let refused = from(nobody).await;
            refused.refused(403, "embed_origin_not_allowed");
            assert_eq!(refused.header("access-control-allow-origin"), None, "{nobody:?}");
        }
        let referred = house.app.get(&format!("/embed/v1/config?key={key}")).header("referer", &format!("{PAGE}/page")).await;
        referred.refused(403, "embed_origin_not_allowed");
        let preflight = house.app.call("OPTIONS", "/embed/v1/config").header("origin", "https://anywhere.example").await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-methods")), (204, Some("GET")));
        house.app.post(&format!("/embed/v1/config?key={key}")).header("origin", PAGE).await.refused(405, "method_not_allowed");

        // The list is the key's own, and counts at once; history says which page was kept out.
        let moved = house.backend("PATCH", &format!("{path}/embed-keys/{key}")).json(&json!({ "origins": ["https://b.example"] })).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
        from(&[PAGE]).await.refused(403, "embed_origin_not_allowed");
        assert_eq!(from(&["https://b.example"]).await.status, 200);
        house.app.fresh.core.flush_refusals().await.expect("written");
        let told = data(&house.backend("GET", &format!("/v1/audit-events?target_id={key}&action=embed_request.refused")).await);
        assert_eq!((&told[0]["outcome"], &told[0]["reason"]), (&json!("refused"), &json!("embed_origin_not_allowed")));
    }

    /// No credential but the key is looked at: neither a cookie nor a bearer token opens more.
    async fn a_config_is_the_same_for_everybody(fresh) {
        let house = House::new(fresh).await;
        let (_, key) = product(&house).await;
        let plain = config(&house, &key).await;
        let dashboard = house.dashboard_token(&house.acme.owner.email).await;
        for bearer in [dashboard.as_str(), house.key.reveal(), "nonsense"] {
            let answer = config(&house, &key).bearer(bearer).await;
            assert_eq!((answer.status, answer.body), (200, plain.body.clone()));
        }
        let cookie = format!("mintmark={}", house.acme.owner.cookie.reveal());
        assert_eq!(config(&house, &key).header("cookie", &cookie).await.body, plain.body);
        house.app.get("/v1/me").bearer(&key).await.refused(401, "invalid_token");
    }

    /// Contract, section 8: shapes of what is made, and what a body may not say.
    async fn what_is_made_answers_itself_and_lists_are_pages(fresh) {
        let house = House::new(fresh).await;
        let (path, key) = product(&house).await;
        let all = house.backend("GET", "/v1/products").await;
        assert_eq!((data(&all).len(), &all.json()["next_cursor"]), (2, &Value::Null), "the one it started with, and this one");
        let page = house.backend("GET", "/v1/products?limit=1").await.json();
        let cursor = page["next_cursor"].as_str().expect("a next page");
        assert_eq!(data(&house.backend("GET", &format!("/v1/products?limit=1&cursor={cursor}")).await).len(), 1);
        let keys = format!("{path}/embed-keys");
        let shown = house.backend("GET", &format!("{keys}/{key}")).await.json();
        let listed = data(&house.backend("GET", &keys).await);
        assert_eq!((listed.len(), &listed[0]), (1, &shown));
        assert_eq!((&shown["origins"], &shown["mode"], &shown["allow_development_origins"]), (&json!([PAGE]), &json!("live"), &json!(false)));
        let test = json!({ "name": "Try", "origins": ["http://localhost:4010"], "mode": "test" });
        let test = house.backend("POST", &keys).json(&test).await;
        assert!(test.json()["id"].as_str().is_some_and(|id| id.starts_with("pk_test_") && id.len() == 32), "{}", test.text());
        let post = |path: &str, body: Value| house.backend("POST", path).json(&body).into_future();
        for (body, code) in [
            (json!({ "name": "x", "origins": [PAGE] }), "missing_field"),
            (json!({ "name": "x", "origins": [PAGE], "mode": "prod" }), "invalid_field"),
            (json!({ "name": "x", "origins": [], "mode": "live" }), "invalid_origin"),
            (json!({ "name": "x", "origins": ["http://localhost:1"], "mode": "live" }), "invalid_origin"),
            (json!({ "name": "x", "origins": [PAGE], "mode": "live", "origin": PAGE }), "unknown_field"),
        ] {
            post(&keys, body).await.refused(422, code);
        }
        let mut wrong = offering("x", "DRAFT");
        wrong["price"]["vat"] = json!(19);
        let refused = post(&format!("{path}/offerings"), wrong).await;
        refused.refused(422, "unknown_field");
        assert_eq!(refused.json()["field"], "price.vat");
        for (field, value) in [("amount", json!(-1)), ("amount", json!(19.5)), ("currency", json!("EURO")), ("interval", json!("decade"))] {
            let mut wrong = offering("x", "DRAFT");
            wrong["price"][field] = value;
            let refused = post(&format!("{path}/offerings"), wrong).await;
            refused.refused(422, "invalid_field");
            assert_eq!(refused.json()["field"], format!("price.{field}"));
        }
        let domain = post(&format!("{path}/domains"), json!({ "origin": PAGE })).await;
        assert_eq!((domain.status, &domain.json()["origin"]), (201, &json!(PAGE)));
        let removed = house.backend("DELETE", &format!("{path}/domains/{}", domain.json()["id"].as_str().expect("an id"))).await;
        assert_eq!((removed.status, removed.json()), (200, domain.json()));
    }
}
