//! All SQL of origin allowlists.

use super::{AllowedOrigin, MOST, Origin};
use crate::{
    Code, EventId, OrganizationId, OriginId, Result, TenantId, Time,
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

pub(super) fn revoke_naming(organization: &OrganizationId, origin: &Origin, at: Time, by: &(String, String), event: &EventId) -> Write {
    Write::any(
        "update widget_token set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = 'origin removed', revocation_event = $6
         where organization_id = $1 and revoked_at is null and expires_at > $3 and origins like $2 escape '\\'",
        args![organization, named_in(origin), at, &by.0, &by.1, event],
    )
}

pub(super) async fn live_naming(db: &Db, organization: &OrganizationId, origin: &Origin, now: Time) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "select count(*) from widget_token
             where organization_id = $1 and revoked_at is null and expires_at > $3 and origins like $2 escape '\\'",
            args![organization, named_in(origin), now],
        )
        .await?;
    Ok(count)
}
