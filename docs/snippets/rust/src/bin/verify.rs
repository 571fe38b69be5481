//! cargo add jsonwebtoken --features aws_lc_rs; cargo add ureq --features json; cargo add serde_json

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use std::{env::var, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let (issuer, token) = (var("MINTMARK_ISSUER")?, var("MINTMARK_TOKEN")?);
    // Keep the set for five minutes.
    let keys: JwkSet = ureq::get(format!("{issuer}/.well-known/jwks.json")).call()?.body_mut().read_json()?;

    let header = decode_header(&token)?;
    if header.typ.as_deref() != Some("widget+jwt") {
        return Err("not a widget token".into());
    }
    let key = keys.find(header.kid.as_deref().ok_or("no kid")?).ok_or("unknown key")?;
    // The algorithm comes from the key, never from the token.
    let algorithm: Algorithm = key.common.key_algorithm.ok_or("no alg")?.to_string().parse()?;

    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&[&issuer]);
    rules.set_audience(&[var("MINTMARK_AUDIENCE")?]);
    rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    rules.validate_nbf = true;
    rules.leeway = 0;
    let claims = decode::<serde_json::Value>(&token, &DecodingKey::from_jwk(key)?, &rules)?.claims;
    // Other kinds of token carry the same signatures: without this line any of them would pass.
    if claims["kind"] != "widget" {
        return Err("not a widget token".into());
    }

    println!("{} {} {}", claims["organization_id"], claims["widget_scope"], claims["widget_origins"]);
    Ok(())
}
