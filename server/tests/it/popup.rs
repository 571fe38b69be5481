//! Our sign-in window over HTTP: who may open it, what it may do, and what nobody else may.

use crate::app::{Answer, TestApp};
use mintmark::{
    EmbedKeyId, on_each_engine,
    product::{Appearance, ProductChange},
    testing::{Fixture, PAGE, Window},
};
use serde_json::json;

const ADA: &str = "ada@customer.example";
const UNSAFE: (&str, Option<&str>) = ("cross-origin-opener-policy", Some("unsafe-none"));

struct Shop {
    app: TestApp,
    acme: Fixture,
    key: EmbedKeyId,
}

impl Shop {
    async fn open(fresh: mintmark::testing::Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await.id;
        acme.let_sign_in(&product).await;
        acme.signed_in(&key, ADA).await;
        Self { app: TestApp::start(fresh).await, acme, key }
    }

    /// The address that a page opens.
    fn address(&self, origin: &str, state: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("key", self.key.as_str()).append_pair("origin", origin).append_pair("state", state);
        format!("/popup/sign-in?{}", query.finish())
    }

    async fn window(&self, origin: &str, state: &str) -> Answer {
        self.app.get(&self.address(origin, state)).header("accept", "text/html").await
    }

    /// What the window's script sends.
    async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.app.post(&self.path(path)).header("sec-fetch-site", "same-origin").json(body).await
    }

    fn path(&self, path: &str) -> String {
        format!("/popup/{path}?key={}&origin=https%3A%2F%2Fapp.customer.example", self.key)
    }
}

fn policy(answer: &Answer) -> String {
    answer.header("content-security-policy").expect("a policy").to_owned()
}

