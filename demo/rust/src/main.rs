//! The portal's backend in Rust with axum: who is signed in here, and tokens for Mintmark's elements.

use axum::{
    Form, Router,
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    env::var,
    error::Error,
    fs,
    sync::{LazyLock, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

const PAGES: [(&str, &str); 4] =
    [("/", "pricing.html"), ("/account", "account.html"), ("/support", "support.html"), ("/sign-in", "sign-in.html")];
const FILES: [&str; 7] = ["portal.css", "portal.js", "pricing.js", "account.js", "support.js", "sign-in.js", "icon.svg"];
const COOKIE: &str = "demo_portal";
type Failure = Box<dyn Error + Send + Sync>;

/// The cookie's value, and whose it is; yours are in your database.
static SESSIONS: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);
static PEOPLE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&portal("people.json").expect("people.json")).expect("JSON"));

fn portal(file: &str) -> std::io::Result<String> {
    fs::read_to_string(format!("{}/../portal/{file}", env!("CARGO_MANIFEST_DIR")))
}

fn env(name: &str) -> String {
    var(name).unwrap_or_else(|_| panic!("{name} is not set: start this with make demo"))
}

/// A name that nobody guesses: 256 random bits.
fn unguessable() -> String {
    let mut bytes = [0; 32];
    fs::File::open("/dev/urandom").and_then(|mut file| std::io::Read::read_exact(&mut file, &mut bytes)).expect("random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(header::COOKIE)?.to_str().ok()?;
    said.split("; ").find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))
}

fn who(headers: &HeaderMap) -> Option<String> {
    SESSIONS.lock().ok()?.get(cookie(headers)?).cloned()
}

/// Says to Mintmark who is signed in here: the page exchanges it for a session, once.
fn bridge_token(person: &Value) -> Result<Value, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({
        "external_customer_id": person["external_customer_id"], "name": person["name"], "email": person["email"], "email_verified": true,
        "metadata": { "plan": person["plan"] }, "aud": env("MINTMARK_TENANT"), "iat": now, "exp": now + 300, "jti": unguessable(),
    });
    let header = Header { kid: Some(env("MINTMARK_BRIDGE_KEY")), ..Header::new(Algorithm::HS256) };
    Ok(encode(&header, &claims, &EncodingKey::from_secret(env("MINTMARK_BRIDGE_SECRET").as_bytes()))?.into())
}

/// Asks Mintmark, as this backend.
fn ask(path: &str, body: &Value, credential: Option<String>) -> Result<Value, Failure> {
    let mut request = ureq::post(format!("{}{path}", env("MINTMARK_URL"))).config().http_status_as_error(false).build();
    if let Some(key) = credential {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let mut answer = request.send_json(body)?;
    let said: Value = answer.body_mut().read_json()?;
    if answer.status().is_success() { Ok(said["token"].clone()) } else { Err(format!("{path}: {said}").into()) }
}

fn token(kind: &str, person: &Value) -> Result<Value, Failure> {
    match kind {
        "bridge" => bridge_token(person),
        "identity" => {
            let (product, secret) = (env("MINTMARK_PRODUCT"), env("MINTMARK_VERIFICATION_SECRET"));
            let asked = json!({
                "product_id": product, "verification_secret": secret,
                "user_id": person["external_customer_id"], "name": person["name"], "metadata": { "plan": person["plan"] },
            });
            ask("/v1/auth/user-token", &asked, None)
        }
        "widget" => {
            let asked = json!({
                "organization_id": env("MINTMARK_ORGANIZATION"), "scope": ["directory_sync"], "origins": [env("PORTAL_ORIGIN")],
                "ttl_seconds": 600, "label": "Demo portal",
            });
            ask("/v1/widget-tokens", &asked, Some(env("MINTMARK_API_KEY")))
        }
        _ => Err(format!("no token is called {kind}").into()),
    }
}

async fn tokens(Path(kind): Path<String>, headers: HeaderMap) -> Response {
    let Some(who) = who(&headers) else { return send(StatusCode::OK, "application/json", "{\"token\":null}".into()) };
    let made = tokio::task::spawn_blocking(move || token(&kind, &PEOPLE[who.as_str()])).await;
    match made {
        Ok(Ok(token)) => send(StatusCode::OK, "application/json", json!({ "token": token }).to_string()),
        failed => {
            eprintln!("{failed:?}"); // for your log, not for the page
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn send(status: StatusCode, kind: &'static str, body: String) -> Response {
    const ALWAYS: [(HeaderName, &str); 2] = [(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (status, ALWAYS, [(header::CONTENT_TYPE, kind)], body).into_response()
}

async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let page = PAGES.iter().find(|(at, _)| *at == path).map(|(_, file)| *file);
    let Some(text) = page.or_else(|| FILES.into_iter().find(|name| path[1..] == **name)).and_then(|file| portal(file).ok()) else {
        return send(StatusCode::NOT_FOUND, "text/plain", "There is no such page.".into());
    };
    let (mintmark, who) = (env("MINTMARK_URL"), who(&headers).unwrap_or_default());
    let values = [("mintmark", mintmark.as_str()), ("embed_key", &env("MINTMARK_EMBED_KEY")), ("who", &who), ("path", path)];
    let text = values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    let kind = match path.rsplit_once('.').map(|(_, end)| end) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
    // What Mintmark's elements need of a strict policy, and nothing else.
    let policy = format!(
        "default-src 'none'; script-src 'self' {mintmark}; connect-src 'self' {mintmark}; frame-src {mintmark}; style-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let policies = [(header::CONTENT_SECURITY_POLICY, policy.as_str()), (header::REFERRER_POLICY, "strict-origin-when-cross-origin")];
    (policies, send(StatusCode::OK, kind, text)).into_response()
}

async fn person(headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    if headers.get(header::ORIGIN).is_none_or(|origin| *origin != env("PORTAL_ORIGIN")) {
        return send(StatusCode::FORBIDDEN, "text/plain", "Another site may not do that.".into());
    }
    let (session, chosen) = (unguessable(), form.get("person").map_or("", String::as_str));
    if let Ok(mut sessions) = SESSIONS.lock() {
        sessions.remove(cookie(&headers).unwrap_or_default());
        if PEOPLE.get(chosen).is_some() {
            sessions.insert(session.clone(), chosen.to_owned());
        }
    }
    let back = PAGES.iter().find(|(at, _)| form.get("back").is_some_and(|back| back == at)).map_or("/", |(at, _)| at);
    let said = [(header::LOCATION, back.to_owned()), (header::SET_COOKIE, format!("{COOKIE}={session}; HttpOnly; SameSite=Lax; Path=/"))];
    (StatusCode::SEE_OTHER, said).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let origin = env("PORTAL_ORIGIN");
    let address = origin.strip_prefix("http://").ok_or("PORTAL_ORIGIN begins with http://")?;
    let listener = tokio::net::TcpListener::bind(address).await.inspect_err(|_| {
        eprintln!("{origin} is taken: end what listens there, or set DEMO_PORT to another port.");
    })?;
    println!("The demo's portal (Rust): {origin}/");
    let app = Router::new().route("/tokens/{kind}", get(tokens)).route("/person", post(person)).fallback(get(file));
    Ok(axum::serve(listener, app).await?)
}
