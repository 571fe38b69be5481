//! How large and how strange a request may be (DS1, DS2, DS3, WB2, WB9).

use crate::app::TestApp;
use axum::{
    Router,
    routing::{get, post},
};
use mintmark::testing::{Engine, fresh};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{
    Context,
    extract::{Json, Query},
};

#[derive(Deserialize)]
struct Body {
    name: String,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Page {
    limit: Option<u32>,
}

async fn app() -> TestApp {
    let routes = Router::<Context>::new()
        .route("/v1/echo", post(|Json(body): Json<Body>| async move { format!("{} {}", body.name, body.metadata) }))
        .route("/v1/optional", post(|body: Option<Json<Body>>| async move { if body.is_some() { "some" } else { "none" } }))
        .route("/v1/page", get(|Query(page): Query<Page>| async move { page.limit.unwrap_or(50).to_string() }))
        // A handler that turns a body's fault into an error of its own, as server functions do.
        .route("/v1/text", post(|body: Result<String, axum::extract::rejection::StringRejection>| async move { body.map_err(|_| axum::http::StatusCode::INTERNAL_SERVER_ERROR) }));
    TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |_| {}, routes).await
}

/// So many pieces of text, one after another.
fn numbered(many: u32, piece: impl Fn(u32) -> String) -> String {
    (0..many).map(piece).collect::<Vec<_>>().concat()
}

/// DS1
#[tokio::test]
async fn a_body_over_64_kib_is_413_with_a_length_and_without() {
    let app = app().await;
    let fits = json!({ "name": "x".repeat(65_536 - 11) });
    assert_eq!(fits.to_string().len(), 65_536);
    assert_eq!(app.post("/v1/echo").json(&fits).await.status, 200);
    app.post("/v1/echo").json(&json!({ "name": "x".repeat(65_536 - 10) })).await.refused(413, "body_too_large");
    // As large as a page's upload by mistake: whoever is still sending gets the answer, and not a broken pipe.
    app.post("/v1/echo").json(&json!({ "name": "x".repeat(1024 * 1024) })).await.refused(413, "body_too_large");
    let chunk = format!("{:x}\r\n{}\r\n", 20_000, "x".repeat(20_000));
    for path in ["/v1/echo", "/v1/text"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
        let answer = app.raw(format!("{head}{}0\r\n\r\n", chunk.repeat(4)).as_bytes()).await;
        answer.refused(413, "body_too_large");
        assert_eq!(answer.header("connection"), Some("close"));
    }
}

/// DS1
#[tokio::test]
async fn a_compressed_body_is_415() {
    let app = app().await;
    for encoding in ["gzip", "br", "zstd", "deflate", "identity, gzip"] {
        app.post("/v1/echo").header("content-encoding", encoding).json(&json!({})).await.refused(415, "unsupported_media_type");
    }
    assert_eq!(app.post("/v1/echo").header("content-encoding", "identity").json(&json!({ "name": "a" })).await.status, 200);
}

/// DS3
#[tokio::test]
async fn large_heads_are_refused_and_the_connection_closes() {
    let app = app().await;
    app.get(&format!("/v1/page?limit={}", "1".repeat(9_000))).await.refused(414, "uri_too_long");
    let one = format!("x-a: {}\r\n", "x".repeat(64 * 1024));
    let many = numbered(10_000, |n| format!("x-{n}: y\r\n"));
    let hundred = numbered(150, |n| format!("x-{n}: y\r\n"));
    for headers in [one, many, hundred] {
        let answer = app.raw(format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n").as_bytes()).await;
        assert_eq!(answer.status, 431);
    }
    let answer = app.raw(format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(64 * 1024)).as_bytes()).await;
    assert!(matches!(answer.status, 414 | 431), "{}", answer.status);
}

