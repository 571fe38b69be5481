//! Probes, request ids, error bodies and the headers that every answer bears.

use crate::app::{Answer, TestApp};
use axum::{Router, routing::get};
use mintmark::{
    on_each_engine,
    secret::Digest,
    testing::{Engine, fresh},
};
use server::{Context, config::Config};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

on_each_engine! {
    async fn a_living_process_is_ready_until_it_drains(fresh) {
        let mut app = TestApp::start(fresh).await;
        assert_eq!(app.get("/healthz").await.status, 200);
        assert_eq!(app.get("/readyz").await.status, 200);
        drop(app.stop.take());
        app.served.take().expect("serves").await.expect("drains");
        assert!(tokio::net::TcpStream::connect(app.at).await.is_err(), "the listener is closed");
    }
}

on_each_engine! {
    async fn a_process_without_its_database_lives_but_is_not_ready(fresh) {
        let app = TestApp::start(fresh).await;
        app.fresh.core.close().await;
        assert_eq!(app.get("/healthz").await.status, 200);
        let answer = app.get("/readyz").await;
        answer.refused(503, "unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }

    async fn a_clock_that_fell_behind_what_the_database_saw_is_told(fresh) {
        let app = TestApp::start(fresh).await;
        app.fresh.core.accept_clock().await.expect("a write");
        app.fresh.clock.advance(-120_000);
        let answer = app.get("/readyz").await;
        answer.refused(503, "unavailable");
        assert!(answer.text().contains("clock"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_draining_process_says_so_while_it_still_answers() {
    let mut app = TestApp::with(fresh(Engine::Sqlite).await, |config| config.bounds.drain_delay = crate::app::PATIENCE).await;
    drop(app.stop.take());
    while !app.context.is_draining() {
        tokio::task::yield_now().await;
    }
    app.get("/readyz").await.refused(503, "unavailable");
    assert_eq!(app.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn what_is_under_way_finishes_before_the_process_ends() {
    let (enter, mut entered) = tokio::sync::mpsc::channel(1);
    let (leave, left) = tokio::sync::watch::channel(false);
    let routes = Router::<Context>::new().route(
        "/v1/slow",
        get(move || async move {
            let mut left = left.clone();
            let _ = enter.send(()).await;
            let _ = left.wait_for(|left| *left).await;
            "done"
        }),
    );
    let mut app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |_| {}, routes).await;
    let call = tokio::spawn(app.get("/v1/slow").into_future());
    entered.recv().await.expect("the handler runs");
    drop(app.stop.take());
    while tokio::net::TcpStream::connect(app.at).await.is_ok() {
        tokio::task::yield_now().await;
    }
    leave.send(true).expect("the handler waits");
    assert_eq!(call.await.expect("answers").text(), "done");
    app.served.take().expect("serves").await.expect("ends");
}

#[tokio::test]
async fn a_request_id_of_ours_is_kept_and_any_other_replaced() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let given = "req_0123456789abcdef01234567";
    assert_eq!(app.get("/healthz").header("x-request-id", given).await.header("x-request-id"), Some(given));
    for bad in ["req_0123", "evil\tid", "0123456789abcdef01234567", "req_0123456789ABCDEF01234567"] {
        let answer = app.get("/healthz").header("x-request-id", bad).await;
        let id = answer.header("x-request-id").expect("an id");
        assert!(id.starts_with("req_") && id.len() == 28 && id != bad, "{id}");
    }
    let twice = app.get("/healthz").header("x-request-id", given).header("x-request-id", given).await;
    assert_ne!(twice.header("x-request-id"), Some(given));
}

/// WB8: one shape, no inside.
#[tokio::test]
async fn an_unknown_route_and_an_unknown_method_have_the_shape_of_every_error() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    for path in ["/v1/nothing", "/embed/v1/nothing", "/.well-known/nothing"] {
        app.get(path).await.refused(404, "not_found");
    }
    let answer = app.delete("/healthz").header("sec-fetch-site", "same-origin").await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}

/// WB8: a panic answers 500 without its text, and the process lives on.
#[tokio::test]
async fn a_panic_is_a_500_and_ends_nothing() {
    async fn panics() -> &'static str {
        panic!("the secret of the handler");
    }
    let routes = Router::<Context>::new().route("/v1/panics", get(panics).post(panics)).route("/v1/fine", get(|| async { "fine" }));
    let app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |_| {}, routes).await;
    let answer = app.get("/v1/panics").await;
    answer.refused(500, "internal");
    assert!(!answer.text().contains("secret"));
    app.post("/v1/panics").await.refused(500, "internal");
    assert_eq!(app.get("/v1/fine").await.text(), "fine");
}

/// X1: a read ends with the wait for it, a change does not.
#[tokio::test]
async fn a_change_goes_on_past_the_time_of_its_answer() {
    let (go, _) = watch::channel(false);
    let (done, mut heard) = mpsc::unbounded_channel();
    let waits = |method: &'static str| {
        let (mut may_go, done) = (go.subscribe(), done.clone());
        async move || {
            let _ = may_go.wait_for(|go| *go).await;
            let _ = done.send(method);
        }
    };
    let routes = Router::<Context>::new().route("/v1/waits", get(waits("get")).post(waits("post")));
    let short = |config: &mut Config| config.bounds.response_timeout = Duration::from_millis(50);
    let mut app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, short, routes).await;
    app.get("/v1/waits").await.refused(503, "unavailable");
    app.post("/v1/waits").await.refused(503, "unavailable");
    go.send(true).expect("somebody waits");
    assert_eq!(heard.recv().await, Some("post"));
    drop(app.stop.take());
    app.served.take().expect("serves").await.expect("drains");
    assert!(heard.try_recv().is_err(), "the read has ended");
}

fn bears_the_headers(answer: &Answer, what: &str) {
    for (name, part) in [
        ("content-security-policy", "frame-ancestors 'none'"),
        ("content-security-policy", "object-src 'none'"),
        ("content-security-policy", "base-uri 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
        ("cache-control", "no-store"),
        ("x-request-id", "req_"),
    ] {
        assert!(answer.header(name).is_some_and(|value| value.contains(part)), "{what}: {name} {:?}", answer.header(name));
    }
}

/// WB3 and WB7, for JSON, text, 404, 405, 413, 500 and redirects.
#[tokio::test]
async fn every_kind_of_answer_bears_the_security_headers() {
    let routes = Router::<Context>::new()
        .route("/v1/text", get(|| async { "text" }))
        .route("/v1/away", get(|| async { axum::response::Redirect::to("/v1/text") }))
        .route("/v1/panics", get(|| async { std::hint::black_box(None::<&str>).expect("a panic") }));
    let app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |_| {}, routes).await;
    for (path, status) in [("/v1/text", 200), ("/v1/away", 303), ("/v1/panics", 500), ("/v1/none", 404)] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        bears_the_headers(&answer, path);
        assert_eq!(answer.header("strict-transport-security"), None, "{path}: not under http");
    }
    bears_the_headers(&app.post("/v1/text").await, "405");
    bears_the_headers(&app.post("/v1/text").header("content-length", "99999999").await, "413");
}

