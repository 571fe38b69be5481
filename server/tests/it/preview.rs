//! The preview's origin over HTTP: what it shows, under which policy, and all that it does not answer.

use crate::{
    app::{Answer, PATIENCE, TestApp},
    command::{Folder, mintmark, run, said},
};
use mintmark::testing::{Engine, fresh};
use server::{config::PublicUrl, preview::Place, settings::Settings};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};

const KEY: &str = "pk_test_0123456789abcdef01234567";
const STUDIO: &str = "https://mint.example";

/// Behind TLS, as for others.
async fn preview() -> TestApp {
    let public = PublicUrl::resolve(Some(STUDIO), ([127, 0, 0, 1], 1).into()).expect("a URL");
    let settings = Settings {
        preview_listen: Some(([127, 0, 0, 1], 1).into()),
        preview_url: Some("https://preview.example".into()),
        ..Settings::default()
    };
    let place = Place::resolve(&settings, &public).expect("fits");
    let change = |config: &mut server::config::Config| (config.public_url, config.preview) = (public, place);
    TestApp::preview(fresh(Engine::Sqlite).await, change).await
}

fn policy(answer: &Answer) -> Vec<&str> {
    answer.header("content-security-policy").expect("a policy").split("; ").collect()
}

#[tokio::test]
async fn one_element_stands_in_it_under_a_policy_without_exceptions() {
    let app = preview().await;
    let asked = format!("/?key={KEY}&element=sign-in&theme=dark&lang=de&mintmark_magic_token=mgl_x");
    let answer = app.get(&asked).header("cookie", "__Host-mintmark=x; theme=dark").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let page = answer.text();
    let element = format!("<mintmark-sign-in data-shown embed-key=\"{KEY}\" theme=\"dark\" lang=\"de\"></mintmark-sign-in>");
    assert!(
        page.contains(&element) && page.contains("<script type=\"module\" src=\"https://mint.example/sdk/v1/sign-in.js\"></script>"),
        "{page}"
    );
    assert!(!page.contains("mgl_x") && !page.contains("<style") && !page.contains("<script>"), "{page}");
    let expected = [
        "default-src 'none'",
        "script-src 'self' https://mint.example/sdk/",
        "connect-src https://mint.example/embed/",
        "frame-src https://mint.example/popup/frame",
        "style-src 'self'",
        "img-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors https://mint.example",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ];
    assert_eq!(policy(&answer), expected);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin-allow-popups"),
        ("cache-control", "no-store"),
        ("strict-transport-security", "max-age=63072000"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.header("permissions-policy").is_some() && answer.header("x-request-id").is_some());
    assert!(answer.headers("set-cookie").is_empty() && answer.header("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn it_has_four_files_and_nothing_of_the_dashboard() {
    let app = preview().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/preview.js", "text/javascript; charset=utf-8"),
        ("/preview.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
    ] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        assert!(answer.headers("set-cookie").is_empty(), "{path}");
    }
    for path in [
        "/sign-in",
        "/t/acme",
        "/embed/v1/config",
        "/v1/me",
        "/widget/session",
        "/sdk/v1/mintmark.js",
        "/popup/sign-in",
        "/healthz",
        "/metrics",
    ] {
        app.get(path).await.refused(404, "not_found");
    }
    app.post("/api/sign_in")
        .header("sec-fetch-site", "same-origin")
        .text("application/x-www-form-urlencoded", "email=a")
        .await
        .refused(404, "not_found");
    app.post("/").header("sec-fetch-site", "same-origin").await.refused(405, "method_not_allowed");
    app.post("/").header("sec-fetch-site", "cross-site").await.refused(403, "cross_site");
}

#[tokio::test]
async fn what_its_address_says_is_read_strictly_and_never_repeated() {
    let app = preview().await;
    for query in [
        "key=%3Cscript%3Ealert(1)%3C/script%3E",
        "key=sk_live_0123456789abcdef01234567",
        "key=pk_test_0123456789abcdef01234567%22%3E",
        "element=script",
        "theme=%22%3E",
        "lang=fr",
        "appearance=%7B%7D",
    ] {
        let answer = app.get(&format!("/?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        assert!(!answer.text().contains("<script") && !answer.text().contains("\">"), "{query}: {}", answer.text());
    }
    let nothing = app.get("/?element=chat").await;
    assert!(nothing.status == 200 && !nothing.text().contains("<script"), "without a key nothing runs");
}

/// A preview that nobody asked for is no reason not to start; one that somebody asked for is.
#[tokio::test]
async fn a_port_that_is_taken_costs_the_preview_and_nothing_else() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let folder = Folder::new("preview-taken");
    let asked = run(&folder, &["serve"], &[("MINTMARK_LISTEN", "127.0.0.1:0"), ("MINTMARK_PREVIEW_LISTEN", &at)]).await;
    assert_eq!(asked.status.code(), Some(1));
    assert!(said(&asked).contains(&format!("Cannot listen on {at}")), "{}", said(&asked));
    let wrong = run(&folder, &["doctor"], &[("MINTMARK_PREVIEW_URL", "https://preview.example")]).await;
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said(&wrong).contains("MINTMARK_PREVIEW_LISTEN must say where it listens"), "{}", said(&wrong));

    let arguments = ["serve", "--json", "--listen", "127.0.0.1:0", "--preview-listen", "127.0.0.1:0"];
    let mut child = mintmark(&folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("says").expect("reads").expect("a line");
    let said: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let (public, preview) = (said["public_url"].as_str().expect("a URL"), said["preview_url"].as_str().expect("a URL"));
    assert!(public != preview && !preview.ends_with(":0"), "{line}");
    child.kill().await.expect("ends");
}
