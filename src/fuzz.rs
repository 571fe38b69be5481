//! Whatever bytes come, what reads them first neither panics nor believes them (DS8). `make test` tries a second of each, `make
//! fuzz` as long as one likes.

use crate::{
    Clock, Core, TenantId, Time,
    bridge::{claims, public_key},
    key::{Algorithm, compact::Compact, jws, strict_json},
    origin::{Origin, of_page},
    page::Cursor,
    testing::{Engine, fresh},
    user::email,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bolero::check;
use serde_json::json;
use std::panic::AssertUnwindSafe;

/// What means something to whoever reads a name or an address, and what only becomes that once it is understood (UTS 46, NFKC): a full-width
/// asterisk, a sign that is two letters and a slash, a dot that is no full stop.
const SIGNS: &str = "aB019-_.*;,:@/\\?#%[]'\"&=(+|^`{< \t\n＊；，．。／：＠％？＃［Ａ１ßſ\u{212a}℀℡․üא\u{ad}\u{200d}\u{301}\u{202e}";
/// What means something as a whole.
const WORDS: [&str; 10] = ["..", "%2e", "xn--", "localhost", "127.0.0.1", "0x7f.1", "::1", ":443", ":0", "example.com"];

/// A text of such signs and words.
fn pieced(picks: &[u8]) -> String {
    let piece = |&pick: &u8| match WORDS.get(usize::from(pick) % 80) {
        Some(word) => (*word).to_owned(),
        None => SIGNS.chars().cycle().nth(usize::from(pick)).into_iter().collect(),
    };
    picks.iter().map(piece).collect()
}

/// One change to a good text: this byte at this place, or the text's end there.
fn changed(good: &str, (at, byte, cut): (u16, u8, bool)) -> Vec<u8> {
    let mut bytes = good.as_bytes().to_vec();
    let at = usize::from(at) % bytes.len();
    if cut {
        bytes.truncate(at);
    } else {
        bytes[at] = byte;
    }
    bytes
}

#[test]
fn any_token() {
    let pair = jws::generate(Algorithm::Es256).expect("a pair");
    let public = jws::PublicKey::from_jwk(Algorithm::Es256, &pair.public_jwk).expect("a public key");
    let signer = jws::SigningKeyPair::from_pkcs8(Algorithm::Es256, &pair.pkcs8).expect("a signer");
    let good = signer.sign("widget+jwt", "key_1", &json!({"sub": "wtok_1", "exp": 1})).expect("signed");
    assert!(Compact::read(&good).and_then(|token| token.verified_by(&public)).is_some());
    check!().with_type::<(u16, u8, bool)>().for_each(|change| {
        let bytes = changed(&good, *change);
        let Ok(text) = std::str::from_utf8(&bytes) else { return };
        let believed = Compact::read(text).and_then(|token| token.verified_by(&public)).is_some();
        assert_eq!(believed, text == good, "{text}");
    });
}

#[test]
fn any_header_and_payload() {
    let pair = jws::generate(Algorithm::EdDsa).expect("a pair");
    let public = jws::PublicKey::from_jwk(Algorithm::EdDsa, &pair.public_jwk).expect("a public key");
    check!().with_type::<Vec<u8>>().for_each(|bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            assert!(Compact::read(text).and_then(|token| token.verified_by(&public)).is_none(), "nobody signed {text}");
        }
        // What is read strictly is read the same way by everybody else.
        if let Some(object) = strict_json::object(bytes) {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON"), serde_json::Value::Object(object));
        }
    });
}

#[test]
fn any_origin() {
    check!().with_type::<(String, Vec<u8>, bool, u8)>().for_each(|(any, picks, development, kind)| {
        let text = if kind & 4 == 0 { pieced(picks) } else { any.clone() };
        let whole = match kind % 4 {
            0 => text,
            1 => format!("https://{text}"),
            2 => format!("http://localhost{text}"),
            _ => format!("https://{text}.example"),
        };
        if let Ok(origin) = Origin::parse(&whole, *development) {
            assert_eq!(Origin::parse(origin.as_str(), *development).expect("its own form"), origin);
            assert_eq!(of_page(Some(origin.as_str()), None).as_deref(), Some(origin.as_str()), "as browsers send it");
            assert!(origin.as_str().is_ascii() && origin.as_str().matches('/').count() == 2, "{origin}");
            assert!(origin.as_str().starts_with("https://") || *development, "{origin}");
            assert!(
                !origin.as_str().contains(['*', ';', ',', '\'', '"']),
                "a policy's list of sources takes it for more than a host: {origin}"
            );
        }
    });
}

#[test]
fn any_address() {
    check!().with_type::<(String, String, Vec<u8>, bool)>().for_each(|(local, domain, picks, pick)| {
        let (local, domain) = if *pick { (&pieced(picks), &pieced(&picks[picks.len() / 2..])) } else { (local, domain) };
        for text in [format!("{local}@{domain}.example"), format!("ada@{domain}"), local.clone()] {
            if let Ok(address) = email::parse(&text) {
                assert_eq!(email::parse(&address).expect("its own form"), address);
                assert!(address.matches('@').count() == 1 && !address.contains(['\r', '\n', ' ', '<', ',']), "{address:?}");
            }
        }
    });
}

/// Whatever a right signature says, it is refused or within every bound; and a public key is taken in one form only.
#[test]
fn any_bridge_claims() {
    let now = Clock::System.now();
    let tenant = TenantId::new(now);
    let clock = now.seconds();
    check!().with_type::<(Vec<u8>, String, String, String, i16, u16)>().for_each(|(bytes, external, email, jti, early, life)| {
        let _ = claims::read(bytes, &tenant, now);
        let issued = clock + i64::from(*early);
        let said = json!({
            "aud": tenant, "iat": issued, "exp": issued + i64::from(*life), "jti": jti, "external_customer_id": external, "email": email,
        });
        let Ok(claims) = claims::read(said.to_string().as_bytes(), &tenant, now) else { return };
        assert!((1..=600).contains(life) && i64::from(*early) <= 30 && claims.expires_at.seconds() > clock - 30);
        assert!((1..=255).contains(&claims.jti.chars().count()) && claims.vouched.external_id == *external);
        assert!(!claims.vouched.email_verified && claims.vouched.email.as_deref().is_none_or(|email| email.contains('@')));
    });
}

#[test]
fn any_public_key() {
    check!().with_type::<(Vec<u8>, String)>().for_each(|(bytes, text)| {
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(bytes));
        for given in [json!(pem), json!(text), json!({ "kty": text, "x": text, "n": text })] {
            for algorithm in Algorithm::ALL.iter().copied() {
                if let Ok(jwk) = public_key::read(algorithm, &given) {
                    assert_eq!(public_key::read(algorithm, &jwk).expect("its own form"), jwk);
                }
            }
        }
    });
}

#[test]
fn any_cursor() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fresh = runtime.block_on(fresh(Engine::Sqlite));
    let core: &Core = &fresh.core;
    let tenant = TenantId::new(Clock::System.now());
    let cursors = core.cursor("tokens", &tenant);
    let good = cursors.seal(&Cursor { at: Time::from_millis(1_000), id: "wtok_1".to_owned() });
    let opens = AssertUnwindSafe(|text: &str| cursors.open(Some(text)).is_ok());
    check!().with_type::<(u16, u8, bool)>().for_each(|change| {
        let bytes = changed(&good, *change);
        let Ok(text) = std::str::from_utf8(&bytes) else { return };
        assert_eq!((*opens)(text), text == good || text.is_empty(), "{text}");
    });
}
