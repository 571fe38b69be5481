//! All SQL of organizations.

use super::{Organization, OrganizationSummary};
use crate::{
    Code, OrganizationId, Result, TenantId, Time,
    db::{Db, Select, args},
    page::{Cursor, Limit},
    select::live_count,
    writer::Write,
};

pub(crate) async fn find(db: &Db, tenant: &TenantId, id: &OrganizationId) -> Result<Option<Organization>> {
    db.optional(
        "select id, name, slug, allow_development_origins, created_at, deleted_at
         from organization where tenant_id = $1 and id = $2 and deleted_at is null",
        args![tenant, id],
    )
    .await
}

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    narrowed: Option<Vec<String>>,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<OrganizationSummary>> {
    let mut select = Select::new(
        concat!(
            "select o.id, o.name, o.slug, o.allow_development_origins, o.created_at, o.deleted_at,
                (select count(*) from organization_origin a where a.organization_id = o.id) as origins, ",
            live_count!("w.organization_id = o.id and w.expires_at > $2"),
            " as live_tokens from organization o where o.tenant_id = $1 and o.deleted_at is null"
        ),
        args![tenant, now],
    );
    if let Some(ids) = narrowed {
        select = select.and_in("o.id", ids);
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(o.created_at, o.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("o.created_at desc, o.id desc", limit)).await
}

pub(super) async fn known(db: &Db, tenant: &TenantId, narrowed: Option<Vec<String>>, limit: Limit) -> Result<Vec<Organization>> {
    let mut select = Select::new(
        "select o.id, o.name, o.slug, o.allow_development_origins, o.created_at, o.deleted_at
         from organization o where o.tenant_id = $1 and o.deleted_at is null",
        args![tenant],
    );
    if let Some(ids) = narrowed {
        select = select.and_in("o.id", ids);
    }
    db.select(select.order("o.created_at desc, o.id desc", limit.rows())).await
}

pub(super) fn insert(tenant: &TenantId, organization: &Organization) -> Write {
    Write::any(
        "insert into organization (id, tenant_id, slug, name, allow_development_origins, created_at) values ($1, $2, $3, $4, $5, $6)",
        args![
            &organization.id,
            tenant,
            &organization.slug,
            &organization.name,
            organization.allow_development_origins,
            organization.created_at
        ],
    )
    .on_duplicate(Code::AlreadyExists, "Another organization has this slug, or had it before.")
}

/// `narrows` when the development switch goes off, so that a mint that read it as on fails.
pub(super) fn update(tenant: &TenantId, organization: &Organization, narrows: bool) -> Write {
    Write::one(
        "update organization set name = $3, slug = $4, allow_development_origins = $5, revision = revision + $6
         where tenant_id = $1 and id = $2 and deleted_at is null",
        args![tenant, &organization.id, &organization.name, &organization.slug, organization.allow_development_origins, i64::from(narrows)],
        Code::NotFound,
        "No such organization.",
    )
    .on_duplicate(Code::AlreadyExists, "Another organization has this slug, or had it before.")
}

/// Soft deletion, with what lives in the organization but its tokens: invitations, API keys bound to it, roles.
pub(super) fn delete(tenant: &TenantId, id: &OrganizationId, at: Time) -> [Write; 5] {
    [
        Write::one(
            "update organization set deleted_at = $3, revision = revision + 1 where tenant_id = $1 and id = $2 and deleted_at is null",
            args![tenant, id, at],
            Code::NotFound,
            "No such organization.",
        ),
        Write::any(
            "update invitation set revoked_at = $2 where organization_id = $1 and revoked_at is null and accepted_at is null",
            args![id, at],
        ),
        Write::any(
            "update api_key set revoked_at = $2, revoke_reason = 'organization deleted' where organization_id = $1 and revoked_at is null",
            args![id, at],
        ),
        Write::any("delete from membership where organization_id = $1", args![id]),
        Write::any("delete from organization_origin where organization_id = $1", args![id]),
    ]
}
