//! All SQL of API keys.

use super::ApiKey;
use crate::{
    ApiKeyId, Code, OrganizationId, Result, Role, TenantId, Time,
    db::{Db, args, inlined},
    page::Cursor,
    select::{Select, live_count},
    writer::Write,
};

const RECORD: &str = concat!(
    "select k.id, k.name, k.role, k.organization_id, k.last4, k.created_by, k.created_by_name, k.created_at, k.expires_at,
        k.rotated_to, k.held_at, k.revoked_at, k.revoke_reason, u.last_used_at,
        case when k.revoked_at is not null or (k.held_at is null and k.valid_since < t.not_before) then 'revoked'
             when k.expires_at <= $1 then 'expired' when k.held_at is not null then 'held' else 'active' end as status, ",
    live_count!("w.minted_by = k.id and w.tenant_id = $2 and w.expires_at > $1"),
    " as live_tokens from api_key k join tenant t on t.id = k.tenant_id left join credential_use u on u.id = k.id where k.tenant_id = $2"
);

pub(super) async fn list(db: &Db, tenant: &TenantId, revoked: bool, now: Time, after: Option<Cursor>, limit: i64) -> Result<Vec<ApiKey>> {
    let mut select = Select::new(RECORD, args![now, tenant]);
    if !revoked {
        select =
            select.and("k.revoked_at is null and (k.held_at is not null or k.valid_since >= t.not_before) and (k.expires_at is null or k.expires_at > ?)", args![now]);
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(k.created_at, k.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("k.created_at desc, k.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &ApiKeyId, now: Time) -> Result<Option<ApiKey>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant]).and("k.id = ?", args![id])).await?.pop())
}

/// Only if the organization is alive and the maker may still make keys.
pub(super) fn insert(tenant: &TenantId, key: &ApiKey, hash: &str) -> Write {
    Write::one(
        "insert into api_key (id, tenant_id, organization_id, name, role, hash, last4, created_by, created_by_name, created_at, valid_since,
            expires_at)
         select $1, t.id, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11 from tenant t
         where t.id = $2 and ($3 is null or exists (select 1 from organization o where o.id = $3 and o.tenant_id = $2 and o.deleted_at is null))
           and (not exists (select 1 from dashboard_user u where u.id = $8)
                or exists (select 1 from membership m where m.user_id = $8 and m.tenant_id = $2 and m.organization_id is null
                           and m.role in ('owner', 'admin')))
           and not exists (select 1 from api_key a where a.id = $8 and a.revoked_at is not null)",
        args![
            &key.id,
            tenant,
            key.organization_id.as_ref(),
            &key.name,
            &key.role,
            hash,
            &key.last4,
            &key.created_by,
            &key.created_by_name,
            key.created_at,
            key.expires_at
        ],
        Code::Conflict,
        "The organization or your own rights changed in the meantime. Look again.",
    )
}

/// The old key's planned end: the overlap's, unless it had an earlier one. A key is replaced once.
pub(super) fn replace(tenant: &TenantId, old: &ApiKeyId, new: &ApiKeyId, until: Time, now: Time) -> Write {
    Write::one(
        "update api_key set rotated_to = $3, expires_at = case when expires_at < $4 then expires_at else $4 end
         where tenant_id = $1 and id = $2 and rotated_to is null and revoked_at is null and (expires_at is null or expires_at > $5)",
        args![tenant, old, new, until, now],
        Code::Conflict,
        "This key was rotated or ended a moment ago.",
    )
}

pub(super) fn revoke(tenant: &TenantId, id: &ApiKeyId, at: Time, reason: Option<&str>) -> Write {
    Write::one(
        "update api_key set revoked_at = $3, revoke_reason = $4 where tenant_id = $1 and id = $2 and revoked_at is null",
        args![tenant, id, at, reason],
        Code::Conflict,
        "This key was revoked a moment ago.",
    )
}

/// Lets it work again; what a restore killed does not forbid it any more.
pub(super) fn release(tenant: &TenantId, id: &ApiKeyId, at: Time) -> Write {
    Write::one(
        "update api_key set held_at = null, valid_since = $3 where tenant_id = $1 and id = $2 and held_at is not null and revoked_at is null",
        args![tenant, id, at],
        Code::Conflict,
        "This key is not held.",
    )
}

/// A key that is alive, with its tenant and organization.
#[derive(sqlx::FromRow)]
pub(super) struct Holder {
    pub(super) id: ApiKeyId,
    pub(super) name: String,
    pub(super) tenant_id: TenantId,
    pub(super) organization_id: Option<OrganizationId>,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
}

inlined!(Holder: id, name, tenant_id, organization_id, role);

pub(super) async fn holder(db: &Db, hash: &str, now: Time) -> Result<Option<Holder>> {
    db.point(
        "select k.id, k.name, k.tenant_id, k.organization_id, k.role
         from api_key k join tenant t on t.id = k.tenant_id left join organization o on o.id = k.organization_id
         where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
           and t.suspended_at is null and k.held_at is null and k.valid_since >= t.not_before and (k.organization_id is null or o.deleted_at is null)",
        args![hash, now],
    )
    .await
}
