//! All SQL of origin allowlists.

use super::{AllowedOrigin, MOST, Origin};
use crate::{
    Code, OrganizationId, OriginId, Result, TenantId,
    db::{Db, args},
    writer::Write,
};

pub(crate) async fn list(db: &Db, tenant: &TenantId, organization: &OrganizationId) -> Result<Vec<AllowedOrigin>> {
    db.all(
        "select id, origin, created_at from organization_origin where tenant_id = $1 and organization_id = $2 order by created_at desc, id desc",
        args![tenant, organization],
    )
    .await
}

pub(super) fn insert(tenant: &TenantId, organization: &OrganizationId, origin: &AllowedOrigin) -> Write {
    Write::one(
        "insert into organization_origin (id, tenant_id, organization_id, origin, created_at)
         select $1, $2, $3, $4, $5 from organization o where o.id = $3 and o.tenant_id = $2 and o.deleted_at is null
         and (select count(*) from organization_origin a where a.organization_id = $3) < $6",
        args![&origin.id, tenant, organization, &origin.origin, origin.created_at, i64::try_from(MOST).unwrap_or(i64::MAX)],
        Code::InvalidOrigin,
        "An organization has at most 20 origins.",
    )
    .on_duplicate(Code::AlreadyExists, "This origin is on the list already.")
}

pub(super) fn delete(organization: &OrganizationId, id: &OriginId) -> [Write; 2] {
    [
        Write::one(
            "delete from organization_origin where organization_id = $1 and id = $2",
            args![organization, id],
            Code::NotFound,
            "No such origin.",
        ),
        Write::any("update organization set revision = revision + 1 where id = $1", args![organization]),
    ]
}

/// What the JSON list of a token that names this origin is like. Origins hold no quotes; the escapes are for `_` in hosts.
pub(crate) fn named_in(origin: &Origin) -> String {
    format!("%\"{}\"%", origin.0.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}
