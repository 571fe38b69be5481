//! Magic links over HTTP: what a page may ask, and what it is told.

use crate::{
    app::{Answer, Call, TestApp},
    house::PAGE,
};
use mintmark::{
    EmbedKeyId,
    customer::NewCustomer,
    embed_key::{KeyMode, NewEmbedKey},
    on_each_engine,
    product::ProductChange,
    testing::Fixture,
};
use serde_json::json;
use server::client::Networks;
use std::collections::BTreeSet;

const ADA: &str = "ada@customer.example";

struct Shop {
    app: TestApp,
    acme: Fixture,
    key: EmbedKeyId,
}

impl Shop {
    /// Behind a proxy that is believed, so that a test may be any client.
    async fn open(fresh: mintmark::testing::Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let owner = acme.owner().await;
        let (name, origins) = ("Website".to_owned(), vec![PAGE.to_owned()]);
        let asked = NewEmbedKey { name, origins, mode: KeyMode::Live, allow_development_origins: None };
        let key = owner.create_embed_key(&acme.product().await, asked).await.expect("a key").id;
        let email = Some(ADA.to_owned());
        owner.create_customer(NewCustomer { email, email_verified: true, ..NewCustomer::default() }).await.expect("a customer");
        let proxies = Networks::new(vec!["127.0.0.1/32".parse().expect("a network")]);
        let app = TestApp::with(fresh, |config| config.trusted_proxies = proxies).await;
        Self { app, acme, key }
    }

    fn post(&self, path: &str, client: &str) -> Call {
        let path = format!("/embed/v1/magic-links{path}?key={}", self.key);
        self.app.post(&path).header("origin", PAGE).header("x-forwarded-for", client)
    }

    async fn ask(&self, email: &str, client: &str) -> Answer {
        self.post("", client).json(&json!({ "email": email, "return_url": format!("{PAGE}/account?tab=1#top") })).await
    }

    /// The text of every mail that waits, once every request is answered. Nothing sends here, so this test is who takes them.
    async fn mails(&self) -> Vec<String> {
        let core = &self.app.fresh.core;
        core.answer_link_requests().await.expect("answered");
        let mut texts = Vec::new();
        while let Some(mail) = core.take_mail().await.expect("answers") {
            texts.push(mail.text);
        }
        texts
    }

    async fn token(&self) -> String {
        self.ask(ADA, "192.0.2.1").await;
        let mails = self.mails().await;
        let text = mails.first().expect("a mail");
        let start = text.find("mintmark_magic_token=").expect("a link") + "mintmark_magic_token=".len();
        text[start..].split(['#', '\n']).next().unwrap_or_default().to_owned()
    }
}

