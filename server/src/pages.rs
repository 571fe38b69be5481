//! Leptos behind axum: pages, and the server functions under `/api/`.
//!
//! The routes are registered here and not by `leptos_routes`, which would add the server functions past the rules below.

use crate::{
    Context, assets,
    client::{ClientIp, From},
    config::PublicUrl,
    error::no_such_route,
    history_file, sdk, session,
    slim::slim,
    surface::Surface,
};
use app::{Failure, api::Visit, ui::Now};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use leptos::{
    prelude::provide_context,
    server_fn::{
        axum::get_server_fn_service,
        error::{FromServerFnError, ServerFnUrlError},
    },
};
use leptos_axum::{generate_route_list, handle_server_fns_with_context, render_app_async_with_context};
use mintmark::Problem;
use std::sync::Arc;
use url::{Position, Url};

/// The only routes with a session: everything else is put beside them, not below.
pub(crate) fn router(context: &Context) -> Router<Context> {
    let mut router = Router::new().route("/api/{*function}", post(call));
    for page in generate_route_list(app::App) {
        router = router.route(page.path(), get(page_of));
    }
    let router = router.route(history_file::PATH, post(history_file::export).get(history_file::back));
    router.layer(session::layer(context))
}

/// What every page and server function finds in Leptos' context, beside axum's `Parts`.
fn provide(context: &Context, request: Request) -> (Request, impl Fn() + Clone + Send + Sync + 'static) {
    let (parts, body) = request.into_parts();
    let (core, visit) = (context.core.clone(), visit(context, &parts));
    let provide = move || {
        provide_context(Now(core.now()));
        provide_context(core.clone());
        provide_context(visit.clone());
        provide_context(assets::names());
        if let Some(sdk) = sdk::newest() {
            provide_context(sdk);
        }
    };
    (Request::from_parts(parts, body), provide)
}

fn visit(context: &Context, parts: &Parts) -> Visit {
    let client = parts.extensions.get::<ClientIp>().copied();
    let From(from) = From::of(parts);
    let (door, visitor) = (context.clone(), from.clone());
    let knock = move || client.map_or(Ok(()), |client| door.knock(client, &visitor));
    Visit { from, https: context.config.public_url.is_https(), knock: Arc::new(knock) }
}

pub(crate) async fn page_of(State(context): State<Context>, request: Request) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let (request, provide) = provide(&context, request);
    slim(render_app_async_with_context(provide, app::shell)(request).await, &uri, &headers).await
}

/// What is no route: for a person the page that says so, for a program the error.
pub(crate) async fn nothing_here(State(context): State<Context>, request: Request) -> Response {
    let path = request.uri().path();
    let for_people = matches!(*request.method(), Method::GET | Method::HEAD)
        && Surface::of(path) == Surface::Dashboard
        && !["/api/", "/pkg/"].iter().any(|machine| path.starts_with(machine));
    if for_people { page_of(State(context), request).await } else { no_such_route().await.into_response() }
}

