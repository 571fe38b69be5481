//! Tokens that nobody should believe, signed with our own key or somebody else's (JW3 to JW12).

use super::*;
use crate::{
    key::{Algorithm, jws},
    on_each_engine,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A good token taken apart, and the means to sign another text with the same key.
struct Forge {
    ground: Ground,
    header: Value,
    claims: Value,
    token: String,
}

async fn forge(fresh: &Fresh) -> Forge {
    let ground = ground(fresh).await;
    let token = ground.mint().await.token.reveal().to_owned();
    let part = |at: usize| {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).expect("a part")).expect("base64url")).expect("JSON")
    };
    Forge { header: part(0), claims: part(1), ground, token }
}

impl Forge {
    /// Signed by the tenant's own active key, whatever it says.
    async fn signed(&self, header: &str, payload: &str) -> String {
        let (_, pair) = self.ground.core.active_pair(&self.ground.tenant).await.expect("a key");
        pair.sign_raw(header.as_bytes(), payload.as_bytes()).expect("signed")
    }

    async fn with_header(&self, change: impl Fn(&mut Value)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.signed(&header.to_string(), &self.claims.to_string()).await
    }

    async fn with_claims(&self, change: impl Fn(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.signed(&self.header.to_string(), &claims.to_string()).await
    }

    async fn refused(&self, token: &str) {
        assert_eq!(self.ground.verdict(token).await, Err(Code::InvalidToken), "{token}");
    }
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().expect("an object").remove(name);
}

on_each_engine! {
    async fn the_forge_itself_is_sound(fresh) {
        let forge = forge(&fresh).await;
        let same = forge.with_claims(|_| {}).await;
        forge.ground.verdict(&same).await.expect("what is signed as we sign is good");
        forge.ground.verdict(&forge.token).await.expect("good");
    }

    /// JW3: the algorithm is the key's, never the token's.
    async fn no_other_algorithm_is_believed(fresh) {
        let forge = forge(&fresh).await;
        for alg in [
            json!("none"), json!("None"), json!("NONE"), json!("nOnE"), json!(""), Value::Null, json!(["ES256"]), json!("hs256"), json!("HS256"),
            json!("RS256"), json!("PS256"), json!("ES256K"), json!("EdDSA"), json!("ES384"), json!("es256"), json!("unknown"), json!(1),
        ] {
            forge.refused(&forge.with_header(|header| header["alg"] = alg.clone()).await).await;
        }
        forge.refused(&forge.with_header(|header| remove(header, "alg")).await).await;
        let (message, _) = forge.token.rsplit_once('.').expect("three parts");
        forge.refused(&format!("{message}.")).await;
    }

    /// JW4: HS256 with the published half as its secret.
    async fn the_public_half_is_no_secret(fresh) {
        let forge = forge(&fresh).await;
        let jwks = &forge.ground.core.jwks(None).await.expect("a JWKS").body;
        for secret in [jwks.as_bytes().to_vec(), serde_json::from_str::<Value>(jwks).expect("JSON")["keys"][0].to_string().into_bytes()] {
            let mut header = forge.header.clone();
            header["alg"] = json!("HS256");
            let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(forge.claims.to_string()));
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
            let mac = URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes()));
            forge.refused(&format!("{message}.{mac}")).await;
        }
    }

    /// JW5, JW6: keys and meanings that the header brings along. Nothing here can open a connection.
    async fn headers_that_bring_keys_or_meanings_are_refused(fresh) {
        let forge = forge(&fresh).await;
        let pair = jws::generate(Algorithm::Es256).expect("a pair");
        for (name, value) in [
            ("jwk", pair.public_jwk.clone()), ("jku", json!("http://127.0.0.1:9/jwks.json")), ("x5u", json!("http://127.0.0.1:9/cert")),
            ("x5c", json!(["MIIB"])), ("x5t", json!("AA")), ("crit", json!(["exp"])), ("crit", json!([])), ("b64", json!(false)),
            ("b64", json!(true)), ("zip", json!("DEF")), ("cty", json!("JWT")),
        ] {
            forge.refused(&forge.with_header(|header| header[name] = value.clone()).await).await;
        }
        forge.refused(&format!("{}.x.y", forge.token)).await;
        let nested = forge.signed(&forge.header.to_string(), &forge.token).await;
        forge.refused(&nested).await;
    }

    /// JW7: exactly the kind's own type.
    async fn only_the_exact_type_passes(fresh) {
        let forge = forge(&fresh).await;
        for typ in [
            json!("JWT"), json!("at+jwt"), json!("dashboard+jwt"), json!("session+jwt"), json!("identity+jwt"), json!("WIDGET+JWT"),
            json!("application/widget+jwt"), json!(""), Value::Null, json!(["widget+jwt"]),
        ] {
            forge.refused(&forge.with_header(|header| header["typ"] = typ.clone()).await).await;
        }
        forge.refused(&forge.with_header(|header| remove(header, "typ")).await).await;
    }

    /// JW8: a token of another kind, good in itself, is known and refused.
    async fn another_kind_is_named_as_such(fresh) {
        let forge = forge(&fresh).await;
        let mut header = forge.header.clone();
        header["typ"] = json!("dashboard+jwt");
        let mut claims = forge.claims.clone();
        claims["kind"] = json!("dashboard");
        claims["sub"] = json!("usr_0123456789abcdef01234567");
        let token = forge.signed(&header.to_string(), &claims.to_string()).await;
        assert_eq!(forge.ground.verdict(&token).await, Err(Code::WidgetTokenRequired));
    }

    /// JW9: audience and issuer match exactly, or nothing does.
    async fn audience_and_issuer_match_exactly(fresh) {
        let forge = forge(&fresh).await;
        let ours = forge.ground.tenant.to_string();
        for aud in [json!([ours]), json!([ours, "x"]), json!(["x"]), json!(1), json!(""), Value::Null, json!("ten_0123456789abcdef01234567")] {
            forge.refused(&forge.with_claims(|claims| claims["aud"] = aud.clone()).await).await;
        }
        for iss in ["http://127.0.0.1:3000/t/other", "http://127.0.0.1:3000/t/acme/", "http://127.0.0.1:3000/t/ACME", "http://127.0.0.1:3000", ""] {
            forge.refused(&forge.with_claims(|claims| claims["iss"] = json!(iss)).await).await;
        }
        for name in ["aud", "iss", "sub", "jti", "kind", "tenant_id", "iat", "nbf", "exp"] {
            forge.refused(&forge.with_claims(|claims| remove(claims, name)).await).await;
        }
        forge.refused(&forge.with_claims(|claims| claims["sub"] = json!("wtok_0123456789abcdef01234567")).await).await;
        forge.refused(&forge.with_claims(|claims| claims["kind"] = json!("session")).await).await;
        forge.refused(&forge.with_claims(|claims| claims["tenant_id"] = json!("ten_0123456789abcdef01234567")).await).await;
    }

    /// JW10: times are integers in their range; nothing lives past an hour.
    async fn times_are_what_they_must_be(fresh) {
        let forge = forge(&fresh).await;
        let now = fresh.core.now().seconds();
        for exp in [json!("1"), json!(1e308), Value::Null, json!(-1), json!(u64::MAX), json!([now]), json!(f64::from(u32::try_from(now).expect("this century")) + 0.5), json!(now + 3_601)] {
            forge.refused(&forge.with_claims(|claims| claims["exp"] = exp.clone()).await).await;
        }
        for name in ["nbf", "iat"] {
            forge.refused(&forge.with_claims(|claims| claims[name] = json!(now + 3_600)).await).await;
            forge.refused(&forge.with_claims(|claims| claims[name] = json!(now + 31)).await).await;
        }
        let skewed = forge.with_claims(|claims| claims["nbf"] = json!(now + 29)).await;
        forge.ground.verdict(&skewed).await.expect("within thirty seconds");
        let past = forge.with_claims(|claims| {
            claims["exp"] = json!(now - 1);
            claims["iat"] = json!(now - 60);
            claims["nbf"] = json!(now - 60);
        });
        assert_eq!(forge.ground.verdict(&past.await).await, Err(Code::WidgetTokenExpired));
    }

    /// JW11: malformed in every way that has been tried on others.
    async fn malformed_tokens_are_refused(fresh) {
        let forge = forge(&fresh).await;
        let (header, claims) = (forge.header.to_string(), forge.claims.to_string());
        let twice = |text: &str, name: &str, value: &str| format!("{{\"{name}\":{value},{}", &text[1..]);
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        for (header, claims) in [
            (twice(&header, "alg", "\"ES256\""), claims.clone()),
            (twice(&header, "x", "{\"a\":1,\"a\":2}"), claims.clone()),
            (header.clone(), twice(&claims, "exp", "1")),
            (header.clone(), twice(&claims, "x", "{\"a\":1,\"a\":2}")),
            (format!("{header} x"), claims.clone()),
            (format!("\u{feff}{header}"), claims.clone()),
            (header.clone(), format!("\u{feff}{claims}")),
            (header.clone(), format!("{claims}{claims}")),
            (header.clone(), twice(&claims, "x", "\"\\ud800\"")),
            (header.clone(), twice(&claims, "x", &deep)),
            (header.clone(), "[]".to_owned()),
            (header.clone(), String::new()),
        ] {
            forge.refused(&forge.signed(&header, &claims).await).await;
        }
        let utf16: Vec<u8> = claims.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (_, pair) = forge.ground.core.active_pair(&forge.ground.tenant).await.expect("a key");
        for payload in [utf16, [claims.as_bytes(), &[0xff]].concat(), vec![0xff, 0xfe]] {
            forge.refused(&pair.sign_raw(header.as_bytes(), &payload).expect("signed")).await;
        }
        let token = &forge.token;
        for wrong in [
            format!(" {token}"), format!("{token} "), format!("{token}\n"), format!("{token}="), format!("{token}."), format!(".{token}"),
            token.replace('.', ".."), token.replacen('.', "", 1), format!("{token}{}", "A".repeat(1 << 20)), "..".to_owned(), "a.b.c".to_owned(),
            json!({"payload": "x", "protected": "y", "signature": "z"}).to_string(),
        ] {
            forge.refused(&wrong).await;
        }
        // The last symbol of a 64-byte signature carries four unused bits: only zeros are canonical.
        let mut bytes = token.clone().into_bytes();
        let last = bytes.last_mut().expect("a symbol");
        *last = match *last { b'A' => b'B', b'Q' => b'R', b'g' => b'h', _ => b'x' };
        forge.refused(&String::from_utf8(bytes).expect("ascii")).await;
    }

    /// JW12: a kid is the id of one of our keys, or nothing.
    async fn strange_key_ids_are_refused(fresh) {
        let forge = forge(&fresh).await;
        let other = another(&fresh, "other").await;
        let (theirs, _) = other.core.active_pair(&other.tenant).await.expect("a key");
        for kid in [
            json!(1), json!(["x"]), Value::Null, json!("k".repeat(7_000)), json!("../../dev/null"), json!("' OR 1=1--"), json!("\u{0}"),
            json!("key_0123456789abcdef01234567"), json!(theirs),
        ] {
            forge.refused(&forge.with_header(|header| header["kid"] = kid.clone()).await).await;
        }
        forge.refused(&forge.with_header(|header| remove(header, "kid")).await).await;
        forge.ground.verdict(&forge.token).await.expect("the good one is still good");
    }

    /// JW14, small: no single flipped bit is accepted.
    async fn no_flipped_bit_is_accepted(fresh) {
        let forge = forge(&fresh).await;
        let bytes = forge.token.as_bytes();
        for at in (0..bytes.len()).step_by(3) {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1 << (at % 7);
            if let Ok(text) = String::from_utf8(flipped) {
                assert!(forge.ground.verdict(&text).await.is_err(), "{at}");
            }
        }
    }
}
