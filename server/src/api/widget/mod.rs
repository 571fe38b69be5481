//! `/widget/*`: every call passes the guard first, whether or not there is a route behind it, and then the scope of its sub-tree.

mod organization;
mod session;

use crate::{
    Context,
    api::route::{self, Route, route},
    bearer::bearer,
    client::From,
    cors::CheckedOrigin,
    error::{Result, no_such_method, no_such_route},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::any,
};
use mintmark::{
    Code,
    token::{Grant, Presented, scope_of},
};

/// The routes, without their guard.
pub(super) fn routes() -> Vec<Route> {
    vec![route!(session::session), route!(organization::organization)]
}

/// The routes behind the guard, and the guard in front of what is no route.
pub(super) fn guarded(context: &Context) -> Router<Context> {
    route::serve(routes())
        .route("/widget", any(no_such_route))
        .route("/widget/", any(no_such_route))
        .route("/widget/{*path}", any(no_such_route))
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(context.clone(), guard))
}

async fn guard(State(context): State<Context>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let From(from) = From::of(&parts);
    match admit(&context, &parts.headers, parts.uri.path(), from).await {
        Ok((grant, reader)) => {
            parts.extensions.insert(grant);
            let mut response = next.run(Request::from_parts(parts, body)).await;
            if let Some(reader) = reader {
                response.extensions_mut().insert(CheckedOrigin(reader));
            }
            response
        }
        Err(refused) => refused.into_response(),
    }
}

/// The guard's steps, and who may read a good answer.
async fn admit(context: &Context, headers: &HeaderMap, path: &str, from: mintmark::Origination) -> Result<(Grant, Option<HeaderValue>)> {
    let bearer = match bearer(headers) {
        Ok(token) => Some(token),
        Err(error) if error.code() == Code::MissingToken => None,
        Err(error) => return Err(error.into()),
    };
    let (origin, referer) = (once(headers, &header::ORIGIN), once(headers, &header::REFERER));
    let grant = context.core.guard(Presented { bearer, origin, referer, from }).await?;
    context.count_organization(&grant.organization, grant.from())?;
    if let Some(scope) = scope_of(path) {
        grant.require(scope)?;
    }
    let reader = HeaderValue::from_str(&grant.origin).ok();
    Ok((grant, reader))
}

/// A header's value; one that is there twice or cannot be read is one that matches nothing.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut said = headers.get_all(name).iter();
    match (said.next(), said.next()) {
        (None, _) => None,
        (Some(one), None) => Some(one.to_str().unwrap_or_default()),
        _ => Some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mintmark::token::SUB_TREES;

    #[test]
    fn every_route_lies_in_a_sub_tree() {
        for Route { path, .. } in routes() {
            assert!(SUB_TREES.iter().any(|(root, _)| path == *root || path.starts_with(&format!("{root}/"))), "{path}");
        }
    }
}
