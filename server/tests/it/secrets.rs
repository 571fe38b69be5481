//! Known secrets are looked for in everything that leaves the house (WB6, RV8).

use crate::{
    access::routes::ROWS,
    app::Answer,
    browser::Browser,
    house::{Caller, House},
};
use base64::{Engine as _, prelude::*};
use mintmark::{
    EmbedKeyId, Location, ProductId, Role,
    bridge::BridgeAlgorithm,
    invitation::NewInvitation,
    secret::{Digest, hex},
    testing::{Engine, PAGE, PASSWORD, bridge_token, fresh},
};
use serde_json::json;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::filter::LevelFilter;

/// A secret and the forms in which it might slip out.
struct Canary {
    name: &'static str,
    forms: Vec<String>,
}

impl Canary {
    fn new(name: &'static str, secret: &str) -> Self {
        assert!(secret.len() >= 16, "{name}: short enough to be met by chance");
        let bytes = secret.as_bytes();
        let forms = vec![
            secret.to_owned(),
            BASE64_STANDARD_NO_PAD.encode(bytes),
            BASE64_URL_SAFE_NO_PAD.encode(bytes),
            hex(bytes),
            url::form_urlencoded::byte_serialize(bytes).collect(),
        ];
        Self { name, forms }
    }

    #[track_caller]
    fn is_not_in(&self, text: &str, place: &str) {
        for form in &self.forms {
            assert!(!text.contains(form.as_str()), "{} is in {place}", self.name);
        }
    }
}

/// What was logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a customer chose, and what one wrote.
const CHOSEN: &str = "copper heron counts the tides";
const WRITTEN: &str = "a canary that somebody wrote to the shop";

const METRICS: &str = "0123456789abcdef0123456789abcdef";

/// What a backend is told that sends its secret and its user's token where they do not belong.
async fn refused_with(house: &House, product: &str, secret: &str, identity: &str) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let right = json!({ "product_id": product, "verification_secret": secret, "user_id": "u" });
    for (wrong, value) in [("user_id", json!(7)), ("surplus", json!(secret)), ("product_id", json!(identity))] {
        let mut body = right.clone();
        body[wrong] = value;
        let answer = house.app.post("/v1/auth/user-token").json(&body).await;
        assert!(answer.status >= 400);
        said.push((format!("user-token {}", answer.status), answer.text()));
    }
    for path in ["/v1/introspect", "/v1/revoke"] {
        let form = crate::access::form(&[("token", identity), ("surplus", secret)]);
        let answer = house.backend("POST", path).text("application/x-www-form-urlencoded", &form).await;
        said.push((format!("{path} {}", answer.status), answer.text()));
    }
    said
}

/// Signs up with the password, and tries to sign in with it.
async fn chosen_by_a_customer(house: &House, key: &str) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for (path, status) in [("sign-up", 202), ("password", 401)] {
        let origin: String = url::form_urlencoded::byte_serialize(PAGE.as_bytes()).collect();
        let path = format!("/popup/{path}?key={key}&origin={origin}");
        let proof = json!({ "email": "new@customer.example", "password": CHOSEN });
        let answer = house.app.post(&path).header("sec-fetch-site", "same-origin").json(&proof).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        said.push((path, answer.text()));
    }
    said
}

/// Switches passwords on and writes to the product; answers the conversation's token.
async fn written_by_a_customer(house: &House, product: &str, key: &str) -> String {
    let on = json!({ "sign_in": true, "passwords": true, "anyone_may_sign_in": true });
    assert_eq!(house.backend("PATCH", &format!("/v1/products/{product}")).json(&on).await.status, 200);
    let message = house.app.post(&format!("/embed/v1/messages?key={key}")).header("origin", PAGE).json(&json!({ "text": WRITTEN })).await;
    message.json()["conversation_token"].as_str().expect("a token").to_owned()
}

/// A browser keeps who signed in, and restores them: what its cookie held, and what it holds.
async fn kept_by_a_browser(house: &House, product: &ProductId, key: &EmbedKeyId) -> [String; 2] {
    house.acme.keep_signed_in(product, true).await;
    let started = house.acme.signed_in(key, "kept@customer.example").await;
    let origin: String = url::form_urlencoded::byte_serialize(PAGE.as_bytes()).collect();
    let post = |path: &str| house.app.post(&format!("/popup/{path}?key={key}&origin={origin}")).header("sec-fetch-site", "same-origin");
    let held = |answer: &Answer| answer.header("set-cookie").and_then(|line| line.split(';').next()).expect("a cookie").to_owned();
    let first = held(&post("keep").json(&json!({ "token": started.token.reveal() })).await);
    let next = held(&post("restore").header("cookie", &first).json(&json!({})).await);
    [first, next].map(|pair| pair.split_once('=').expect("a value").1.to_owned())
}

