//! All SQL of roles.

use super::{CustomerPlace, CustomerRole, MOST, WidgetPermission};
use crate::{
    Code, CustomerId, Listed, OrganizationId, Result, RoleId, TenantId, Time,
    db::{Db, Select, args},
    page::Cursor,
    time::HOUR,
    token::Scope,
    writer::Write,
};

const RECORD: &str = "select r.id, r.name, r.permissions, r.created_at, r.updated_at, r.deleted_at,
        (select count(*) from customer_organization m join customer c on c.id = m.customer_id join organization o on o.id = m.organization_id
         where m.role_id = r.id and c.deleted_at is null and o.deleted_at is null) as holders
     from customer_role r where r.tenant_id = $1 and r.deleted_at is null";

pub(super) async fn list(db: &Db, tenant: &TenantId, after: Option<Cursor>, limit: i64) -> Result<Vec<CustomerRole>> {
    let mut select = Select::new(RECORD, args![tenant]);
    if let Some(Cursor { at, id }) = after {
        select = select.and("(r.created_at, r.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("r.created_at desc, r.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &RoleId) -> Result<Option<CustomerRole>> {
    Ok(db.select(Select::new(RECORD, args![tenant]).and("r.id = ?", args![id])).await?.pop())
}

pub(super) fn insert(tenant: &TenantId, role: &CustomerRole) -> Write {
    Write::one(
        "insert into customer_role (id, tenant_id, name, permissions, created_at, updated_at)
         select $1, $2, $3, $4, $5, $5 where (select count(*) from customer_role r where r.tenant_id = $2 and r.deleted_at is null) < $6",
        args![&role.id, tenant, &role.name, role.permissions.to_json(), role.created_at, MOST],
        Code::Conflict,
        "A tenant has at most 50 roles.",
    )
    .on_duplicate(Code::AlreadyExists, "There is a role with this name already.")
}

/// Only if nothing of it was changed since `before` was read.
pub(super) fn update(tenant: &TenantId, before: &CustomerRole, after: &CustomerRole) -> Write {
    Write::one(
        "update customer_role set name = $3, permissions = $4, updated_at = $5
         where tenant_id = $1 and id = $2 and name = $6 and permissions = $7 and deleted_at is null",
        args![tenant, &after.id, &after.name, after.permissions.to_json(), after.updated_at, &before.name, before.permissions.to_json()],
        Code::Conflict,
        "This role was changed a moment ago. Look again.",
    )
    .on_duplicate(Code::AlreadyExists, "There is a role with this name already.")
}

/// Softly: whoever is given it at the same moment has a role that holds nothing.
pub(super) fn delete(tenant: &TenantId, id: &RoleId, at: Time) -> Write {
    Write::one(
        "update customer_role set deleted_at = $3 where tenant_id = $1 and id = $2 and deleted_at is null",
        args![tenant, id, at],
        Code::NotFound,
        "No such role.",
    )
}

pub(super) fn take_from_all(id: &RoleId) -> Write {
    Write::any("update customer_organization set role_id = null where role_id = $1", args![id])
}

/// Only a living role of the same tenant.
pub(super) fn assign(tenant: &TenantId, customer: &CustomerId, organization: &OrganizationId, role: &RoleId) -> Write {
    Write::one(
        "update customer_organization set role_id = $4 where customer_id = $2 and organization_id = $3
         and exists (select 1 from customer_role r where r.id = $4 and r.tenant_id = $1 and r.deleted_at is null)
         and exists (select 1 from customer c where c.id = $2 and c.tenant_id = $1 and c.deleted_at is null)
         and exists (select 1 from organization o where o.id = $3 and o.tenant_id = $1 and o.deleted_at is null)",
        args![tenant, customer, organization, role],
        Code::Conflict,
        "The role, the customer or the organization ended a moment ago. Look again.",
    )
}

pub(super) fn take(customer: &CustomerId, organization: &OrganizationId) -> Write {
    Write::any(
        "update customer_organization set role_id = null where customer_id = $1 and organization_id = $2",
        args![customer, organization],
    )
}

const PLACE: &str = "select m.customer_id, coalesce(c.name, c.email, c.external_id, c.id) as customer_name, m.organization_id,
        o.name as organization_name, r.id as role_id, r.name as role_name
     from customer_organization m join customer c on c.id = m.customer_id join organization o on o.id = m.organization_id
     left join customer_role r on r.id = m.role_id and r.deleted_at is null
     where c.tenant_id = $1 and c.deleted_at is null and o.deleted_at is null";

pub(super) async fn place(
    db: &Db,
    tenant: &TenantId,
    customer: &CustomerId,
    organization: &OrganizationId,
) -> Result<Option<CustomerPlace>> {
    let select = Select::new(PLACE, args![tenant]).and("m.customer_id = ?", args![customer]);
    Ok(db.select(select.and("m.organization_id = ?", args![organization])).await?.pop())
}

pub(super) async fn places(db: &Db, tenant: &TenantId, customer: &CustomerId) -> Result<Vec<CustomerPlace>> {
    db.select(Select::new(PLACE, args![tenant]).and("m.customer_id = ?", args![customer]).order("o.name, o.id", 200)).await
}

pub(super) async fn holders(db: &Db, tenant: &TenantId, role: &RoleId, limit: i64) -> Result<Vec<CustomerPlace>> {
    db.select(Select::new(PLACE, args![tenant]).and("m.role_id = ?", args![role]).order("m.customer_id desc, m.organization_id", limit))
        .await
}

/// Live tokens of whoever has this role, by their scope. What was minted longer than an hour ago is dead (A6).
pub(super) async fn live_tokens(db: &Db, tenant: &TenantId, role: &RoleId, now: Time) -> Result<Vec<(Listed<Scope>, i64)>> {
    let rows: Vec<(String, i64)> = db
        .all(
            "select w.scope, count(*) as tokens from widget_token w
             join customer_organization m on m.customer_id = w.customer_id and m.organization_id = w.organization_id
             join tenant t on t.id = w.tenant_id
             where w.tenant_id = $1 and w.created_at > $2 and w.created_at >= t.not_before and w.expires_at > $3 and w.revoked_at is null
               and m.role_id = $4
             group by w.scope",
            args![tenant, now.plus(-HOUR), now, role],
        )
        .await?;
    rows.into_iter().map(|(scope, tokens)| Ok((Listed::try_from(scope).map_err(crate::Error::internal)?, tokens))).collect()
}

/// What a customer may have opened for them in an organization.
#[derive(sqlx::FromRow)]
pub(crate) struct Held {
    pub(crate) banned_at: Option<Time>,
    /// The organization, if they belong to it.
    pub(crate) belongs: Option<OrganizationId>,
    /// Of their role there, as stored; none without one.
    pub(crate) permissions: Option<String>,
}

/// The permissions of a stored list; what this program does not know holds nothing.
pub(crate) fn holds(stored: Option<&str>) -> Vec<WidgetPermission> {
    let words: Vec<String> = stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

/// None when there is no such customer.
pub(crate) async fn held(db: &Db, tenant: &TenantId, customer: &CustomerId, organization: &OrganizationId) -> Result<Option<Held>> {
    db.optional(
        "select c.banned_at, m.organization_id as belongs, r.permissions from customer c
         left join customer_organization m on m.customer_id = c.id and m.organization_id = $3
         left join customer_role r on r.id = m.role_id and r.deleted_at is null
         where c.id = $2 and c.tenant_id = $1 and c.deleted_at is null",
        args![tenant, customer, organization],
    )
    .await
}
