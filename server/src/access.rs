//! The access log and the counters of HTTP. Routes appear as they stand in the router: no id, query, header or body.

use crate::client::ClientIp;
use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    response::Response,
};
use mintmark::RequestId;
use std::time::Instant;

/// What is known when the request comes in.
pub(crate) struct Entry {
    started: Instant,
    method: Method,
    route: Option<MatchedPath>,
    client: Option<ClientIp>,
}

impl Entry {
    pub(crate) fn of(request: &Request, client: Option<ClientIp>) -> Self {
        Self { started: Instant::now(), method: request.method().clone(), route: request.extensions().get().cloned(), client }
    }

    /// Tells a change, a refusal or a failure at `info`, and a read that went well at `debug`.
    pub(crate) fn close(self, response: &Response, id: &RequestId) {
        let took = self.started.elapsed();
        let route = self.route.as_ref().map_or("none", MatchedPath::as_str);
        let status = response.status();
        macro_rules! tell {
            ($level:ident) => {
                tracing::$level!(
                    target: "mintmark::access",
                    request_id = id.as_str(),
                    method = self.method.as_str(),
                    route,
                    status = status.as_u16(),
                    us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                    client = self.client.map(|ClientIp(ip)| tracing::field::display(ip)),
                    "request"
                )
            };
        }
        if self.method.is_safe() && (status.is_success() || status.is_redirection()) {
            tell!(debug);
        } else {
            tell!(info);
        }
        crate::metrics::request(method(&self.method), self.route.as_ref(), status.as_u16(), took);
    }
}

/// A method that we know; a client may send any word, and a label must not be one of its making.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
