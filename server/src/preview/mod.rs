//! The preview: an origin of our own on which one element stands as it does in other people's pages, framed by Embed Studio.
//!
//! It shares nothing with the dashboard but the process: no cookie, no database, no function, four routes. The element asks
//! `/embed/*` with an embed key as every page does, so it shows what is published and nothing else; its policy is as strict as a page's can be,
//! which proves that the SDK runs under such a one.

mod place;

pub use place::Place;

use crate::{
    Context,
    error::{Result, no_such_method, no_such_route},
    extract::Query,
    gate,
};
use app::element::{Element, Language};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    middleware::from_fn_with_state,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use mintmark::{EmbedKeyId, Error, product::Mode};
use serde::Deserialize;

const SCRIPT: &str = include_str!("preview.js");
const STYLE: &str = include_str!("preview.css");
const FAVICON: &str = include_str!("../../../style/favicon.svg");
/// For whoever opens the address by hand.
const NOTHING: &str = "<p class=\"nothing\">Embed Studio shows here what pages of other origins show.</p>";

/// What the frame's address says. A link in a mail may lead back here, and brings its secret along, which the element takes.
#[derive(Deserialize)]
#[serde(default)]
struct Asked {
    key: Option<String>,
    element: Element,
    theme: Mode,
    lang: Language,
    mintmark_magic_token: Option<String>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { key: None, element: Element::Pricing, theme: Mode::Auto, lang: Language::En, mintmark_magic_token: None }
    }
}

/// Everything that the preview's listener answers.
pub fn router(context: &Context) -> Router {
    Router::new()
        .route("/", get(document))
        .route("/preview.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/preview.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/favicon.svg", get(|| async { file("image/svg+xml", FAVICON) }))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(context.clone(), gate::preview_gate))
        .with_state(context.clone())
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// One element. What stands in it are words of ours, our own address, and an id that was read as one: nothing that needs escaping.
async fn document(State(context): State<Context>, Query(asked): Query<Asked>) -> Result<Response> {
    let Asked { key, element, theme, lang, mintmark_magic_token: _ } = asked;
    let (studio, theme, lang) = (&context.origin, theme.as_str(), lang.as_str());
    let key = key.map(|key| key.parse::<EmbedKeyId>()).transpose().map_err(|_| Error::invalid("key", "This is no embed key."))?;
    let (scripts, body) = match key {
        None => (String::new(), NOTHING.to_owned()),
        Some(key) => {
            let (tag, file) = (element.tag(), element.file());
            (
                format!(
                    "<script type=\"module\" src=\"{studio}/sdk/v1/{file}\"></script>\
                     <script type=\"module\" src=\"/preview.js\"></script>"
                ),
                format!("<{tag} data-shown embed-key=\"{key}\" theme=\"{theme}\" lang=\"{lang}\"></{tag}>"),
            )
        }
    };
    let page = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\" data-studio=\"{studio}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>Preview</title><base target=\"_blank\"><link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"/preview.css\">\
         {scripts}</head><body><main>{body}</main></body></html>"
    );
    let mut response = Html(page).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(studio)?);
    Ok(response)
}

/// Scripts of the SDK and of ours, calls to `/embed/*`, the frame that keeps who signed in, and nothing else; framed by Embed Studio alone.
fn policy(studio: &str) -> Result<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' {studio}/sdk/; connect-src {studio}/embed/; frame-src {studio}/popup/frame; style-src 'self'; img-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {studio}; require-trusted-types-for 'script'; \
         trusted-types 'none'"
    );
    Ok(HeaderValue::try_from(policy).map_err(Error::internal)?)
}
