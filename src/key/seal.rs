//! Sealing at rest: AES-256-GCM under a master key that is not in the database (KY1).

use crate::{
    Code, Error, Result,
    secret::{fill_random, hex},
};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// The master key: 32 bytes, from a file that is not in the database. No `Debug`, `Clone` or `Serialize`.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new one from the system's generator.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        fill_random(&mut *bytes);
        Self(bytes)
    }

    /// From the text of a key file: 64 hex digits, white space around them allowed.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0_u8; 32]);
        let wrong = || Error::new(Code::WeakOrInvalidKey, "A master key file holds 64 hex digits.");
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }

    /// The text that a key file holds.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", hex(&*self.0)))
    }

    /// What the database remembers of it, so that a wrong key is told before it does harm (KY4).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&self.derive("fingerprint")[..16])
    }

    /// A key of its own for each purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        let mut out = Zeroizing::new([0_u8; 32]);
        out.copy_from_slice(hmac::sign(&key, format!("mintmark/{purpose}").as_bytes()).as_ref());
        out
    }
}

/// Seals and opens what the database may hold but not know; also the keyed hashes that need no sealing.
pub(crate) struct Sealer {
    aead: RandomizedNonceKey,
    mac: hmac::Key,
    fingerprint: String,
}

impl Sealer {
    pub(crate) fn new(master: &MasterKey) -> Result<Self> {
        let aead = RandomizedNonceKey::new(&AES_256_GCM, &*master.derive("seal"))
            .map_err(|_| Error::new(Code::WeakOrInvalidKey, "The master key cannot be used."))?;
        Ok(Self { aead, mac: hmac::Key::new(hmac::HMAC_SHA256, &*master.derive("mac")), fingerprint: master.fingerprint() })
    }

    /// Of the master key behind it: a process whose key was rotated away seals nothing any more.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The same value of the same owner, sealed by `new`.
    pub(crate) fn reseal(&self, new: &Self, of: &str, sealed: &str) -> Result<String> {
        new.seal(of, &self.open(of, sealed)?)
    }

    /// `v1.` and the base64url of nonce and ciphertext. `of` is the associated data: whose value it is.
    pub(crate) fn seal(&self, of: &str, plain: &[u8]) -> Result<String> {
        let mut sealed = plain.to_vec();
        let nonce =
            self.aead.seal_in_place_append_tag(Aad::from(of.as_bytes()), &mut sealed).map_err(|_| Error::internal("sealing failed"))?;
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut sealed);
        Ok(format!("v1.{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what `seal` made for the same owner under the same master key.
    pub(crate) fn open(&self, of: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
        let wrong = || Error::internal(format!("a sealed value of {of} does not open"));
        let text = sealed.strip_prefix("v1.").ok_or_else(wrong)?;
        let mut bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?);
        let nonce = Nonce::try_assume_unique_for_key(bytes.get(..12).ok_or_else(wrong)?).map_err(|_| wrong())?;
        let plain = self.aead.open_in_place(nonce, Aad::from(of.as_bytes()), &mut bytes[12..]).map_err(|_| wrong())?;
        Ok(Zeroizing::new(plain.to_vec()))
    }

    /// HMAC-SHA256 of `text` for one purpose, hex: cursors, checkpoints, account names of failed sign-ins.
    pub(crate) fn mac(&self, purpose: &str, text: &str) -> String {
        hex(&*self.mac_bytes(purpose, text))
    }

    /// The same as it is: what follows a secret of ours, for whoever shows that secret, and for nobody else.
    pub(crate) fn mac_bytes(&self, purpose: &str, text: &str) -> Zeroizing<[u8; 32]> {
        let mut context = hmac::Context::with_key(&self.mac);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(text.as_bytes());
        let mut out = Zeroizing::new([0; 32]);
        out.copy_from_slice(context.sign().as_ref());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_for_its_owner_and_under_its_key() {
        let sealer = Sealer::new(&MasterKey::generate()).expect("a sealer");
        let sealed = sealer.seal("key_1", b"secret").expect("sealed");
        assert_eq!(&*sealer.open("key_1", &sealed).expect("opened"), b"secret");
        assert!(sealer.open("key_2", &sealed).is_err());
        let other = Sealer::new(&MasterKey::generate()).expect("a sealer");
        assert!(other.open("key_1", &sealed).is_err());
        assert_ne!(sealed, sealer.seal("key_1", b"secret").expect("sealed"));
    }

    #[test]
    fn a_key_file_is_read_back() {
        let key = MasterKey::generate();
        assert_eq!(MasterKey::parse(&key.to_text()).expect("parses").fingerprint(), key.fingerprint());
        for (wrong, times) in [("short", 1), ("ab", 31), ("ab", 33), ("g", 64), ("+f", 32), (" ", 64), ("ä", 32), ("", 1)] {
            assert!(MasterKey::parse(&wrong.repeat(times)).is_err(), "{wrong} {times} times");
        }
    }
}
