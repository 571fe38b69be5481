//! A JWS in compact form (RFC 7515, section 7.1), taken apart before anything in it is believed.

use super::strict_json;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1_024;

/// Header parameters that change what a signature means or where a key comes from; none is ever honoured (JW5, JW6).
const REFUSED: [&str; 9] = ["jwk", "jku", "x5u", "x5c", "x5t", "crit", "b64", "zip", "cty"];

/// Three parts, and a header that asks for nothing special.
pub(crate) struct Compact<'a> {
    header: Map<String, Value>,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Nothing, unless it is exactly three parts of canonical base64url with a header that can be honoured.
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        if payload.contains('.') || signature.is_empty() {
            return None;
        }
        // The library decodes the signature itself; whether its form is canonical is asked here.
        URL_SAFE_NO_PAD.decode(signature).ok()?;
        let header = strict_json::object(&URL_SAFE_NO_PAD.decode(header).ok()?)?;
        let honest = !REFUSED.iter().any(|name| header.contains_key(*name));
        honest.then_some(Self { header, message, payload, signature })
    }

    /// A text parameter of the header.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The payload's bytes, if the signature is this key's and the header names the key's own algorithm.
    pub(crate) fn verified_by(&self, key: &super::jws::PublicKey) -> Option<Vec<u8>> {
        if self.parameter("alg") != Some(key.algorithm.as_str()) || !key.verifies(self.message.as_bytes(), self.signature) {
            return None;
        }
        URL_SAFE_NO_PAD.decode(self.payload).ok()
    }

    /// The same by a secret that both sides hold: HS256, and no other name of an algorithm.
    pub(crate) fn verified_by_shared(&self, key: &super::jws::SharedKey) -> Option<Vec<u8>> {
        if self.parameter("alg") != Some("HS256") || !key.verifies(self.message.as_bytes(), self.signature) {
            return None;
        }
        URL_SAFE_NO_PAD.decode(self.payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_no_more_and_no_fewer() {
        assert!(Compact::read("e30.e30.e30").is_some());
        for other in ["", ".", "..", "e30", "e30.e30", "e30.e30.", ".e30.e30", "e30.e30.e30.e30", "e30..e30.e30", "e30.e30.e30."] {
            assert!(Compact::read(other).is_none(), "{other}");
        }
        assert!(Compact::read("e30.e30.e3").is_none(), "a signature in canonical base64url");
        assert!(Compact::read("e3.e30.e30").is_none(), "a header as well");
    }

    #[test]
    fn eight_kibibytes_are_looked_at_and_not_a_byte_more() {
        let padded = |length: usize| format!("e30.{}.e30", "A".repeat(length - "e30..e30".len()));
        assert_eq!(padded(LONGEST).len(), LONGEST);
        for (length, read) in [(LONGEST - 1, true), (LONGEST, true), (LONGEST + 1, false), (2 * LONGEST, false)] {
            assert_eq!(Compact::read(&padded(length)).is_some(), read, "{length}");
        }
    }

    /// JW5, JW6
    #[test]
    fn a_header_that_asks_for_anything_special_is_not_honoured() {
        for name in REFUSED {
            let header = URL_SAFE_NO_PAD.encode(serde_json::json!({ "alg": "ES256", name: "x" }).to_string());
            assert!(Compact::read(&format!("{header}.e30.e30")).is_none(), "{name}");
        }
    }
}