/// WB6
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one secret after another, then one place after another")]
async fn no_secret_leaves_the_house_but_in_the_one_answer_that_shows_it() {
    let log = Log::default();
    let written = log.clone();
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).with_writer(move || log.clone()).init();
    let house = House::with(fresh(Engine::Sqlite).await, |config| config.metrics_token = Some(Digest::of(METRICS.as_bytes()))).await;

    let mut browser = Browser::new(&house.app);
    assert_eq!(browser.send("sign_in", &[("email", &house.acme.owner.email), ("password", PASSWORD)]).await.status, 200);
    let bought = house.app.post("/v1/sessions").json(&json!({ "email": house.acme.owner.email, "password": PASSWORD })).await.json();
    let dashboard = bought["token"].as_str().expect("a token").to_owned();
    let minted = house.backend("POST", "/v1/widget-tokens").json(&house.mint_body()).await.json();
    let widget = minted["token"].as_str().expect("a token").to_owned();
    let asked = NewInvitation { email: "guest@acme.example".to_owned(), role: Role::Admin, organization_id: None };
    let invitation = house.acme.owner().await.create_invitation(asked).await.expect("an invitation").url.reveal().to_owned();
    let invitation = invitation.rsplit('=').next().expect("a secret").to_owned();
    let product = house.acme.product().await;
    let (embed, bridge) = (house.acme.embed_key(&product).await, house.acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
    let pair = house.acme.bridge_key(&product, BridgeAlgorithm::Es256).await;
    let private = pair.private_key.as_ref().expect("made here").reveal().lines().nth(1).expect("base64").to_owned();
    let bridge_token = bridge_token(&bridge, &house.acme.vouches("u"));
    let started = house.acme.exchange(&embed, bridge_token.clone()).await.expect("a session");
    let session = started.token.reveal();
    let vs = house.acme.verification_secret(&product).await;
    let identity = house.acme.identity(&product, &vs.secret, "u").await.expect("a token").token;
    let conversation = written_by_a_customer(&house, product.as_str(), embed.id.as_str()).await;
    let [kept, next] = kept_by_a_browser(&house, &product, &embed.id).await;
    let signature = |token: &str| token.rsplit('.').next().expect("a signature").to_owned();
    let foreign = foreign_token();
    let canaries = [
        Canary::new("the pasted token's signature", &signature(&foreign)),
        Canary::new("the pasted token's claims", "a canary that nobody signed"),
        Canary::new("the password", PASSWORD),
        Canary::new("the session cookie", &browser.jar["mintmark"]),
        Canary::new("the device's mark", &browser.jar["mintmark-device"]),
        Canary::new("the API key", house.key.reveal()),
        Canary::new("the API key's hash", &Digest::of(house.key.reveal().as_bytes()).to_hex()),
        Canary::new("the widget token", &widget),
        Canary::new("the widget token's signature", &signature(&widget)),
        Canary::new("the dashboard token", &dashboard),
        Canary::new("the dashboard token's signature", &signature(&dashboard)),
        Canary::new("the invitation's secret", &invitation),
        Canary::new("the bridge secret", bridge.secret.as_ref().expect("made here").reveal()),
        Canary::new("the bridge key's private half", &private),
        Canary::new("the bridge token's signature", &signature(&bridge_token)),
        Canary::new("the session token's signature", &signature(session)),
        Canary::new("the verification secret", vs.secret.reveal()),
        Canary::new("the verification secret's hash", &Digest::of(vs.secret.reveal().as_bytes()).to_hex()),
        Canary::new("the identity token's signature", &signature(identity.reveal())),
        Canary::new("the conversation token", &conversation),
        Canary::new("the token that a browser kept", &kept),
        Canary::new("the token that a browser keeps", &next),
        Canary::new("the customer's password", CHOSEN),
        Canary::new("the master key", &house.app.fresh.master_key().to_text()),
    ];

    let mut said = Vec::new();
    for row in ROWS.iter().filter(|row| row.route.starts_with("GET ")) {
        let path = row.target.path(&house, row.route.trim_start_matches("GET ")).await + row.query;
        for caller in Caller::ALL {
            let answer = house.call(caller, "GET", &path).await.await;
            said.push((format!("{} to {caller:?}", row.route), format!("{answer:?}\n{}", answer.text())));
        }
    }
    // What is refused repeats nothing of what was sent, and neither does the log.
    for body in [
        json!({ "email": house.acme.owner.email, "password": PASSWORD, "surplus": house.key.reveal() }),
        json!({ "email": PASSWORD, "password": [house.key.reveal()] }),
        json!({ "email": "nobody@acme.example", "password": PASSWORD, "code": house.key.reveal() }),
        json!({ "email": house.acme.owner.email, "password": PASSWORD, "tenant": house.key.reveal() }),
    ] {
        let answer = house.app.post("/v1/sessions").json(&body).await;
        assert!(answer.status >= 400);
        said.push((format!("the refusal {}", answer.status), answer.text()));
    }
    said.extend(chosen_by_a_customer(&house, embed.id.as_str()).await);
    for path in ["/v1/me", "/widget/session", "/embed/v1/me", "/embed/v1/messages", "/v1/auth/token/verify", "/v1/nothing"] {
        for credential in [
            house.key.reveal(),
            &dashboard,
            &widget,
            &invitation,
            &conversation,
            &next,
            PASSWORD,
            session,
            &bridge_token,
            identity.reveal(),
            vs.secret.reveal(),
        ] {
            let answer = house.page(credential, path).header("idempotency-key", house.key.reveal()).await;
            said.push((format!("{path} {}", answer.status), answer.text()));
        }
    }
    for pasted in [&widget, &dashboard, session, &bridge_token, &foreign, house.key.reveal()] {
        said.extend(inspect(&mut browser, pasted, pasted == house.key.reveal()).await);
    }
    said.extend(refused_with(&house, product.as_str(), vs.secret.reveal(), identity.reveal()).await);
    house.page(&widget, "/widget/session").header("cookie", &format!("mintmark={}", browser.jar["mintmark"])).await;
    for page in leptos_axum::generate_route_list(app::App) {
        let path = page.path().replace(":tenant", "acme").replace(":slug", "acme").replace("{tenant}", "acme").replace("{slug}", "acme");
        let answer = browser.open(&path).await;
        said.push((format!("the page {path}"), answer.text()));
    }
    let metrics = house.app.get("/metrics").bearer(METRICS).await;
    assert_eq!(metrics.status, 200);
    said.push(("the metrics".to_owned(), metrics.text()));
    house.app.fresh.core.flush_refusals().await.expect("written");
    house.app.fresh.core.flush_uses().await.expect("written");
    let log = String::from_utf8_lossy(&written.0.lock().expect("the log")).into_owned();
    assert!(log.contains("TRACE") && log.contains("/v1/sessions"), "the log was listened to");
    Canary::new("a customer's message", WRITTEN).is_not_in(&log, "the log");
    said.push(("the log".to_owned(), log));

    let database = database(&house.app.fresh.location);
    for canary in canaries.iter().filter(|canary| canary.name.contains("token")) {
        canary.is_not_in(&database, "the database");
    }
    for (place, text) in &said {
        for canary in &canaries {
            canary.is_not_in(text, place);
        }
    }
    assert!(said.len() > 150, "{}", said.len());
}

