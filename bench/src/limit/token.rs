//! Tokens of the limit server: ES256, signed and verified by AWS-LC, and the ids of those that were verified before.

use crate::Failed;
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// As many as the product remembers.
const REMEMBERED: usize = 20_000;

pub struct Tokens {
    pair: EcdsaKeyPair,
    public: ParsedPublicKey,
    random: SystemRandom,
    header: String,
    made: AtomicU64,
    begun: Instant,
    remembered: Mutex<HashMap<[u8; 32], String>>,
}

impl Tokens {
    /// With the key in this folder, made when absent.
    pub fn open(folder: &Path) -> Result<Self, Failed> {
        let file = folder.join("key.pk8");
        if !file.exists() {
            std::fs::write(&file, EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?.to_pkcs8v1()?)?;
        }
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &std::fs::read(&file)?)?;
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref())?;
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","kid":"key_1","typ":"widget+jwt"}"#);
        Ok(Self {
            pair,
            public,
            random: SystemRandom::new(),
            header,
            made: AtomicU64::new(0),
            begun: Instant::now(),
            remembered: Mutex::default(),
        })
    }

    pub fn jwks(&self) -> String {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","alg":"ES256","kid":"key_1","x":"{x}","y":"{y}"}}]}}"#)
    }

    /// Ids of one process do not clash, and begin anew with it on an empty folder only.
    pub fn id(&self, prefix: &str) -> String {
        format!("{prefix}{:x}{:08x}", self.begun.elapsed().as_nanos(), self.made.fetch_add(1, Ordering::Relaxed))
    }

    /// A new token: its id and its text.
    pub fn sign(&self) -> (String, String) {
        let id = self.id("wtok_");
        let payload = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"iss":"http://127.0.0.1/t/limit","aud":"ten_1","sub":"{id}","jti":"{id}","kind":"widget","iat":1,"nbf":1,"exp":4102444800,"organization_id":"org_1","widget_scope":["directory_sync"],"widget_origins":["{}"]}}"#,
            super::ORIGIN
        ));
        let message = format!("{}.{payload}", self.header);
        let signature = self.pair.sign(&self.random, message.as_bytes());
        let signature = signature.map(|signature| URL_SAFE_NO_PAD.encode(signature)).unwrap_or_default();
        (id, format!("{message}.{signature}"))
    }

    /// The id in a token that this key signed.
    pub fn verified(&self, text: &str) -> Option<String> {
        let digest: [u8; 32] = digest::digest(&digest::SHA256, text.as_bytes()).as_ref().try_into().ok()?;
        if let Some(id) = self.remembered.lock().unwrap_or_else(PoisonError::into_inner).get(&digest) {
            return Some(id.clone());
        }
        let (message, signature) = text.rsplit_once('.')?;
        self.public.verify_sig(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let payload = URL_SAFE_NO_PAD.decode(message.split_once('.')?.1).ok()?;
        let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
        let id = claims.get("jti")?.as_str()?.to_owned();
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(digest, id.clone());
        Some(id)
    }
}
