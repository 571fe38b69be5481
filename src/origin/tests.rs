//! The table of origins: what is accepted, as what it is stored, what is refused (OR1, OR2).

use super::{Origin, of_page};
use crate::Code;

/// OR1: typed, stored; the development switch is off.
#[test]
fn accepted_origins_are_stored_as_browsers_send_them() {
    for (typed, stored) in [
        ("https://app.acme.com", "https://app.acme.com"),
        ("HTTPS://App.Acme.com:443", "https://app.acme.com"),
        ("https://app.acme.com:8443", "https://app.acme.com:8443"),
        (" https://app.acme.com ", "https://app.acme.com"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://intranet", "https://intranet"),
        ("https://a_b.example.com", "https://a_b.example.com"),
    ] {
        assert_eq!(Origin::parse(typed, false).expect(typed).as_str(), stored);
    }
}

/// OR1: every refusal has the code and a reason of its own kind.
#[test]
fn everything_else_is_refused() {
    let long = format!("https://{}.example.com", "a".repeat(250));
    for typed in [
        "",
        " ",
        "app.acme.com",
        "//app.acme.com",
        "https:app.acme.com",
        "https:/app.acme.com",
        "https://",
        "https://:443",
        "http://app.acme.com",
        "ftp://app.acme.com",
        "file:///etc/passwd",
        "javascript://app.acme.com",
        "data:text/html,x",
        "https://app.acme.com/",
        "https://app.acme.com/path",
        "https://app.acme.com?x",
        "https://app.acme.com#x",
        "https://app.acme.com\\x",
        "https://user@app.acme.com",
        "https://user:pass@app.acme.com",
        "*",
        "https://*",
        "https://*.acme.com",
        "null",
        "NULL",
        "https://app.acme.com:0",
        "https://app.acme.com:65536",
        "https://app.acme.com:x",
        "https://app.acme.com.",
        "https://app.acme.com.:443",
        "https://app.ac\tme.com",
        "https://app.ac\nme.com",
        "https://app acme.com",
        "https://app.acme.com\u{0}",
        "https://%61pp.acme.com",
        "https://127.0.0.1",
        "https://10.0.0.1",
        "https://[::1]",
        "https://0x7f.1",
        "https://localhost",
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "https://app.acme.com, https://b.acme.com",
        long.as_str(),
    ] {
        let error = Origin::parse(typed, false).expect_err(typed);
        assert_eq!(error.code(), Code::InvalidOrigin, "{typed}");
    }
}

/// Each refusal says what to change.
#[test]
fn a_refusal_names_what_is_wrong() {
    let long = format!("https://{}", "a".repeat(248));
    for (typed, development, told) in [
        (" ", false, "An origin is scheme, host and port"),
        (long.as_str(), false, "at most 255"),
        ("NULL", false, "`null` is what browsers send"),
        ("https://*.acme.com", false, "Wildcards"),
        ("https://\u{ff0a}.acme.com", false, "Wildcards"),
        ("https://app.acme.com;sandbox", false, "letters, digits, hyphens and dots"),
        ("https://app.acme.com,x", false, "letters, digits, hyphens and dots"),
        ("https://'self'.acme.com", false, "letters, digits, hyphens and dots"),
        ("https://app acme.com", false, "no spaces"),
        ("app.acme.com", false, "starts with https://"),
        ("https://app.acme.com/", false, "A trailing slash"),
        ("https://app.acme.com/path", false, "no path"),
        ("https://app.acme.com/?x", false, "no path"),
        ("https://app.acme.com\\x", false, "no path"),
        ("https://app.acme.com?x", false, "no query"),
        ("https://app.acme.com#x", false, "no fragment"),
        ("https://user@app.acme.com", false, "no user name"),
        ("https://%61pp.acme.com", false, "percent signs"),
        ("https://app.acme.com:x", false, "cannot be read"),
        ("https://app.acme.com.", false, "ends in a dot"),
        ("https://app.acme.com:0", false, "Port 0"),
        ("https://localhost", false, "Loopback origins need the switch"),
        ("http://127.0.0.1:3000", false, "Loopback origins need the switch"),
        ("http://[::1]:3000", false, "Loopback origins need the switch"),
        ("https://10.0.0.1", false, "An IP address needs the switch"),
        ("http://app.acme.com", true, "Only https"),
        ("http://10.0.0.1", true, "Only https"),
        ("ftp://app.acme.com", true, "The scheme is https"),
    ] {
        let error = Origin::parse(typed, development).expect_err(typed);
        assert!(error.problem().message.contains(told), "{typed}: {}", error.problem().message);
        assert_eq!(error.problem().field.as_deref(), Some("origin"));
    }
    let label = "a".repeat(59);
    let as_long_as_may_be = format!("https://{label}.{label}.{label}.{label}.example");
    assert_eq!(as_long_as_may_be.len(), 255);
    assert!(Origin::parse(&as_long_as_may_be, false).is_ok());
    assert!(Origin::parse(&format!("{as_long_as_may_be}s"), false).is_err());
}

#[test]
fn the_development_switch_lets_in_loopback_and_nothing_else_on_http() {
    for (typed, stored) in [
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://localhost:3443", "https://localhost:3443"),
        ("https://10.0.0.1", "https://10.0.0.1"),
    ] {
        assert_eq!(Origin::parse(typed, true).expect(typed).as_str(), stored);
    }
    for typed in ["http://app.acme.com", "http://127.0.0.2:3000", "http://localhost.acme.com", "http://10.0.0.1", "http://localhost:3000/"]
    {
        assert!(Origin::parse(typed, true).is_err(), "{typed}");
    }
}

#[test]
fn a_list_has_one_to_twenty_and_duplicates_collapse() {
    let list = |texts: &[&str]| Origin::parse_list(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), false);
    assert_eq!(list(&["https://a.example", "HTTPS://A.example:443", "https://b.example"]).expect("a list").len(), 2);
    assert_eq!(list(&[]).expect_err("empty").code(), Code::InvalidOrigin);
    let most: Vec<String> = (0..20).map(|n| format!("https://a{n}.example")).collect();
    assert_eq!(Origin::parse_list(&most, false).expect("twenty").len(), 20);
    let many: Vec<String> = (0..21).map(|n| format!("https://a{n}.example")).collect();
    assert_eq!(Origin::parse_list(&many, false).expect_err("too many").code(), Code::InvalidOrigin);
}