/// A JWT that nobody here signed, for this tenant or any other.
fn foreign_token() -> String {
    let header = json!({ "alg": "ES256", "typ": "widget+jwt", "kid": "key_0123456789abcdef01234567" });
    let claims = json!({ "sub": "a canary that nobody signed" });
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(&header.to_string()), part(&claims.to_string()), part("not the signature of anybody"))
}

/// What is pasted into the inspector is judged and forgotten, whatever it is; a secret that is no token is not even judged.
async fn inspect(browser: &mut Browser<'_>, pasted: &str, refused: bool) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for origin in ["https://app.acme.com", "https://evil.example"] {
        let fields = [("tenant", "acme"), ("token", pasted), ("origin", origin), ("path", "/widget/sso-connection")];
        let answer = browser.send("inspect_token", &fields).await;
        assert_eq!(answer.status, if refused { 422 } else { 200 }, "{}", answer.text());
        said.push((format!("the inspector {}", answer.status), answer.text()));
    }
    said
}

/// All that is on disk, as it stands there.
fn database(location: &Location) -> String {
    let Location::Sqlite(path) = location else { panic!("this test is on SQLite") };
    let files = [path.clone(), path.with_extension("db-wal")];
    let text: String = files.iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned()).collect();
    assert!(text.contains("widget_token.minted"), "the database was read");
    text
}
