//! Project Wycheproof's vectors, from the folder that `MINTMARK_VECTORS` names.

use super::super::{Algorithm, compact::Compact, jws::PublicKey};
use serde_json::Value;
use std::path::PathBuf;

/// The file's groups; nothing, said aloud, when the folder is not named.
#[expect(clippy::disallowed_methods, reason = "a test has no config")]
fn groups(file: &str) -> Vec<Value> {
    let Some(folder) = std::env::var_os("MINTMARK_VECTORS") else {
        println!("MINTMARK_VECTORS is not set: {file} was not judged");
        return Vec::new();
    };
    let path = PathBuf::from(folder).join("wycheproof").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    file["testGroups"].as_array().expect("groups").clone()
}

fn cases(group: &Value) -> impl Iterator<Item = (i64, &str, bool)> {
    group["tests"].as_array().expect("tests").iter().map(|case| {
        let jws = case["jws"].as_str().unwrap_or_default();
        (case["tcId"].as_i64().expect("an id"), jws, case["result"] == "valid")
    })
}

/// Registers the group's key for each algorithm of ours and verifies with it, as the product would.
fn accepted(key: &Value, jws: &str) -> bool {
    Algorithm::ALL.iter().any(|algorithm| {
        PublicKey::from_jwk(*algorithm, key).is_ok_and(|key| Compact::read(jws).and_then(|token| token.verified_by(&key)).is_some())
    })
}

/// JW1: no invalid vector is accepted, and every valid one of an algorithm of ours is.
#[test]
fn every_signature_vector_is_judged_right() {
    for group in groups("json_web_signature_test.json") {
        let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
        let ours = Algorithm::ALL.iter().any(|algorithm| key["alg"] == algorithm.as_str());
        for (id, jws, valid) in cases(&group) {
            // 372 and 373 are marked valid but contain `?`; 346 and 350 carry PS384 under a PS256 key.
            let right = valid && ours && ![372, 373, 346, 350].contains(&id);
            assert_eq!(accepted(key, jws), right, "tcId {id}");
        }
    }
}

/// JW2: no weak, mismatched or misused key is registered.
#[test]
fn every_key_vector_is_judged_right() {
    for group in groups("json_web_key_test.json") {
        let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
        let ours = Algorithm::ALL.iter().any(|algorithm| key["alg"] == algorithm.as_str());
        for (id, jws, valid) in cases(&group) {
            assert_eq!(accepted(key, jws), valid && ours, "tcId {id}");
        }
    }
}
