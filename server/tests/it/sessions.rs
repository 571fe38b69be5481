//! The dashboard's session over HTTP: its cookie, its beginning, its end (SE1, SE2, SE3).

use crate::{app::TestApp, browser::Browser};
use mintmark::{
    on_each_engine,
    testing::{Engine, PASSWORD, fresh},
};
use server::config::PublicUrl;

const CREDENTIALS: [(&str, &str); 2] = [("email", "owner@acme.example"), ("password", PASSWORD)];

/// SE1
#[tokio::test]
async fn the_cookie_is_bound_to_its_host_and_out_of_reach_of_scripts() {
    for (https, name) in [(false, "mintmark"), (true, "__Host-mintmark")] {
        let fresh = fresh(Engine::Sqlite).await;
        fresh.tenant("acme").await;
        let app = TestApp::with(fresh, |config| {
            if https {
                config.public_url = PublicUrl::resolve(Some("https://mint.example"), config.listen).expect("a URL");
            }
        })
        .await;
        let answer = Browser::new(&app).send("sign_in", &CREDENTIALS).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let lines = answer.headers("set-cookie");
        let line = lines.iter().find(|line| line.starts_with(&format!("{name}="))).unwrap_or_else(|| panic!("{name}: {lines:?}"));
        for line in &lines {
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"), "{line}");
            assert!(!line.contains("Domain"), "{line}");
            assert_eq!(line.contains("Secure"), https, "{line}");
            assert_eq!(line.starts_with("__Host-"), https, "{line}");
        }
        assert!(!line.contains("Max-Age") && !line.contains("Expires"), "the row says when it ends: {line}");
        let value = line.split(['=', ';']).nth(1).expect("a value");
        assert_eq!(value.len(), 22, "128 random bits: {value}");
    }
}

on_each_engine! {
    /// SE2
    async fn a_planted_cookie_is_never_adopted(fresh) {
        fresh.tenant("acme").await;
        let app = TestApp::start(fresh).await;
        let planted = "AAAAAAAAAAAAAAAAAAAAAA";
        let mut browser = Browser::new(&app);
        browser.jar.insert("mintmark".to_owned(), planted.to_owned());
        assert_eq!(browser.send("sign_in", &CREDENTIALS).await.status, 200);
        let first = browser.jar["mintmark"].clone();
        assert_ne!(first, planted);
        let mut thief = Browser::new(&app);
        thief.jar.insert("mintmark".to_owned(), planted.to_owned());
        thief.send("confirm_with_password", &[("tenant", "acme"), ("password", PASSWORD), ("return_to", "")]).await.refused(401, "sign_in_required");

        assert_eq!(browser.send("sign_in", &CREDENTIALS).await.status, 200);
        assert_ne!(browser.jar["mintmark"], first);
        thief.jar.insert("mintmark".to_owned(), first);
        thief.send("confirm_with_password", &[("tenant", "acme"), ("password", PASSWORD), ("return_to", "")]).await.refused(401, "sign_in_required");
    }

    /// SE2: presence proved anew is a new cookie; the one before is worth nothing.
    async fn the_cookie_changes_when_presence_is_proved(fresh) {
        fresh.tenant("acme").await;
        let app = TestApp::start(fresh).await;
        let mut browser = Browser::new(&app);
        browser.send("sign_in", &CREDENTIALS).await;
        let before = browser.jar["mintmark"].clone();
        let proof = [("tenant", "acme"), ("password", PASSWORD), ("return_to", "")];
        assert_eq!(browser.send("confirm_with_password", &proof).await.status, 200);
        assert_ne!(browser.jar["mintmark"], before);
        assert_eq!(browser.send("confirm_with_password", &proof).await.status, 200, "the new one is the session");
        browser.jar.insert("mintmark".to_owned(), before);
        browser.send("confirm_with_password", &proof).await.refused(401, "sign_in_required");
    }

    /// SE3
    async fn signing_out_ends_the_session_here_and_in_the_browser(fresh) {
        fresh.tenant("acme").await;
        let app = TestApp::start(fresh).await;
        let mut browser = Browser::new(&app);
        browser.send("sign_in", &CREDENTIALS).await;
        let cookie = browser.jar["mintmark"].clone();
        let answer = browser.submit("sign_out", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (302, Some("/sign-in")));
        assert!(answer.header("clear-site-data").is_some_and(|what| what.contains("\"storage\"")));
        assert!(!browser.jar.contains_key("mintmark"), "{:?}", browser.jar);
        assert!(browser.jar.contains_key("mintmark-device"), "the device stays known");
        browser.jar.insert("mintmark".to_owned(), cookie);
        browser.send("confirm_with_password", &[("tenant", "acme"), ("password", PASSWORD), ("return_to", "")]).await.refused(401, "sign_in_required");
    }
}

/// SE1: a session opens the dashboard and nothing else.
#[tokio::test]
async fn no_other_surface_reads_or_writes_the_cookie() {
    let fresh = fresh(Engine::Sqlite).await;
    fresh.tenant("acme").await;
    let app = TestApp::start(fresh).await;
    let mut browser = Browser::new(&app);
    browser.send("sign_in", &CREDENTIALS).await;
    for path in ["/v1/me", "/v1/organizations", "/widget/session", "/healthz", "/openapi.json", "/.well-known/jwks.json", "/pkg/app.js"] {
        let answer = browser.open(path).await;
        assert!(answer.headers("set-cookie").is_empty(), "{path}");
        assert_ne!((answer.status, path), (200, "/v1/me"));
        assert_ne!((answer.status, path), (200, "/v1/organizations"));
    }
}
