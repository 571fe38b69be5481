//! All SQL of offerings.

use super::{MOST, Offering, OfferingStatus};
use crate::{
    Code, OfferingId, ProductId, Result, TenantId,
    db::{Db, Select, args},
    writer::Write,
};

const RECORD: &str =
    "select o.id, o.product_id, o.name, o.description, o.amount, o.currency, o.interval, o.features, o.position, o.cta_url,
        o.status, o.created_at, o.updated_at
     from offering o where o.tenant_id = $1 and o.product_id = $2";

pub(super) async fn list(db: &Db, tenant: &TenantId, product: &ProductId, status: Option<OfferingStatus>) -> Result<Vec<Offering>> {
    let select = Select::new(RECORD, args![tenant, product]).and_if("o.status = ?", status.as_ref());
    db.select(select.order("o.position, o.id", MOST)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, product: &ProductId, id: &OfferingId) -> Result<Option<Offering>> {
    Ok(db.select(Select::new(RECORD, args![tenant, product]).and("o.id = ?", args![id])).await?.pop())
}

/// Two that are written at once may get the same; then the ids decide.
pub(super) async fn next_position(db: &Db, product: &ProductId) -> Result<i64> {
    let (next,): (i64,) = db.one("select coalesce(max(o.position), 0) + 1 from offering o where o.product_id = $1", args![product]).await?;
    Ok(next)
}

pub(super) fn insert(tenant: &TenantId, offering: &Offering) -> Write {
    Write::one(
        "insert into offering (id, tenant_id, product_id, name, description, amount, currency, interval, features, position, cta_url, status,
            created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13 from product p
         where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null and (select count(*) from offering o where o.product_id = $3) < $14",
        args![
            &offering.id,
            tenant,
            &offering.product_id,
            &offering.name,
            offering.description.as_ref(),
            offering.price.amount,
            &offering.price.currency,
            &offering.price.interval,
            offering.features.to_json(),
            offering.position,
            offering.cta_url.as_ref(),
            &offering.status,
            offering.created_at,
            MOST
        ],
        Code::Conflict,
        "A product has at most 100 offerings.",
    )
}

/// Only if nothing of it was changed since `before` was read.
pub(super) fn update(tenant: &TenantId, before: &Offering, after: &Offering) -> Write {
    Write::one(
        "update offering set name = $4, description = $5, amount = $6, currency = $7, interval = $8, features = $9, cta_url = $10, status = $11,
            updated_at = $12
         where tenant_id = $1 and product_id = $2 and id = $3 and updated_at = $13",
        args![
            tenant,
            &after.product_id,
            &after.id,
            &after.name,
            after.description.as_ref(),
            after.price.amount,
            &after.price.currency,
            &after.price.interval,
            after.features.to_json(),
            after.cta_url.as_ref(),
            &after.status,
            after.updated_at,
            before.updated_at
        ],
        Code::Conflict,
        "This offering was changed a moment ago. Look again.",
    )
}

pub(super) fn place(tenant: &TenantId, product: &ProductId, id: &OfferingId, position: i64) -> Write {
    Write::one(
        "update offering set position = $4 where tenant_id = $1 and product_id = $2 and id = $3",
        args![tenant, product, id, position],
        Code::NotFound,
        "No such offering.",
    )
}
