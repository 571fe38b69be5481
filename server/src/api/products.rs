//! `/v1/products`: what a tenant embeds, and the domains that are registered for it.

use crate::{
    bearer::Caller,
    error::Result,
    extract::{Created, Json, NoQuery, Paging, Path, Query},
};
use mintmark::{
    DomainId, Page, Problem, ProductId,
    product::{Domain, NewDomain, NewProduct, Product, ProductChange, ProductSummary},
};

/// The tenant's products, newest first.
#[utoipa::path(get, path = "/v1/products", tag = "products", params(Paging), responses((status = 200, description = "A page", body = Page<ProductSummary>)))]
pub(super) async fn list(Caller(op): Caller, Query(paging): Query<Paging>) -> Result<Json<Page<ProductSummary>>> {
    Ok(Json(op.products(paging.limit()?, paging.cursor()).await?))
}

/// Makes a product. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products", tag = "products", request_body = NewProduct, responses((status = 201, description = "The product", body = Product)))]
pub(super) async fn create(Caller(op): Caller, _: NoQuery, Json(asked): Json<NewProduct>) -> Result<Created<Product>> {
    Ok(Created(op.create_product(asked).await?))
}

/// One product.
#[utoipa::path(get, path = "/v1/products/{id}", tag = "products", params(("id" = String, Path, description = "`prod_...`")), responses((status = 200, description = "The product", body = Product)))]
pub(super) async fn show(Caller(op): Caller, Path(id): Path<ProductId>, _: NoQuery) -> Result<Json<Product>> {
    Ok(Json(op.product(&id).await?))
}

/// Changes its name or its looks; what is absent stays. Owners and admins of the tenant.
#[utoipa::path(patch, path = "/v1/products/{id}", tag = "products", params(("id" = String, Path, description = "`prod_...`")), request_body = ProductChange, responses((status = 200, description = "The product as it is now", body = Product), (status = 409, description = "`conflict`: it was changed a moment ago", body = Problem)))]
pub(super) async fn change(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(change): Json<ProductChange>,
) -> Result<Json<Product>> {
    Ok(Json(op.update_product(&id, change).await?))
}

/// Deletes it: its embed keys open nothing from the next call on. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/products/{id}", tag = "products", params(("id" = String, Path, description = "`prod_...`")), responses((status = 200, description = "The product, with `deleted_at`", body = Product)))]
pub(super) async fn delete(Caller(op): Caller, Path(id): Path<ProductId>, _: NoQuery) -> Result<Json<Product>> {
    Ok(Json(op.delete_product(&id).await?))
}

/// Its registered domains, newest first; always one page.
#[utoipa::path(get, path = "/v1/products/{id}/domains", tag = "products", params(("id" = String, Path, description = "`prod_...`")), responses((status = 200, description = "All of them", body = Page<Domain>)))]
pub(super) async fn domains(Caller(op): Caller, Path(id): Path<ProductId>, _: NoQuery) -> Result<Json<Page<Domain>>> {
    Ok(Json(Page { data: op.domains(&id).await?, next_cursor: None }))
}

/// Registers a domain, in its stored form. Owners and admins of the tenant.
#[utoipa::path(post, path = "/v1/products/{id}/domains", tag = "products", params(("id" = String, Path, description = "`prod_...`")), request_body = NewDomain, responses((status = 201, description = "The entry", body = Domain), (status = 409, description = "`already_exists`", body = Problem), (status = 422, description = "`invalid_origin` with the reason; `unknown_field`, `missing_field`, `invalid_field`", body = Problem)))]
pub(super) async fn add_domain(
    Caller(op): Caller,
    Path(id): Path<ProductId>,
    _: NoQuery,
    Json(asked): Json<NewDomain>,
) -> Result<Created<Domain>> {
    Ok(Created(op.add_domain(&id, &asked).await?))
}

/// Takes a domain off. Owners and admins of the tenant.
#[utoipa::path(delete, path = "/v1/products/{id}/domains/{domain_id}", tag = "products", params(("id" = String, Path, description = "`prod_...`"), ("domain_id" = String, Path, description = "`dom_...`")), responses((status = 200, description = "The entry that was", body = Domain)))]
pub(super) async fn remove_domain(Caller(op): Caller, Path((id, domain)): Path<(ProductId, DomainId)>, _: NoQuery) -> Result<Json<Domain>> {
    Ok(Json(op.remove_domain(&id, &domain).await?))
}
