//! Pages as a browser gets them, before it runs anything (WB3, WB8).

use crate::app::TestApp;
use mintmark::testing::{Engine, fresh};
use std::collections::HashSet;

/// WB8: a person sees a page, a program an error, both 404.
#[tokio::test]
async fn what_is_nowhere_is_404_as_a_page_or_as_an_error() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    for path in ["/nowhere", "/t/acme/nowhere", "/favicon.ico"] {
        let answer = app.get(path).header("accept", "text/html").await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")), "{path}");
        assert!(answer.text().contains("Not found"), "{path}");
    }
    for path in ["/v1/nowhere", "/embed/nowhere", "/api/nowhere", "/pkg/nowhere.js", "/pkg/manifest.json", "/.well-known/nowhere"] {
        app.get(path).header("accept", "text/html").await.refused(
            if path.starts_with("/api/") { 405 } else { 404 },
            match path {
                "/api/nowhere" => "method_not_allowed",
                _ => "not_found",
            },
        );
    }
    app.post("/api/nowhere").header("sec-fetch-site", "same-origin").await.refused(404, "not_found");
}

/// WB3: a policy per answer, with a nonce of its own.
#[tokio::test]
async fn each_page_has_a_policy_with_a_fresh_nonce() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let mut nonces = HashSet::new();
    for _ in 0..5 {
        let answer = app.get("/nowhere").await;
        let policy = answer.header("content-security-policy").expect("a policy").to_owned();
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(nonce.len() >= 22, "128 bits in base64: {nonce}");
        assert!(answer.text().contains(&format!("nonce=\"{nonce}\"")), "the page's script bears it");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 5);
}

#[tokio::test]
async fn the_description_of_the_api_is_for_everybody_and_sent_once() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let answer = app.get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert!(answer.json()["paths"]["/healthz"]["get"].is_object());
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let tag = answer.header("etag").expect("a tag");
    let again = app.get("/openapi.json").header("if-none-match", tag).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}
