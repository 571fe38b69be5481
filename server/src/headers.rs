//! The headers that every answer bears, whatever it is (WB3, WB7).

use crate::surface::Surface;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

/// For everything that is no page: nothing may load, frame or run it. Pages bring their own, with a nonce.
const NOTHING: &str = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ),
];

const UNLESS_SAID: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Two years: what browsers remember of a site that is on TLS.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// What the sign-in window puts into its answer's extensions: the page that opened it stays within reach, and it within that page's. It
/// can do so on its own surface only; any other answer is apart from whoever opened it.
#[derive(Clone, Copy)]
pub(crate) struct KeepsOpener;

/// Sets them; a route may have said its own policy, resource policy and caching.
pub(crate) fn add(response: &mut Response, surface: Surface, https: bool) {
    let keeps_opener = response.extensions_mut().remove::<KeepsOpener>().is_some();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if surface == Surface::Sdk {
        // Pages that isolate themselves load nothing of another origin that does not say this.
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    for (name, value) in UNLESS_SAID {
        headers.entry(name).or_insert(value);
    }
    if surface == Surface::Popup {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if keeps_opener {
            headers.insert(OPENER_POLICY, HeaderValue::from_static("unsafe-none"));
        }
    }
    if surface == Surface::Preview {
        // In a tab of its own it opens our sign-in window, as the pages do that it stands for.
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin-allow-popups"));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}
