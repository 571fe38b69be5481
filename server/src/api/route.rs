//! Routes as they are served, and how to describe them once somebody asks.
//!
//! The description of every route is ten megabytes of trees while it is made, so a process that only serves makes none.

use crate::{Context, cors::Methods};
use axum::{Router, routing::MethodRouter};
use utoipa::openapi::HttpMethod;
use utoipa_axum::{PathItemExt, router::OpenApiRouter};

/// One path, what its methods do, and what is said of them.
pub(super) struct Route {
    pub(super) path: String,
    pub(super) methods: Vec<HttpMethod>,
    pub(super) serve: MethodRouter<Context>,
    pub(super) describe: fn(OpenApiRouter<Context>) -> OpenApiRouter<Context>,
}

impl Route {
    /// The path, and no method of it yet.
    pub(super) fn new(path: String, describe: fn(OpenApiRouter<Context>) -> OpenApiRouter<Context>) -> Self {
        Self { path, methods: Vec::new(), serve: MethodRouter::new(), describe }
    }

    /// With a handler for these methods.
    pub(super) fn on<H, T>(mut self, methods: Vec<HttpMethod>, handler: &H) -> Self
    where
        H: axum::handler::Handler<T, Context>,
        T: 'static,
    {
        for method in methods {
            self.serve = self.serve.on(method.to_method_filter(), handler.clone());
            self.methods.push(method);
        }
        self
    }
}

/// `route!(file::handler, file::handler)`: the handlers of one path, which stands at each of them in `#[utoipa::path]`.
macro_rules! route {
    ($first:ident :: $handler:ident $(, $file:ident :: $more:ident)* $(,)?) => {
        pastey::paste! {
            $crate::api::route::Route::new(
                <$first::[<__path_ $handler>] as utoipa::Path>::path(),
                |described| described.routes(utoipa_axum::routes!($first::$handler $(, $file::$more)*)),
            )
            .on(<$first::[<__path_ $handler>] as utoipa::Path>::methods(), &$first::$handler)
            $(.on(<$file::[<__path_ $more>] as utoipa::Path>::methods(), &$file::$more))*
        }
    };
}
pub(super) use route;

/// A router of these.
pub(super) fn serve(routes: Vec<Route>) -> Router<Context> {
    routes.into_iter().fold(Router::new(), |router, Route { path, serve, .. }| router.route(&path, serve))
}

/// What preflights are told of these.
pub(super) fn methods(routes: &[Route]) -> Methods {
    Methods::of(routes.iter().map(|route| (route.path.as_str(), route.methods.as_slice())))
}

/// What is said of these.
pub(super) fn describe(routes: &[Route], described: OpenApiRouter<Context>) -> OpenApiRouter<Context> {
    routes.iter().fold(described, |described, route| (route.describe)(described))
}
