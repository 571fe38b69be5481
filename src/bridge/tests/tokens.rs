//! Which bridge tokens are believed, and which are not (JW3 to JW6, JW9 to JW12, JW15).

use crate::{
    Code, Op,
    bridge::{BridgeAlgorithm, CreatedBridgeKey, NewBridgeKey},
    embed_key::EmbedKey,
    on_each_engine,
    testing::{Fixture, bridge_token, sign_shared},
    time::{MINUTE, SECOND},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

async fn code(acme: &Fixture, key: &EmbedKey, token: String) -> Result<(), Code> {
    acme.exchange(key, token).await.map(drop).map_err(|error| error.code())
}

/// With one claim set, or taken out where it is null.
fn with(mut claims: Value, name: &str, value: Value) -> Value {
    let all = claims.as_object_mut().expect("an object");
    if value.is_null() {
        all.remove(name)
    } else {
        all.insert(name.to_owned(), value)
    };
    claims
}

async fn second_product(owner: &Op) -> crate::ProductId {
    owner.create_product(crate::product::NewProduct { name: "Second".into(), ..Default::default() }).await.expect("made").id
}

on_each_engine! {
    async fn every_algorithm_opens_a_session_once(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await;
        for algorithm in BridgeAlgorithm::ALL.iter().copied() {
            let bridge = acme.bridge_key(&product, algorithm).await;
            assert_eq!(bridge.secret.is_some(), algorithm == BridgeAlgorithm::Hs256);
            assert_ne!(bridge.secret.is_some(), bridge.private_key.is_some());
            let token = bridge_token(&bridge, &acme.vouches("u-1"));
            let started = acme.exchange(&key, token.clone()).await.expect("a session");
            assert_eq!(started.customer.external_id.as_deref(), Some("u-1"), "{algorithm}");
            assert_eq!(code(&acme, &key, token).await, Err(Code::BridgeTokenReplayed), "{algorithm}");
        }
    }

    /// JW3, JW4, JW12: the algorithm is the key's; a public key is no secret; a key opens only its own product.
    async fn no_other_key_or_algorithm_is_believed(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let key = acme.embed_key(&product).await;
        let shared = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
        let pair = acme.bridge_key(&product, BridgeAlgorithm::Rs256).await;
        let refused = Err(Code::InvalidToken);
        let secret = shared.secret.as_ref().expect("a secret").reveal().as_bytes();
        for alg in [json!("none"), json!("None"), json!("NONE"), json!("nOnE"), json!(""), Value::Null, json!(["HS256"]), json!("hs256"), json!("HS384"), json!("RS256"), json!("ES256K")] {
            let header = json!({ "alg": alg, "kid": shared.key.id });
            assert_eq!(code(&acme, &key, sign_shared(secret, &header, &acme.vouches("u"))).await, refused, "{alg}");
        }
        let jwk: Vec<(String,)> = fresh.core.db().all("select public_jwk from bridge_key where algorithm = 'RS256'", vec![]).await.expect("rows");
        for confused in [jwk[0].0.as_bytes(), b"", pair.key.id.as_str().as_bytes()] {
            for alg in ["HS256", "RS256"] {
                let header = json!({ "alg": alg, "kid": pair.key.id });
                assert_eq!(code(&acme, &key, sign_shared(confused, &header, &acme.vouches("u"))).await, refused);
            }
        }
        for guessed in [b"".as_slice(), b"guessed", &secret[1..], shared.key.id.as_str().as_bytes()] {
            let header = json!({ "alg": "HS256", "kid": shared.key.id });
            assert_eq!(code(&acme, &key, sign_shared(guessed, &header, &acme.vouches("u"))).await, refused, "not the key's secret");
        }
        let second = second_product(&owner).await;
        let elsewhere = acme.bridge_key(&second, BridgeAlgorithm::Hs256).await;
        assert_eq!(code(&acme, &key, bridge_token(&elsewhere, &acme.vouches("u"))).await, refused, "another product's");
        let other = fresh.tenant("other").await;
        let theirs = other.bridge_key(&other.product().await, BridgeAlgorithm::Hs256).await;
        assert_eq!(code(&acme, &key, bridge_token(&theirs, &acme.vouches("u"))).await, refused, "another tenant's");
        for kid in [Value::Null, json!(1), json!([shared.key.id]), json!("../../dev/null"), json!("' OR 1=1--"), json!("k".repeat(10_240)), json!("brk_0123456789abcdef01234567"), json!("key_0123456789abcdef01234567")] {
            let header = json!({ "alg": "HS256", "kid": kid });
            assert_eq!(code(&acme, &key, sign_shared(secret, &header, &acme.vouches("u"))).await, refused, "{kid}");
        }
        for (name, value) in [("jwk", json!({})), ("jku", json!("https://evil.example")), ("x5u", json!("x")), ("x5c", json!([])), ("crit", json!(["exp"])), ("crit", json!([])), ("b64", json!(false)), ("zip", json!("DEF")), ("cty", json!("JWT"))] {
            let header = json!({ "alg": "HS256", "kid": shared.key.id, name: value });
            assert_eq!(code(&acme, &key, sign_shared(secret, &header, &acme.vouches("u"))).await, refused, "{name}");
        }
        for garbage in ["", ".", "..", "a.b.c", "{}", "e30.e30.", "e30.e30.e30"] {
            assert_eq!(code(&acme, &key, garbage.to_owned()).await, refused, "{garbage}");
        }
        // What the platform signed is no bridge token.
        let started = acme.exchange(&key, bridge_token(&shared, &acme.vouches("u"))).await.expect("a session");
        assert_eq!(code(&acme, &key, started.token.reveal().to_owned()).await, refused);
    }

    /// JW9, JW10, JW15
    async fn a_claim_that_is_wrong_lets_nobody_in_and_is_named(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::Hs256).await);
        let now = fresh.core.now().seconds();
        let wrong: &[(&str, &[Value])] = &[
            ("aud", &[Value::Null, json!(""), json!("acme"), json!(1), json!([acme.tenant]), json!([acme.tenant, "x"]), json!(format!("{}/", acme.tenant)), json!(product)]),
            ("iat", &[Value::Null, json!("1"), json!(now + 31), json!(1.5), json!(-1), json!(u64::MAX), json!([])]),
            ("exp", &[Value::Null, json!("1"), json!(now), json!(now - 31), json!(now + 601), json!(1e308), json!(i64::MAX), json!(-1)]),
            ("jti", &[Value::Null, json!(""), json!(1), json!("x".repeat(256)), json!("a\u{0}b"), json!({})]),
            ("external_customer_id", &[Value::Null, json!(""), json!("  "), json!(7), json!(true), json!([]), json!({}), json!("x".repeat(256)), json!("a\nb"), json!("a\u{0}")]),
            ("email", &[json!("nobody"), json!(1), json!("a@b.example\r\nBcc: c@d.example")]),
            ("email_verified", &[json!("true"), json!(1)]),
            ("name", &[json!(1), json!(""), json!("x".repeat(121)), json!("a\u{7}b")]),
            ("metadata", &[json!([]), json!("x"), json!({ "a": { "b": { "c": {} } } }), json!({ "a": "x".repeat(2_048) })]),
            ("organization_id", &[json!("acme"), json!(1), json!("org_0123456789abcdef01234567")]),
        ];
        for (claim, values) in wrong {
            for value in *values {
                let token = bridge_token(&bridge, &with(acme.vouches("u"), claim, value.clone()));
                let error = acme.exchange(&key, token).await.err().unwrap_or_else(|| panic!("{claim} {value} was believed"));
                assert_eq!(error.code(), Code::InvalidToken, "{claim} {value}");
                let named = error.problem().field.expect("the claim");
                // A moment that is out of order may be blamed on either end.
                assert!(named == *claim || (matches!(*claim, "iat" | "exp") && matches!(named.as_str(), "iat" | "exp")), "{claim} {value}: {named}");
            }
        }
        assert_eq!(code(&acme, &key, bridge_token(&bridge, &with(acme.vouches("u"), "nbf", json!(now + 31)))).await, Err(Code::InvalidToken));
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let twice = format!(r#"{{"jti":"a","jti":"b","aud":"{}","iat":{now},"exp":{},"external_customer_id":"u"}}"#, acme.tenant, now + 60);
        let message = format!("{}.{}", encode(&json!({ "alg": "HS256", "kid": bridge.key.id }).to_string()), encode(&twice));
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, bridge.secret.as_ref().expect("a secret").reveal().as_bytes());
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&secret, message.as_bytes())));
        assert_eq!(code(&acme, &key, token).await, Err(Code::InvalidToken), "a member twice");

        let fine: &[(&str, &[Value])] = &[
            ("iat", &[json!(now + 30), json!(now - 299)]),
            ("exp", &[json!(now + 600)]),
            ("nbf", &[json!(now + 30), json!(0)]),
            ("external_customer_id", &[json!("x".repeat(255)), json!(" u "), json!("'; drop table customer;--"), json!("ü\u{202e}")]),
            ("email", &[json!(" Ada@Example.COM "), Value::Null]),
            ("metadata", &[json!({ "plan": "team" }), Value::Null]),
            ("kind", &[json!("widget")]),
            ("iss", &[json!("anything")]),
            ("sub", &[json!("anybody")]),
            ("role", &[json!("owner")]),
        ];
        for (claim, values) in fine {
            for value in *values {
                assert_eq!(code(&acme, &key, bridge_token(&bridge, &with(acme.vouches("u"), claim, value.clone()))).await, Ok(()), "{claim} {value}");
            }
        }
    }

    async fn thirty_seconds_of_a_wrong_clock_are_forgiven_and_no_more(fresh) {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let (key, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, BridgeAlgorithm::EdDsa).await);
        let (first, second) = (bridge_token(&bridge, &acme.vouches("u")), bridge_token(&bridge, &acme.vouches("u")));
        fresh.clock.advance(5 * MINUTE + 29 * SECOND);
        assert_eq!(code(&acme, &key, first.clone()).await, Ok(()));
        fresh.clock.advance(SECOND);
        assert_eq!(code(&acme, &key, second).await, Err(Code::InvalidToken));
        // The use is remembered for as long as anybody could accept the token, and not for ever.
        fresh.core.sweep().await.expect("swept");
        assert_eq!(code(&acme, &key, first.clone()).await, Err(Code::InvalidToken));
        let kept: (i64,) = fresh.core.db().one("select count(*) from bridge_token_use", vec![]).await.expect("a count");
        assert_eq!(kept, (1,));
        fresh.clock.advance(31 * SECOND);
        fresh.core.sweep().await.expect("swept");
        let kept: (i64,) = fresh.core.db().one("select count(*) from bridge_token_use", vec![]).await.expect("a count");
        assert_eq!(kept, (0,));
    }

    /// JW2, JW17
    async fn only_strong_public_keys_are_taken(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let take = async |algorithm, public_key: Value| {
            let asked = NewBridgeKey { algorithm, public_key: Some(public_key) };
            owner.create_bridge_key(&product, asked).await.map_err(|error| error.code())
        };
        let ours = async |algorithm| -> CreatedBridgeKey { acme.bridge_key(&product, algorithm).await };
        let ed = ours(BridgeAlgorithm::EdDsa).await;
        let weak = Err(Code::WeakOrInvalidKey);
        let rsa_1024 = include_str!("rsa-1024.pem");
        let rsa_2048 = include_str!("rsa-2048.pem");
        let p256 = include_str!("p256.pem");
        let p384 = include_str!("p384.pem");
        let ed25519 = include_str!("ed25519.pem");
        for (algorithm, given) in [
            (BridgeAlgorithm::Rs256, json!(rsa_1024)),
            (BridgeAlgorithm::Rs256, json!(p256)),
            (BridgeAlgorithm::Es256, json!(rsa_2048)),
            (BridgeAlgorithm::Es256, json!(p384)),
            (BridgeAlgorithm::Es256, json!(ed25519)),
            (BridgeAlgorithm::EdDsa, json!(p256)),
            (BridgeAlgorithm::EdDsa, json!(ed.private_key.as_ref().expect("made here").reveal())),
            (BridgeAlgorithm::EdDsa, json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA" })),
            (BridgeAlgorithm::Es256, json!({ "kty": "oct", "k": "c2VjcmV0" })),
            (BridgeAlgorithm::Es256, json!({ "keys": [] })),
            (BridgeAlgorithm::Es256, json!({ "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA" })),
            (BridgeAlgorithm::Es256, json!("")),
            (BridgeAlgorithm::Es256, json!("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----")),
            (BridgeAlgorithm::Es256, json!(7)),
        ] {
            assert_eq!(take(algorithm, given.clone()).await.map(drop), weak, "{algorithm} {given}");
        }
        assert_eq!(take(BridgeAlgorithm::Hs256, json!("a secret of ours, thirty-two bytes")).await.map(drop), Err(Code::InvalidField));
        let before = owner.bridge_keys(&product, crate::Limit::MOST, None).await.expect("a list").data.len();
        assert_eq!(before, 1, "nothing of it was kept");
        for (algorithm, given) in [(BridgeAlgorithm::Rs256, rsa_2048), (BridgeAlgorithm::Es256, p256), (BridgeAlgorithm::EdDsa, ed25519)] {
            let taken = take(algorithm, json!(given)).await.expect("taken");
            assert!(!taken.key.made_here && taken.secret.is_none() && taken.private_key.is_none());
        }
    }

    /// What Java's `BigInteger.toByteArray` makes of a modulus: the key is taken, and what its private half signs is believed.
    async fn zeros_in_front_of_an_rsa_number_change_no_key(fresh) {
        let acme = fresh.tenant("acme").await;
        let (owner, product) = (acme.owner().await, acme.product().await);
        let embed = acme.embed_key(&product).await;
        let made = acme.bridge_key(&product, BridgeAlgorithm::Rs256).await;
        let (jwk,): (String,) = fresh.core.db().one("select public_jwk from bridge_key", vec![]).await.expect("a row");
        let jwk: Value = serde_json::from_str(&jwk).expect("JSON");
        let padded = |name: &str, zeros: usize| {
            let number = URL_SAFE_NO_PAD.decode(jwk[name].as_str().expect("a number")).expect("base64url");
            json!(URL_SAFE_NO_PAD.encode([vec![0; zeros], number].concat()))
        };
        for (n, e) in [(1, 0), (0, 1), (3, 2)] {
            let given = json!({ "kty": "RSA", "n": padded("n", n), "e": padded("e", e) });
            let asked = NewBridgeKey { algorithm: BridgeAlgorithm::Rs256, public_key: Some(given) };
            let taken = owner.create_bridge_key(&product, asked).await.expect("taken");
            let private_key = made.private_key.as_ref().map(|pem| crate::Secret::new(pem.reveal().to_owned()));
            let signer = CreatedBridgeKey { private_key, ..taken };
            assert_eq!(code(&acme, &embed, bridge_token(&signer, &acme.vouches("u"))).await, Ok(()), "{n} {e}");
            owner.revoke_bridge_key(&product, &signer.key.id, crate::bridge::BridgeKeyChange::default()).await.expect("revoked");
        }
        // A key that was kept with its zeros, before they were taken off.
        let kept = json!({ "kty": "RSA", "n": padded("n", 1), "e": padded("e", 0) });
        fresh.sql(format!("update bridge_key set public_jwk = '{kept}' where id = '{}'", made.key.id)).await.expect("as it was");
        let acme = Fixture { core: fresh.another_process().await, ..acme };
        assert_eq!(code(&acme, &embed, bridge_token(&made, &acme.vouches("u"))).await, Ok(()));
    }
}
