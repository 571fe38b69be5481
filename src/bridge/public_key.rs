//! The public half of a tenant's own pair, as PEM or as a JWK, and nothing else (JW2, JW17).

use super::BridgeAlgorithm;
use crate::{Code, Error, Result, key::Algorithm, key::jws::PublicKey};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// `SubjectPublicKeyInfo` of a point on P-256 in its long form, up to the point's coordinates (RFC 5480).
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
    0x07, 0x03, 0x42, 0x00, 0x04,
];
/// The same of a key on Ed25519, up to its bytes (RFC 8410).
const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// The algorithm of an RSA key (RFC 8017).
const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Members of a JWK that only a private or shared key has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The platform's name of an asymmetric algorithm; none for a shared secret.
pub(crate) const fn asymmetric(algorithm: BridgeAlgorithm) -> Option<Algorithm> {
    match algorithm {
        BridgeAlgorithm::Es256 => Some(Algorithm::Es256),
        BridgeAlgorithm::EdDsa => Some(Algorithm::EdDsa),
        BridgeAlgorithm::Rs256 => Some(Algorithm::Rs256),
        BridgeAlgorithm::Hs256 => None,
    }
}

fn refused(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Code::WeakOrInvalidKey, why).field("public_key")
}

/// The public members of a strong key of this algorithm. A private half is refused, wherever it stands, and kept nowhere.
pub(crate) fn read(algorithm: Algorithm, given: &Value) -> Result<Value> {
    let jwk = match given {
        Value::String(text) if text.trim_start().starts_with('{') => {
            let object =
                crate::key::strict_json::object(text.trim().as_bytes()).ok_or_else(|| refused("This JWK is not one JSON object."))?;
            Value::Object(object)
        }
        Value::String(text) => from_pem(text)?,
        Value::Object(_) => given.clone(),
        _ => return Err(refused("Send a PEM text or a JWK.")),
    };
    if jwk.get("keys").is_some() {
        return Err(refused("This is a set of keys. Send one of them."));
    }
    if PRIVATE.iter().any(|member| jwk.get(member).is_some()) {
        return Err(refused("This holds a private or shared key. Send the public half only, and consider this key leaked."));
    }
    let jwk = minimal(jwk);
    PublicKey::from_jwk(algorithm, &jwk).map_err(|error| refused(error.problem().message))?;
    let members: &[&str] = match algorithm {
        Algorithm::Es256 => &["kty", "crv", "x", "y"],
        Algorithm::EdDsa => &["kty", "crv", "x"],
        Algorithm::Rs256 => &["kty", "n", "e"],
    };
    Ok(Value::Object(members.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone()))).collect()))
}

/// Without the zeros that some libraries put in front of an RSA key's numbers (RFC 7518, section 6.3.1.1, wants none).
pub(super) fn minimal(mut jwk: Value) -> Value {
    for name in ["n", "e"] {
        let number = jwk.get(name).and_then(|number| URL_SAFE_NO_PAD.decode(number.as_str()?).ok());
        if let Some(number) = number {
            jwk[name] = json!(encode(without_zeros(&number)));
        }
    }
    jwk
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    &number[first..]
}

/// `-----BEGIN PUBLIC KEY-----`, or `RSA PUBLIC KEY`.
fn from_pem(text: &str) -> Result<Value> {
    let text = text.trim();
    if text.contains("PRIVATE KEY-----") {
        return Err(refused("This is a private key. Send the public half only, and consider this key leaked."));
    }
    let body = |label: &str| {
        let inner = text.strip_prefix(&format!("-----BEGIN {label}-----"))?.strip_suffix(&format!("-----END {label}-----"))?;
        STANDARD.decode(inner.split_ascii_whitespace().collect::<String>()).ok()
    };
    let jwk = match (body("PUBLIC KEY"), body("RSA PUBLIC KEY")) {
        (Some(der), _) => from_spki(&der),
        (None, Some(der)) => rsa(&der),
        (None, None) => None,
    };
    jwk.ok_or_else(|| refused("This is not a public key in PEM form on P-256, on Ed25519 or of RSA."))
}

fn from_spki(der: &[u8]) -> Option<Value> {
    if let Some(point) = der.strip_prefix(P256).filter(|point| point.len() == 64) {
        return Some(json!({ "kty": "EC", "crv": "P-256", "x": encode(&point[..32]), "y": encode(&point[32..]) }));
    }
    if let Some(bytes) = der.strip_prefix(ED25519).filter(|bytes| bytes.len() == 32) {
        return Some(json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(bytes) }));
    }
    let (info, rest) = element(0x30, der)?;
    let (bits, nothing) = element(0x03, info.strip_prefix(RSA)?)?;
    if !rest.is_empty() || !nothing.is_empty() {
        return None;
    }
    rsa(bits.strip_prefix(&[0])?)
}

/// `RSAPublicKey`: modulus and exponent, each as DER has it.
fn rsa(der: &[u8]) -> Option<Value> {
    let (pair, rest) = element(0x30, der)?;
    let (modulus, pair) = element(0x02, pair)?;
    let (exponent, end) = element(0x02, pair)?;
    (rest.is_empty() && end.is_empty()).then(|| json!({ "kty": "RSA", "n": encode(modulus), "e": encode(exponent) }))
}

/// One DER element of this tag: its content, and what follows.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ (0x81 | 0x82) => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (*first == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// PKCS#8 as PEM: what a private half that was made here is shown as.
pub(super) fn private_pem(pkcs8: &[u8]) -> crate::Secret {
    let body = zeroize::Zeroizing::new(STANDARD.encode(pkcs8));
    let mut pem = String::with_capacity(body.len() + 128);
    pem.push_str("-----BEGIN PRIVATE KEY-----\n");
    for line in body.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap_or_default());
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    crate::Secret::new(pem)
}
