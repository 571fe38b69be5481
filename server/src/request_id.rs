//! Every request has an id, and every answer says it.

use axum::{
    extract::Request,
    http::{Extensions, HeaderName, HeaderValue},
    response::Response,
};
use mintmark::{Clock, RequestId};

/// The header, in and out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes over an id of our own form, such as one node forwards to another; anything else gets a new one.
pub(crate) fn assign(request: &mut Request) -> RequestId {
    let mut said = request.headers().get_all(X_REQUEST_ID).iter();
    let given = match (said.next(), said.next()) {
        (Some(one), None) => one.to_str().ok().and_then(|text| text.parse().ok()),
        _ => None,
    };
    let id = given.unwrap_or_else(|| RequestId::new(Clock::System.now()));
    // Pages read it from the header, which must then be ours and not the client's.
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        request.headers_mut().insert(X_REQUEST_ID, value);
    }
    request.extensions_mut().insert(id.clone());
    id
}

/// The id that the request got.
#[must_use]
pub fn request_id(extensions: &Extensions) -> Option<&RequestId> {
    extensions.get()
}

/// Puts it into the answer.
pub(crate) fn say(id: &RequestId, response: &mut Response) {
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
}
