//! Bodies that mean harm, at every route that reads one (DS2, WB2, WB8).

use crate::{
    access::routes::ROWS,
    house::{Caller, House},
};
use mintmark::on_each_engine;
use std::collections::BTreeSet;

/// Bodies that are no JSON, or none that anybody should accept, after the manner of `JSONTestSuite`'s `n_` and `i_` files.
fn bodies() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000)).into_bytes();
    let mut bodies = vec![
        deep("[", "]"),
        deep("[", ""),
        deep("{\"a\":", ""),
        format!("{{\"name\":{}}}", "[".repeat(60_000)).into_bytes(),
        format!("{{{}}}", (0..6_000).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",")).into_bytes(),
        format!("{{{}}}", vec!["\"name\":\"x\""; 5_000].join(",")).into_bytes(),
        format!("{{{}}}", (0..100_000).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",")).into_bytes(),
        format!("{{\"ttl_seconds\":{}}}", "9".repeat(60_000)).into_bytes(),
        format!("{{\"ttl_seconds\":{}}}", "9".repeat(1_000_000)).into_bytes(),
        format!("{{\"ttl_seconds\":-0.{}e-9999999999}}", "1".repeat(50_000)).into_bytes(),
        format!("{{\"name\":\"{}\"}}", "\\u0061".repeat(10_000)).into_bytes(),
        b"{\"name\":\"\xff\xfe\"}".to_vec(),
        b"{\"name\":\"\xed\xa0\x80\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        b"{\"name\":\"a\0b\"}".to_vec(),
    ];
    bodies.extend(
        [
            "",
            " ",
            "null",
            "true",
            "1",
            "\"text\"",
            "[]",
            "[{}]",
            "{",
            "}",
            "{]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1}{\"b\":2}",
            "{\"a\":1} x",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":0x10}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":1e400}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\u0000\"}",
            "{/**/}",
            "// x\n{}",
            "{\"a\":tru}",
            "{\"\":0}",
            "{\"name\":{\"$gt\":\"\"}}",
            "{\"name\":null,\"name\":null}",
            "a=b&c=d",
            "<x/>",
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
    bodies
}

on_each_engine! {
    /// DS2
    async fn no_body_breaks_a_route_and_none_of_these_is_taken(fresh) {
        let house = House::new(fresh).await;
        let token = house.credential(Caller::Owner).await.expect("a token");
        let description = serde_json::to_value(server::api::description()).expect("JSON");
        let mut tried = BTreeSet::new();
        for row in ROWS {
            let (method, template) = row.route.split_once(' ').expect("a method and a path");
            let operation = &description["paths"][template][method.to_lowercase()];
            let Some(body) = operation.get("requestBody") else { continue };
            if !tried.insert(row.route) {
                continue;
            }
            let may_be_left_out = body["required"] != true;
            let path = row.target.path(&house, template).await;
            for body in bodies() {
                let call = house.app.call(method, &path).bearer(&token).header("x-mintmark-tenant", house.acme.tenant.as_str());
                let kind = if row.reads_a_form() { "application/x-www-form-urlencoded" } else { "application/json" };
                let call = call.header("content-type", kind).header("content-length", &body.len().to_string());
                let answer = call.body(&body).await;
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                // A form without a word is one whose fields are all left out.
                let nothing = (may_be_left_out || row.reads_a_form()) && body.is_empty();
                assert!(nothing || (400..500).contains(&answer.status), "{} {shown:?}: {} {}", row.route, answer.status, answer.text());
                if !nothing {
                    assert!(["unparsable", "body_too_large", "unknown_field", "missing_field", "invalid_field", "not_found", "key_state", "conflict"].contains(&answer.code().as_str()), "{} {shown:?}: {}", row.route, answer.text());
                }
            }
            // WB2
            let other = if row.reads_a_form() { "application/json" } else { "application/x-www-form-urlencoded" };
            for kind in ["text/plain", other, "application/json; charset=latin1", "multipart/form-data; boundary=x"] {
                let call = house.app.call(method, &path).bearer(&token).header("x-mintmark-tenant", house.acme.tenant.as_str());
                call.text(kind, "{}").await.refused(415, "unsupported_media_type");
            }
        }
        assert!(tried.len() > 15, "{tried:?}");
    }
}
