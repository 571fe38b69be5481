//! Every HTTP route on one page, and the description that is made from them.
//!
//! A new route is its file, its line here, and its line in `tests/it/access.rs`.

mod api_keys;
pub(crate) mod audit_events;
mod bridge_keys;
mod conversations;
mod customers;
mod describe;
mod embed;
mod embed_keys;
mod embed_links;
mod embed_messages;
mod embed_sessions;
mod invitations;
mod members;
mod offerings;
mod openapi;
mod organizations;
mod origins;
mod products;
mod roles;
mod route;
mod sessions;
mod signing_keys;
mod tenant;
mod tokens;
mod user_token;
mod verification_secrets;
mod well_known;
pub mod widget;
mod widget_tokens;

use crate::{Context, cors::Methods, probes};
use axum::Router;
use route::{Route, route};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// What the description says of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Mintmark", description = "Mint, limit, watch and revoke the credentials of embedded widgets."),
    tags(
        (name = "widget tokens", description = "Bearer credentials for one organization, a scope and a set of origins, for an hour at most."),
        (name = "widget", description = "What a page may call with its widget token."),
        (name = "organizations", description = "The tenant's customers."),
        (name = "origins", description = "Where an organization's tokens may be used from."),
        (name = "signing keys", description = "The tenant's key pairs, and their rotation."),
        (name = "history", description = "Everything that was done, by whom, and what was refused."),
        (name = "members", description = "People and their roles."),
        (name = "invitations", description = "Links that make somebody a member, once."),
        (name = "API keys", description = "What the tenant's backend signs in with."),
        (name = "products", description = "What a tenant embeds, with its registered domains."),
        (name = "embed keys", description = "Public names of a product, each for pages of its own origins."),
        (name = "offerings", description = "What a pricing widget shows, once it is published."),
        (name = "bridge keys", description = "What the tenant's backend vouches for its customers with."),
        (name = "verification secrets", description = "What the tenant's backend buys identity tokens with."),
        (name = "identity", description = "Who a user is, said by the tenant's backend and signed here; and what such a token is worth."),
        (name = "tokens", description = "What a token of any kind is worth, and its end, for backends."),
        (name = "customers", description = "The end users of the tenant's pages, and their sessions."),
        (name = "conversations", description = "What visitors of pages write to a product, and what they are answered."),
        (name = "roles", description = "What customers may have opened for them in their organizations."),
        (name = "embed", description = "What a page may do with its embed key, and a customer with their session."),
        (name = "tenant", description = "The tenant's own settings."),
        (name = "sessions", description = "A dashboard JWT for a person, and whose credential one holds."),
        (name = "public", description = "Keys, for whoever verifies tokens offline."),
        (name = "process", description = "Whether it lives, and what it is."),
    )
)]
struct Description;

/// All routes but those behind the widgets' guard.
fn open() -> Vec<Route> {
    vec![
        route!(sessions::create),
        route!(sessions::end),
        route!(sessions::me),
        route!(tenant::show, tenant::change),
        route!(tenant::revoke_everything),
        route!(organizations::list, organizations::create),
        route!(organizations::show, organizations::change, organizations::delete),
        route!(origins::list, origins::add),
        route!(origins::remove),
        route!(widget_tokens::list, widget_tokens::mint),
        route!(widget_tokens::revoke_many),
        route!(widget_tokens::mint_for_widgets),
        route!(widget_tokens::show, widget_tokens::revoke),
        route!(signing_keys::list, signing_keys::create),
        route!(signing_keys::rotate),
        route!(signing_keys::show),
        route!(signing_keys::promote),
        route!(signing_keys::retire),
        route!(signing_keys::revoke),
        route!(audit_events::list),
        route!(audit_events::export),
        route!(members::list),
        route!(members::show, members::change, members::remove),
        route!(members::release),
        route!(invitations::list, invitations::create),
        route!(invitations::show, invitations::revoke),
        route!(invitations::resend),
        route!(api_keys::list, api_keys::create),
        route!(api_keys::show, api_keys::revoke),
        route!(api_keys::rotate),
        route!(api_keys::release),
        route!(products::list, products::create),
        route!(products::show, products::change, products::delete),
        route!(products::domains, products::add_domain),
        route!(products::remove_domain),
        route!(embed_keys::list, embed_keys::create),
        route!(embed_keys::show, embed_keys::change, embed_keys::disable),
        route!(embed_keys::enable),
        route!(embed_keys::rotate),
        route!(offerings::list, offerings::create),
        route!(offerings::order),
        route!(offerings::show, offerings::change, offerings::archive),
        route!(bridge_keys::list, bridge_keys::create),
        route!(bridge_keys::show),
        route!(bridge_keys::promote),
        route!(bridge_keys::retire),
        route!(bridge_keys::revoke),
        route!(bridge_keys::release),
        route!(verification_secrets::list, verification_secrets::create),
        route!(verification_secrets::show, verification_secrets::revoke),
        route!(verification_secrets::rotate),
        route!(verification_secrets::release),
        route!(conversations::list),
        route!(conversations::show, conversations::change, conversations::delete),
        route!(conversations::answer),
        route!(user_token::issue),
        route!(tokens::verify),
        route!(tokens::introspect),
        route!(tokens::introspect_batch),
        route!(tokens::revoke),
        route!(customers::list, customers::create),
        route!(customers::purge_test),
        route!(customers::show, customers::change, customers::delete),
        route!(customers::remove_password),
        route!(customers::sessions, customers::revoke_sessions),
        route!(customers::session, customers::revoke_session),
        route!(customers::places),
        route!(customers::assign_role, customers::take_role),
        route!(roles::list, roles::create),
        route!(roles::show, roles::change, roles::delete),
        route!(embed::config),
        route!(embed_sessions::exchange),
        route!(embed_sessions::refresh),
        route!(embed_sessions::end),
        route!(embed_sessions::end_everywhere),
        route!(embed_sessions::me),
        route!(embed_links::request),
        route!(embed_links::redeem),
        route!(embed_messages::say, embed_messages::read),
        route!(well_known::jwks),
        route!(well_known::configuration),
        route!(well_known::tenant_jwks),
        route!(well_known::tenant_configuration),
        route!(openapi::description),
        route!(probes::healthz),
        route!(probes::readyz),
    ]
}

/// The routes that outsiders may rely on. Pages, assets and server functions are not among them.
pub(crate) fn router(context: &Context) -> Router<Context> {
    route::serve(open()).merge(widget::guarded(context))
}

/// The methods of every path, without a description.
pub(crate) fn methods() -> Methods {
    let mut all = open();
    all.extend(widget::routes());
    route::methods(&all)
}

/// The description of the API, as `/openapi.json` and `mintmark openapi` give it. Made anew each time.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    let open = route::describe(&open(), OpenApiRouter::with_openapi(Description::openapi()));
    let widgets = route::describe(&widget::routes(), OpenApiRouter::new());
    let mut api = open.merge(widgets).into_openapi();
    describe::complete(&mut api);
    api
}
