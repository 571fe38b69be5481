//! What browsers may send and read: cross-site requests, CORS, widget tokens in the wrong place (X6, WB1, OR4, JW8).

use crate::app::TestApp;
use axum::{
    Router,
    http::{HeaderValue, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use mintmark::testing::{Engine, fresh};
use server::{Context, cors::CheckedOrigin};

const PAGE: &str = "https://app.acme.com";

async fn app() -> TestApp {
    let checked = || async {
        let mut response = "yours".into_response();
        response.extensions_mut().insert(CheckedOrigin(HeaderValue::from_static(PAGE)));
        response
    };
    let not_modified = || async {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.extensions_mut().insert(CheckedOrigin(HeaderValue::from_static(PAGE)));
        response
    };
    let routes = Router::<Context>::new()
        .route("/widget/checked", get(checked))
        .route("/widget/unchecked", get(|| async { "unchecked" }))
        .route("/widget/away", get(|| async { axum::response::Redirect::to("/") }))
        .route("/widget/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/embed/v1/config", get(not_modified))
        .route("/v1/things", get(|| async { "things" }).post(|| async { "made" }))
        .route("/.well-known/jwks.json", get(|| async { "keys" }))
        .route("/api/change", post(|| async { "changed" }))
        .route("/page", get(|| async { "page" }));
    TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |_| {}, routes).await
}

/// WB1
#[tokio::test]
async fn an_unsafe_request_of_another_site_is_refused_wherever_a_cookie_might_come_along() {
    let app = app().await;
    let foreign: [&[(&str, &str)]; 9] = [
        &[],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://127.0.0.1")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", app.origin.as_str())],
        &[("sec-fetch-site", "")],
        &[("referer", app.origin.as_str())],
    ];
    for headers in foreign {
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"] {
            let mut call = app.post("/api/change");
            for (name, value) in headers {
                call = call.header(name, value);
            }
            call.text(kind, "{}").await.refused(403, "cross_site");
        }
        for method in ["PUT", "PATCH", "DELETE", "MADEUP"] {
            let mut call = app.call(method, "/page");
            for (name, value) in headers {
                call = call.header(name, value);
            }
            call.await.refused(403, "cross_site");
        }
    }
    for (name, value) in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", app.origin.as_str())] {
        assert_eq!(app.post("/api/change").header(name, value).await.text(), "changed");
    }
    assert_eq!(app.get("/page").header("sec-fetch-site", "cross-site").await.status, 200, "links from elsewhere work");
    assert_eq!(app.post("/v1/things").header("sec-fetch-site", "cross-site").await.text(), "made", "no cookie is read there");
}

/// WB1: `Host` is what the client says; the public URL is what the operator said.
#[tokio::test]
async fn an_origin_that_equals_the_host_header_is_still_another_site() {
    let app = app().await;
    let answer =
        app.raw(b"POST /api/change HTTP/1.1\r\nhost: evil.example\r\norigin: http://evil.example\r\nconnection: close\r\n\r\n").await;
    answer.refused(403, "cross_site");
}

/// OR4
#[tokio::test]
async fn a_preflight_is_told_yes_without_a_token() {
    let app = app().await;
    for path in ["/widget/checked", "/widget/nothing", "/embed/v1/config"] {
        let answer = app.call("OPTIONS", path).header("origin", PAGE).header("access-control-request-method", "GET").await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        assert_eq!(answer.header("access-control-allow-headers"), Some("authorization, content-type"));
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
        assert!(answer.header("access-control-allow-methods").is_some_and(|methods| methods.contains("GET")));
        let null = app.call("OPTIONS", path).header("origin", "null").await;
        assert_eq!((null.status, null.header("access-control-allow-origin")), (204, None));
    }
}

/// OR4
#[tokio::test]
async fn errors_are_readable_anywhere_and_successes_only_where_it_was_checked() {
    let app = app().await;
    let evil = "https://evil.example";
    for (path, origin, status, reader) in [
        ("/widget/checked", Some(PAGE), 200, Some(PAGE)),
        ("/widget/checked", Some(evil), 200, None),
        ("/widget/checked", None, 200, None),
        ("/widget/unchecked", Some(PAGE), 200, None),
        ("/widget/away", Some(PAGE), 303, None),
        ("/widget/broken", Some(evil), 500, Some(evil)),
        ("/widget/nothing", Some(evil), 404, Some(evil)),
        ("/widget/nothing", Some("null"), 404, None),
        ("/embed/v1/config", Some(PAGE), 304, Some(PAGE)),
        ("/embed/v1/config", Some(evil), 304, None),
    ] {
        let call = app.get(path);
        let answer = if let Some(origin) = origin { call.header("origin", origin) } else { call }.await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, reader), "{path} {origin:?}");
        assert_eq!(answer.header("vary"), Some("origin"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        if reader.is_some() {
            assert_eq!(answer.header("access-control-expose-headers"), Some("x-request-id, retry-after, etag"));
        }
    }
}

/// OR4
#[tokio::test]
async fn public_keys_are_for_everybody_and_management_for_no_page() {
    let app = app().await;
    let keys = app.get("/.well-known/jwks.json").header("origin", PAGE).await;
    assert_eq!(keys.header("access-control-allow-origin"), Some("*"));
    for path in ["/v1/things", "/page", "/healthz", "/v1/nothing"] {
        let answer = app.get(path).header("origin", PAGE).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        let preflight = app.call("OPTIONS", path).header("origin", PAGE).header("access-control-request-method", "GET").await;
        assert_eq!(preflight.header("access-control-allow-origin"), None, "{path}");
    }
}

/// JW8 (A35): before routing, so it does not matter whether there is a route.
#[tokio::test]
async fn a_widget_token_elsewhere_is_403_whatever_the_route() {
    let app = app().await;
    let bearer = |head: &str| format!("{}.e30.c2ln", BASE64_URL_SAFE_NO_PAD.encode(head));
    let token = bearer(r#"{"alg":"ES256","typ":"widget+jwt","kid":"key_1"}"#);
    for path in ["/v1/things", "/v1/nothing", "/page", "/healthz", "/.well-known/jwks.json", "/embed/v1/config", "/"] {
        app.get(path).bearer(&token).await.refused(403, "widget_token_not_allowed_here");
        assert_ne!(app.call("OPTIONS", path).bearer(&token).await.status, 403, "{path}");
    }
    for head in [r#"{"typ":"Widget+JWT"}"#, r#"{"typ":"application/widget+jwt"}"#] {
        app.get("/v1/things").bearer(&bearer(head)).await.refused(403, "widget_token_not_allowed_here");
    }
    app.get("/v1/things").header("authorization", &format!("bearer  {token}")).await.refused(403, "widget_token_not_allowed_here");
    assert_eq!(app.get("/v1/things").bearer(&bearer(r#"{"typ":"session+jwt"}"#)).await.status, 200);
    assert_eq!(app.get("/widget/unchecked").bearer(&token).await.status, 200);
}
