//! In your backend. cargo add axum; cargo add tokio --features full; cargo add ureq --features json; cargo add serde_json

use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::{env::var, error::Error};

struct User {
    id: &'static str,
    name: &'static str,
    plan: &'static str,
}

/// Yours: whoever is signed in with you, from your own session; never from what the browser says.
fn signed_in() -> User {
    User { id: "customer-42", name: "Ada Lovelace", plan: "team" }
}

async fn identity_token() -> Response {
    let user = signed_in();
    let asked = tokio::task::spawn_blocking(move || ask(&user).map_err(|error| error.to_string())).await;
    let (status, body) = match asked {
        Ok(Ok(body)) => (StatusCode::OK, body),
        failed => {
            eprintln!("{failed:?}"); // for your log, not for the page
            (StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": "Token generation failed" }))
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn ask(user: &User) -> Result<Value, Box<dyn Error>> {
    let mut answer = ureq::post(format!("{}/v1/auth/user-token", var("MINTMARK_URL")?))
        .config()
        .http_status_as_error(false) // a refusal has a body that says why
        .build()
        .send_json(json!({
            "product_id": var("MINTMARK_PRODUCT")?,
            "verification_secret": var("MINTMARK_VERIFICATION_SECRET")?,
            "user_id": user.id,
            "name": user.name,
            "metadata": { "plan": user.plan },
        }))?;
    let body: Value = answer.body_mut().read_json()?;
    if answer.status() == 200 { Ok(body) } else { Err(format!("{}: {}", body["code"], body["message"]).into()) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = format!("127.0.0.1:{}", var("PORT").unwrap_or_else(|_| "8080".to_owned()));
    let listener = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(listener, Router::new().route("/identity-token", get(identity_token))).await?)
}
