//! `GET /docs`: the description of the API as a page that works without a network.
//!
//! We write the page ourselves: viewers for OpenAPI are megabytes of script whose main use, trying calls out, this page's policy forbids.

mod operation;
mod shape;

use crate::{Context, api};
use axum::{
    Router,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use leptos::nonce::Nonce;
use serde_json::Value;
use std::{fmt::Write, sync::LazyLock};

const STYLE: &str = include_str!("docs.css");
const TOKENS: &str = include_str!("../../../style/tokens.css");
const SCRIPT: &str = include_str!("docs.js");

/// Where each answer's nonce goes.
const NONCE: &str = "{{nonce}}";

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let api = serde_json::to_value(api::description()).unwrap_or_default();
    render(&api)
});

pub(crate) fn router() -> Router<Context> {
    Router::new().route("/docs", get(page))
}

/// An opaque origin: whatever runs here has no cookie, no storage and nobody to talk to.
async fn page() -> Response {
    let nonce = Nonce::new().to_string();
    let policy = format!(
        "sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'none'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Html(PAGE.replace(NONCE, &nonce)).into_response();
    // Where it could not be said, the policy of everything else stands, under which nothing runs.
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn render(api: &Value) -> String {
    let title = text(&api["info"]["title"]);
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} API</title><link rel=\"icon\" href=\"data:,\"><style>{}{STYLE}</style></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to the routes</a><div class=\"frame\"><nav aria-label=\"Routes\"><p class=\"brand\"><a href=\"/\">{title}</a></p>\
         <label class=\"search\" hidden>Filter<input type=\"search\" id=\"filter\" autocomplete=\"off\"></label>",
        palette()
    );
    let tags = api["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    for tag in tags {
        let _ = write!(page, "<h2>{}</h2><ul>", text(&tag["name"]));
        for operation in operation::of(api, &tag["name"]) {
            operation.link(&mut page);
        }
        page.push_str("</ul>");
    }
    let _ = write!(
        page,
        "</nav><main id=\"main\" tabindex=\"-1\"><h1>{title} API</h1><p>{} Version {}. The same as a document: <a href=\"/openapi.json\">openapi.json</a>.</p>",
        text(&api["info"]["description"]),
        text(&api["info"]["version"])
    );
    for (name, scheme) in api["components"]["securitySchemes"].as_object().into_iter().flatten() {
        let _ = write!(page, "<p id=\"{name}\"><code>Authorization: Bearer</code> {}</p>", prose(&scheme["description"]));
    }
    for tag in tags {
        let _ = write!(page, "<section><h2>{}</h2><p>{}</p>", text(&tag["name"]), prose(&tag["description"]));
        for operation in operation::of(api, &tag["name"]) {
            operation.section(api, &mut page);
        }
        page.push_str("</section>");
    }
    page.push_str("<section><h2>Shapes</h2>");
    for (name, schema) in api["components"]["schemas"].as_object().into_iter().flatten() {
        shape::section(api, name, schema, &mut page);
    }
    // `<` would end the element early; in JSON it may be written like this.
    let inlined = api.to_string().replace('<', "\\u003c");
    let _ = write!(
        page,
        "</section></main></div><script type=\"application/json\" id=\"openapi\" nonce=\"{NONCE}\">{inlined}</script>\
         <script nonce=\"{NONCE}\">{SCRIPT}</script></body></html>"
    );
    page
}

/// The dashboard's values, without its typefaces: an opaque origin may not load them.
fn palette() -> &'static str {
    TOKENS.find(":root").map_or("", |start| &TOKENS[start..])
}

/// Escaped text of a JSON string.
fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

/// Escaped text with what stands between backticks as code.
fn prose(value: &Value) -> String {
    let mut out = String::new();
    for (at, part) in value.as_str().unwrap_or_default().split('`').enumerate() {
        let part = escape(part);
        if at % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
        } else {
            out.push_str(&part);
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_and_every_shape_is_on_the_page() {
        let api = serde_json::to_value(api::description()).expect("JSON");
        let page = render(&api);
        for (path, item) in api["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let id = operation["operationId"].as_str().expect("an id");
                assert!(page.contains(&format!("id=\"{id}\"")), "{method} {path}");
                assert!(page.contains(&format!("href=\"#{id}\"")), "{method} {path}");
            }
        }
        for name in api["components"]["schemas"].as_object().expect("shapes").keys() {
            assert!(page.contains(&format!("id=\"shape-{name}\"")), "{name}");
        }
    }

    #[test]
    fn each_link_within_the_page_leads_somewhere() {
        let page = render(&serde_json::to_value(api::description()).expect("JSON"));
        let links = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links {
            assert!(page.contains(&format!("id=\"{link}\"")), "#{link}");
        }
    }

    #[test]
    fn text_is_escaped_and_backticks_are_code() {
        assert_eq!(prose(&"`<b>` & \"x\"".into()), "<code>&lt;b&gt;</code> &amp; &quot;x&quot;");
    }
}
