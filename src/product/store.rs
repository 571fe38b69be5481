//! All SQL of products and their domains.

use super::{Domain, IntegrationStep, Product, ProductSummary};
use crate::{
    Code, DomainId, ProductId, Result, TenantId, Time,
    db::{Db, Select, args},
    origin::MOST,
    page::Cursor,
    writer::Write,
};

pub(crate) async fn find(db: &Db, tenant: &TenantId, id: &ProductId) -> Result<Option<Product>> {
    db.optional(
        "select id, name, appearance, anyone_may_sign_in, sign_in, passwords, keep_signed_in, conversation_days, created_at, deleted_at
         from product
         where tenant_id = $1 and id = $2 and deleted_at is null",
        args![tenant, id],
    )
    .await
}

pub(super) async fn list(db: &Db, tenant: &TenantId, now: Time, after: Option<Cursor>, limit: i64) -> Result<Vec<ProductSummary>> {
    let mut select = Select::new(
        "select p.id, p.name, p.appearance, p.anyone_may_sign_in, p.sign_in, p.passwords, p.keep_signed_in, p.conversation_days, p.created_at,
                p.deleted_at,
                (select count(*) from embed_key k where k.product_id = p.id and k.disabled_at is null
                    and (k.expires_at is null or k.expires_at > $2)) as embed_keys,
                (select count(*) from offering o where o.product_id = p.id and o.status = 'PUBLISHED') as published_offerings
         from product p where p.tenant_id = $1 and p.deleted_at is null",
        args![tenant, now],
    );
    if let Some(Cursor { at, id }) = after {
        select = select.and("(p.created_at, p.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("p.created_at desc, p.id desc", limit)).await
}

pub(super) fn insert(tenant: &TenantId, product: &Product) -> Write {
    Write::any(
        "insert into product (id, tenant_id, name, appearance, anyone_may_sign_in, sign_in, created_at, conversation_days, passwords,
            keep_signed_in)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &product.id,
            tenant,
            &product.name,
            product.appearance.to_json(),
            product.anyone_may_sign_in,
            product.sign_in,
            product.created_at,
            product.conversation_days,
            product.passwords,
            product.keep_signed_in
        ],
    )
}

/// Only if nothing of it was changed since `before` was read. Sign-ins that are kept are given up for good with the switch.
pub(super) fn update(tenant: &TenantId, before: &Product, after: &Product, at: Time) -> Write {
    let switched = (after.keep_signed_in != before.keep_signed_in).then_some(at);
    Write::one(
        "update product set name = $3, appearance = $4, anyone_may_sign_in = $7, sign_in = $9, conversation_days = $11, passwords = $13,
            keep_signed_in = $15, kept_not_before = coalesce($17, kept_not_before)
         where tenant_id = $1 and id = $2 and name = $5 and appearance = $6 and anyone_may_sign_in = $8 and sign_in = $10
           and conversation_days = $12 and passwords = $14 and keep_signed_in = $16 and deleted_at is null",
        args![
            tenant,
            &after.id,
            &after.name,
            after.appearance.to_json(),
            &before.name,
            before.appearance.to_json(),
            after.anyone_may_sign_in,
            before.anyone_may_sign_in,
            after.sign_in,
            before.sign_in,
            after.conversation_days,
            before.conversation_days,
            after.passwords,
            before.passwords,
            after.keep_signed_in,
            before.keep_signed_in,
            switched
        ],
        Code::Conflict,
        "This product was changed a moment ago. Look again.",
    )
}

/// Those that were deleted since then.
pub(crate) async fn deleted(db: &Db, since: Time) -> Result<Vec<ProductId>> {
    let rows: Vec<(ProductId,)> = db.all("select id from product where deleted_at > $1", args![since]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) fn delete(tenant: &TenantId, id: &ProductId, at: Time) -> Write {
    Write::one(
        "update product set deleted_at = $3 where tenant_id = $1 and id = $2 and deleted_at is null",
        args![tenant, id, at],
        Code::NotFound,
        "No such product.",
    )
}

pub(super) async fn domains(db: &Db, tenant: &TenantId, product: &ProductId) -> Result<Vec<Domain>> {
    db.all(
        "select id, origin, created_at from product_domain where tenant_id = $1 and product_id = $2 order by created_at desc, id desc",
        args![tenant, product],
    )
    .await
}

pub(super) fn insert_domain(tenant: &TenantId, product: &ProductId, domain: &Domain) -> Write {
    Write::one(
        "insert into product_domain (id, tenant_id, product_id, origin, created_at)
         select $1, $2, $3, $4, $5 from product p where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null
         and (select count(*) from product_domain d where d.product_id = $3) < $6",
        args![&domain.id, tenant, product, &domain.origin, domain.created_at, i64::try_from(MOST).unwrap_or(i64::MAX)],
        Code::InvalidOrigin,
        "A product has at most 20 domains.",
    )
    .on_duplicate(Code::AlreadyExists, "This domain is registered already.")
}

pub(super) fn delete_domain(product: &ProductId, id: &DomainId) -> Write {
    Write::one("delete from product_domain where product_id = $1 and id = $2", args![product, id], Code::NotFound, "No such domain.")
}

/// Of a product's integration; the first time stands.
pub(crate) fn step(product: &ProductId, step: IntegrationStep, at: Time) -> Write {
    Write::any(
        "insert into product_step (product_id, step, seen_at) values ($1, $2, $3) on conflict (product_id, step) do nothing",
        args![product, step.as_str(), at],
    )
}

pub(super) async fn steps(db: &Db, product: &ProductId) -> Result<Vec<(String, Time)>> {
    db.all("select step, seen_at from product_step where product_id = $1", args![product]).await
}
