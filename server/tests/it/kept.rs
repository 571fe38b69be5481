//! The hidden frame that keeps a sign-in, over HTTP: who may frame it, what its cookie is, and who may call (OR7, OR11).

use crate::app::{Answer, Call, TestApp};
use mintmark::{
    EmbedKeyId, ProductId, Secret,
    embed_key::EmbedKeyChange,
    kept_sign_in::GRACE,
    on_each_engine,
    testing::{Fixture, PAGE},
    time::HOUR,
};
use serde_json::{Value, json};

const ADA: &str = "ada@customer.example";

struct Shop {
    app: TestApp,
    acme: Fixture,
    product: ProductId,
    key: EmbedKeyId,
}

/// What a `Set-Cookie` says.
struct Set {
    pair: String,
    attributes: Vec<String>,
}

fn cookie(answer: &Answer) -> Option<Set> {
    let lines = answer.headers("set-cookie");
    assert!(lines.len() <= 1, "{lines:?}");
    let (pair, rest) = lines.first()?.split_once("; ").expect("attributes");
    Some(Set { pair: pair.to_owned(), attributes: rest.split("; ").map(str::to_owned).collect() })
}

impl Shop {
    async fn open(fresh: mintmark::testing::Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await.id;
        acme.let_sign_in(&product).await;
        acme.keep_signed_in(&product, true).await;
        Self { app: TestApp::start(fresh).await, acme, product, key }
    }

    fn path(&self, path: &str) -> String {
        format!("/popup/{path}?key={}&origin=https%3A%2F%2Fapp.customer.example", self.key)
    }

    async fn frame(&self) -> Answer {
        self.app
            .get(&format!("{}&state=s1", self.path("frame")))
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-dest", "iframe")
            .await
    }

    fn post(&self, path: &str, jar: &str) -> Call {
        let call = self.app.post(&self.path(path)).header("sec-fetch-site", "same-origin");
        if jar.is_empty() { call } else { call.header("cookie", jar) }
    }

    /// Ada signs in, and her browser keeps it: the cookie that it sends from now on.
    async fn kept(&self) -> (Secret, String) {
        let started = self.acme.signed_in(&self.key, ADA).await;
        let kept = self.post("keep", "").json(&json!({ "token": started.token.reveal() })).await;
        assert_eq!(kept.status, 200, "{}", kept.text());
        (started.token, cookie(&kept).expect("a cookie").pair)
    }

    async fn restore(&self, jar: &str) -> Answer {
        self.post("restore", jar).json(&json!({})).await
    }
}

