//! The page of the API's description: whole without a network, and harmless (contract, end of section 8).

use crate::app::TestApp;
use mintmark::testing::{Engine, fresh};
use std::collections::HashSet;

#[tokio::test]
async fn the_page_holds_the_whole_description_and_is_an_opaque_origin() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let mut nonces = HashSet::new();
    for _ in 0..3 {
        let answer = app.get("/docs").header("cookie", "mintmark=AAAAAAAAAAAAAAAAAAAAAA").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(answer.headers("set-cookie").is_empty());
        let policy = answer.header("content-security-policy").expect("a policy").to_owned();
        assert!(policy.starts_with("sandbox allow-scripts; default-src 'none'; script-src 'nonce-"), "{policy}");
        for part in
            ["style-src 'self' 'unsafe-inline'", "connect-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.split("; ").any(|said| said == part), "{part}: {policy}");
        }
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        let text = answer.text();
        assert!(nonce.len() >= 22 && !text.contains("{{nonce}}"), "128 bits in base64: {nonce}");
        assert_eq!(text.matches("<script").count(), text.matches(&format!("nonce=\"{nonce}\"")).count(), "each script bears it");
        for reach in ["src=\"", "@import", "url(", "href=\"http", "href=\"//"] {
            assert!(!text.contains(reach), "{reach}: nothing is loaded from anywhere");
        }
        let inlined = text
            .split("id=\"openapi\"")
            .nth(1)
            .and_then(|rest| rest.split_once('>')?.1.split("</script>").next())
            .expect("the description");
        let inlined: serde_json::Value = serde_json::from_str(inlined).expect("JSON");
        assert_eq!(inlined, app.get("/openapi.json").await.json());
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 3);
}

/// OR4: serving makes no description, and says the same: a page may send to a path what is described there.
#[tokio::test]
async fn a_preflight_is_told_the_methods_that_are_described() {
    let app = TestApp::start(fresh(Engine::Sqlite).await).await;
    let described = server::api::description().paths.paths;
    let of_pages = described.into_iter().filter(|(path, _)| path.starts_with("/embed/") || path.starts_with("/widget/"));
    let mut asked = 0;
    for (path, item) in of_pages {
        let has = [
            ("GET", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
        ];
        let methods = has.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        let told = app.call("OPTIONS", &path.replace(['{', '}'], "")).header("origin", "https://page.example").await;
        assert_eq!((told.status, told.header("access-control-allow-methods")), (204, Some(methods.as_str())), "{path}");
        asked += 1;
    }
    assert!(asked >= 10, "{asked} paths");
}

/// What machines read names no id of our own lists.
#[test]
fn the_description_speaks_to_outsiders() {
    let text = serde_json::to_string(&server::api::description()).expect("JSON");
    for rest in text.split(" (").skip(1) {
        let word = rest.split([')', ',', ';']).next().unwrap_or_default();
        let id = word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_uppercase()) && word.ends_with(|c: char| c.is_ascii_digit());
        assert!(!id, "({word})");
    }
}
