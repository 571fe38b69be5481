//! What is no strong public key, each refused for its own reason (JW2, JW17).

use super::super::{Algorithm, jws, strength::check};
use crate::Code;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn made_here(algorithm: Algorithm) -> Value {
    jws::generate(algorithm).expect("a pair").public_jwk
}

/// The same key with one member changed.
fn with(jwk: &Value, name: &str, value: Value) -> Value {
    let mut jwk = jwk.clone();
    jwk[name] = value;
    jwk
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Value {
    json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent) })
}

/// A modulus of so many bits that no library would have made.
fn odd_number(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    if let Some(first) = bytes.first_mut() {
        *first >>= bits.div_ceil(8) * 8 - bits;
    }
    bytes
}

/// `65537^times`: what ROCA's generator leaves behind, modulo any small prime.
fn power_of_65537(times: usize) -> Vec<u8> {
    let mut number = vec![1_u8];
    for _ in 0..times {
        let mut shifted = [number.as_slice(), &[0, 0]].concat();
        let mut carry = 0;
        for back in 1..=shifted.len() {
            let at = shifted.len() - back;
            let sum = u16::from(shifted[at]) + u16::from(number.len().checked_sub(back).map_or(0, |at| number[at])) + carry;
            shifted[at] = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        if carry > 0 {
            shifted.insert(0, 1);
        }
        number = shifted;
    }
    number
}

fn why(algorithm: Algorithm, jwk: &Value) -> Option<String> {
    let error = check(algorithm, jwk).err()?;
    assert_eq!((error.code(), error.problem().field.as_deref()), (Code::WeakOrInvalidKey, Some("public_key")));
    Some(error.problem().message)
}

#[test]
fn a_key_is_for_signatures_of_its_own_algorithm() {
    for algorithm in Algorithm::ALL.iter().copied() {
        let good = made_here(algorithm);
        for fine in [
            good.clone(),
            with(&good, "use", json!("sig")),
            with(&good, "key_ops", json!(["sign", "verify"])),
            with(&good, "alg", json!(algorithm.as_str())),
        ] {
            assert_eq!(why(algorithm, &fine), None, "{fine}");
        }
        for (name, value, expected) in [
            ("use", json!("enc"), "not meant for signatures"),
            ("key_ops", json!(["encrypt"]), "not meant to verify"),
            ("key_ops", json!([]), "not meant to verify"),
            ("key_ops", json!("verify"), "not meant to verify"),
            ("alg", json!("HS256"), "names another algorithm"),
            ("kty", json!("oct"), "Not a"),
        ] {
            let told = why(algorithm, &with(&good, name, value)).unwrap_or_else(|| panic!("{algorithm} {name} was taken"));
            assert!(told.contains(expected), "{algorithm} {name}: {told}");
        }
    }
    assert!(
        why(Algorithm::Es256, &with(&made_here(Algorithm::Es256), "crv", json!("P-384")))
            .is_some_and(|told| told.contains("Not a key on P-256"))
    );
    assert!(
        why(Algorithm::EdDsa, &with(&made_here(Algorithm::EdDsa), "crv", json!("X25519")))
            .is_some_and(|told| told.contains("Not a key on Ed25519"))
    );
}

#[test]
fn a_point_lies_on_the_curve() {
    let one = URL_SAFE_NO_PAD.encode([1; 32]);
    let good = made_here(Algorithm::Es256);
    let nowhere = Some("The point is not on the curve.");
    assert_eq!(why(Algorithm::Es256, &with(&with(&good, "x", json!(one)), "y", json!(one))).as_deref(), nowhere);
    assert_eq!(why(Algorithm::Es256, &with(&good, "y", json!("AAAA"))).as_deref(), nowhere);
    assert_eq!(why(Algorithm::EdDsa, &with(&made_here(Algorithm::EdDsa), "x", json!("AAAA"))).as_deref(), nowhere);
    assert_eq!(why(Algorithm::Es256, &with(&good, "y", json!("?"))).as_deref(), Some("A member of the key is missing."));
}

#[test]
fn a_modulus_is_neither_small_nor_huge() {
    let e = [1, 0, 1];
    for (bits, fine) in [(2_047, false), (2_041, false), (2_048, true), (2_055, true), (8_192, true), (8_193, false)] {
        let told = why(Algorithm::Rs256, &rsa(&odd_number(bits), &e));
        assert_eq!(told.as_deref(), (!fine).then_some("An RSA key has 2048 to 8192 bits."), "{bits}");
    }
    for (zeros, bits) in [(1, 2_041), (192, 512), (1_000, 1_024), (256, 0), (1, 2_048)] {
        let padded = [vec![0; zeros], odd_number(bits)].concat();
        let told = why(Algorithm::Rs256, &rsa(&padded, &e));
        assert!(told.is_some_and(|told| told.contains("zeros in front")), "{zeros} zeros in front of {bits} bits");
    }
}

#[test]
fn an_exponent_is_odd_and_65537_at_least() {
    let n = odd_number(2_048);
    assert!(why(Algorithm::Rs256, &rsa(&n, &[0, 1, 0, 1])).is_some_and(|told| told.contains("zeros in front")));
    for (exponent, fine) in [
        (&[1, 0, 1][..], true),
        (&[1, 0, 3], true),
        (&[3], false),
        (&[0xff, 0xff], false),
        (&[1, 0, 2], false),
        (&[1, 0, 0, 0, 1], false),
        (&[], false),
    ] {
        let told = why(Algorithm::Rs256, &rsa(&n, exponent));
        assert_eq!(told.as_deref(), (!fine).then_some("The RSA exponent is too small."), "{exponent:?}");
    }
}

/// CVE-2017-15361: such a modulus is a power of 65537 modulo every small prime, and so is a power of it.
#[test]
fn a_modulus_of_the_weak_generator_is_refused() {
    let power = power_of_65537(128);
    assert_eq!((power.len(), power[0]), (257, 1), "65537^128 has 2,049 bits");
    // Twice the product of those primes on top leaves every remainder as it is, and no other trace of the power.
    let primes = [11_u128, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151].iter().product::<u128>();
    let (rest, low) = power.split_at(power.len() - 16);
    let sum = u128::from_be_bytes(low.try_into().expect("16 bytes")).checked_add(2 * primes).expect("no carry");
    let marked = [rest, &sum.to_be_bytes()].concat();
    assert!(why(Algorithm::Rs256, &rsa(&power, &[1, 0, 1])).is_some());
    let told = why(Algorithm::Rs256, &rsa(&marked, &[1, 0, 1]));
    assert!(told.as_deref().is_some_and(|told| told.contains("ROCA")), "{told:?}");
    for change in [2, 4, 6, 8] {
        let mut other = marked.clone();
        *other.last_mut().expect("bytes") ^= change;
        assert_eq!(why(Algorithm::Rs256, &rsa(&other, &[1, 0, 1])), None, "it bears the mark no more");
    }
}
