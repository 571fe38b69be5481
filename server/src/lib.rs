//! The process around the core: connections, the gate that every request passes, HTTP routes, command line.
//!
//! Reading order: how a connection is taken (`accept`, `patience`), what every request passes (`gate` and what it calls), what handlers
//! take and return (`extract`, `error`), then the routes.

#![recursion_limit = "256"]

mod accept;
mod access;
pub mod api;
mod assets;
mod backup;
mod bearer;
pub mod bounds;
mod chores;
pub mod client;
pub mod command;
pub mod config;
pub mod cors;
mod docs;
mod elsewhere;
mod encoded;
pub mod error;
pub mod extract;
mod gate;
mod headers;
mod history_file;
pub mod installation;
pub mod limits;
pub mod log;
mod mailer;
pub mod metrics;
mod pages;
mod patience;
mod popup;
pub mod preview;
mod probes;
pub mod request_id;
mod same_site;
mod sdk;
mod session;
pub mod settings;
mod slim;
pub mod smtp;
pub mod surface;
pub mod tagged;
mod unheard;

use axum::{Router, middleware::from_fn_with_state};
use client::ClientIp;
use config::Config;
use limits::Limits;
use mintmark::{ApiKeyId, Core, OrganizationId, Origination};
use std::{sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use unheard::Unheard;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

/// The parts of a [`Context`].
pub struct Inner {
    /// The installation.
    pub core: Core,
    /// What the operator decided.
    pub config: Config,
    /// The public URL's origin, as browsers send it.
    pub origin: String,
    /// Request limits.
    pub limits: Limits,
    /// The methods of each path, for preflights.
    pub methods: cors::Methods,
    draining: CancellationToken,
    unheard: Unheard,
}

impl std::ops::Deref for Context {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Context {
    /// Of what is open and decided.
    #[must_use]
    pub fn new(core: Core, config: Config) -> Self {
        Self(Arc::new(Inner {
            core,
            origin: config.public_url.origin(),
            limits: Limits::new(&config),
            methods: api::methods(),
            draining: CancellationToken::new(),
            unheard: Unheard::new(),
            config,
        }))
    }

    /// Takes one of this client's attempts to sign in, or refuses; history hears of it.
    pub(crate) fn knock(&self, ClientIp(ip): ClientIp, from: &Origination) -> mintmark::Result<()> {
        self.limits.sign_in.take(ip).inspect_err(|_| self.core.limited("sign_in", from))
    }

    /// Takes one of an API key's requests, where they are limited; history hears of a refusal.
    pub(crate) fn count_api_key(&self, id: &ApiKeyId, from: &Origination) -> mintmark::Result<()> {
        let Some(limit) = &self.limits.api_key else { return Ok(()) };
        limit.take(id.as_str()).inspect_err(|_| self.core.limited("api_key", from))
    }

    /// Takes one of an organization's calls, where they are limited; history hears of a refusal.
    pub(crate) fn count_organization(&self, id: &OrganizationId, from: &Origination) -> mintmark::Result<()> {
        let Some(limit) = &self.limits.organization else { return Ok(()) };
        limit.take(id.as_str()).inspect_err(|_| self.core.limited("organization", from))
    }

    /// Whether the process is shutting down; `/readyz` says so first.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }
}

/// The whole HTTP surface.
pub fn router(context: &Context) -> Router {
    gated(
        context,
        api::router(context)
            .merge(probes::router(context))
            .merge(docs::router())
            .merge(popup::router())
            .merge(assets::router())
            .merge(sdk::router())
            .merge(pages::router(context)),
    )
}

/// These routes behind the gate, with answers of ours for what is no route.
pub fn gated(context: &Context, routes: Router<Context>) -> Router {
    routes
        .fallback(pages::nothing_here)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(from_fn_with_state(context.clone(), gate::gate))
        .with_state(context.clone())
}

/// What the process listens on.
pub struct Listeners {
    /// For everything.
    pub main: TcpListener,
    /// For `/metrics` alone, without a token.
    pub metrics: Option<TcpListener>,
    /// For the preview alone, at the place that the settings name.
    pub preview: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(main: TcpListener) -> Self {
        Self { main, metrics: None, preview: None }
    }
}

/// How long changes that nobody waits for are given after the last connection has closed.
const LAST_CHANGES: Duration = Duration::from_secs(5);

/// Serves until `shutdown`, then drains and closes the core.
pub async fn run(listeners: impl Into<Listeners>, core: Core, config: Config, shutdown: impl Future<Output = ()>) {
    let context = Context::new(core, config);
    serve(listeners, router(&context), &context, shutdown).await;
    context.core.close().await;
}

/// Serves these routes until `shutdown`, then drains: `/readyz` 503, stop accepting, finish.
pub async fn serve(listeners: impl Into<Listeners>, routes: Router, context: &Context, shutdown: impl Future<Output = ()>) {
    let Listeners { main, metrics, preview } = listeners.into();
    metrics::install();
    let bounds = context.config.bounds;
    let stop = CancellationToken::new();
    let main = accept::accept(main, routes, bounds, context.config.trusted_proxies.clone(), stop.clone());
    let beside = async {
        if let Some(listener) = metrics {
            accept::accept(listener, probes::metrics_router(), bounds, client::Networks::default(), stop.clone()).await;
        }
    };
    let preview = async {
        if let Some(listener) = preview {
            let exempt = context.config.trusted_proxies.clone();
            accept::accept(listener, preview::router(context), bounds, exempt, stop.clone()).await;
        }
    };
    let end = async {
        shutdown.await;
        tracing::info!("draining");
        context.draining.cancel();
        tokio::time::sleep(bounds.drain_delay).await;
        stop.cancel();
    };
    let done = CancellationToken::new();
    let serving = async {
        tokio::join!(main, beside, preview, end);
        // Connections may have taken all of the drain time.
        if tokio::time::timeout(LAST_CHANGES, context.unheard.ended()).await.is_err() {
            tracing::warn!("some changes that nobody waits for did not end in time; they stop");
        }
        done.cancel();
    };
    // On the heap: it is large, and nobody waits for it.
    tokio::join!(serving, Box::pin(chores::chores(context, &done)));
}
