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
mod sessions;
mod signing_keys;
mod tenant;
mod tokens;
mod user_token;
mod verification_secrets;
mod well_known;
pub mod widget;
mod widget_tokens;

use crate::{Context, probes};
use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

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
fn open() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::me))
        .routes(routes!(tenant::show, tenant::change))
        .routes(routes!(tenant::revoke_everything))
        .routes(routes!(organizations::list, organizations::create))
        .routes(routes!(organizations::show, organizations::change, organizations::delete))
        .routes(routes!(origins::list, origins::add))
        .routes(routes!(origins::remove))
        .routes(routes!(widget_tokens::list, widget_tokens::mint))
        .routes(routes!(widget_tokens::revoke_many))
        .routes(routes!(widget_tokens::mint_for_widgets))
        .routes(routes!(widget_tokens::show, widget_tokens::revoke))
        .routes(routes!(signing_keys::list, signing_keys::create))
        .routes(routes!(signing_keys::rotate))
        .routes(routes!(signing_keys::show))
        .routes(routes!(signing_keys::promote))
        .routes(routes!(signing_keys::retire))
        .routes(routes!(signing_keys::revoke))
        .routes(routes!(audit_events::list))
        .routes(routes!(audit_events::export))
        .routes(routes!(members::list))
        .routes(routes!(members::show, members::change, members::remove))
        .routes(routes!(members::release))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::show, invitations::revoke))
        .routes(routes!(invitations::resend))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::show, api_keys::revoke))
        .routes(routes!(api_keys::rotate))
        .routes(routes!(api_keys::release))
        .routes(routes!(products::list, products::create))
        .routes(routes!(products::show, products::change, products::delete))
        .routes(routes!(products::domains, products::add_domain))
        .routes(routes!(products::remove_domain))
        .routes(routes!(embed_keys::list, embed_keys::create))
        .routes(routes!(embed_keys::show, embed_keys::change, embed_keys::disable))
        .routes(routes!(embed_keys::enable))
        .routes(routes!(embed_keys::rotate))
        .routes(routes!(offerings::list, offerings::create))
        .routes(routes!(offerings::order))
        .routes(routes!(offerings::show, offerings::change, offerings::archive))
        .routes(routes!(bridge_keys::list, bridge_keys::create))
        .routes(routes!(bridge_keys::show))
        .routes(routes!(bridge_keys::promote))
        .routes(routes!(bridge_keys::retire))
        .routes(routes!(bridge_keys::revoke))
        .routes(routes!(bridge_keys::release))
        .routes(routes!(verification_secrets::list, verification_secrets::create))
        .routes(routes!(verification_secrets::show, verification_secrets::revoke))
        .routes(routes!(verification_secrets::rotate))
        .routes(routes!(verification_secrets::release))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::show, conversations::change, conversations::delete))
        .routes(routes!(conversations::answer))
        .routes(routes!(user_token::issue))
        .routes(routes!(tokens::verify))
        .routes(routes!(tokens::introspect))
        .routes(routes!(tokens::introspect_batch))
        .routes(routes!(tokens::revoke))
        .routes(routes!(customers::list, customers::create))
        .routes(routes!(customers::purge_test))
        .routes(routes!(customers::show, customers::change, customers::delete))
        .routes(routes!(customers::remove_password))
        .routes(routes!(customers::sessions, customers::revoke_sessions))
        .routes(routes!(customers::session, customers::revoke_session))
        .routes(routes!(customers::places))
        .routes(routes!(customers::assign_role, customers::take_role))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::show, roles::change, roles::delete))
        .routes(routes!(embed::config))
        .routes(routes!(embed_sessions::exchange))
        .routes(routes!(embed_sessions::refresh))
        .routes(routes!(embed_sessions::end))
        .routes(routes!(embed_sessions::end_everywhere))
        .routes(routes!(embed_sessions::me))
        .routes(routes!(embed_links::request))
        .routes(routes!(embed_links::redeem))
        .routes(routes!(embed_messages::say, embed_messages::read))
        .routes(routes!(well_known::jwks))
        .routes(routes!(well_known::configuration))
        .routes(routes!(well_known::tenant_jwks))
        .routes(routes!(well_known::tenant_configuration))
        .routes(routes!(openapi::description))
        .routes(routes!(probes::healthz))
        .routes(routes!(probes::readyz))
}

/// The routes that outsiders may rely on. Pages, assets and server functions are not among them.
pub(crate) fn router(context: &Context) -> Router<Context> {
    let (open, _) = open().split_for_parts();
    open.merge(widget::guarded(context))
}

/// The description of the API, as `/openapi.json` and `mintmark openapi` give it.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    let mut api = open().merge(widget::routes()).into_openapi();
    describe::complete(&mut api);
    api
}
