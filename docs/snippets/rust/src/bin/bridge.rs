//! cargo add jsonwebtoken --features aws_lc_rs,use_pem; cargo add serde_json

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use std::{
    env::var,
    error::Error,
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

fn main() -> Result<(), Box<dyn Error>> {
    let algorithm: Algorithm = var("MINTMARK_BRIDGE_ALGORITHM")?.parse()?;
    let text = fs::read_to_string(var("MINTMARK_BRIDGE_KEY_FILE")?)?;
    let text = text.trim().as_bytes();
    let key = match algorithm {
        // The secret is used as its ASCII bytes; every other key is a private half in PKCS#8.
        Algorithm::HS256 => EncodingKey::from_secret(text),
        Algorithm::ES256 => EncodingKey::from_ec_pem(text)?,
        Algorithm::EdDSA => EncodingKey::from_ed_pem(text)?,
        _ => EncodingKey::from_rsa_pem(text)?,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let claims = json!({
        // Whoever is signed in with you, from your own session; never from what the browser says.
        "external_customer_id": "customer-42",
        "email": "ada@example.com",
        "email_verified": true,
        "name": "Ada Lovelace",
        "aud": var("MINTMARK_AUDIENCE")?,
        // A token opens one session, once: no two of them may have the same.
        "jti": format!("customer-42-{}-{}", now.as_nanos(), std::process::id()),
        "iat": now.as_secs(),
        "exp": now.as_secs() + 300,
    });
    let header = Header { kid: Some(var("MINTMARK_BRIDGE_KEY")?), ..Header::new(algorithm) };
    println!("{}", encode(&header, &claims, &key)?);
    Ok(())
}