/// WB2
#[tokio::test]
async fn json_is_read_from_application_json_only() {
    let app = app().await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=latin1",
    ] {
        app.post("/v1/echo").text(kind, r#"{"name":"a"}"#).await.refused(415, "unsupported_media_type");
    }
    app.post("/v1/echo").await.refused(415, "unsupported_media_type");
    for kind in ["application/json", "Application/JSON; charset=UTF-8"] {
        assert_eq!(app.post("/v1/echo").text(kind, r#"{"name":"a"}"#).await.text(), "a null");
    }
    assert_eq!(app.post("/v1/optional").await.text(), "none");
    assert_eq!(app.post("/v1/optional").json(&json!({ "name": "a" })).await.text(), "some");
    app.post("/v1/optional").json(&json!({ "nam": "a" })).await.refused(422, "unknown_field");
}

/// WB2: methods that nobody declared, and TRACE, which echoes credentials.
#[tokio::test]
async fn undeclared_methods_are_405() {
    let app = app().await;
    for method in ["GET", "PUT", "PATCH", "DELETE", "TRACE", "MADEUP"] {
        app.call(method, "/v1/echo").await.refused(405, "method_not_allowed");
    }
}

/// DS2
#[tokio::test]
async fn hostile_json_is_4xx_and_names_the_field_where_there_is_one() {
    let app = app().await;
    let send = async |body: &str| app.post("/v1/echo").text("application/json", body).await;
    let deep = format!("{{\"name\":\"a\",\"metadata\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    send(&deep).await.refused(400, "unparsable");
    let wide = numbered(6_000, |n| format!("\"k{n}\":1,"));
    send(&format!("{{{wide}\"name\":\"a\"}}")).await.refused(422, "unknown_field");
    let number = format!("{{\"name\":\"a\",\"metadata\":{}}}", "9".repeat(60_000));
    assert!(send(&number).await.status < 500);
    for (body, status, code) in [
        ("", 400, "unparsable"),
        ("{", 400, "unparsable"),
        ("{\"name\":\"a\"}{}", 400, "unparsable"),
        ("{\"name\":\"\u{1}\"}", 400, "unparsable"),
        ("[\"a\",null]", 422, "invalid_field"),
        ("{\"name\":\"\\u0000\"}", 422, "invalid_field"),
        ("{\"name\":\"a\",\"name\":\"b\"}", 422, "invalid_field"),
        ("{\"name\":1}", 422, "invalid_field"),
        ("{}", 422, "missing_field"),
        ("{\"name\":\"a\",\"role\":\"owner\"}", 422, "unknown_field"),
    ] {
        send(body).await.refused(status, code);
    }
    let answer = send("{\"name\":\"a\",\"role\":\"owner\"}").await;
    assert_eq!(answer.json()["field"], "role");
}

#[tokio::test]
async fn unknown_and_wrong_query_parameters_are_422() {
    let app = app().await;
    assert_eq!(app.get("/v1/page?limit=7").await.text(), "7");
    app.get("/v1/page?limits=7").await.refused(422, "unknown_field");
    app.get("/v1/page?limit=x").await.refused(422, "invalid_field");
    app.get("/v1/page?limit=1&limit=2").await.refused(422, "invalid_field");
}

/// WB9, without a proxy: what proxies frame differently is refused. hyper hides a length beside chunks from us; that one is read by its
/// chunks and the connection closes, as RFC 9112, section 6.1 asks. Nothing that follows is ever read.
#[tokio::test]
async fn ambiguous_framing_never_yields_a_second_request() {
    let app = app().await;
    let smuggled = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for head in [
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding:\u{b}chunked\r\n",
        "transfer-encoding : chunked\r\n",
        "content-length : 4\r\n",
        "content-length: 0x4\r\n",
        "content-length:\r\n",
        "x: a\rcontent-length: 4\r\n",
        "x: a\0\r\n",
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: +4\r\n",
        "content-length: 4, 4\r\n",
        "x: a\r\n folded\r\n",
        "host: y\r\n",
    ] {
        let request = format!("POST /v1/text HTTP/1.1\r\nhost: x\r\n{head}\r\n0\r\n\r\n{smuggled}");
        let answer = app.raw(request.as_bytes()).await;
        assert_eq!(answer.status, 400, "{head:?}: {}", answer.text());
        assert!(!answer.text().contains("alive"), "{head:?}: {}", answer.text());
    }
    for head in [
        "transfer-encoding: chunked\r\n",
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let request = format!("POST /v1/text HTTP/1.1\r\nhost: x\r\n{head}\r\n0\r\n\r\n{smuggled}");
        let answer = app.raw(request.as_bytes()).await;
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")), "{head:?}");
        assert_eq!(answer.text(), "", "{head:?}");
    }
    assert_eq!(app.raw(b"GET /healthz HTTP/1.1\r\n\r\n").await.status, 400);
}
