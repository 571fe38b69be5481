//! The browser SDK as pages of other origins load it (WB3). These tests want it built: `scripts/sdk`.

use crate::app::{Answer, TestApp};
use base64::Engine as _;
use mintmark::testing::{Engine, fresh};
use sha2::{Digest, Sha384};

const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/sdk");
const PAGE: &str = "https://shop.example";

fn current() -> String {
    std::fs::read_to_string(format!("{BUILT}/current")).expect("the SDK is built: run scripts/sdk")
}

fn bears(answer: &Answer, what: &str, headers: &[(&str, &str)]) {
    for (name, value) in headers {
        assert_eq!(answer.header(name), Some(*value), "{what}: {name}");
    }
}

#[tokio::test]
async fn any_page_loads_the_sdk_by_its_alias_for_minutes_and_by_its_version_for_ever() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let version = current();
    for (folder, cache) in [("v1", "public, max-age=300"), (version.as_str(), "public, max-age=31536000, immutable")] {
        for (name, kind) in [
            ("mintmark.js", "text/javascript; charset=utf-8"),
            ("mintmark.iife.js", "text/javascript; charset=utf-8"),
            ("sri.json", "application/json"),
        ] {
            let path = format!("/sdk/{folder}/{name}");
            let plain = std::fs::read(format!("{BUILT}/{version}/{name}")).expect("the SDK is built: run scripts/sdk");
            let first = app.get(&path).header("origin", PAGE).await;
            assert_eq!((first.status, &first.body), (200, &plain), "{path}");
            let always = [
                ("cache-control", cache),
                ("access-control-allow-origin", "*"),
                ("cross-origin-resource-policy", "cross-origin"),
                ("x-content-type-options", "nosniff"),
                ("vary", "accept-encoding"),
            ];
            bears(&first, &path, &always);
            bears(&first, &path, &[("content-type", kind)]);
            assert_eq!(first.header("set-cookie"), None, "{path}");
            let tag = first.header("etag").expect("a tag");
            let again = app.get(&path).header("origin", PAGE).header("if-none-match", tag).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
            bears(&again, &path, &always);
            let head = app.call("HEAD", &path).await;
            assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
            bears(&head, &path, &always);
            bears(&head, &path, &[("content-type", kind), ("etag", tag)]);
            for (accepted, end) in [("gzip", "gz"), ("gzip, br", "br")] {
                let small = app.get(&path).header("accept-encoding", accepted).await;
                bears(&small, &path, &[("content-encoding", if end == "gz" { "gzip" } else { "br" }), ("content-type", kind)]);
                assert_eq!(small.body, std::fs::read(format!("{BUILT}/{version}/{name}.{end}")).expect("reads"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_bundle_of_a_version_is_an_error_that_pages_can_read() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let version = current();
    for path in [
        "/sdk/v1/nothing.js",
        "/sdk/v2/mintmark.js",
        "/sdk/0.0.0/mintmark.js",
        "/sdk/current/mintmark.js",
        "/sdk/v1/mintmark.js.br",
        "/sdk/v1/current",
        "/sdk/v1/..%2Fcurrent",
        "/sdk/..%2F..%2Fsdk/package.json",
        "/sdk/%2E%2E/package.json",
        "/sdk/v1/",
        "/sdk/v1",
        "/sdk/",
        &format!("/sdk/{version}/../current"),
    ] {
        let answer = app.get(path).header("origin", PAGE).await;
        answer.refused(404, "not_found");
        bears(
            &answer,
            path,
            &[("access-control-allow-origin", "*"), ("cross-origin-resource-policy", "cross-origin"), ("cache-control", "no-store")],
        );
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
    app.post("/sdk/v1/mintmark.js").header("sec-fetch-site", "same-origin").await.refused(405, "method_not_allowed");
}

/// What a page pins is what it gets.
#[tokio::test]
async fn the_list_of_hashes_is_that_of_the_bundles_served() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let list = app.get("/sdk/v1/sri.json").await.json();
    assert_eq!(list["version"], current());
    let bundles = list["bundles"].as_object().expect("bundles");
    assert!(bundles.len() >= 2);
    for (name, said) in bundles {
        let body = app.get(&format!("/sdk/{}/{name}", current())).await.body;
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha384::digest(&body));
        assert_eq!(said.as_str(), Some(format!("sha384-{hash}").as_str()), "{name}");
    }
}
