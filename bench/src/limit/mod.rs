//! The limit: as little program as can keep the same promises, and a bare route beside it.
//!
//! It verifies ES256 and remembers verified signatures; reads the token's row on every call, prepared, on its own thread
//! (SQLite in WAL mode, no pool) or in PostgreSQL; mints and revokes in groups that are committed with `synchronous=full` before anybody is
//! answered. It has one tenant, one key, and none of the product's rules. Nobody should be faster without breaking one of
//! the promises, so what falls short of a goal here too has met a wall.

mod postgres;
pub mod store;
mod token;

use crate::Failed;
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{delete, get, post},
    serve::ListenerExt,
};
use std::sync::Arc;
use store::{Job, Readers, Writer};
use token::Tokens;
use tokio::{net::TcpListener, sync::oneshot};

/// The page that every token here is for, and the key of the backend.
const ORIGIN: &str = "https://app.customer.example";
const API_KEY: &str = "limit-key";

/// A page that is awake at once: its only script says so.
const PAGE: &str = "<!doctype html><html lang=\"en\"><title>hello</title><link rel=\"icon\" href=\"data:,\"><p>hello</p>\
    <script type=\"module\">document.documentElement.dataset.live = true</script></html>";

/// A bare axum route, and a bare page, until somebody ends the process.
pub fn hello(port: u16) -> Result<(), Failed> {
    runtime()?.block_on(listen(port, Router::new().route("/", get(async || "hello")).route("/page", get(async || Html(PAGE)))))
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

async fn listen(port: u16, routes: Router) -> Result<(), Failed> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let listener = listener.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    Ok(axum::serve(listener, routes).await?)
}

/// Where the rows are.
enum Rows {
    Sqlite(Readers, Writer),
    Postgres(postgres::Rows),
}

impl Rows {
    async fn lives(&self, id: &str) -> bool {
        match self {
            Self::Sqlite(readers, _) => readers.lives(id),
            Self::Postgres(rows) => rows.lives(id).await,
        }
    }

    /// Whether the job is durable.
    async fn written(&self, job: impl FnOnce(oneshot::Sender<bool>) -> Job) -> bool {
        let (done, wait) = oneshot::channel();
        match self {
            Self::Sqlite(_, writer) => writer.queue(job(done)),
            Self::Postgres(rows) => rows.queue(job(done)),
        }
        wait.await.unwrap_or(false)
    }
}

struct House {
    tokens: Tokens,
    rows: Rows,
    jwks: String,
}

/// Serves until somebody ends the process; makes `rows` tokens first where there are none. The rows are in `database`, the URL of a
/// PostgreSQL, or in a file of the folder.
pub fn serve(port: u16, folder: &std::path::Path, rows: u32, database: Option<&str>) -> Result<(), Failed> {
    std::fs::create_dir_all(folder)?;
    let tokens = Tokens::open(folder)?;
    let jwks = tokens.jwks();
    runtime()?.block_on(async {
        let rows = if let Some(url) = database {
            Rows::Postgres(postgres::Rows::open(url, rows).await?)
        } else {
            let file = folder.join("limit.db");
            store::fill(&file, rows)?;
            Rows::Sqlite(Readers::new(file.clone()), Writer::start(&file)?)
        };
        let routes = Router::new()
            .route("/widget/session", get(guard))
            .route("/v1/widget-tokens", post(mint))
            .route("/v1/widget-tokens/{id}", delete(revoke))
            .route("/.well-known/jwks.json", get(async |State(house): State<Arc<House>>| json(StatusCode::OK, house.jwks.clone())))
            .route("/dressed/jwks.json", get(dressed))
            .with_state(Arc::new(House { tokens, rows, jwks }));
        listen(port, routes).await
    })
}

fn json(status: StatusCode, text: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.into()).into_response()
}

/// The key set with what every answer of Mintmark bears: an id of its own, who may read it, and what a browser may do with it.
async fn dressed(State(house): State<Arc<House>>) -> Response {
    const HEADERS: [(&str, &str); 9] = [
        ("etag", "\"0123456789abcdef0123456789abcdef\""),
        ("cache-control", "public, max-age=300"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
        ("content-security-policy", "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ];
    let mut response = json(StatusCode::OK, house.jwks.clone());
    let headers = response.headers_mut();
    headers.reserve(16);
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&house.tokens.id("req_")) {
        headers.insert("x-request-id", id);
    }
    response
}

fn refused() -> Response {
    json(StatusCode::UNAUTHORIZED, r#"{"code":"refused"}"#)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

async fn guard(State(house): State<Arc<House>>, headers: HeaderMap) -> Response {
    let id = bearer(&headers).and_then(|text| house.tokens.verified(text));
    let Some(id) = id else { return refused() };
    if !house.rows.lives(&id).await {
        return refused();
    }
    if headers.get(header::ORIGIN).is_none_or(|origin| origin != ORIGIN) {
        return json(StatusCode::FORBIDDEN, r#"{"code":"origin"}"#);
    }
    json(StatusCode::OK, format!(r#"{{"id":"{id}","origins":["{ORIGIN}"]}}"#))
}

async fn mint(State(house): State<Arc<House>>, headers: HeaderMap, body: String) -> Response {
    let asked: Option<serde_json::Value> = serde_json::from_str(&body).ok();
    if bearer(&headers) != Some(API_KEY) || asked.is_none() {
        return refused();
    }
    let (id, text) = house.tokens.sign();
    if !house.rows.written(|done| Job::Mint { id: id.clone(), done }).await {
        return json(StatusCode::SERVICE_UNAVAILABLE, "{}");
    }
    json(StatusCode::CREATED, format!(r#"{{"id":"{id}","token":"{text}"}}"#))
}

async fn revoke(State(house): State<Arc<House>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if bearer(&headers) != Some(API_KEY) {
        return refused();
    }
    if house.rows.written(|done| Job::Revoke { id, done }).await { json(StatusCode::OK, "{}") } else { json(StatusCode::NOT_FOUND, "{}") }
}
