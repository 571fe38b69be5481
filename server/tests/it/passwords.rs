//! Customers' passwords over HTTP: what our sign-in window may send, and what it is told.

use crate::app::{Answer, TestApp};
use mintmark::{
    EmbedKeyId,
    customer::NewCustomer,
    on_each_engine,
    product::ProductChange,
    testing::{Fixture, PAGE},
};
use serde_json::{Value, json};
use server::client::Networks;
use std::collections::BTreeSet;

const ADA: &str = "ada@customer.example";
const NEW: &str = "new@customer.example";
const PASSWORD: &str = "velvet otter plays backgammon";
const ANOTHER: &str = "copper heron counts the tides";

struct Shop {
    app: TestApp,
    acme: Fixture,
    key: EmbedKeyId,
}

impl Shop {
    /// Behind a proxy that is believed, so that a test may be any client.
    async fn open(fresh: mintmark::testing::Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await.id;
        let new = NewCustomer { email: Some(ADA.to_owned()), email_verified: true, ..NewCustomer::default() };
        owner.create_customer(new).await.expect("a customer");
        let proxies = Networks::new(vec!["127.0.0.1/32".parse().expect("a network")]);
        let shop = Self { app: TestApp::with(fresh, |config| config.trusted_proxies = proxies).await, acme, key };
        let all = ProductChange { sign_in: Some(true), passwords: Some(true), anyone_may_sign_in: Some(true), ..ProductChange::default() };
        shop.change(all).await;
        shop
    }

    async fn change(&self, change: ProductChange) {
        self.acme.owner().await.update_product(&self.acme.product().await, change).await.expect("changed");
    }

    fn path(&self, path: &str) -> String {
        format!("/popup/{path}?key={}&origin=https%3A%2F%2Fapp.customer.example", self.key)
    }

    /// What the window's script sends, from this client.
    async fn post(&self, path: &str, client: &str, body: &Value) -> Answer {
        let path = if matches!(path, "verify" | "reset") { format!("/popup/{path}") } else { self.path(path) };
        self.app.post(&path).header("sec-fetch-site", "same-origin").header("x-forwarded-for", client).json(body).await
    }

    async fn sign_in(&self, client: &str, email: &str, password: &str) -> Answer {
        self.post("password", client, &json!({ "email": email, "password": password })).await
    }

    /// Every mail that waits, once every request is answered: to whom, and its token.
    async fn mails(&self) -> Vec<(String, String)> {
        let core = &self.app.fresh.core;
        core.answer_password_requests().await.expect("answered");
        let mut mails = Vec::new();
        while let Some(mail) = core.take_mail().await.expect("answers") {
            let token = mail.text.split('#').nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default().to_owned();
            mails.push((mail.recipient, token));
        }
        mails
    }
}

/// Without what is each answer's own.
fn same(answer: &Answer) -> String {
    let mut body = serde_json::from_str::<Value>(&answer.text()).unwrap_or_default();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
    }
    format!("{} {body}", answer.status)
}

