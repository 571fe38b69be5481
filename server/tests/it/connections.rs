//! How slow a client may be and how many connections it may hold (X4, DS4).

use crate::app::{Answer, PATIENCE, TestApp, read_to_end, short};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    routing::{get, post},
};
use hyper::body::Frame;
use mintmark::testing::{Engine, fresh};
use server::{Context, extract::Json};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
};

/// DS4: a head that never ends, and a connection that never speaks.
#[tokio::test]
async fn half_a_head_and_silence_are_closed() {
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| short(&mut config.bounds)).await;
    let mut half = app.connect().await;
    half.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.expect("sends");
    let mut silent = app.connect().await;
    read_to_end(&mut half).await;
    read_to_end(&mut silent).await;
}

/// DS4
#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let routes = Router::<Context>::new().route("/v1/echo", post(|Json(body): Json<serde_json::Value>| async move { body.to_string() }));
    let app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |config| short(&mut config.bounds), routes).await;
    let mut stream = app.connect().await;
    let head = "POST /v1/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"a\":";
    stream.write_all(head.as_bytes()).await.expect("sends");
    Answer::parse(&read_to_end(&mut stream).await).refused(408, "request_timeout");
}

/// DS4
#[tokio::test]
async fn an_answer_that_does_not_come_is_503() {
    let routes = Router::<Context>::new().route("/v1/never", get(std::future::pending::<&'static str>));
    let app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |config| short(&mut config.bounds), routes).await;
    let answer = app.get("/v1/never").await;
    answer.refused(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

/// A body without end, which tells when it is given up.
struct Endless(Arc<Notify>);

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;
    fn poll_frame(self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static PAGE: [u8; 65_536] = [b'x'; 65_536];
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&PAGE)))))
    }
}

/// DS4: a client that asks for much and reads nothing is given up.
#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let given_up = Arc::new(Notify::new());
    let notify = Arc::clone(&given_up);
    let routes = Router::<Context>::new().route("/v1/endless", get(move || async move { Body::new(Endless(notify.clone())) }));
    let app = TestApp::behind_the_gate(fresh(Engine::Sqlite).await, |config| short(&mut config.bounds), routes).await;
    let mut stream = app.connect().await;
    stream.write_all(b"GET /v1/endless HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sends");
    tokio::time::timeout(PATIENCE, given_up.notified()).await.expect("the answer is given up");
    drop(stream);
}

/// Whether this connection gets an answer; leaves it ready for the next request.
async fn is_alive(stream: &mut TcpStream) -> bool {
    let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let mut some = [0; 1024];
        match tokio::time::timeout(PATIENCE, stream.read(&mut some)).await.expect("an answer or an end") {
            Ok(read) if read > 0 => answer.extend_from_slice(&some[..read]),
            _ => return false,
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

/// DS4
#[tokio::test]
async fn a_client_with_too_many_connections_gets_no_further_one() {
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| config.bounds.connections_per_client = 2).await;
    let (mut one, mut two) = (app.connect().await, app.connect().await);
    assert!(is_alive(&mut one).await && is_alive(&mut two).await);
    assert!(!is_alive(&mut app.connect().await).await);
    assert!(is_alive(&mut one).await, "the others go on");
    drop(two);
    // The place is free once the server has seen the end of the connection.
    while !is_alive(&mut app.connect().await).await {
        tokio::task::yield_now().await;
    }
}

/// DS4
#[tokio::test]
async fn a_trusted_proxy_may_have_as_many_as_there_is_room() {
    let loopback = vec!["127.0.0.0/8".parse().expect("a network")];
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| {
        config.bounds.connections_per_client = 1;
        config.trusted_proxies = server::client::Networks::new(loopback);
    })
    .await;
    let (mut one, mut two) = (app.connect().await, app.connect().await);
    assert!(is_alive(&mut one).await && is_alive(&mut two).await);
}

/// DS4: past the cap a connection waits until there is room.
#[tokio::test]
async fn a_full_house_takes_the_next_when_one_leaves() {
    let app = TestApp::with(fresh(Engine::Sqlite).await, |config| config.bounds.connections = 1).await;
    let mut one = app.connect().await;
    assert!(is_alive(&mut one).await);
    let mut waiting = app.connect().await;
    assert!(is_alive(&mut one).await, "only the one that was there is served");
    drop(one);
    assert!(is_alive(&mut waiting).await);
}
