//! The one place where an [`Error`] becomes an answer.
//!
//! [`Failure`] only puts the error into the answer's extensions; [`write`] writes the body, because it knows the request's id, and the
//! log line, because a cause must be told exactly once. What axum itself refuses on an API path gets the same body there.

use crate::surface::Surface;
use axum::{
    Json,
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mintmark::{Code, Error, Problem, RequestId};
use std::{error::Error as _, fmt::Write as _, sync::Arc};

/// What a handler returns.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// An error on its way out; `?` makes one of every [`Error`].
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

#[derive(Clone)]
struct Refused(Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code()).into_response();
        response.extensions_mut().insert(Refused(Arc::new(self.0)));
        response
    }
}

/// The HTTP status of a code.
#[must_use]
pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The answer to a path that is no route.
pub async fn no_such_route() -> Failure {
    Failure(Error::new(Code::NotFound, "No such route."))
}

/// The answer to a method that a route does not have; axum adds `Allow`.
pub async fn no_such_method() -> Failure {
    Failure(Error::new(Code::MethodNotAllowed, "This route does not have that method."))
}

/// Writes the body of every error, and the log line of every one of ours.
pub(crate) fn write(response: &mut Response, id: &RequestId, surface: Surface) {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return;
    }
    let mut problem = if let Some(Refused(error)) = response.extensions_mut().remove() {
        if error.code().status() >= 500 {
            tracing::error!(request_id = id.as_str(), code = error.code().as_str(), cause = causes(&error), "request failed");
        }
        error.problem()
    } else if let Some(problem) = unwritten(response, surface) {
        problem
    } else {
        return;
    };
    metrics::counter!("mintmark_http_refusals_total", "code" => problem.code.as_str()).increment(1);
    problem.request_id = Some(id.to_string());
    let retry_after = problem.retry_after;
    let (written, body) = Json(problem).into_response().into_parts();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.extend(written.headers);
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// What axum or hyper refused without a body of ours.
fn unwritten(response: &Response<Body>, surface: Surface) -> Option<Problem> {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let written = match surface {
        // Pages and server functions write their errors themselves, in their own forms.
        Surface::Dashboard | Surface::Popup => kind.is_some(),
        _ => kind.is_some_and(|kind| kind.starts_with(b"application/json")),
    };
    if written {
        return None;
    }
    let (code, message) = match response.status().as_u16() {
        404 => (Code::NotFound, "No such route."),
        405 => (Code::MethodNotAllowed, "This route does not have that method."),
        408 => (Code::RequestTimeout, "The request took too long to arrive."),
        413 => (Code::BodyTooLarge, "The body has more than 64 KiB."),
        414 => (Code::UriTooLong, "The address has more than 8 KiB."),
        415 => (Code::UnsupportedMediaType, "The content type is not one that this route reads."),
        503 => return Some(Error::unavailable().problem()),
        500..=599 => (Code::Internal, "Something failed on our side. The log has the details under this request id."),
        400..=499 => (Code::Unparsable, "The request cannot be read."),
        _ => return None,
    };
    Some(Error::new(code, message).problem())
}

/// The chain of causes, for the log.
fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}
