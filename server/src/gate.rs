//! What every request passes on its way in and every answer on its way out: the one place that knows the order.
//!
//! One function and not a stack of layers, because each layer would box a future and the order would be spread over eleven files.

use crate::{
    Context, access, bounds,
    bounds::Watch,
    client::{ClientIp, Peer},
    cors, elsewhere, error,
    error::Failure,
    headers, request_id, same_site,
    surface::Surface,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::future::Either;
use mintmark::{Code, Error, Result, one_request};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// For the main listener.
pub(crate) async fn gate(State(context): State<Context>, request: Request, next: Next) -> Response {
    let surface = Surface::of(request.uri().path());
    pass(context, surface, request, next).await
}

/// For the preview's, where no path leads to another face.
pub(crate) async fn preview_gate(State(context): State<Context>, request: Request, next: Next) -> Response {
    pass(context, Surface::Preview, request, next).await
}

/// In: id, client, preflight, refusals. Then the route. Out: error body, who may read, headers, id, log and metrics.
async fn pass(context: Context, surface: Surface, mut request: Request, next: Next) -> Response {
    let id = request_id::assign(&mut request);
    let client = identify(&context, &mut request);
    let entry = access::Entry::of(&request, client);
    let reader = cors::Reader::of(&request);

    let mut response = match cors::preflight(&request, surface, &context.methods) {
        Some(allowed) => allowed,
        None => match bounds::check(&mut request, &context.config.bounds) {
            Ok(watch) => match admit(&context, surface, &request) {
                Ok(()) => run(&context, watch, request, next).await,
                Err(refused) => Failure(refused).into_response(),
            },
            Err(refused) => bounds::refuse(refused, request, &context.config.bounds).await,
        },
    };

    // Room for what every answer bears, at once instead of by doubling.
    response.headers_mut().reserve(16);
    error::write(&mut response, &id, surface);
    cors::say(&mut response, surface, reader);
    headers::add(&mut response, surface, context.config.is_https(surface));
    request_id::say(&id, &mut response);
    entry.close(&response, &id);
    response
}

/// What is refused before any route looks at the request; the first refusal answers.
fn admit(context: &Context, surface: Surface, request: &Request) -> Result<()> {
    elsewhere::check(request, surface)?;
    same_site::check(request, surface, &context.origin)
}

fn identify(context: &Context, request: &mut Request) -> Option<ClientIp> {
    let Peer(peer) = request.extensions().get::<Peer>().copied()?;
    let client = context.config.trusted_proxies.client(peer.ip(), request.headers());
    request.extensions_mut().insert(client);
    Some(client)
}

/// Runs the route within its time; a change goes on past that. A panic is our fault and nobody else's: it answers 500 and takes no
/// connection down.
async fn run(context: &Context, watch: Watch, request: Request, next: Next) -> Response {
    let bounds = &context.config.bounds;
    let time = if watch.has_body() { bounds.body_timeout + bounds.response_timeout } else { bounds.response_timeout };
    let changes = !request.method().is_safe();
    let route = one_request(next.run(request));
    let mut route = pin!(if changes { Either::Left(context.unheard.to_the_end(route)) } else { Either::Right(route) });
    let caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| route.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(response)) => Poll::Ready(Ok(response)),
        Err(_) => Poll::Ready(Err(Error::internal("a handler panicked"))),
    });
    let answer = match tokio::time::timeout(time, caught).await {
        Ok(answer) => answer,
        Err(late) => Err(Error::new(Code::Unavailable, "The answer took too long. Try again shortly.").retry_after(1).because(late)),
    };
    watch.settle(answer.unwrap_or_else(|error| Failure(error).into_response()))
}
