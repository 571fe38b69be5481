//! `/v1/customers`: the end users of the tenant's pages, and their sessions.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Nothing, Paging, Path, Split},
};
use mintmark::{
    CustomerId, CustomerSessionId, OrganizationId, Page, Problem,
    customer::{Customer, CustomerChange, CustomerFilter, NewCustomer, PurgedCustomers},
    customer_session::{CustomerSession, CustomerSessionStatus, RevokedSessions},
    role::{CustomerPlace, RoleAssignment},
    token::Revocation,
};
use serde::Deserialize;
use utoipa::IntoParams;

/// The tenant's customers, newest first.
#[utoipa::path(get, path = "/v1/customers", tag = "customers", params(CustomerFilter, Paging), responses((status = 200, description = "A page", body = Page<Customer>)))]
pub(super) async fn list(Caller(op): Caller, Split(paging, filter): Split<Paging, CustomerFilter>) -> Result<Json<Page<Customer>>> {
    Ok(Json(op.customers(&filter, paging.limit()?, paging.cursor()).await?))
}

/// Writes a customer down before any page has seen them. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/customers", tag = "customers", request_body = NewCustomer, responses((status = 201, description = "The customer", body = Customer), (status = 409, description = "`already_exists`: the external id or the verified address is somebody's", body = Problem)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewCustomer>) -> Result<Created<Customer>> {
    Ok(Created(op.create_customer(asked).await?))
}

/// Purges every test customer, with their sessions. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/customers/purge-test", tag = "customers", request_body = Option<Nothing>, responses((status = 200, description = "How many", body = PurgedCustomers)))]
pub(super) async fn purge_test(Caller(op): Caller, _: NoQuery, _: Option<Json<Nothing>>) -> Result<Json<PurgedCustomers>> {
    Ok(Json(op.purge_test_customers().await?))
}

/// One customer.
#[utoipa::path(get, path = "/v1/customers/{id}", tag = "customers", params(("id" = String, Path, description = "`cus_...`")), responses((status = 200, description = "The customer", body = Customer)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<CustomerId>, _: NoQuery) -> Result<Json<Customer>> {
    Ok(Json(op.customer(&id).await?))
}

/// Changes what is said, bans, or takes a ban back; what is absent stays, what is null goes. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/customers/{id}", tag = "customers", params(("id" = String, Path, description = "`cus_...`")), request_body = CustomerChange, responses((status = 200, description = "The customer as it is now", body = Customer), (status = 409, description = "`already_exists`: the external id or the verified address is somebody's; `conflict`: changed a moment ago", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path(id): Path<CustomerId>,
    _: NoQuery,
    Json(change): Json<CustomerChange>,
) -> Result<Json<Customer>> {
    Ok(Json(op.update_customer(&id, change).await?))
}