on_each_engine! {
    /// F27, F32, ML6
    async fn a_link_is_opened_by_scanners_and_redeemed_by_the_person(fresh) {
        let shop = Shop::open(fresh).await;
        let token = shop.token().await;
        let path = format!("/embed/v1/magic-links/redeem?key={}&token={token}", shop.key);
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            for _ in 0..5 {
                let answer = shop.app.call(method, &path).header("origin", PAGE).await;
                assert_eq!(answer.status, 405, "{method}");
            }
        }
        let answer = shop.post("/redeem", "192.0.2.1").json(&json!({ "token": token })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!((answer.json()["customer"]["email"].as_str(), answer.header("access-control-allow-origin")), (Some(ADA), Some(PAGE)));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        shop.post("/redeem", "192.0.2.1").json(&json!({ "token": token })).await.refused(410, "link_consumed");
    }

    /// F32, ML1
    async fn every_request_is_answered_by_the_same_bytes(fresh) {
        let shop = Shop::open(fresh).await;
        let mut answers = BTreeSet::new();
        let long = "x".repeat(40_000);
        for (place, email) in [ADA, "nobody@customer.example", "no address", "", "a@b\r\nBcc: c@d.example", &long].into_iter().enumerate() {
            answers.insert(same(&shop.ask(email, &format!("198.51.100.{place}")).await));
        }
        for _ in 0..15 {
            answers.insert(same(&shop.ask(ADA, "192.0.2.1").await));
        }
        let [answer] = answers.into_iter().collect::<Vec<_>>().try_into().expect("one answer to all of them");
        assert!(answer.starts_with("202 ") && answer.ends_with("{\"status\":\"accepted\"}"), "{answer}");
        assert_eq!(shop.mails().await.len(), 5, "the address's own limit counts the first one too");
    }

    /// F33, ML3: IPv6 by /64, and forwarded addresses only from trusted proxies.
    async fn a_client_is_a_network_and_nobody_borrows_another(fresh) {
        let shop = Shop::open(fresh).await;
        // Whoever is heard is written to, so that mails tell who was heard.
        let change = ProductChange { anyone_may_sign_in: Some(true), ..ProductChange::default() };
        shop.acme.owner().await.update_product(&shop.acme.product().await, change).await.expect("changed");
        for place in 0..12 {
            shop.ask(&format!("a{place}@customer.example"), &format!("2001:db8:0:1::{place:x}")).await;
        }
        assert_eq!(shop.mails().await.len(), 10, "one /64 is one client");
        shop.ask("b@customer.example", "2001:db8:0:2::1").await;
        assert_eq!(shop.mails().await.len(), 1, "the next /64 is another");
        for place in 0..12 {
            // The proxy appends whom it saw; what the client itself wrote before that is worth nothing.
            shop.ask(&format!("c{place}@customer.example"), &format!("203.0.113.{place}, 198.51.100.7")).await;
        }
        assert_eq!(shop.mails().await.len(), 10);
    }

    /// ML7, ML8
    async fn no_header_and_no_foreign_address_shapes_a_link(fresh) {
        let shop = Shop::open(fresh).await;
        let body = json!({ "email": ADA, "return_url": format!("{PAGE}/") });
        let evil = shop.post("", "192.0.2.1").header("x-forwarded-host", "evil.example").header("forwarded", "host=evil.example;proto=http");
        assert_eq!(evil.header("x-original-url", "https://evil.example/").json(&body).await.status, 202);
        let mails = shop.mails().await;
        assert!(mails.len() == 1 && mails[0].contains(&format!("{PAGE}/?mintmark_magic_token=")) && !mails[0].contains("evil"), "{mails:?}");
        for (address, code) in [
            ("https://evil.example/", "origin_not_allowed"),
            ("//evil.example/", "invalid_field"),
            ("/\\evil.example", "invalid_field"),
            ("javascript:alert(1)", "invalid_field"),
        ] {
            let refused = shop.post("", "192.0.2.1").json(&json!({ "email": ADA, "return_url": address })).await;
            refused.refused(422, code);
            assert_eq!(refused.json()["field"], "return_url", "{address}");
        }
        let body = json!({ "email": ADA, "return_url": format!("{PAGE}/"), "to": "eve@evil.example" });
        shop.post("", "192.0.2.1").json(&body).await.refused(422, "unknown_field");
    }

    /// ML4
    async fn whoever_guesses_is_slowed_down_and_a_right_token_is_not(fresh) {
        let shop = Shop::open(fresh).await;
        let token = shop.token().await;
        let guess = json!({ "token": format!("magic_{}", "x".repeat(49)) });
        let mut codes = Vec::new();
        for _ in 0..40 {
            codes.push(shop.post("/redeem", "192.0.2.1").json(&guess).await.status);
        }
        assert!(codes[..30].iter().all(|code| *code == 401) && codes[39] == 429, "{codes:?}");
        assert_eq!(shop.post("/redeem", "192.0.2.1").json(&json!({ "token": token })).await.status, 200);
    }

    async fn a_page_of_another_origin_asks_in_vain(fresh) {
        let shop = Shop::open(fresh).await;
        let body = json!({ "email": ADA, "return_url": format!("{PAGE}/") });
        for path in ["", "/redeem"] {
            let at = format!("/embed/v1/magic-links{path}?key={}", shop.key);
            let body = if path.is_empty() { body.clone() } else { json!({ "token": "magic_x" }) };
            shop.app.post(&at).header("origin", "https://evil.example").json(&body).await.refused(403, "embed_origin_not_allowed");
            shop.app.post(&at).json(&body).await.refused(403, "embed_origin_not_allowed");
            let unknown = at.replace(shop.key.as_str(), "pk_live_000000000000000000000000");
            shop.app.post(&unknown).header("origin", PAGE).json(&body).await.refused(403, "invalid_embed_key");
            let asked = shop.app.call("OPTIONS", &at).header("origin", PAGE).header("access-control-request-method", "POST").await;
            assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, Some(PAGE)));
        }
        assert_eq!(shop.mails().await.len(), 0);
    }
}

/// Status, headers and body, without what is every request's own.
fn same(answer: &Answer) -> String {
    let head: Vec<_> = answer
        .head
        .iter()
        .map(|(name, value)| {
            let value = if matches!(name.as_str(), "x-request-id" | "date") { value.len().to_string() } else { value.clone() };
            format!("{name}: {value}")
        })
        .collect();
    format!("{} {}\n{}", answer.status, head.join("\n"), answer.text())
}
