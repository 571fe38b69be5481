//! `/v1/roles`: what customers may have opened for them, by role.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Query},
};
use mintmark::{
    Page, Problem, RoleId,
    role::{CustomerRole, CustomerRoleChange, NewCustomerRole},
};

/// The tenant's roles for customers, newest first.
#[utoipa::path(get, path = "/v1/roles", tag = "roles", params(Paging), responses((status = 200, description = "A page", body = Page<CustomerRole>)))]
pub(super) async fn list(Caller(op): Caller, Query(paging): Query<Paging>) -> Result<Json<Page<CustomerRole>>> {
    Ok(Json(op.roles(paging.limit()?, paging.cursor()).await?))
}

/// Makes a role. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/roles", tag = "roles", request_body = NewCustomerRole, responses((status = 201, description = "The role", body = CustomerRole), (status = 409, description = "`already_exists`: the name is taken; `conflict`: a tenant has at most 50", body = Problem)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewCustomerRole>) -> Result<Created<CustomerRole>> {
    Ok(Created(op.create_role(asked).await?))
}

/// One role.
#[utoipa::path(get, path = "/v1/roles/{id}", tag = "roles", params(("id" = String, Path, description = "`rol_...`")), responses((status = 200, description = "The role", body = CustomerRole)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<RoleId>, _: NoQuery) -> Result<Json<CustomerRole>> {
    Ok(Json(op.role(&id).await?))
}

/// Changes name or permissions; live tokens that need what goes are refused at their next call. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/roles/{id}", tag = "roles", params(("id" = String, Path, description = "`rol_...`")), request_body = CustomerRoleChange, responses((status = 200, description = "The role as it is now", body = CustomerRole), (status = 409, description = "`already_exists`: the name is taken; `conflict`: changed a moment ago", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path(id): Path<RoleId>,
    _: NoQuery,
    Json(change): Json<CustomerRoleChange>,
) -> Result<Json<CustomerRole>> {
    Ok(Json(op.update_role(&id, change).await?))
}

/// Deletes a role and takes it from everybody who has it. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/roles/{id}", tag = "roles", params(("id" = String, Path, description = "`rol_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The role, with `deleted_at`", body = CustomerRole)))]
pub(super) async fn delete(Caller(op): Caller, Path(id): Path<RoleId>, _: NoQuery, _: Option<Json<Nothing>>) -> Result<Json<CustomerRole>> {
    Ok(Json(op.delete_role(&id).await?))
}