/// Each script and style of the page bears this answer's nonce, and nothing else may run.
fn is_shut(answer: &Answer) {
    let policy = policy(answer);
    for part in
        ["default-src 'none'", "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.split("; ").any(|said| said == part), "{part}: {policy}");
    }
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
    let text = answer.text();
    let blocks = text.matches("<script").count() + text.matches("<style").count();
    assert!(nonce.len() >= 22 && blocks == text.matches(&format!("nonce=\"{nonce}\"")).count(), "{policy}");
    for (name, value) in [("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
        assert_eq!(answer.header(name), Some(value));
    }
    assert!(answer.headers("set-cookie").is_empty() && answer.header("access-control-allow-origin").is_none());
}

on_each_engine! {
    async fn a_listed_page_opens_the_window_and_only_the_window_keeps_its_opener(fresh) {
        let shop = Shop::open(fresh).await;
        let window = shop.window(PAGE, "s1").await;
        assert_eq!((window.status, window.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert_eq!(window.headers(UNSAFE.0), [UNSAFE.1.expect("said")]);
        is_shut(&window);
        let link = shop.app.get("/popup/link").await;
        assert_eq!((link.status, link.header(UNSAFE.0)), (200, Some("same-origin")));
        is_shut(&link);
        let refused = shop.window("https://evil.example", "s1").await;
        assert_eq!((refused.status, refused.header(UNSAFE.0)), (403, Some("same-origin")));
        is_shut(&refused);
        let (wrong, missing) = (shop.post("redeem", &json!({ "token": "x", "verifier": "x" })).await, shop.app.get("/popup/nothing").await);
        assert_eq!((wrong.status, wrong.header(UNSAFE.0), missing.status, missing.header(UNSAFE.0)), (401, Some("same-origin"), 404, Some("same-origin")));
    }

    /// Every answer of every other route, and of pages and files.
    async fn no_other_answer_keeps_its_opener(fresh) {
        let shop = Shop::open(fresh).await;
        let described = server::api::description().paths.paths.into_keys();
        let pages = ["/", "/sign-in", "/set-up", "/docs", "/t/acme", "/t/acme/studio", "/pkg/app.js", "/popup", "/popup/", "/popup/links", "/popup//sign-in"];
        let mut tried = 0;
        for path in described.chain(pages.map(str::to_owned)) {
            for method in ["GET", "POST", "OPTIONS"] {
                let asked = format!("{path}?key={}&origin=https%3A%2F%2Fapp.customer.example&state=s", shop.key);
                let answer = shop.app.call(method, &asked).header("origin", PAGE).await;
                assert_eq!(answer.headers(UNSAFE.0), ["same-origin"], "{method} {path}");
                tried += 1;
            }
        }
        assert!(tried > 200, "{tried}");
    }

    async fn whoever_may_not_open_it_reads_why_and_nothing_is_told_to_the_opener(fresh) {
        let shop = Shop::open(fresh).await;
        let long = "x".repeat(129);
        let unlisted = shop.address("https://evil.example", "s");
        let unknown = shop.address(PAGE, "s").replace(shop.key.as_str(), "pk_live_000000000000000000000000");
        let twice = format!("{}&origin=https%3A%2F%2Fapp.customer.example", shop.address(PAGE, "s"));
        for (path, status, code) in [
            (unlisted, 403, "embed_origin_not_allowed"),
            (unknown, 403, "invalid_embed_key"),
            (shop.address("*", "s"), 403, "embed_origin_not_allowed"),
            (shop.address(PAGE, ""), 422, "invalid_field"),
            (shop.address(PAGE, &long), 422, "invalid_field"),
            (format!("{}&x=1", shop.address(PAGE, "s")), 422, "unknown_field"),
            (twice, 422, "invalid_field"),
            ("/popup/sign-in".to_owned(), 422, "missing_field"),
        ] {
            let answer = shop.app.get(&path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
            let text = answer.text();
            assert!(text.contains(&format!("<code>{code}</code>")) && !text.contains("<script"), "{path}: it runs nothing: {text}");
        }
        let change = ProductChange { sign_in: Some(false), ..ProductChange::default() };
        shop.acme.owner().await.update_product(&shop.acme.product().await, change).await.expect("changed");
        let answer = shop.window(PAGE, "s").await;
        assert!(answer.status == 403 && answer.text().contains("<code>sign_in_off</code>"), "{}", answer.text());
    }

    /// WB4: whatever a page or an admin says is text.
    async fn state_names_and_looks_are_inert(fresh) {
        let shop = Shop::open(fresh).await;
        let evil = "</script><script>alert(1)</script><!--\"'{{product}}&";
        let owner = shop.acme.owner().await;
        let appearance = Appearance { logo: Some("https://acme.example/%22x.png?a=1&b=\"c".to_owned()), accent: Some("#ffcc00".to_owned()), ..Appearance::default() };
        let change = ProductChange { name: Some(evil.to_owned()), appearance: Some(appearance), ..ProductChange::default() };
        owner.update_product(&shop.acme.product().await, change).await.expect("changed");
        let window = shop.window(PAGE, evil).await;
        assert_eq!(window.status, 200);
        is_shut(&window);
        let text = window.text();
        assert_eq!((text.matches("<script").count(), text.matches("<!--").count(), text.contains("alert(1)</script>")), (2, 0, false), "{text}");
        let (_, said) = text.split_once("id=\"said\"").expect("what the script is told");
        let said = said.split_once('>').and_then(|(_, rest)| rest.split_once("</script>")).expect("an element").0;
        let said: serde_json::Value = serde_json::from_str(said).expect("JSON");
        assert_eq!((said["state"].as_str(), said["origin"].as_str()), (Some(evil), Some(PAGE)));
        assert!(text.contains("--on-accent:#000000") && policy(&window).contains("img-src data: https://acme.example;"), "{}", policy(&window));
    }

    /// WB1: no other site calls it, and a cookie changes nothing.
    async fn only_the_window_itself_calls(fresh) {
        let shop = Shop::open(fresh).await;
        let window = Window::open(&shop.key);
        let body = json!({ "email": ADA, "challenge": window.challenge });
        for path in ["links", "redeem"] {
            for (header, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", PAGE), ("origin", "null")] {
                shop.app.post(&shop.path(path)).header(header, value).json(&body).await.refused(403, "cross_site");
            }
            shop.app.post(&shop.path(path)).json(&body).await.refused(403, "cross_site");
            let preflight = shop.app.call("OPTIONS", &shop.path(path)).header("origin", PAGE).header("access-control-request-method", "POST").await;
            assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (405, None));
        }
        let mut answers = std::collections::BTreeSet::new();
        for email in [ADA, "nobody@customer.example", "no address", ""] {
            let answer = shop.post("links", &json!({ "email": email, "challenge": window.challenge })).await;
            answers.insert((answer.status, answer.text()));
        }
        assert_eq!(answers.into_iter().collect::<Vec<_>>(), [(202, "{\"status\":\"accepted\"}".to_owned())]);
        shop.app.post(&shop.path("links").replace("app.customer", "evil")).header("sec-fetch-site", "same-origin").json(&body).await.refused(403, "embed_origin_not_allowed");
        shop.post("links", &json!({ "email": ADA, "challenge": window.challenge, "return_url": "https://evil.example/" })).await.refused(422, "unknown_field");
    }

    /// N5 to N12: what it hands over is a session as any other, for a quarter of an hour.
    async fn what_it_hands_over_is_a_session_at_every_route(fresh) {
        let shop = Shop::open(fresh).await;
        let window = Window::open(&shop.key);
        let token = window.ask(&shop.acme.core, ADA).await.expect("a mail");
        let used = shop.app.get(&format!("/popup/link?token={token}")).await;
        assert_eq!(used.status, 422, "a token in a query is nothing that this page reads");
        let redeemed = shop.post("redeem", &json!({ "token": token, "verifier": window.verifier })).await;
        assert_eq!(redeemed.status, 200, "{}", redeemed.text());
        let session = redeemed.json();
        assert_eq!((session["customer"]["email"].as_str(), redeemed.header("access-control-allow-origin")), (Some(ADA), None));
        let bearer = session["token"].as_str().expect("a token");
        let verified = shop.app.get("/v1/auth/token/verify").bearer(bearer).await.json();
        let payload = &verified["payload"];
        assert_eq!((&verified["valid"], &payload["type"], &verified["user"]["email"]), (&json!(true), &json!("access"), &json!(ADA)));
        assert_eq!(payload["exp"].as_i64().expect("exp") - payload["iat"].as_i64().expect("iat"), 900);
        let at = |method: &str, path: &str, bearer: &str| shop.app.call(method, path).header("origin", PAGE).bearer(bearer);
        assert_eq!(at("GET", "/embed/v1/me", bearer).await.json()["customer"], session["customer"]);
        shop.app.get("/embed/v1/me").header("origin", "https://evil.example").bearer(bearer).await.refused(403, "embed_origin_not_allowed");
        let refreshed = at("POST", "/embed/v1/sessions/refresh", bearer).await.json();
        let latest = refreshed["token"].as_str().expect("a token");
        let ended = at("DELETE", "/embed/v1/sessions", latest).await;
        assert_eq!((ended.status, ended.json(), ended.header("access-control-allow-origin")), (200, json!({ "revoked": 2 }), Some(PAGE)));
        at("POST", "/embed/v1/sessions/refresh", latest).await.refused(401, "session_revoked");
        assert_eq!(shop.app.get("/v1/auth/token/verify").bearer(bearer).await.json()["reason"], "revoked");
    }

    async fn a_token_that_is_refreshed_twice_ends_its_session(fresh) {
        let shop = Shop::open(fresh).await;
        let started = shop.acme.signed_in(&shop.key, ADA).await;
        let refresh = async || shop.app.post("/embed/v1/sessions/refresh").header("origin", PAGE).bearer(started.token.reveal()).await;
        assert_eq!((refresh().await.status, refresh().await.status), (200, 200), "an answer may be lost");
        shop.app.fresh.clock.advance(mintmark::customer_session::GRACE + 1);
        let refused = refresh().await;
        refused.refused(401, "session_revoked");
        assert_eq!(refused.header("access-control-allow-origin"), Some(PAGE), "a page may read why");
    }
}
