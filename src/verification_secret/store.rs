//! All SQL of verification secrets, and of what dies with one.

use super::{MOST, VerificationSecret};
use crate::{
    Code, ProductId, Result, TenantId, Time, VerificationSecretId,
    db::{Db, Select, args},
    page::Cursor,
    writer::Write,
};

const RECORD: &str = "select v.id, v.product_id, v.name, v.last4, v.created_by, v.created_by_name, v.created_at, v.expires_at, v.rotated_to,
        v.held_at, v.revoked_at, v.revoke_reason, u.last_used_at,
        case when v.revoked_at is not null then 'revoked' when v.expires_at <= $1 then 'expired'
             when v.held_at is not null then 'held' else 'active' end as status,
        (select count(*) from identity_token d
         where d.verification_secret_id = v.id and d.revoked_at is null and d.expires_at > $1 and d.created_at >= t.not_before) as live_tokens
     from verification_secret v join tenant t on t.id = v.tenant_id left join credential_use u on u.id = v.id
     where v.tenant_id = $2 and v.product_id = $3";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<VerificationSecret>> {
    let mut select = Select::new(RECORD, args![now, tenant, product]);
    if let Some(Cursor { at, id }) = after {
        select = select.and("(v.created_at, v.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("v.created_at desc, v.id desc", limit)).await
}

pub(super) async fn find(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    id: &VerificationSecretId,
    now: Time,
) -> Result<Option<VerificationSecret>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant, product]).and("v.id = ?", args![id])).await?.pop())
}

/// Only if the product is alive and has room, and the maker may still make secrets.
pub(super) fn insert(tenant: &TenantId, secret: &VerificationSecret, hash: &str) -> Write {
    Write::one(
        "insert into verification_secret (id, tenant_id, product_id, name, hash, last4, created_by, created_by_name, created_at)
         select $1, $2, p.id, $4, $5, $6, $7, $8, $9 from product p
         where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null
           and (select count(*) from verification_secret v where v.product_id = $3 and v.revoked_at is null
                and (v.expires_at is null or v.expires_at > $9)) < $10
           and (not exists (select 1 from dashboard_user u where u.id = $7)
                or exists (select 1 from membership m where m.user_id = $7 and m.tenant_id = $2 and m.organization_id is null
                           and m.role in ('owner', 'admin')))
           and not exists (select 1 from api_key a where a.id = $7 and a.revoked_at is not null)",
        args![
            &secret.id,
            tenant,
            &secret.product_id,
            &secret.name,
            hash,
            &secret.last4,
            &secret.created_by,
            &secret.created_by_name,
            secret.created_at,
            MOST
        ],
        Code::Conflict,
        "A product has at most 10 verification secrets that work. Revoke one that no server of yours has any more.",
    )
}

/// The old secret's planned end. A secret is replaced once.
pub(super) fn replace(tenant: &TenantId, old: &VerificationSecretId, new: &VerificationSecretId, until: Time, now: Time) -> Write {
    Write::one(
        "update verification_secret set rotated_to = $3, expires_at = $4
         where tenant_id = $1 and id = $2 and rotated_to is null and revoked_at is null and held_at is null
           and (expires_at is null or expires_at > $5)",
        args![tenant, old, new, until, now],
        Code::Conflict,
        "This secret was rotated or revoked a moment ago.",
    )
}

/// The secret and, at once, the identity tokens that it bought.
pub(super) fn revoke(tenant: &TenantId, id: &VerificationSecretId, at: Time, reason: Option<&str>) -> [Write; 2] {
    [
        Write::one(
            "update verification_secret set revoked_at = $3, revoke_reason = $4 where tenant_id = $1 and id = $2 and revoked_at is null",
            args![tenant, id, at, reason],
            Code::Conflict,
            "This secret was revoked a moment ago.",
        ),
        crate::identity::store::end_of_secret(tenant, id, at),
    ]
}

pub(super) fn release(tenant: &TenantId, id: &VerificationSecretId) -> Write {
    Write::one(
        "update verification_secret set held_at = null where tenant_id = $1 and id = $2 and held_at is not null and revoked_at is null",
        args![tenant, id],
        Code::Conflict,
        "This secret is not held.",
    )
}

/// Every secret that works waits for an owner, after a restore.
pub(crate) fn hold(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update verification_secret set held_at = $2 where tenant_id = $1 and held_at is null and revoked_at is null
           and (expires_at is null or expires_at > $2)",
        args![tenant, at],
    )
}

/// All of a tenant's, when everything is revoked.
pub(crate) fn revoke_all(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update verification_secret set revoked_at = $2, revoke_reason = 'Everything was revoked' where tenant_id = $1 and revoked_at is null",
        args![tenant, at],
    )
}
