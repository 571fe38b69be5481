//! The document around every page: head, theme, content security policy, the script that wakes it.

use crate::{Assets, table::App, ui::Theme};
use http::{HeaderName, HeaderValue, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use mintmark::Core;

/// The whole HTML of a page of the table.
#[must_use]
pub fn shell() -> impl IntoView {
    document(view! { <App/> })
}

/// The document around any body. Takes its file names from [`Assets`], its theme from the cookie `theme`, and answers with
/// a policy under which only scripts that carry this response's nonce run (WB rows of the security model).
#[must_use]
pub fn document(body: impl IntoView) -> impl IntoView {
    let nonce = use_nonce();
    guard_headers(nonce.as_deref().unwrap_or_default());
    let Assets { js, wasm, css, favicon, fonts } = Assets::current();
    let theme = use_context::<Parts>().map_or(Theme::System, |parts| Theme::from_cookies(&parts.headers));
    let wake = format!(
        "{}({}, {})",
        include_str!("wake.js").trim_end().trim_end_matches(';'),
        serde_json::Value::from(js.as_str()),
        serde_json::Value::from(wasm.as_str())
    );
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.color_scheme()/>
                <meta name="referrer" content="same-origin"/>
                <link rel="icon" type="image/svg+xml" href=favicon/>
                {fonts.into_iter().map(|font| view! { <link rel="preload" href=font r#as="font" type="font/woff2" crossorigin="anonymous"/> }).collect_view()}
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js crossorigin="anonymous" nonce=nonce.clone()/>
                <link rel="preload" href=wasm r#as="fetch" type="application/wasm" crossorigin="anonymous"/>
                // Does not wait for the sheet and the rest of the page, which the browser reads meanwhile.
                <script r#async=true type="module" nonce=nonce>{wake}</script>
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// Only for pages: the API and the assets set their own.
fn guard_headers(nonce: &str) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{}",
        // The one thing that a page of ours may hold: what pages of other origins show, on an origin of its own.
        use_context::<Core>()
            .and_then(|core| core.settings().preview.clone())
            .map(|preview| format!("; frame-src {preview}"))
            .unwrap_or_default()
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response.insert_header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.insert_header(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
}
