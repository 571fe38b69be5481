//! `TestApp`: the real process on port 0, and a client that sends exactly what it is told.
//!
//! ```
//! let app = TestApp::start(fresh).await;
//! let answer = app.post("/v1/organizations").bearer(&key).json(&json!({ "name": "Acme" })).await;
//! assert_eq!(answer.status, 201);
//! ```

use axum::Router;
use mintmark::testing::Fresh;
use serde::Serialize;
use serde_json::Value;
use server::{
    Context,
    config::{Bounds, Config},
    gated,
    settings::Settings,
};
use std::{net::SocketAddr, pin::Pin, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

/// A running process; it drains when dropped.
pub struct TestApp {
    pub at: SocketAddr,
    /// The public URL's origin.
    pub origin: String,
    pub fresh: Fresh,
    pub context: Context,
    pub stop: Option<oneshot::Sender<()>>,
    pub served: Option<JoinHandle<()>>,
}

impl TestApp {
    /// With the settings of a newcomer.
    pub async fn start(fresh: Fresh) -> Self {
        Self::with(fresh, |_| {}).await
    }

    /// With other settings.
    pub async fn with(fresh: Fresh, change: impl FnOnce(&mut Config)) -> Self {
        Self::routes(fresh, change, server::router).await
    }

    /// The preview's listener alone.
    pub async fn preview(fresh: Fresh, change: impl FnOnce(&mut Config)) -> Self {
        Self::routes(fresh, change, server::preview::router).await
    }

    /// With other routes behind the same gate.
    pub async fn behind_the_gate(fresh: Fresh, change: impl FnOnce(&mut Config), routes: Router<Context>) -> Self {
        Self::routes(fresh, change, |context| gated(context, routes)).await
    }

    async fn routes(fresh: Fresh, change: impl FnOnce(&mut Config), routes: impl FnOnce(&Context) -> Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let mut config = Config::resolve(Settings { listen: Some(at), ..Settings::default() }).expect("defaults are settings");
        change(&mut config);
        let context = Context::new(fresh.core.clone(), config);
        let (stop, stopped) = oneshot::channel();
        let (everything, running) = (routes(&context), context.clone());
        let served = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            server::serve(listener, everything, &running, shutdown).await;
        });
        Self { at, origin: context.origin.clone(), fresh, context, stop: Some(stop), served: Some(served) }
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    /// Any method on any path.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let head = vec![format!("{method} {path} HTTP/1.1"), format!("host: {}", self.at), "connection: close".to_owned()];
        Call { at: self.at, head, body: Vec::new() }
    }

    /// A connection that has sent nothing yet.
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.at).await.expect("connects")
    }

    /// Sends these bytes as they are and reads until the server closes.
    pub async fn raw(&self, bytes: &[u8]) -> Answer {
        exchange(self.at, bytes).await
    }
}

/// A request that is sent when awaited.
pub struct Call {
    at: SocketAddr,
    head: Vec<String>,
    body: Vec<u8>,
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push(format!("{name}: {value}"));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn json(self, body: &impl Serialize) -> Self {
        self.text("application/json", &serde_json::to_string(body).expect("serialises"))
    }

    /// A body whose length and kind are the headers' business.
    pub fn body(mut self, bytes: &[u8]) -> Self {
        self.body = bytes.to_vec();
        self
    }

    /// A body of any content type.
    pub fn text(mut self, kind: &str, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        let length = self.body.len();
        self.header("content-type", kind).header("content-length", &length.to_string())
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        let mut bytes = self.head.join("\r\n").into_bytes();
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        Box::pin(async move { exchange(self.at, &bytes).await })
    }
}

/// What came back. `status` is 0 when the server closed without a word.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The header, when it is there exactly once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.head.iter().filter(|(key, _)| key == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is there twice");
        value
    }

    /// Each line of a header that may be there several times.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.head.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The code of an error.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The code of an answer that may be none.
    pub fn code_or_none(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        body["code"].as_str().map(ToOwned::to_owned)
    }

    /// Asserts status and code of an error, its shape, and that it repeats its request id.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.json()["request_id"].as_str(), self.header("x-request-id"));
        assert!(!self.json()["message"].as_str().unwrap_or_default().is_empty());
    }

    /// Reads what a server sent before it closed.
    pub fn parse(bytes: &[u8]) -> Self {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Self { status: 0, head: Vec::new(), body: bytes.to_vec() };
        };
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let head: Vec<_> =
            lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let body = &bytes[end + 4..];
        let chunked = head.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = if chunked { unchunk(body) } else { body.to_vec() };
        Self { status, head, body }
    }
}

/// No test waits for a clock; this only keeps a broken server from hanging the run.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Timeouts that a test can afford to wait for.
pub fn short(bounds: &mut Bounds) {
    bounds.header_timeout = Duration::from_millis(200);
    bounds.body_timeout = Duration::from_millis(200);
    bounds.response_timeout = Duration::from_millis(200);
}

/// Everything that comes until the server closes.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset after the answer, as when a large body was not read, is an end like any other.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server closes");
    bytes
}

async fn exchange(at: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(at).await.expect("connects");
    let _ = stream.write_all(bytes).await;
    Answer::parse(&read_to_end(&mut stream).await)
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok()).unwrap_or(0);
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}