/// OR2: what a request may say, against `https://app.acme.com`; equality decides, nothing is normalised.
#[test]
fn only_the_very_origin_matches() {
    let allowed = Origin::parse("https://app.acme.com", false).expect("an origin");
    for sent in [
        "https://evil-app.acme.com",
        "https://app.acme.com.evil.com",
        "https://app.acme.comevil.com",
        "https://acme.com",
        "http://app.acme.com",
        "https://app.acme.com:8443",
        "https://app.acme.com:443",
        "https://app.acme.com@evil.com",
        "https://evil.com#app.acme.com",
        "null",
        "file://",
        "",
        "HTTPS://APP.ACME.COM",
        "https://App.acme.com",
        "https://app.acme.com.",
        "https://app.acme.com/",
        "https://аpp.acme.com",
        " https://app.acme.com",
        "https://app.acme.com https://evil.com",
        "https://app.acme.com,https://evil.com",
        "//app.acme.com",
        "app.acme.com",
        "https://app%2eacme.com",
    ] {
        assert_ne!(of_page(Some(sent), Some("https://app.acme.com/page")).as_deref(), Some(allowed.as_str()), "{sent}");
    }
    assert_eq!(of_page(Some("https://app.acme.com"), None).as_deref(), Some(allowed.as_str()));
}

/// OR3: without `Origin`, the origin of `Referer`; without either, nothing.
#[test]
fn a_referer_counts_by_its_origin_only() {
    assert_eq!(of_page(None, Some("https://app.acme.com/a/b?c#d")).as_deref(), Some("https://app.acme.com"));
    assert_eq!(of_page(None, Some("https://evil.com/https://app.acme.com/")).as_deref(), Some("https://evil.com"));
    assert_eq!(of_page(None, Some("https://app.acme.com@evil.com/")).as_deref(), Some("https://evil.com"));
    assert_eq!(of_page(None, Some("about:blank")), None);
    assert_eq!(of_page(None, Some("not a url")), None);
    assert_eq!(of_page(None, None), None);
}

#[test]
fn examples_are_judged_by_equality_too() {
    let check = Origin::check("https://app.acme.com", false).expect("a check");
    let matching: Vec<_> = check.examples.iter().filter(|example| example.matches).map(|example| example.page.as_str()).collect();
    assert_eq!(matching, ["https://app.acme.com"]);
    assert!(check.examples.len() >= 4);
}

/// What an admin is shown while they type: what it matches, and in what everything near it differs.
#[test]
fn a_check_shows_what_matches_and_what_does_not() {
    let shown = |typed: &str, development: bool| {
        let check = Origin::check(typed, development).expect(typed);
        let examples = check.examples.into_iter().map(|example| {
            assert_eq!(example.matches, example.page == check.origin.as_str());
            assert_eq!(example.matches, example.why.is_none(), "{}", example.page);
            format!("{} {}", example.page, example.why.unwrap_or_default())
        });
        examples.collect::<Vec<_>>()
    };
    let domain = [
        "https://app.acme.com ",
        "http://app.acme.com The scheme differs.",
        "https://app.acme.com:8443 The port differs.",
        "https://sub.app.acme.com A sub-domain is another origin.",
        "https://acme.com The parent domain is another origin.",
    ];
    assert_eq!(shown("HTTPS://app.acme.com:443", false), domain);
    assert_eq!(shown("https://acme.com", false).len(), 4, "a domain of two labels has no parent that anybody owns");
    assert_eq!(shown("https://intranet", false).len(), 3, "a single label has neither");
    let address = ["https://10.0.0.1 ", "http://10.0.0.1 The scheme differs.", "https://10.0.0.1:8443 The port differs."];
    assert_eq!(shown("https://10.0.0.1", true), address);
    let address = ["http://[::1]:3000 ", "https://[::1]:3000 The scheme differs.", "http://[::1]:8443 The port differs."];
    assert_eq!(shown("http://[::1]:3000", true), address);
    assert_eq!(shown("https://[::1]", true)[2], "https://[::1]:8443 The port differs.");
}
