//! All SQL of the purge.

use crate::{
    Result, TenantId, Time,
    db::{Db, args},
    time::{HOUR, MINUTE},
    writer::Write,
};

#[derive(sqlx::FromRow)]
pub(super) struct Retained {
    pub(super) id: TenantId,
    pub(super) retention_days: i64,
}

pub(super) async fn tenants(db: &Db) -> Result<Vec<Retained>> {
    db.all("select id, retention_days from tenant order by id", args![]).await
}

/// Up to where rows may be deleted, and when the first tenant was made.
pub(super) async fn mark(db: &Db) -> Result<(Time, Option<Time>)> {
    db.one("select pruned_before, (select min(created_at) from tenant) from installation where id = 1", args![]).await
}

pub(super) fn advance_mark(to: Time) -> Write {
    Write::any("update installation set pruned_before = $1 where id = 1 and pruned_before < $1", args![to])
}

/// How many token rows ended before, counted up to `most`. A token lives for an hour at most, which lets the index find them.
pub(super) async fn ended_tokens(db: &Db, tenant: &TenantId, before: Time, most: i64) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "select cast(count(*) as bigint) from
                (select id from widget_token where tenant_id = $1 and created_at < $2 and expires_at < $2 limit $3) ended",
            args![tenant, before, most],
        )
        .await?;
    Ok(count)
}

/// The oldest thousand of them, with their last uses.
pub(super) fn delete_tokens(tenant: &TenantId, before: Time) -> [Write; 2] {
    [
        Write::any(
            "delete from widget_token_use where token_id in
                (select id from widget_token where tenant_id = $1 and created_at < $2 and expires_at < $2
                 order by created_at, id limit 1000)",
            args![tenant, before],
        ),
        Write::any(
            "delete from widget_token where id in
                (select id from widget_token where tenant_id = $1 and created_at < $2 and expires_at < $2
                 order by created_at, id limit 1000)",
            args![tenant, before],
        ),
    ]
}

/// Rows up to `seq`, and the checkpoints that the one to be written makes needless.
pub(super) fn delete_events(chain: &str, seq: i64) -> [Write; 2] {
    [
        Write::any("delete from audit_event where chain = $1 and seq <= $2", args![chain, seq]),
        Write::any("delete from audit_checkpoint where chain = $1 and seq <= $2", args![chain, seq]),
    ]
}

/// Leftovers that nothing asks for any more, a thousand at a time.
pub(super) fn leftovers(now: Time) -> [Write; 6] {
    [
        Write::any(
            "delete from idempotency where (caller, key_hash) in
                (select caller, key_hash from idempotency where created_at < $1 limit 1000)",
            args![now.plus(-10 * MINUTE)],
        ),
        // Of credentials whose rows are gone; the hour is for those that are being written just now.
        Write::any(
            "delete from credential_use where last_used_at < $1
             and not exists (select 1 from api_key k where k.id = credential_use.id)
             and not exists (select 1 from signing_key k where k.id = credential_use.id)
             and not exists (select 1 from embed_key k where k.id = credential_use.id)
             and not exists (select 1 from bridge_key k where k.id = credential_use.id)
             and not exists (select 1 from verification_secret k where k.id = credential_use.id)",
            args![now.plus(-HOUR)],
        ),
        crate::bridge::store::leftovers(now),
        crate::customer_session::store::leftovers(now),
        crate::kept_sign_in::store::leftovers(now),
        crate::identity::store::leftovers(now),
    ]
}
