//! All SQL of putting a backup back.

use crate::{
    Result, TenantId, Time,
    db::{Db, args},
    writer::Write,
};

pub(super) async fn tenants(db: &Db) -> Result<Vec<(TenantId,)>> {
    db.all("select id from tenant order by id", args![]).await
}

/// Every owner of a tenant, by address.
pub(super) async fn owners(db: &Db) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(
            "select distinct u.email from membership m join dashboard_user u on u.id = m.user_id
             where m.organization_id is null and m.role = 'owner' and u.disabled_at is null order by u.email",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}

/// Nothing that was issued before is accepted.
pub(super) fn forget(tenant: &TenantId, not_before: Time) -> Write {
    Write::any("update tenant set not_before = $2 where id = $1 and not_before < $2", args![tenant, not_before])
}

pub(super) fn end_invitations(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update invitation set revoked_at = $2 where tenant_id = $1 and accepted_at is null and revoked_at is null",
        args![tenant, at],
    )
}

/// Also those that were retired: a backup may be older than the leak of a key.
pub(super) fn revoke_keys(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update signing_key set state = 'revoked', revoked_at = $2, revoke_reason = 'A backup was restored.', sealed_private = ''
         where tenant_id = $1 and state <> 'revoked'",
        args![tenant, at],
    )
}

pub(super) fn hold_members(tenant: &TenantId, at: Time) -> Write {
    Write::any("update membership set held_at = $2 where tenant_id = $1 and held_at is null", args![tenant, at])
}

pub(super) fn hold_api_keys(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update api_key set held_at = $2 where tenant_id = $1 and held_at is null and revoked_at is null
           and (expires_at is null or expires_at > $2)",
        args![tenant, at],
    )
}

/// The keys that the backup knows as live outlive the tenant's new `not_before`.
pub(super) fn trust_api_keys(tenant: &TenantId, not_before: Time) -> Write {
    Write::any(
        "update api_key set valid_since = $2 where tenant_id = $1 and held_at is null and revoked_at is null and valid_since < $2",
        args![tenant, not_before],
    )
}

pub(super) fn end_sessions(at: Time) -> Write {
    Write::any("update dashboard_session set ended_at = $1 where ended_at is null and expires_at > $1", args![at])
}

/// Links and recovery codes that were used after the backup would work once more; so would devices that were forgotten.
pub(super) fn end_links(at: Time) -> [Write; 3] {
    [
        Write::any("update one_time_link set consumed_at = $1 where consumed_at is null", args![at]),
        Write::any("update recovery_code set used_at = $1 where used_at is null", args![at]),
        Write::any("delete from known_device", args![]),
    ]
}
