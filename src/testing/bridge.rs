//! A tenant's backend, as far as it signs bridge tokens.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot prepare what it tests has nothing to say but that")]

use crate::{
    bridge::{BridgeAlgorithm, CreatedBridgeKey},
    key::{Algorithm, jws::SigningKeyPair},
};
use aws_lc_rs::hmac;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// A token of these claims, signed with what was shown when the key was made; it must have been made here.
#[must_use]
pub fn bridge_token(key: &CreatedBridgeKey, claims: &Value) -> String {
    let id = key.key.id.as_str();
    let algorithm = match key.key.algorithm {
        BridgeAlgorithm::Hs256 => {
            let secret = key.secret.as_ref().expect("made here").reveal();
            let header = json!({ "alg": "HS256", "kid": id, "typ": "JWT" });
            return sign_shared(secret.as_bytes(), &header, claims);
        }
        BridgeAlgorithm::Es256 => Algorithm::Es256,
        BridgeAlgorithm::EdDsa => Algorithm::EdDsa,
        BridgeAlgorithm::Rs256 => Algorithm::Rs256,
    };
    let pem = key.private_key.as_ref().expect("made here").reveal();
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = SigningKeyPair::from_pkcs8(algorithm, &STANDARD.decode(body).expect("base64")).expect("PKCS#8");
    pair.sign("JWT", id, claims).expect("signed")
}

/// HMAC with SHA-256 under any header: what tests forge with.
pub(crate) fn sign_shared(secret: &[u8], header: &Value, claims: &Value) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", encode(tag.as_ref()))
}