on_each_engine! {
    /// Sign-up, verification by POST alone, sign-in, a new password.
    async fn a_password_is_had_proved_used_and_set_anew_through_the_window(fresh) {
        let shop = Shop::open(fresh).await;
        let up = shop.post("sign-up", "192.0.2.1", &json!({ "email": NEW, "password": PASSWORD })).await;
        assert_eq!((up.status, up.text()), (202, "{\"status\":\"accepted\"}".to_owned()));
        let mails = shop.mails().await;
        let [(to, token)] = mails.as_slice() else { panic!("one: {mails:?}") };
        assert_eq!(to, NEW);
        for method in ["GET", "HEAD"] {
            for page in ["verify", "reset"] {
                let opened = shop.app.call(method, &format!("/popup/{page}")).await;
                assert_eq!((opened.status, opened.header("cross-origin-opener-policy")), (200, Some("same-origin")), "scanners use nothing up");
                assert_eq!((opened.header("referrer-policy"), opened.header("cache-control")), (Some("no-referrer"), Some("no-store")));
                assert!(opened.header("content-security-policy").is_some_and(|policy| policy.contains("frame-ancestors 'none'")));
                assert!(!opened.text().contains("{{"), "every word is filled in");
            }
        }
        shop.app.get(&format!("/popup/verify?token={token}")).await.refused(422, "unknown_field");
        shop.sign_in("192.0.2.1", NEW, PASSWORD).await.refused(401, "invalid_credentials");
        shop.post("verify", "192.0.2.1", &json!({ "token": token, "password": ANOTHER })).await.refused(401, "invalid_credentials");
        let verified = shop.post("verify", "192.0.2.1", &json!({ "token": token, "password": PASSWORD })).await;
        assert_eq!((verified.status, verified.json()), (200, json!({ "tenant": "acme", "email": NEW })), "and no session");
        shop.post("verify", "192.0.2.1", &json!({ "token": token, "password": PASSWORD })).await.refused(410, "link_consumed");
        let session = shop.sign_in("192.0.2.1", NEW, PASSWORD).await;
        assert_eq!((session.status, session.header("cache-control"), session.headers("set-cookie").len()), (200, Some("no-store"), 0));
        let bearer = session.json()["token"].as_str().expect("a token").to_owned();
        let verdict = shop.app.get("/v1/auth/token/verify").bearer(&bearer).await.json();
        let payload = &verdict["payload"];
        assert_eq!(payload["exp"].as_i64().expect("exp") - payload["iat"].as_i64().expect("iat"), 900);

        shop.post("forgot", "192.0.2.1", &json!({ "email": NEW })).await;
        let (_, token) = shop.mails().await.pop().expect("a mail");
        shop.post("reset", "192.0.2.2", &json!({ "token": token, "password": "too short" })).await.refused(422, "weak_password");
        assert_eq!(shop.post("reset", "192.0.2.2", &json!({ "token": token, "password": ANOTHER })).await.status, 200);
        let verdict = shop.app.get("/v1/auth/token/verify").bearer(&bearer).await.json();
        assert_eq!((&verdict["valid"], &verdict["reason"]), (&json!(false), &json!("revoked")));
        assert_eq!(shop.sign_in("192.0.2.2", NEW, ANOTHER).await.status, 200);
    }

    /// SE7: of whoever it is, the same bytes.
    async fn an_answer_never_tells_whose_address_it_is(fresh) {
        let shop = Shop::open(fresh).await;
        let typed = [ADA, NEW, "nobody@customer.example", "no address", "", "a@b\r\nBcc: c@d.example", &"x".repeat(20_000)];
        for (path, password) in [("sign-up", Some(PASSWORD)), ("forgot", None), ("password", Some(PASSWORD))] {
            let mut answers = BTreeSet::new();
            for (place, email) in typed.iter().enumerate() {
                let mut body = json!({ "email": email });
                if let Some(password) = password {
                    body["password"] = json!(password);
                }
                answers.insert(same(&shop.post(path, &format!("198.51.100.{place}"), &body).await));
            }
            assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        }
        let to: Vec<_> = shop.mails().await.into_iter().map(|(to, _)| to).collect();
        assert_eq!(to.iter().filter(|to| *to == ADA).count(), 2, "{to:?}");
    }

    /// Ten a minute and client cost a hash, on every route that does; a client is a network.
    async fn hashes_are_had_ten_a_minute_and_client(fresh) {
        let shop = Shop::open(fresh).await;
        let token = "password_x";
        for (path, body) in [
            ("password", json!({ "email": NEW, "password": ANOTHER })),
            ("sign-up", json!({ "email": NEW, "password": "short" })),
            ("verify", json!({ "token": token, "password": ANOTHER })),
            ("reset", json!({ "token": token, "password": ANOTHER })),
        ] {
            let network = format!("2001:db8:0:{:x}", path.len() + path.bytes().map(usize::from).sum::<usize>());
            for place in 0..10 {
                let answer = shop.post(path, &format!("{network}::{place:x}"), &body).await;
                assert!(answer.status != 429 || path == "password", "{path} {place}: {}", answer.text());
            }
            let late = shop.post(path, &format!("{network}::ffff"), &body).await;
            assert!(late.header("retry-after").is_some(), "{path}: {}", late.text());
            late.refused(429, "rate_limited");
        }
        shop.app.fresh.core.flush_refusals().await.expect("written");
    }

    /// WB1: no other site calls them; WB2, AZ3.
    async fn only_the_window_and_our_own_pages_call(fresh) {
        let shop = Shop::open(fresh).await;
        let body = json!({ "email": ADA, "password": PASSWORD });
        let paths = [shop.path("password"), shop.path("sign-up"), shop.path("forgot"), "/popup/verify".to_owned(), "/popup/reset".to_owned()];
        for path in &paths {
            for (header, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", PAGE), ("origin", "null")] {
                shop.app.post(path).header(header, value).json(&body).await.refused(403, "cross_site");
            }
            shop.app.post(path).json(&body).await.refused(403, "cross_site");
            let form = shop.app.post(path).header("sec-fetch-site", "same-origin").text("text/plain", "{}").await;
            form.refused(415, "unsupported_media_type");
        }
        for path in ["password", "sign-up", "forgot"] {
            let evil = shop.path(path).replace("app.customer", "evil");
            let body = if path == "forgot" { json!({ "email": ADA }) } else { body.clone() };
            shop.app.post(&evil).header("sec-fetch-site", "same-origin").json(&body).await.refused(403, "embed_origin_not_allowed");
            let mut more = body.clone();
            more["email_verified"] = json!(true);
            shop.post(path, "192.0.2.1", &more).await.refused(422, "unknown_field");
        }
        assert_eq!(shop.mails().await.len(), 0);
    }

    /// What is switched off is not offered, and answers nobody.
    async fn the_switch_counts_at_once(fresh) {
        let shop = Shop::open(fresh).await;
        let window = || async { shop.app.get(&format!("{}&state=s", shop.path("sign-in"))).await.text() };
        assert!(window().await.contains("Create an account") && window().await.contains("Use a password"));
        shop.change(ProductChange { anyone_may_sign_in: Some(false), ..ProductChange::default() }).await;
        assert!(!window().await.contains("data-to=\"sign-up\""), "nobody new may sign up");
        shop.change(ProductChange { passwords: Some(false), ..ProductChange::default() }).await;
        assert!(!window().await.contains("password"), "nothing of passwords");
        shop.sign_in("192.0.2.1", ADA, PASSWORD).await.refused(403, "sign_in_off");
        shop.post("sign-up", "192.0.2.1", &json!({ "email": NEW, "password": PASSWORD })).await.refused(403, "sign_in_off");
        shop.post("forgot", "192.0.2.1", &json!({ "email": ADA })).await.refused(403, "sign_in_off");
    }
}