/// Erases all that tells who they are, and ends their sessions. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/customers/{id}", tag = "customers", params(("id" = String, Path, description = "`cus_...`")), request_body = Option<Revocation>, responses((status = 200, description = "What is left, with `deleted_at`", body = Customer)))]
pub(super) async fn delete(
    Caller(op): Caller,
    Path(id): Path<CustomerId>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<Customer>> {
    Ok(Json(op.delete_customer(&id, why.and_then(|Json(why)| why.reason)).await?))
}

/// Removes a customer's password: they sign in by mail, and may set another. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/customers/{id}/password", tag = "customers", operation_id = "remove_password", params(("id" = String, Path, description = "`cus_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The customer, without a password", body = Customer)))]
pub(super) async fn remove_password(
    Caller(op): Caller,
    Path(id): Path<CustomerId>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<Customer>> {
    Ok(Json(op.remove_customer_password(&id, why.and_then(|Json(why)| why.reason)).await?))
}

/// Which sessions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct SessionFilter {
    /// `active`, `expired` or `revoked`; all when absent.
    status: Option<CustomerSessionStatus>,
}

/// A customer's sessions, newest first.
#[utoipa::path(get, path = "/v1/customers/{id}/sessions", tag = "customers", operation_id = "sessions", params(("id" = String, Path, description = "`cus_...`"), SessionFilter, Paging), responses((status = 200, description = "A page", body = Page<CustomerSession>)))]
pub(super) async fn sessions(
    Caller(op): Caller,
    Path(id): Path<CustomerId>,
    Split(paging, filter): Split<Paging, SessionFilter>,
) -> Result<Json<Page<CustomerSession>>> {
    Ok(Json(op.customer_sessions(&id, filter.status, paging.limit()?, paging.cursor()).await?))
}

/// Ends every session of a customer, at their pages' next call. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/customers/{id}/sessions", tag = "customers", operation_id = "end_sessions", params(("id" = String, Path, description = "`cus_...`")), request_body = Option<Revocation>, responses((status = 200, description = "How many", body = RevokedSessions)))]
pub(super) async fn revoke_sessions(
    Caller(op): Caller,
    Path(id): Path<CustomerId>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<RevokedSessions>> {
    Ok(Json(op.revoke_customer_sessions(&id, why.and_then(|Json(why)| why.reason)).await?))
}

/// One session of a customer.
#[utoipa::path(get, path = "/v1/customers/{id}/sessions/{session_id}", tag = "customers", operation_id = "session", params(("id" = String, Path, description = "`cus_...`"), ("session_id" = String, Path, description = "`ses_...`")), responses((status = 200, description = "The session", body = CustomerSession)))]
pub(super) async fn session(
    Caller(op): Caller,
    Path((id, session)): Path<(CustomerId, CustomerSessionId)>,
    _: NoQuery,
) -> Result<Json<CustomerSession>> {
    Ok(Json(op.customer_session(&id, &session).await?))
}

/// Ends one session of a customer, at its page's next call. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/customers/{id}/sessions/{session_id}", tag = "customers", operation_id = "end_session", params(("id" = String, Path, description = "`cus_...`"), ("session_id" = String, Path, description = "`ses_...`")), request_body = Option<Revocation>, responses((status = 200, description = "The session, with `revoked_at`", body = CustomerSession)))]
pub(super) async fn revoke_session(
    Caller(op): Caller,
    Path((id, session)): Path<(CustomerId, CustomerSessionId)>,
    _: NoQuery,
    why: Option<Json<Revocation>>,
) -> Result<Json<CustomerSession>> {
    Ok(Json(op.revoke_customer_session(&id, &session, why.and_then(|Json(why)| why.reason)).await?))
}

/// Where a customer belongs, each with the role there; always one page.
#[utoipa::path(get, path = "/v1/customers/{id}/organizations", tag = "customers", operation_id = "places", params(("id" = String, Path, description = "`cus_...`")), responses((status = 200, description = "All of them", body = Page<CustomerPlace>)))]
pub(super) async fn places(Caller(op): Caller, Path(id): Path<CustomerId>, _: NoQuery) -> Result<Json<Page<CustomerPlace>>> {
    Ok(Json(Page { data: op.customer_places(&id).await?, next_cursor: None }))
}

/// Gives a customer a role in an organization, where they belong from then on. Owners and admins of the tenant.
#[utoipa::path(put, path = "/v1/customers/{id}/organizations/{organization_id}", tag = "customers", operation_id = "assign_role", params(("id" = String, Path, description = "`cus_...`"), ("organization_id" = String, Path, description = "`org_...`")), request_body = RoleAssignment, responses((status = 200, description = "The customer there", body = CustomerPlace), (status = 409, description = "`conflict`: something of it ended a moment ago", body = Problem)))]
pub(super) async fn assign_role(
    Caller(op): Caller,
    Path((id, organization)): Path<(CustomerId, OrganizationId)>,
    _: NoQuery,
    Json(asked): Json<RoleAssignment>,
) -> Result<Json<CustomerPlace>> {
    Ok(Json(op.assign_role(&id, &organization, &asked).await?))
}

/// Takes a customer's role in an organization away; they go on belonging, and their live tokens are refused at their next call. Owners
/// and admins of the tenant.
#[utoipa::path(delete, path = "/v1/customers/{id}/organizations/{organization_id}", tag = "customers", operation_id = "take_role", params(("id" = String, Path, description = "`cus_...`"), ("organization_id" = String, Path, description = "`org_...`")), request_body = Option<Nothing>, responses((status = 200, description = "The customer there", body = CustomerPlace)))]
pub(super) async fn take_role(
    Caller(op): Caller,
    Path((id, organization)): Path<(CustomerId, OrganizationId)>,
    _: NoQuery,
    _: Option<Json<Nothing>>,
) -> Result<Json<CustomerPlace>> {
    Ok(Json(op.take_role(&id, &organization).await?))
}