on_each_engine! {
    async fn pages_of_the_keys_origins_may_frame_it_and_nobody_else(fresh) {
        let shop = Shop::open(fresh).await;
        let other = "https://other.customer.example";
        let change = EmbedKeyChange { origins: Some(vec![PAGE.into(), other.into()]), ..EmbedKeyChange::default() };
        shop.acme.owner().await.update_embed_key(&shop.product, &shop.key, change).await.expect("changed");
        let frame = shop.frame().await;
        assert_eq!((frame.status, frame.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let policy = frame.header("content-security-policy").expect("a policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        let expected = format!(
            "default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {PAGE} {other}"
        );
        assert!(policy == expected && nonce.len() >= 22, "{policy}");
        assert_eq!(frame.text().matches("<script").count(), frame.text().matches(&format!("nonce=\"{nonce}\"")).count());
        for (name, value) in [
            ("x-frame-options", None),
            ("cross-origin-resource-policy", Some("cross-origin")),
            ("cross-origin-embedder-policy", Some("require-corp")),
            ("cache-control", Some("no-store")),
            ("referrer-policy", Some("no-referrer")),
            ("access-control-allow-origin", None),
            ("set-cookie", None),
        ] {
            assert_eq!(frame.header(name), value, "{name}");
        }
        assert_ne!(policy, shop.frame().await.header("content-security-policy").expect("a policy"), "a nonce of its own each time");
        // Our own preview stands in a page of ours.
        let key = shop.acme.owner().await.create_preview_key(&shop.product).await.expect("made").id;
        let asked = format!("/popup/frame?key={key}&origin=http%3A%2F%2F127.0.0.1%3A3001&state=s1");
        let ours = shop.app.get(&asked).header("sec-fetch-site", "same-site").header("sec-fetch-dest", "iframe").await;
        let policy = ours.header("content-security-policy").expect("a policy");
        assert!(policy.ends_with("frame-ancestors http://127.0.0.1:3001 'self'"), "{policy}");
    }

    async fn a_frame_that_may_not_be_there_runs_nothing_and_stands_nowhere(fresh) {
        let shop = Shop::open(fresh).await;
        let address = format!("{}&state=s1", shop.path("frame"));
        let silent = async |path: &str, status: u16, code: &str| {
            let answer = shop.app.get(path).await;
            answer.refused(status, code);
            let policy = answer.header("content-security-policy").expect("a policy");
            assert!(policy.contains("frame-ancestors 'none'") && !answer.text().contains("<script"), "{path}: {policy}");
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        };
        silent(&address.replace("app.customer", "evil"), 403, "embed_origin_not_allowed").await;
        silent(&address.replace("https%3A%2F%2Fapp.customer.example", "*"), 403, "embed_origin_not_allowed").await;
        silent(&address.replace(shop.key.as_str(), "pk_live_000000000000000000000000"), 403, "invalid_embed_key").await;
        silent(&address.replace("s1", ""), 422, "invalid_field").await;
        silent(&address.replace("s1", &"x".repeat(129)), 422, "invalid_field").await;
        silent(&shop.path("frame"), 422, "missing_field").await;
        shop.acme.keep_signed_in(&shop.product, false).await;
        silent(&address, 403, "keep_signed_in_off").await;
    }

    /// WB4
    async fn what_a_page_says_is_text_in_the_frame(fresh) {
        let shop = Shop::open(fresh).await;
        let evil: String = url::form_urlencoded::byte_serialize(b"</script><script>alert(1)</script><!--").collect();
        let frame = shop.app.get(&format!("{}&state={evil}", shop.path("frame"))).await;
        assert_eq!((frame.status, frame.text().matches("<script").count(), frame.text().contains("<!--")), (200, 2, false));
    }

    /// OR11
    async fn the_cookie_is_bound_to_its_host_partitioned_and_as_long_as_the_session(fresh) {
        let shop = Shop::open(fresh).await;
        let started = shop.acme.signed_in(&shop.key, ADA).await;
        let kept = shop.post("keep", "").json(&json!({ "token": started.token.reveal() })).await;
        assert_eq!(kept.json()["ends_at"].as_str(), Some(started.ends_at.to_string().as_str()));
        let set = cookie(&kept).expect("a cookie");
        let (name, value) = set.pair.split_once('=').expect("a value");
        assert!(name.starts_with("__Host-mintmark-kept-") && value.starts_with("kept_") && value.len() == 54, "{name}");
        let seconds = started.ends_at.since(shop.app.fresh.core.now()) / 1_000;
        let attributes = ["Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned", &format!("Max-Age={seconds}")];
        assert_eq!(set.attributes, attributes);
        shop.app.fresh.clock.advance(HOUR);
        let restored = shop.restore(&set.pair).await;
        let next = cookie(&restored).expect("a cookie");
        assert!(next.pair.starts_with(&format!("{name}=kept_")) && next.pair != set.pair);
        assert_eq!(next.attributes.last().map(String::as_str), Some(format!("Max-Age={}", seconds - 3_600).as_str()));
        for answer in [&kept, &restored] {
            assert_eq!((answer.header("cache-control"), answer.header("access-control-allow-origin")), (Some("no-store"), None));
        }
    }

    async fn a_reload_is_answered_a_session_or_null_and_what_is_worth_nothing_is_taken_back(fresh) {
        let shop = Shop::open(fresh).await;
        let nothing = shop.restore("").await;
        assert_eq!((nothing.status, nothing.json(), cookie(&nothing).is_none()), (200, json!({ "session": null }), true));
        let (_, jar) = shop.kept().await;
        let (one, two) = (shop.restore(&jar).await, shop.restore(&jar).await);
        assert_eq!(cookie(&one).expect("a cookie").pair, cookie(&two).expect("a cookie").pair, "two tabs, one secret");
        let bearer = |answer: &Answer| answer.json()["session"]["token"].as_str().expect("a token").to_owned();
        assert_ne!(bearer(&one), bearer(&two), "and a session each");
        let me = shop.app.get("/embed/v1/me").header("origin", PAGE).bearer(&bearer(&one)).await;
        assert_eq!((me.status, me.json()["customer"]["email"].as_str()), (200, Some(ADA)));
        let jar = cookie(&two).expect("a cookie").pair;
        let out = shop.app.delete("/embed/v1/sessions/current").header("origin", PAGE).bearer(&bearer(&two)).await;
        assert_eq!(out.status, 200, "{}", out.text());
        let over = shop.restore(&jar).await;
        let gone = cookie(&over).expect("it is taken back");
        assert_eq!((over.json(), gone.pair.ends_with('='), gone.attributes.last().map(String::as_str)), (json!({ "session": null }), true, Some("Max-Age=0")));
        assert!(gone.attributes.iter().any(|said| said == "Partitioned"));
        shop.app.get("/embed/v1/me").header("origin", PAGE).bearer(&bearer(&one)).await.refused(401, "session_revoked");
    }

    async fn forgetting_takes_the_cookie_back_even_where_nothing_is_kept_any_more(fresh) {
        let shop = Shop::open(fresh).await;
        let (token, jar) = shop.kept().await;
        shop.acme.keep_signed_in(&shop.product, false).await;
        for _ in 0..2 {
            let forgotten = shop.post("forget", &jar).json(&json!({})).await;
            assert_eq!((forgotten.status, forgotten.json()), (200, json!({})));
            assert!(cookie(&forgotten).expect("taken back").pair.ends_with('='));
        }
        assert!(cookie(&shop.post("forget", "").json(&json!({})).await).is_none());
        shop.restore(&jar).await.refused(403, "keep_signed_in_off");
        shop.acme.keep_signed_in(&shop.product, true).await;
        assert_eq!(shop.restore(&jar).await.json()["session"], Value::Null);
        assert_eq!(shop.app.get("/embed/v1/me").header("origin", PAGE).bearer(token.reveal()).await.status, 200, "the open page goes on");
    }

    async fn a_copied_cookie_ends_the_sign_in(fresh) {
        let shop = Shop::open(fresh).await;
        let (token, old) = shop.kept().await;
        let jar = cookie(&shop.restore(&old).await).expect("a cookie").pair;
        shop.app.fresh.clock.advance(GRACE + 1);
        for jar in [&old, &jar] {
            assert_eq!(shop.restore(jar).await.json()["session"], Value::Null);
        }
        shop.app.get("/embed/v1/me").header("origin", PAGE).bearer(token.reveal()).await.refused(401, "session_revoked");
    }

    /// WB1: the frame's own script, with this cookie and no other.
    async fn only_the_frame_itself_calls_and_only_its_own_cookie_counts(fresh) {
        let shop = Shop::open(fresh).await;
        let (token, jar) = shop.kept().await;
        let (name, value) = jar.split_once('=').expect("a value");
        let bodies = [("keep", json!({ "token": token.reveal() })), ("restore", json!({})), ("forget", json!({}))];
        for (path, body) in &bodies {
            for (header, said) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", PAGE), ("origin", "null")] {
                shop.app.post(&shop.path(path)).header(header, said).header("cookie", &jar).json(body).await.refused(403, "cross_site");
            }
            shop.app.post(&shop.path(path)).header("cookie", &jar).json(body).await.refused(403, "cross_site");
            let preflight = shop.app.call("OPTIONS", &shop.path(path)).header("origin", PAGE).header("access-control-request-method", "POST").await;
            assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (405, None));
            shop.app.get(&shop.path(path)).header("cookie", &jar).await.refused(405, "method_not_allowed");
            shop.post(path, &jar).json(&json!({ "token": "x", "surplus": 1 })).await.refused(422, "unknown_field");
            shop.post(path, &jar).text("text/plain", "{}").await.refused(415, "unsupported_media_type");
        }
        let dashboard = shop.acme.owner.cookie.reveal();
        for strange in [
            format!("mintmark={value}"),
            format!("__Host-mintmark={value}"),
            format!("mintmark={dashboard}"),
            format!("{}={value}", name.to_lowercase()),
            format!("{}={value}", &name[..name.len() - 1]),
            format!("{jar}; {jar}"),
            format!("{name}={dashboard}"),
            format!("{name}={}", token.reveal()),
        ] {
            assert_eq!(shop.restore(&strange).await.json()["session"], Value::Null, "{strange}");
        }
        let foreign = shop.path("restore").replace("app.customer", "evil");
        shop.app.post(&foreign).header("sec-fetch-site", "same-origin").header("cookie", &jar).json(&json!({})).await.refused(403, "embed_origin_not_allowed");
        let restored = shop.restore(&format!("mintmark={dashboard}; {jar}; other=1")).await;
        assert_eq!(restored.json()["session"]["customer"]["email"], ADA, "nothing of that used it up");
    }

    /// Promise 10: neither the dashboard nor any other surface reads it.
    async fn the_dashboard_and_every_other_surface_are_blind_to_it(fresh) {
        let shop = Shop::open(fresh).await;
        let (_, jar) = shop.kept().await;
        let value = jar.split_once('=').expect("a value").1;
        let paths = ["/", "/sign-in", "/t/acme", "/v1/me", "/embed/v1/me", "/widget/session", "/popup/link", "/healthz", "/.well-known/jwks.json"];
        for path in paths {
            let plain = shop.app.get(path).header("accept", "text/html").await;
            for said in [jar.clone(), format!("mintmark={value}"), format!("mintmark-device={value}"), format!("mintmark-ticket={value}")] {
                let with = shop.app.get(path).header("accept", "text/html").header("cookie", &said).await;
                assert_eq!((with.status, with.headers("location")), (plain.status, plain.headers("location")), "{path}");
                assert!(!with.headers("set-cookie").iter().any(|line| line.contains("kept")), "{path}");
            }
        }
    }
}
