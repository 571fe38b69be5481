//! What a public key must be before it is believed: big enough, on its curve, meant for signatures (JW2).

use super::Algorithm;
use crate::{Code, Error, Result};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

fn weak(why: &'static str) -> Error {
    Error::new(Code::WeakOrInvalidKey, why).field("public_key")
}

/// Refuses a JWK that is not a strong public key of this algorithm.
pub(super) fn check(algorithm: Algorithm, jwk: &Value) -> Result<()> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if text("use").is_some_and(|meant| meant != "sig") {
        return Err(weak("The key is not meant for signatures (use)."));
    }
    if let Some(operations) = jwk.get("key_ops")
        && !operations.as_array().is_some_and(|list| list.iter().any(|operation| operation == "verify"))
    {
        return Err(weak("The key is not meant to verify (key_ops)."));
    }
    if text("alg").is_some_and(|named| named != algorithm.as_str()) {
        return Err(weak("The key names another algorithm (alg)."));
    }
    let bytes =
        |name: &str| text(name).and_then(|value| URL_SAFE_NO_PAD.decode(value).ok()).ok_or_else(|| weak("A member of the key is missing."));
    match algorithm {
        Algorithm::Es256 => {
            expect(text("kty") == Some("EC") && text("crv") == Some("P-256"), "Not a key on P-256.")?;
            let point = [vec![4], bytes("x")?, bytes("y")?].concat();
            let on_curve = point.len() == 65 && ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).is_ok();
            expect(on_curve, "The point is not on the curve.")
        }
        Algorithm::EdDsa => {
            expect(text("kty") == Some("OKP") && text("crv") == Some("Ed25519"), "Not a key on Ed25519.")?;
            let point = bytes("x")?;
            expect(point.len() == 32 && ParsedPublicKey::new(&ED25519, &point).is_ok(), "The point is not on the curve.")
        }
        Algorithm::Rs256 => {
            expect(text("kty") == Some("RSA"), "Not an RSA key.")?;
            let (modulus, exponent) = (bytes("n")?, bytes("e")?);
            // A verifier takes none of them, and they make no key longer.
            let minimal = [&modulus, &exponent].iter().all(|number| number.first().is_none_or(|byte| *byte != 0));
            expect(minimal, "A number of the key has zeros in front of it (RFC 7518, section 6.3.1.1).")?;
            let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
            expect((2_048..=8_192).contains(&bits), "An RSA key has 2048 to 8192 bits.")?;
            expect(exponent.len() <= 4 && number(&exponent) >= 65_537 && number(&exponent) % 2 == 1, "The RSA exponent is too small.")?;
            expect(!made_by_roca(&modulus), "The key was made by a library that makes guessable keys (ROCA, CVE-2017-15361).")
        }
    }
}

fn expect(is: bool, why: &'static str) -> Result<()> {
    if is { Ok(()) } else { Err(weak(why)) }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Whether the modulus is a power of 65537 modulo every one of these primes: the mark of the weak generator (CVE-2017-15361).
fn made_by_roca(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 16] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151];
    PRIMES.iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..*prime).any(|_| {
            power = power * (65_537 % prime) % prime;
            power == rest
        })
    })
}
