//! `/v1/tenant`: the tenant's own settings, and the end of everything issued so far.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Json, NoQuery},
};
use mintmark::tenant::{EverythingAlive, RevokeEverything, Tenant, TenantChange};

/// The tenant with its settings.
#[utoipa::path(get, path = "/v1/tenant", tag = "tenant", responses((status = 200, description = "The tenant", body = Tenant)))]
pub(super) async fn show(Caller(op): Caller, _: NoQuery) -> Result<Json<Tenant>> {
    Ok(Json(op.tenant_record().await?))
}

/// Changes name, lives, retention or the checklist; what is absent stays. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/tenant", tag = "tenant", request_body = TenantChange, responses((status = 200, description = "The tenant as it is now", body = Tenant)))]
pub(super) async fn change(Caller(op): Caller, _: NoQuery, Json(change): Json<TenantChange>) -> Result<Json<Tenant>> {
    Ok(Json(op.update_tenant(change).await?))
}

/// Nothing issued so far is accepted any more, but this session. Owners, with the tenant's name typed.
#[utoipa::path(post, path = "/v1/tenant/revoke-everything", tag = "tenant", request_body = RevokeEverything, responses((status = 200, description = "What was alive and is not any more", body = EverythingAlive)))]
pub(super) async fn revoke_everything(
    Caller(op): Caller,
    _: NoQuery,
    Json(asked): Json<RevokeEverything>,
) -> Result<Json<EverythingAlive>> {
    Ok(Json(op.revoke_everything(asked).await?))
}
