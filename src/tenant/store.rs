//! All SQL of tenants and of the link that makes the first one.

use super::{EverythingAlive, Tenant};
use crate::{
    Code, Result, Role, SessionId, TenantId, Time, UserId,
    db::{Db, args},
    select::Select,
    writer::Write,
};

const COLUMNS: &str =
    "select id, slug, name, not_before, default_ttl_seconds, max_ttl_seconds, retention_days, created_at, checklist_hidden_at
     from tenant where suspended_at is null";

pub(crate) async fn find(db: &Db, id: &TenantId) -> Result<Option<Tenant>> {
    Ok(db.select(Select::new(COLUMNS, args![]).and("id = ?", args![id])).await?.pop())
}

pub(super) fn insert(id: &TenantId, slug: &str, name: &str, at: Time) -> Write {
    Write::any("insert into tenant (id, slug, name, created_at) values ($1, $2, $3, $4)", args![id, slug, name, at])
        .on_duplicate(Code::AlreadyExists, "There is a tenant with this slug already.")
}

pub(super) fn insert_owner(tenant: &TenantId, user: &UserId, at: Time) -> Write {
    Write::any(
        "insert into membership (user_id, tenant_id, role, created_at) values ($1, $2, $3, $4)",
        args![user, tenant, &Role::Owner, at],
    )
}

/// From now on no set-up link works.
pub(super) fn mark_set_up(at: Time) -> Write {
    Write::any("update installation set set_up_at = $1 where id = 1 and set_up_at is null", args![at])
}

/// The same, and nobody may have been first: of two parallel set-ups one finds the row taken, on both engines (SE9).
pub(super) fn win_set_up(at: Time) -> Write {
    Write::one(
        "update installation set set_up_at = $1 where id = 1 and set_up_at is null",
        args![at],
        Code::LinkConsumed,
        "Mintmark is set up already. Sign in instead.",
    )
}

pub(super) async fn is_set_up(db: &Db) -> Result<bool> {
    let (done,): (bool,) = db.one("select set_up_at is not null from installation where id = 1", args![]).await?;
    Ok(done)
}

pub(super) fn insert_set_up_link(token_hash: &str, at: Time, until: Time) -> Write {
    Write::any(
        "insert into one_time_link (token_hash, purpose, created_at, expires_at) values ($1, 'set_up', $2, $3)",
        args![token_hash, at, until],
    )
}

pub(super) fn consume_set_up_link(token_hash: &str, at: Time) -> Write {
    Write::one(
        "update one_time_link set consumed_at = $2 where token_hash = $1 and purpose = 'set_up' and consumed_at is null and expires_at > $2",
        args![token_hash, at],
        Code::LinkConsumed,
        "This link has been used already.",
    )
}

/// When the link ends and when it was used.
pub(super) async fn set_up_link(db: &Db, token_hash: &str) -> Result<Option<(Time, Option<Time>)>> {
    db.optional("select expires_at, consumed_at from one_time_link where token_hash = $1 and purpose = 'set_up'", args![token_hash]).await
}

/// Only if nothing of it was changed since `before` was read.
pub(super) fn update(before: &Tenant, after: &Tenant) -> Write {
    Write::one(
        "update tenant set name = $2, default_ttl_seconds = $3, max_ttl_seconds = $4, retention_days = $5, checklist_hidden_at = $6
         where id = $1 and name = $7 and default_ttl_seconds = $8 and max_ttl_seconds = $9 and retention_days = $10",
        args![
            &after.id,
            &after.name,
            after.default_ttl_seconds,
            after.max_ttl_seconds,
            after.retention_days,
            after.checklist_hidden_at,
            &before.name,
            before.default_ttl_seconds,
            before.max_ttl_seconds,
            before.retention_days
        ],
        Code::Conflict,
        "The settings were changed a moment ago. Look at them again.",
    )
}

/// All but widget tokens.
pub(super) async fn alive(db: &Db, tenant: &TenantId, kept: Option<&SessionId>, now: Time) -> Result<EverythingAlive> {
    db.one(
        "select
            (select count(*) from api_key k
             where k.tenant_id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)) as api_keys,
            (select count(*) from dashboard_session s
             where s.ended_at is null and s.expires_at > $2 and s.id <> coalesce($3, '')
               and (s.tenant_id = $1 or (s.tenant_id is null and s.user_id in (select m.user_id from membership m where m.tenant_id = $1)))) as sessions,
            (select count(*) from invitation i
             where i.tenant_id = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2) as invitations,
            (select count(*) from bridge_key b where b.tenant_id = $1 and b.state in ('next', 'active', 'retiring')) as bridge_keys,
            (select count(*) from verification_secret s
             where s.tenant_id = $1 and s.revoked_at is null and (s.expires_at is null or s.expires_at > $2)) as verification_secrets,
            (select count(*) from (select 1 from customer_session v join tenant t on t.id = v.tenant_id
             where v.tenant_id = $1 and v.revoked_at is null and v.expires_at > $2 and v.created_at >= t.not_before limit 10000) n) as customer_sessions,
            (select count(*) from (select 1 from identity_token d join tenant t on t.id = d.tenant_id
             where d.tenant_id = $1 and d.revoked_at is null and d.expires_at > $2 and d.created_at >= t.not_before limit 10000) n) as identity_tokens",
        args![tenant, now, kept],
    )
    .await
}

/// Moves `not_before`, never back, and says so in the rows of what lives long.
pub(super) fn revoke_everything(tenant: &TenantId, not_before: Time, at: Time) -> [Write; 4] {
    [
        Write::any("update tenant set not_before = $2 where id = $1 and not_before < $2", args![tenant, not_before]),
        Write::any(
            "update api_key set revoked_at = $2, revoke_reason = 'Everything was revoked' where tenant_id = $1 and revoked_at is null",
            args![tenant, at],
        ),
        Write::any(
            "update invitation set revoked_at = $2 where tenant_id = $1 and accepted_at is null and revoked_at is null",
            args![tenant, at],
        ),
        Write::any(
            "update one_time_link set consumed_at = $2 where consumed_at is null and purpose = 'reset'
               and user_id in (select m.user_id from membership m where m.tenant_id = $1)",
            args![tenant, at],
        ),
    ]
}
