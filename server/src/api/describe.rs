//! What every route of a surface shares, written into the description once: credential, tenant header, refusals.

use crate::surface::Surface;
use utoipa::openapi::{
    Content, ObjectBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

const MANAGEMENT: &str = "credential";
const WIDGET: &str = "widget_token";
const SESSION: &str = "session_token";
const END_USER: &str = "end_user_token";
const CONVERSATION: &str = "conversation_token";

/// Refusals of every call with a credential at `/v1/*`. What a route says itself stands instead.
const OF_MANAGEMENT: [(&str, &str); 6] = [
    ("400", "`tenant_required`: with a dashboard JWT the tenant must be named, once; `unparsable`; `invalid_cursor`"),
    ("401", "`missing_token`, `invalid_token`"),
    (
        "403",
        "`insufficient_role`, naming the role that is needed; `step_up_required` where presence must be proved; `widget_token_not_allowed_here`",
    ),
    ("404", "`not_found`: absent, or another tenant's"),
    ("422", "`unknown_field`, `missing_field`, `invalid_field`; `field` names it"),
    ("503", "`unavailable`, with `Retry-After`"),
];

/// Refusals of every call at `/widget/*`.
const OF_WIDGETS: [(&str, &str); 4] = [
    ("401", "`missing_token`, `invalid_token`, `widget_token_expired`, `widget_token_revoked`"),
    ("403", "`widget_token_required`, `missing_permission`, `widget_origin_mismatch`, `widget_scope_required`"),
    ("422", "`unknown_field`"),
    ("503", "`unavailable`, with `Retry-After`"),
];

/// Refusals of every call at `/embed/*`.
const OF_EMBEDS: [(&str, &str); 3] = [
    (
        "403",
        "`invalid_embed_key`: unknown, disabled, replaced, or another tenant's; `embed_origin_not_allowed`; `widget_token_not_allowed_here`",
    ),
    ("422", "`unknown_field`, `missing_field`"),
    ("503", "`unavailable`, with `Retry-After`"),
];

/// Refusals of what nobody needs a credential for at `/v1/*`.
const OF_THE_DOOR: [(&str, &str); 4] = [
    ("400", "`unparsable`"),
    ("403", "`widget_token_not_allowed_here`"),
    ("422", "`unknown_field`, `missing_field`, `invalid_field`; `field` names it"),
    ("503", "`unavailable`, with `Retry-After`"),
];

/// Refusals of every call with a body.
const OF_BODIES: [(&str, &str); 4] = [
    ("400", "`unparsable`"),
    ("408", "`request_timeout`: the body took too long to arrive"),
    ("413", "`body_too_large`: more than 64 KiB"),
    ("415", "`unsupported_media_type`: not `application/json`, or compressed"),
];

/// Completes the description that the routes gave.
pub(super) fn complete(api: &mut OpenApi) {
    let schemes = &mut api.components.get_or_insert_default().security_schemes;
    schemes.insert(MANAGEMENT.to_owned(), bearer("An API key, `sk_live_...`, or a dashboard JWT from `POST /v1/sessions`."));
    schemes.insert(WIDGET.to_owned(), bearer("A widget token, from a page of one of its origins."));
    schemes.insert(SESSION.to_owned(), bearer("A customer's session token, from a page of its embed key's origins."));
    schemes.insert(END_USER.to_owned(), bearer("A customer's session token, or an identity token of a product's user."));
    schemes.insert(CONVERSATION.to_owned(), bearer("`conversation_...`, from the answer to the message that began the conversation."));
    for (path, item) in &mut api.paths.paths {
        let surface = Surface::of(path);
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().filter_map(Option::as_mut) {
            name(operation);
            match surface {
                Surface::Management if operation.security.is_some() => refuse(operation, &OF_THE_DOOR),
                Surface::Management => {
                    operation.security = Some(vec![SecurityRequirement::new(MANAGEMENT, Vec::<String>::new())]);
                    if !concerns_the_bearer(path) {
                        operation.parameters.get_or_insert_default().push(tenant().into());
                    }
                    refuse(operation, &OF_MANAGEMENT);
                }
                Surface::Widget => {
                    operation.security = Some(vec![SecurityRequirement::new(WIDGET, Vec::<String>::new())]);
                    refuse(operation, &OF_WIDGETS);
                }
                Surface::Embed => refuse(operation, &OF_EMBEDS),
                _ => {}
            }
            if operation.request_body.is_some() {
                refuse(operation, &OF_BODIES);
            }
        }
    }
}

/// The routes that need no tenant: they are about the credential itself.
fn concerns_the_bearer(path: &str) -> bool {
    matches!(path, "/v1/me" | "/v1/sessions/current")
}

fn bearer(description: &str) -> RefOr<SecurityScheme> {
    RefOr::T(SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build()))
}

/// Handlers are named within their file; here names are unique.
fn name(operation: &mut Operation) {
    let noun = operation.tags.as_ref().and_then(|tags| tags.first()).map(|tag| tag.to_lowercase().replace(' ', "_"));
    if let (Some(noun), Some(verb)) = (noun, operation.operation_id.take()) {
        operation.operation_id = Some(format!("{noun}.{verb}"));
    }
}

fn tenant() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^ten_[0-9a-f]{24}$"));
    ParameterBuilder::new()
        .name(crate::bearer::X_MINTMARK_TENANT)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The tenant. Required with a dashboard JWT; with an API key it may be left out."))
        .schema(Some(text))
        .build()
}

fn refuse(operation: &mut Operation, refusals: &[(&str, &str)]) {
    for (status, description) in refusals {
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            RefOr::T(ResponseBuilder::new().description(*description).content("application/json", problem).build())
        });
    }
}
