//! `/v1/sessions`: a dashboard JWT for a person's password, and its end. `/v1/me`: whose credential this is.

use crate::{
    Context,
    bearer::Myself,
    client::{ClientIp, From},
    error::Result,
    extract::{Created, Json, NoQuery},
};
use axum::extract::State;
use mintmark::{
    Problem, TenantId, Who,
    member::Standing,
    session::{EndedSession, MintedSession, NewApiSession},
    tenant::TenantSummary,
    user::{Profile, Visitor},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Buys a dashboard JWT, which lives an hour and is for one tenant: the one asked for, else the one used last.
///
/// Ten a minute and address; an account on which somebody guesses answers later and later.
#[utoipa::path(
    post, path = "/v1/sessions", tag = "sessions", request_body = NewApiSession, security(()),
    responses(
        (status = 201, description = "The token, shown once", body = MintedSession),
        (status = 401, description = "`invalid_credentials`, or `second_factor_required` when only `code` is missing", body = Problem),
        (status = 404, description = "`not_found`: no such tenant, or not this person's", body = Problem),
        (status = 409, description = "`conflict`: the account was changed at that moment", body = Problem),
        (status = 429, description = "`rate_limited`, with `Retry-After`", body = Problem),
    )
)]
pub(super) async fn create(
    State(context): State<Context>,
    client: ClientIp,
    From(from): From,
    _: NoQuery,
    Json(asked): Json<NewApiSession>,
) -> Result<Created<MintedSession>> {
    context.knock(client, &from)?;
    Ok(Created(context.core.mint_session(&asked, &Visitor { device: None, from }).await?))
}

/// Ends the session behind this dashboard JWT. An API key has none.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions", responses((status = 200, description = "The session, with `revoked_at`", body = EndedSession)))]
pub(super) async fn end(Myself(op): Myself, _: NoQuery) -> Result<Json<EndedSession>> {
    Ok(Json(op.sign_out().await?))
}

/// Whose credential this is, and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Bearer {
    /// `user` or `api_key`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// `usr_...` or `apik_...`
    id: String,
    /// What history calls it.
    name: String,
    /// The tenant of the credential.
    tenant_id: TenantId,
    /// The person; null for an API key.
    user: Option<Profile>,
    /// Where this person may go, the last used first; empty for an API key.
    tenants: Vec<TenantSummary>,
    #[serde(flatten)]
    standing: Standing,
}

/// Whose credential this is, in which tenant, and what it may do there.
#[utoipa::path(get, path = "/v1/me", tag = "sessions", responses((status = 200, description = "The bearer", body = Bearer)))]
pub(super) async fn me(Myself(op): Myself, _: NoQuery) -> Result<Json<Bearer>> {
    let (id, name) = op.actor().signature();
    let (kind, user, tenants) = match &op.actor().who {
        Who::User { id, .. } => ("user", Some(op.profile().await?), op.core().tenants_of(id).await?),
        _ => ("api_key", None, Vec::new()),
    };
    Ok(Json(Bearer { kind, id, name, tenant_id: op.tenant().clone(), user, tenants, standing: op.permissions().await? }))
}
