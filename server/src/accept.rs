//! Our own accept loop: axum's has no limit on how long a client may take, or on how many may (X4, DS4).
//!
//! HTTP/1.1 only. HTTP/2 brings its own floods (DS5) and nothing that a proxy in front does not already give.

use crate::{
    client::{Networks, Peer, neighbourhood},
    config::Bounds,
    patience::Patience,
};
use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

/// The head of a request, all its headers together, is no larger.
const LARGEST_HEAD: usize = 32 * 1024;

/// Accepts until `stop`, then lets what is under way finish within the drain time, then closes the rest.
pub(crate) async fn accept(listener: TcpListener, router: Router, bounds: Bounds, exempt: Networks, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(bounds.connections));
    let crowd = Crowd::default();
    let tasks = TaskTracker::new();
    let end = CancellationToken::new();
    loop {
        let (permit, stream, peer) = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = next(&listener, &room) => match accepted {
                Some(accepted) => accepted,
                None => continue,
            },
        };
        let place = if exempt.contain(peer.ip().to_canonical()) { None } else { Some(neighbourhood(peer.ip())) };
        let Some(place) = crowd.enter(place, bounds.connections_per_client) else {
            metrics::counter!("mintmark_http_connections_refused_total").increment(1);
            continue;
        };
        let (router, stop, end) = (router.clone(), stop.clone(), end.clone());
        tasks.spawn(async move {
            let _held = (permit, place);
            metrics::gauge!("mintmark_http_connections").increment(1.0);
            serve(stream, peer, router, &bounds, stop, end).await;
            metrics::gauge!("mintmark_http_connections").decrement(1.0);
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(bounds.drain_timeout, tasks.wait()).await.is_err() {
        tracing::warn!("some requests did not finish within the drain time; they are closed");
        end.cancel();
        tasks.wait().await;
    }
}

/// The next connection, once there is room for it.
async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((permit, stream, peer)),
        Err(error) => {
            // Out of file descriptors, most likely: others must end first, and a tight loop would not let them.
            tracing::warn!(%error, "cannot accept a connection");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, bounds: &Bounds, stop: CancellationToken, end: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Patience::new(stream, bounds.response_timeout));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_timeout)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(io, service);
    let mut connection = pin!(connection);
    // An error here is a client that went away, was too slow or sent no HTTP; hyper has answered what can be answered.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = end.cancelled() => {}
    }
}

/// How many connections each client has.
#[derive(Clone, Default)]
struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them; leaving is dropping it.
struct Place(Crowd, Option<IpAddr>);

impl Crowd {
    /// Nobody counts a client that is exempt.
    fn enter(&self, client: Option<IpAddr>, most: usize) -> Option<Place> {
        if let Some(client) = client {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(client).or_default();
            if *count >= most {
                return None;
            }
            *count += 1;
        }
        Some(Place(self.clone(), client))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(client) = self.1 else { return };
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&client);
            }
        }
    }
}
