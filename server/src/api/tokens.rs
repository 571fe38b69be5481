//! What a token is worth, and its end: asked by its bearer at `/v1/auth/token/verify`, and by backends as RFC 7662 and RFC 7009 have it.

use crate::{
    Context,
    bearer::{Caller, bearer},
    client::{ClientIp, From},
    error::{Failure, Result},
    extract::{Form, Json, NoQuery, Query},
    request_id::request_id,
};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mintmark::{
    Problem,
    introspection::{Introspection, IntrospectionBatch, IntrospectionRequest, Introspections, Revoked, TokenCheck, TokenRevocation},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// In which names to answer.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Case {
    /// `projectId`, `displayName`.
    Camel,
    /// `product_id`, `display_name`.
    Snake,
}

/// How to answer.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `snake` unless said.
    #[param(inline)]
    case: Option<Case>,
}

/// What whoever sends no bearer token is told: a problem that also says `valid`, because some look at nothing else.
#[derive(Serialize, ToSchema)]
pub(super) struct NoToken {
    /// Never.
    valid: bool,
    #[serde(flatten)]
    problem: Problem,
}

/// Whether the bearer token is a good session or identity token right now, and whose. It needs no other credential.
///
/// 200 for any bearer token; look at `valid`. The user is told only of the token's own subject.
#[utoipa::path(get, path = "/v1/auth/token/verify", tag = "identity", security(("end_user_token" = [])), params(Asked), responses((status = 200, description = "What the token is worth", body = TokenCheck), (status = 401, description = "`missing_token`: no bearer token, wherever else one may be", body = NoToken), (status = 429, description = "`rate_limited`", body = Problem)))]
pub(super) async fn verify(
    State(context): State<Context>,
    From(from): From,
    asked: Result<Query<Asked>>,
    request: Request,
) -> Result<Response> {
    let shown = match bearer(request.headers()) {
        Ok(shown) => shown,
        Err(error) => {
            let problem = Problem { request_id: request_id(request.extensions()).map(ToString::to_string), ..error.problem() };
            return Ok((StatusCode::UNAUTHORIZED, axum::Json(NoToken { valid: false, problem })).into_response());
        }
    };
    let Query(asked) = asked?;
    if let Some(ClientIp(ip)) = request.extensions().get() {
        context.limits.verify.take(*ip).inspect_err(|_| context.core.limited("verify", &from))?;
    }
    let check = context.core.check_token(shown).await?;
    let check = if matches!(asked.case, Some(Case::Camel)) { check.in_camel_case() } else { check };
    Ok(Json(check).into_response())
}

/// What a token of any kind is worth (RFC 7662). For API keys only; what the key's role may not see is not active.
#[utoipa::path(post, path = "/v1/introspect", tag = "tokens", request_body(content = IntrospectionRequest, content_type = "application/x-www-form-urlencoded"), responses((status = 200, description = "Its claims if it is good, else `active: false` and nothing more", body = Introspection), (status = 415, description = "`unsupported_media_type`: not `application/x-www-form-urlencoded`, or compressed", body = Problem)))]
pub(super) async fn introspect(Caller(op): Caller, _: NoQuery, Form(asked): Form<IntrospectionRequest>) -> Result<Json<Introspection>> {
    Ok(Json(op.introspect(asked.token.reveal()).await?))
}

/// The same for 1 to 100 tokens at once.
#[utoipa::path(post, path = "/v1/introspect/batch", tag = "tokens", request_body = IntrospectionBatch, responses((status = 200, description = "An answer to each, in their order", body = Introspections)))]
pub(super) async fn introspect_batch(
    Caller(op): Caller,
    _: NoQuery,
    Json(asked): Json<IntrospectionBatch>,
) -> Result<Json<Introspections>, Failure> {
    Ok(Json(op.introspect_batch(&asked).await?))
}

/// Ends a token of any kind (RFC 7009), or identity tokens by `jti`, user, product or secret. For API keys only.
///
/// An unknown token is no error: it is as dead as it can be.
#[utoipa::path(post, path = "/v1/revoke", tag = "tokens", request_body(content = TokenRevocation, content_type = "application/x-www-form-urlencoded"), responses((status = 200, description = "How many were alive", body = Revoked), (status = 415, description = "`unsupported_media_type`: not `application/x-www-form-urlencoded`, or compressed", body = Problem)))]
pub(super) async fn revoke(Caller(op): Caller, _: NoQuery, Form(asked): Form<TokenRevocation>) -> Result<Json<Revoked>> {
    Ok(Json(op.revoke_by_token(asked).await?))
}
