//! Signatures and key halves: the only caller of the signature libraries (X3, X7).

use super::Algorithm;
use crate::{Code, Error, Result};
use aws_lc_rs::{
    encoding::AsDer,
    hmac,
    rand::SystemRandom,
    rsa::{self, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, crypto};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// A public half that is ready to verify.
pub(crate) struct PublicKey {
    pub(crate) algorithm: Algorithm,
    key: DecodingKey,
}

/// A secret that a tenant's backend holds as well, ready to verify what it signed with HMAC and SHA-256 (RFC 7518, 3.2).
pub(crate) struct SharedKey(Box<hmac::Key>);

/// A private half that is ready to sign: parsed and checked once, where jsonwebtoken would do so for every signature.
pub(crate) struct SigningKeyPair {
    algorithm: Algorithm,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(rsa::KeyPair),
}

/// A pair just made: the private half as PKCS#8, to be sealed; the public one as a JWK without `kid`.
pub(crate) struct NewPair {
    pub(crate) pkcs8: Zeroizing<Vec<u8>>,
    pub(crate) public_jwk: Value,
}

/// Makes a pair; RSA with 3072 bits (KY5). RSA takes tenths of a second: call it off the async threads.
pub(crate) fn generate(algorithm: Algorithm) -> Result<NewPair> {
    let failed = || Error::internal("a key pair could not be made");
    match algorithm {
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| failed())?;
            let pkcs8 = pair.to_pkcs8v1().map_err(|_| failed())?;
            // The uncompressed point: 0x04, x, y.
            let point = pair.public_key().as_ref();
            let (x, y) = (encode(point.get(1..33).ok_or_else(failed)?), encode(point.get(33..65).ok_or_else(failed)?));
            Ok(NewPair { pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()), public_jwk: json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}) })
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::generate().map_err(|_| failed())?;
            let pkcs8 = pair.to_pkcs8v1().map_err(|_| failed())?;
            let x = encode(pair.public_key().as_ref());
            Ok(NewPair { pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()), public_jwk: json!({"kty": "OKP", "crv": "Ed25519", "x": x}) })
        }
        Algorithm::Rs256 => {
            let pair = rsa::KeyPair::generate(KeySize::Rsa3072).map_err(|_| failed())?;
            let pkcs8 = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| failed())?;
            let public = pair.public_key();
            let (n, e) =
                (encode(public.modulus().big_endian_without_leading_zero()), encode(public.exponent().big_endian_without_leading_zero()));
            Ok(NewPair { pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()), public_jwk: json!({"kty": "RSA", "n": n, "e": e}) })
        }
    }
}

impl PublicKey {
    /// From a JWK that is a strong public key of this algorithm; a symmetric key has no way in.
    pub(crate) fn from_jwk(algorithm: Algorithm, jwk: &Value) -> Result<Self> {
        super::strength::check(algorithm, jwk)?;
        let wrong = || Error::new(Code::WeakOrInvalidKey, "The JWK does not hold a public key of this algorithm.");
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).ok_or_else(wrong);
        let key = match (algorithm, text("kty")?, jwk.get("crv").and_then(Value::as_str)) {
            (Algorithm::Es256, "EC", Some("P-256")) => DecodingKey::from_ec_components(text("x")?, text("y")?),
            (Algorithm::EdDsa, "OKP", Some("Ed25519")) => DecodingKey::from_ed_components(text("x")?),
            (Algorithm::Rs256, "RSA", None) => DecodingKey::from_rsa_components(text("n")?, text("e")?),
            _ => return Err(wrong()),
        };
        Ok(Self { algorithm, key: key.map_err(|_| wrong())? })
    }

    /// Whether `signature` (base64url) is this key's over `message`. The algorithm is the key's, never the token's.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.key, library(self.algorithm)).unwrap_or(false)
    }
}

impl SharedKey {
    /// From the secret's bytes as they are.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }

    /// Whether `signature` (base64url) is this key's over `message`, compared in constant time.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        URL_SAFE_NO_PAD.decode(signature).is_ok_and(|signature| hmac::verify(&self.0, message, &signature).is_ok())
    }
}

impl SigningKeyPair {
    /// From the opened PKCS#8.
    pub(crate) fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self> {
        let pair = match algorithm {
            Algorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Pair::Ec),
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Pair::Ed),
            Algorithm::Rs256 => rsa::KeyPair::from_pkcs8(pkcs8).map(Pair::Rsa),
        };
        Ok(Self { algorithm, pair: pair.map_err(|_| Error::internal("a sealed private key cannot be read"))? })
    }

    /// `header.payload.signature` for this header and these claims.
    pub(crate) fn sign(&self, typ: &str, kid: &str, claims: &Value) -> Result<String> {
        let header = json!({"alg": self.algorithm.as_str(), "kid": kid, "typ": typ});
        self.sign_raw(header.to_string().as_bytes(), claims.to_string().as_bytes())
    }

    /// The same for any bytes: what tests forge with.
    pub(crate) fn sign_raw(&self, header: &[u8], payload: &[u8]) -> Result<String> {
        let message = format!("{}.{}", encode(header), encode(payload));
        let signature = self.signature(message.as_bytes())?;
        Ok(format!("{message}.{}", encode(&signature)))
    }

    /// As RFC 7518 (3.3, 3.4) and RFC 8037 (3.1) write it.
    fn signature(&self, message: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::internal("a signature could not be made");
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => Ok(pair.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn library(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_signs_what_it_verifies_and_nothing_else() {
        for algorithm in Algorithm::ALL.iter().copied() {
            let pair = generate(algorithm).expect("a pair");
            let signer = SigningKeyPair::from_pkcs8(algorithm, &pair.pkcs8).expect("a signer");
            let token = signer.sign("widget+jwt", "key_1", &json!({"a": 1})).expect("signed");
            let (message, signature) = token.rsplit_once('.').expect("three parts");
            let public = PublicKey::from_jwk(algorithm, &pair.public_jwk).expect("a public key");
            assert!(public.verifies(message.as_bytes(), signature), "{algorithm}");
            assert!(!public.verifies(b"something else", signature), "{algorithm}");
            let other = generate(algorithm).expect("a pair");
            let other = PublicKey::from_jwk(algorithm, &other.public_jwk).expect("a public key");
            assert!(!other.verifies(message.as_bytes(), signature), "{algorithm}");
        }
    }

    #[test]
    fn a_symmetric_or_foreign_key_has_no_way_in() {
        for jwk in [json!({"kty": "oct", "k": "c2VjcmV0"}), json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}), json!({})] {
            for algorithm in Algorithm::ALL.iter().copied() {
                assert!(PublicKey::from_jwk(algorithm, &jwk).is_err());
            }
        }
    }
}