/// Runs a server function. Where Leptos would send a browser back to the `Referer`, it goes to a path of ours (X6).
async fn call(State(context): State<Context>, mut request: Request) -> Response {
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return no_such_route().await.into_response();
    }
    let page = own_page(request.headers(), &context.config.public_url);
    match HeaderValue::from_str(page.as_str()) {
        Ok(page) => request.headers_mut().insert(header::REFERER, page),
        Err(_) => request.headers_mut().remove(header::REFERER),
    };
    let (request, provide) = provide(&context, request);
    let mut response = handle_server_fns_with_context(provide, request).await.into_response();
    if let Some(location) = response.headers().get(header::LOCATION) {
        let path = own_path(location, &page);
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// The page of ours from which a form was sent, without what an earlier error left in its address; else the start page.
fn own_page(headers: &HeaderMap, public: &PublicUrl) -> Url {
    let said = headers.get(header::REFERER).and_then(|referer| Url::parse(referer.to_str().ok()?).ok());
    let mut page = said.filter(|page| page.origin() == public.url().origin()).unwrap_or_else(|| public.url().clone());
    let kept: Vec<_> = pairs(&page).into_iter().filter(|(name, _)| name != "__path" && name != "__err").collect();
    set_pairs(&mut page, kept);
    page
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

fn set_pairs(url: &mut Url, pairs: Vec<(String, String)>) {
    url.set_query(None);
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
}

/// Where `location` leads, as a path of ours; anywhere else becomes the start page. An error in it keeps its code and field only.
fn own_path(location: &HeaderValue, page: &Url) -> HeaderValue {
    let start = HeaderValue::from_static("/");
    let Some(mut url) = location.to_str().ok().and_then(|location| page.join(location).ok()) else { return start };
    if url.origin() != page.origin() {
        return start;
    }
    let mut said = pairs(&url);
    for (_, error) in said.iter_mut().filter(|(name, _)| name == "__err") {
        // The sentence stays out of addresses: they lie in histories, and pages show a sentence of their own for the code.
        let Failure(problem) = ServerFnUrlError::<Failure>::decode_err(error);
        let bare = Problem { message: String::new(), request_id: None, retry_after: None, ..problem };
        *error = URL_SAFE.encode(Failure(bare).ser());
    }
    set_pairs(&mut url, said);
    HeaderValue::from_str(&url[Position::BeforePath..]).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> PublicUrl {
        PublicUrl::resolve(Some("https://mint.example"), ([127, 0, 0, 1], 1).into()).expect("a URL")
    }

    #[test]
    fn only_a_page_of_ours_is_gone_back_to() {
        for (referer, page) in [
            ("https://mint.example/t/acme/tokens?status=active", "https://mint.example/t/acme/tokens?status=active"),
            ("https://mint.example/sign-in?__path=x&__err=y", "https://mint.example/sign-in"),
            ("https://evil.example/t/acme", "https://mint.example/"),
            ("https://mint.example.evil/", "https://mint.example/"),
            ("http://mint.example/", "https://mint.example/"),
            ("/t/acme", "https://mint.example/"),
        ] {
            let headers = HeaderMap::from_iter([(header::REFERER, referer.parse().expect("a value"))]);
            assert_eq!(own_page(&headers, &public()).as_str(), page, "{referer}");
        }
    }

    #[test]
    fn a_redirect_is_a_path_and_never_leaves() {
        let page = Url::parse("https://mint.example/t/acme/tokens").expect("a URL");
        for (location, path) in [
            ("https://mint.example/t/acme?a=b#c", "/t/acme?a=b#c"),
            ("/sign-in", "/sign-in"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("https:evil", "/t/acme/evil"),
            ("javascript:alert(1)", "/"),
            ("https://mint.example@evil.example/", "/"),
        ] {
            assert_eq!(own_path(&location.parse().expect("a value"), &page), path, "{location}");
        }
    }

    #[test]
    fn an_error_in_an_address_is_its_code_and_field_only() {
        let page = Url::parse("https://mint.example/sign-in").expect("a URL");
        let mut failure = Failure::new(mintmark::Code::WeakPassword, "hunter2 is guessable");
        failure.0.field = Some("password".to_owned());
        let url = ServerFnUrlError::new("/api/sign_in", failure).to_url(page.as_str()).expect("a URL");
        let path = own_path(&url.as_str().parse().expect("a value"), &page).to_str().expect("text").to_owned();
        let error = pairs(&page.join(&path).expect("a URL")).into_iter().find(|(name, _)| name == "__err").expect("an error").1;
        let said = String::from_utf8(URL_SAFE.decode(error).expect("base64")).expect("text");
        assert!(said.contains("weak_password") && said.contains("\"password\"") && !said.contains("hunter2"), "{said}");
    }
}
