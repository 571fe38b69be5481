//! `/v1/organizations`: the tenant's customers.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Paging, Path, Query},
};
use mintmark::{
    OrganizationId, Page,
    organization::{NewOrganization, Organization, OrganizationChange, OrganizationSummary},
};

/// The organizations within reach, newest first.
#[utoipa::path(get, path = "/v1/organizations", tag = "organizations", params(Paging), responses((status = 200, description = "A page", body = Page<OrganizationSummary>)))]
pub(super) async fn list(Caller(op): Caller, Query(paging): Query<Paging>) -> Result<Json<Page<OrganizationSummary>>> {
    Ok(Json(op.organizations(paging.limit()?, paging.cursor()).await?))
}

/// Makes an organization. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/organizations", tag = "organizations", request_body = NewOrganization, responses((status = 201, description = "The organization", body = Organization), (status = 409, description = "`already_exists`: the slug is taken, or was once", body = mintmark::Problem)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewOrganization>) -> Result<Created<Organization>> {
    Ok(Created(op.create_organization(asked).await?))
}

/// One organization.
#[utoipa::path(get, path = "/v1/organizations/{id}", tag = "organizations", params(("id" = String, Path, description = "`org_...`")), responses((status = 200, description = "The organization", body = Organization)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<OrganizationId>, _: NoQuery) -> Result<Json<Organization>> {
    Ok(Json(op.organization(&id).await?))
}

/// Changes name, slug or the development switch; what is absent stays. Owners and admins of it.
#[utoipa::path(patch, path = "/v1/organizations/{id}", tag = "organizations", params(("id" = String, Path, description = "`org_...`")), request_body = OrganizationChange, responses((status = 200, description = "The organization as it is now", body = Organization), (status = 409, description = "`already_exists`: the slug is taken, or was once", body = mintmark::Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path(id): Path<OrganizationId>,
    _: NoQuery,
    Json(change): Json<OrganizationChange>,
) -> Result<Json<Organization>> {
    Ok(Json(op.update_organization(&id, change).await?))
}

/// Deletes it, with its live tokens, invitations and API keys. Neither id nor slug is used again. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/organizations/{id}", tag = "organizations", params(("id" = String, Path, description = "`org_...`")), responses((status = 200, description = "The organization, with `deleted_at`", body = Organization)))]
pub(super) async fn delete(Caller(op): Caller, Path(id): Path<OrganizationId>, _: NoQuery) -> Result<Json<Organization>> {
    Ok(Json(op.delete_organization(&id).await?))
}