#[tokio::test]
async fn under_https_browsers_are_told_to_stay_there() {
    let https = server::config::PublicUrl::resolve(Some("https://mint.example"), ([127, 0, 0, 1], 1).into()).expect("a URL");
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| config.public_url = https).await;
    assert_eq!(app.get("/healthz").await.header("strict-transport-security"), Some("max-age=63072000"));
}

#[tokio::test]
async fn metrics_are_shown_to_their_token_only_and_name_routes_without_ids() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    app.get("/metrics").await.refused(404, "not_found");
    let token = "0123456789abcdef0123456789abcdef";
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| config.metrics_token = Some(Digest::of(token.as_bytes()))).await;
    app.get("/metrics").await.refused(401, "missing_token");
    app.get("/metrics").bearer("0123456789abcdef0123456789abcdeg").await.refused(401, "invalid_token");
    app.get("/v1/made-up-by-a-client").await;
    app.call("MADEUP", "/healthz").header("sec-fetch-site", "none").await;
    app.fresh.tenant("counted").await;
    let text = app.get("/metrics").bearer(token).await.text();
    assert!(text.contains("mintmark_http_requests_total{"), "{text}");
    assert!(text.contains("mintmark_events_total{action=\"tenant.created\",outcome=\"success\"}"), "{text}");
    assert!(text.contains("route=\"none\"") && !text.contains("made-up") && !text.contains("MADEUP"), "{text}");
}
