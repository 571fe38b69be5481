//! Who may read our answers from a page of another origin (OR4; contract, end of section 5).
//!
//! A preflight cannot know the token, so it is told yes; an error must be readable, or clients never refresh. What a 2xx says is only for
//! the origin that was checked against the credential: the guard says which with [`CheckedOrigin`].

use crate::surface::Surface;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::collections::BTreeMap;
use utoipa::openapi::HttpMethod;

/// The origin that the credential was found to allow. Who checks it puts this into the answer's extensions.
#[derive(Debug, Clone)]
pub struct CheckedOrigin(pub HeaderValue);

/// The methods that a preflight may hear of, in this order.
const TOLD: [(&str, HttpMethod); 5] = [
    ("GET", HttpMethod::Get),
    ("POST", HttpMethod::Post),
    ("PUT", HttpMethod::Put),
    ("PATCH", HttpMethod::Patch),
    ("DELETE", HttpMethod::Delete),
];

/// For each path of the API, the methods it has, as a preflight tells them.
#[derive(Debug, Default)]
pub struct Methods(BTreeMap<String, HeaderValue>);

impl Methods {
    /// Of these paths and the methods of each.
    #[must_use]
    pub fn of<'a>(paths: impl IntoIterator<Item = (&'a str, &'a [HttpMethod])>) -> Self {
        let said = |methods: &[HttpMethod]| {
            let has = TOLD.iter().filter(|(_, method)| methods.contains(method));
            has.map(|(name, _)| *name).collect::<Vec<_>>().join(", ").parse().ok()
        };
        Self(paths.into_iter().filter_map(|(path, methods)| Some((path.to_owned(), said(methods)?))).collect())
    }

    /// A path that is no route allows everything, so that the page sees our 404 and not a network error.
    fn at(&self, path: Option<&MatchedPath>) -> HeaderValue {
        path.and_then(|path| self.0.get(path.as_str())).cloned().unwrap_or(HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"))
    }
}

/// What the way in tells the way out.
pub(crate) struct Reader(Option<HeaderValue>);

impl Reader {
    /// Who asks.
    pub(crate) fn of(request: &Request) -> Self {
        Self(spoken_origin(request.headers()))
    }
}

/// The answer to a preflight, without a route or a database.
pub(crate) fn preflight(request: &Request, surface: Surface, methods: &Methods) -> Option<Response> {
    let asked = matches!(surface, Surface::Widget | Surface::Embed) && request.method() == Method::OPTIONS;
    asked.then(|| allow(methods.at(request.extensions().get())))
}

/// Says who may read the answer.
pub(crate) fn say(response: &mut Response, surface: Surface, reader: Reader) {
    match surface {
        Surface::Widget | Surface::Embed => {
            let origin = may_read(response, reader.0);
            let headers = response.headers_mut();
            if let Some(origin) = origin {
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-request-id, retry-after, etag"));
            }
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        Surface::Public | Surface::Sdk => {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        Surface::Management | Surface::Popup | Surface::Preview | Surface::Probe | Surface::Dashboard => {}
    }
}

fn allow(methods: HeaderValue) -> Response {
    const ALLOWED: [(HeaderName, &str); 2] =
        [(header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"), (header::ACCESS_CONTROL_MAX_AGE, "600")];
    (StatusCode::NO_CONTENT, ALLOWED, [(header::ACCESS_CONTROL_ALLOW_METHODS, methods)]).into_response()
}

/// The page's origin, unless it has none (`null`: a sandbox, a file) or the request says several.
fn spoken_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut said = headers.get_all(header::ORIGIN).iter();
    match (said.next(), said.next()) {
        (Some(origin), None) if origin != "null" && !origin.is_empty() => Some(origin.clone()),
        _ => None,
    }
}

/// Which origin may read this answer.
fn may_read(response: &mut Response, spoken: Option<HeaderValue>) -> Option<HeaderValue> {
    let checked = response.extensions_mut().remove::<CheckedOrigin>();
    let status = response.status();
    let preflight = response.headers().contains_key(header::ACCESS_CONTROL_MAX_AGE);
    if preflight || status.is_client_error() || status.is_server_error() {
        return spoken;
    }
    // The header must repeat what the page sent; the guard may have judged by `Referer`, which sends no `Origin` to repeat.
    checked.map(|CheckedOrigin(origin)| origin).filter(|origin| spoken.as_ref() == Some(origin))
}
