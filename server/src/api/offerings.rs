//! `/v1/products/:id/offerings`: what a pricing widget shows, once it is published.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Path, Query},
};
use mintmark::{
    OfferingId, Page, Problem, ProductId,
    offering::{NewOffering, Offering, OfferingChange, OfferingOrder, OfferingStatus},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only those of this status.
    status: Option<OfferingStatus>,
}

/// A product's offerings in the order in which pages show them; always one page.
#[utoipa::path(get, path = "/v1/products/{id}/offerings", tag = "offerings", params(("id" = String, Path, description = "`prod_...`"), Which), responses((status = 200, description = "All of them", body = Page<Offering>)))]
pub(super) async fn list(Caller(op): Caller, Path(id): Path<ProductId>, Query(which): Query<Which>) -> Result<Json<Page<Offering>>> {
    Ok(Json(Page { data: op.offerings(&id, which.status).await?, next_cursor: None }))
}

/// Writes an offering, at the end of the list. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/offerings", tag = "offerings", params(("id" = String, Path, description = "`prod_...`")), request_body = NewOffering, responses((status = 201, description = "The offering", body = Offering), (status = 409, description = "`conflict`: there are 100", body = Problem)))]
pub(super) async fn create(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(asked): Json<NewOffering>,
) -> Result<Created<Offering>> {
    Ok(Created(op.create_offering(&id, asked).await?))
}

/// Puts the named offerings first, in this order. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/offerings/order", tag = "offerings", params(("id" = String, Path, description = "`prod_...`")), request_body = OfferingOrder, responses((status = 200, description = "All of them, as they stand now", body = Page<Offering>)))]
pub(super) async fn order(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(asked): Json<OfferingOrder>,
) -> Result<Json<Page<Offering>>> {
    Ok(Json(Page { data: op.order_offerings(&id, &asked).await?, next_cursor: None }))
}

/// One offering.
#[utoipa::path(get, path = "/v1/products/{id}/offerings/{offering_id}", tag = "offerings", params(("id" = String, Path, description = "`prod_...`"), ("offering_id" = String, Path, description = "`off_...`")), responses((status = 200, description = "The offering", body = Offering)))]
pub(super) async fn show(Caller(op): Caller, Path((id, offering)): Path<(ProductId, OfferingId)>, _: NoQuery) -> Result<Json<Offering>> {
    Ok(Json(op.offering(&id, &offering).await?))
}

/// Changes it, publishes it or archives it; what is absent stays. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/products/{id}/offerings/{offering_id}", tag = "offerings", params(("id" = String, Path, description = "`prod_...`"), ("offering_id" = String, Path, description = "`off_...`")), request_body = OfferingChange, responses((status = 200, description = "The offering as it is now", body = Offering), (status = 409, description = "`conflict`: it was changed a moment ago", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path((id, offering)): Path<(ProductId, OfferingId)>,
    _: NoQuery,
    Json(change): Json<OfferingChange>,
) -> Result<Json<Offering>> {
    Ok(Json(op.update_offering(&id, &offering, change).await?))
}

/// Archives it: pages show it no more, and it is kept. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/products/{id}/offerings/{offering_id}", tag = "offerings", params(("id" = String, Path, description = "`prod_...`"), ("offering_id" = String, Path, description = "`off_...`")), responses((status = 200, description = "The offering, archived", body = Offering)))]
pub(super) async fn archive(Caller(op): Caller, Path((id, offering)): Path<(ProductId, OfferingId)>, _: NoQuery) -> Result<Json<Offering>> {
    Ok(Json(op.archive_offering(&id, &offering).await?))
}
