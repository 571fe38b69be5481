//! Secrets: shown once, wiped after use, stored only as a hash.
//!
//! The prefixes are part of a promise to secret scanners: changing one makes leaked secrets invisible to them.

use serde::{Deserialize, Deserializer, Serializer};
use zeroize::Zeroizing;

/// A text that must not be printed, cloned or stored by accident: no `Debug`, `Display`, `Clone` or `Serialize` (KY8).
///
/// ```compile_fail
/// let secret = mintmark::Secret::new("sk_live_x".to_owned());
/// println!("{secret:?}");
/// ```
/// ```compile_fail
/// let secret = mintmark::Secret::new("sk_live_x".to_owned());
/// println!("{secret}");
/// ```
/// ```compile_fail
/// let secret = mintmark::Secret::new("sk_live_x".to_owned());
/// serde_json::to_string(&secret).unwrap();
/// ```
/// ```compile_fail
/// let secret = mintmark::Secret::new("sk_live_x".to_owned());
/// let second = secret.clone();
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Every call is a place to look at in review.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

// A request may carry a secret in, so reading one is safe; writing one out takes `reveal_once` on the field.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// For `#[serde(serialize_with = "reveal_once")]`: the one field of a `Minted...` value that carries its secret out.
pub fn reveal_once<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.reveal())
}

/// The same for a secret that is not always there; skip the field when it is not.
pub fn reveal_once_if_any<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => reveal_once(secret, serializer),
        None => serializer.serialize_none(),
    }
}

/// The same for a list of secrets.
pub fn reveal_all_once<S: Serializer>(secrets: &[Secret], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(secrets.iter().map(Secret::reveal))
}

#[cfg(feature = "db")]
pub use stored::*;

#[cfg(feature = "db")]
mod stored {
    use super::Secret;
    use aws_lc_rs::{digest, rand};
    use subtle::ConstantTimeEq;
    use zeroize::Zeroizing;

    /// The SHA-256 of a secret: what the database holds.
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Digest([u8; 32]);

    impl Digest {
        /// Of any bytes.
        #[must_use]
        pub fn of(bytes: &[u8]) -> Self {
            let mut out = [0; 32];
            out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
            Self(out)
        }

        /// 64 lowercase hex digits: the form in which digests are stored and compared in SQL.
        #[must_use]
        pub fn to_hex(&self) -> String {
            hex(&self.0)
        }

        /// Whether two digests are equal, in constant time.
        #[must_use]
        pub fn matches(&self, other: &Self) -> bool {
            self.0.ct_eq(&other.0).into()
        }
    }

    /// Lowercase hex digits of `bytes`.
    #[must_use]
    pub fn hex(bytes: &[u8]) -> String {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
    }

    /// Random bytes from the operating system's generator, through AWS-LC.
    ///
    /// # Panics
    /// When the generator fails: no credential may be made from anything else.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    pub fn fill_random(bytes: &mut [u8]) {
        assert!(rand::fill(bytes).is_ok(), "the system's random generator failed");
    }

    const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// `prefix`, 43 base62 characters (256 random bits) and 6 of CRC-32 (contract, section 1; KY6).
    #[must_use]
    pub fn generate_secret(prefix: &str) -> Secret {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        fill_random(&mut *bytes);
        secret_of(prefix, bytes)
    }

    /// The same of 256 bits that are as good as random.
    pub(crate) fn secret_of(prefix: &str, mut bytes: Zeroizing<[u8; 32]>) -> Secret {
        let mut text = String::with_capacity(prefix.len() + 49);
        text.push_str(prefix);
        text.push_str(&base62(&mut bytes));
        text.push_str(&checksum(&text));
        Secret::new(text)
    }

    /// Whether `text` has the prefix, the length and the checksum of a secret of ours; says nothing of its being known.
    #[must_use]
    pub fn looks_like_secret(prefix: &str, text: &str) -> bool {
        text.starts_with(prefix)
            && text.is_ascii()
            && text.len() == prefix.len() + 49
            && checksum(&text[..text.len() - 6]) == text[text.len() - 6..]
    }

    /// The last four characters, kept for display.
    #[must_use]
    pub fn last4(secret: &Secret) -> String {
        let text = secret.reveal();
        text[text.len().saturating_sub(4)..].to_owned()
    }

    /// 43 digits of the 256-bit number, most significant first; the number is consumed by division.
    fn base62(number: &mut [u8; 32]) -> String {
        let mut digits = [0_u8; 43];
        for digit in digits.iter_mut().rev() {
            let mut remainder = 0_u32;
            for byte in number.iter_mut() {
                let value = (remainder << 8) | u32::from(*byte);
                *byte = u8::try_from(value / 62).unwrap_or(0);
                remainder = value % 62;
            }
            *digit = BASE62[remainder as usize];
        }
        String::from_utf8_lossy(&digits).into_owned()
    }

    fn checksum(text: &str) -> String {
        let mut value = crc32fast::hash(text.as_bytes());
        let mut digits = [0_u8; 6];
        for digit in digits.iter_mut().rev() {
            *digit = BASE62[(value % 62) as usize];
            value /= 62;
        }
        String::from_utf8_lossy(&digits).into_owned()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_secret_has_prefix_body_and_checksum() {
            let secret = generate_secret("sk_live_");
            assert_eq!(secret.reveal().len(), "sk_live_".len() + 49);
            assert!(looks_like_secret("sk_live_", secret.reveal()));
            assert!(!looks_like_secret("sk_test_", secret.reveal()));
        }

        #[test]
        fn one_wrong_character_is_told_offline() {
            let text = generate_secret("vs_").reveal().to_owned();
            for at in 3..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
                let typo = String::from_utf8(bytes).expect("ascii");
                assert!(!looks_like_secret("vs_", &typo), "{at}");
            }
        }

        #[test]
        fn base62_of_the_largest_number_fits_its_digits() {
            assert_eq!(base62(&mut [0xff; 32]).len(), 43);
            assert_eq!(base62(&mut [0; 32]), "0".repeat(43));
        }

        /// Every bit of the number is in its digits: expected values by another program's arithmetic.
        #[test]
        fn base62_is_the_number_itself() {
            let counting = std::array::from_fn(|at| u8::try_from(at + 1).expect("small"));
            let number = |last: u8| std::array::from_fn(|at| if at == 31 { last } else { 0 });
            for (mut number, digits) in [
                (number(1), "0000000000000000000000000000000000000000001"),
                (number(61), "000000000000000000000000000000000000000000z"),
                (number(62), "0000000000000000000000000000000000000000010"),
                (counting, "0Eoh211G4c8wtVWM00my5rsNSFlKgaWqQ4mb8gdEqno"),
                ([0xff; 32], "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"),
            ] {
                assert_eq!(base62(&mut number), digits);
            }
        }

        #[test]
        fn a_digest_is_that_of_the_same_bytes_and_of_no_others() {
            let digest = Digest::of(b"abc");
            // FIPS 180-2, appendix B.1
            assert_eq!(digest.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
            assert!(digest.matches(&Digest::of(b"abc")) && !digest.matches(&Digest::of(b"abd")) && !digest.matches(&Digest::of(b"")));
        }

        #[test]
        fn what_is_kept_for_display_is_the_end() {
            let secret = generate_secret("sk_live_");
            assert!(secret.reveal().ends_with(&last4(&secret)) && last4(&secret).len() == 4);
            assert_eq!(last4(&Secret::new("ab".to_owned())), "ab");
        }
    }
}
