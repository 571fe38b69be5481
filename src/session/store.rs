//! All SQL of dashboard sessions.

use super::{Session, SessionSummary};
use crate::{
    Code, KeyId, OrganizationId, Origination, Result, Role, SessionId, TenantId, Time, UserId,
    db::{Db, args},
    writer::Write,
};

/// A browser's session.
pub(super) fn insert(id: &SessionId, cookie_hash: &str, user: &UserId, at: Time, until: Time, from: &Origination) -> Write {
    Write::any(
        "insert into dashboard_session (id, cookie_hash, user_id, created_at, valid_since, seen_at, expires_at, proved_at, ip, user_agent)
         values ($1, $2, $3, $4, $4, $4, $5, $4, $6, $7)",
        args![id, cookie_hash, user, at, until, from.ip.clone(), from.user_agent.clone()],
    )
}

/// The row behind a dashboard JWT. `proved_at` is its `iat`: presence counts from there.
#[expect(clippy::too_many_arguments, reason = "one value a column")]
pub(super) fn insert_api(
    id: &SessionId,
    user: &UserId,
    tenant: &TenantId,
    key: &KeyId,
    at: Time,
    issued_at: Time,
    until: Time,
    from: &Origination,
) -> Write {
    Write::one(
        "insert into dashboard_session
            (id, user_id, tenant_id, signing_key_id, created_at, valid_since, seen_at, expires_at, proved_at, ip, user_agent)
         select $1, $2, k.tenant_id, k.id, $5, $5, $5, $7, $6, $8, $9
         from signing_key k where k.id = $4 and k.tenant_id = $3 and k.state in ('active', 'retiring')",
        args![id, user, tenant, key, at, issued_at, until, from.ip.clone(), from.user_agent.clone()],
        Code::Conflict,
        "The signing key changed a moment ago. Try again.",
    )
}

pub(super) async fn by_cookie(db: &Db, cookie_hash: &str, now: Time) -> Result<Option<Session>> {
    db.optional(
        "select s.id, s.user_id, u.email, u.name, s.data, s.created_at, s.seen_at, s.expires_at, s.proved_at
         from dashboard_session s join dashboard_user u on u.id = s.user_id
         where s.cookie_hash = $1 and s.ended_at is null and s.expires_at > $2 and u.disabled_at is null",
        args![cookie_hash, now],
    )
    .await
}

/// Updates only: what has ended stays ended (X5).
pub(super) fn save(id: &SessionId, data: &str, at: Time) -> Write {
    Write::one(
        "update dashboard_session set data = $2 where id = $1 and cookie_hash is not null and ended_at is null and expires_at > $3",
        args![id, data, at],
        Code::SignInRequired,
        "This session has ended.",
    )
}

/// The session goes on under another cookie; the old one finds nothing.
pub(crate) fn cycle(id: &SessionId, cookie_hash: &str, at: Time) -> Write {
    Write::any(
        "update dashboard_session set cookie_hash = $2, proved_at = $3
         where id = $1 and cookie_hash is not null and ended_at is null and expires_at > $3",
        args![id, cookie_hash, at],
    )
}

/// The same, and it must be there: presence was proved.
pub(crate) fn prove(id: &SessionId, cookie_hash: &str, at: Time) -> Write {
    Write::one(
        "update dashboard_session set cookie_hash = $2, proved_at = $3
         where id = $1 and cookie_hash is not null and ended_at is null and expires_at > $3",
        args![id, cookie_hash, at],
        Code::SignInRequired,
        "Presence can be proved in a browser's session only, and this one has ended or is none.",
    )
}

/// Another cookie without any proof.
pub(super) fn replace_cookie(id: &SessionId, cookie_hash: &str, at: Time) -> Write {
    Write::one(
        "update dashboard_session set cookie_hash = $2 where id = $1 and cookie_hash is not null and ended_at is null and expires_at > $3",
        args![id, cookie_hash, at],
        Code::SignInRequired,
        "This session has ended.",
    )
}

pub(super) fn end(id: &SessionId, user: &UserId, at: Time) -> Write {
    Write::any("update dashboard_session set ended_at = $3 where id = $1 and user_id = $2 and ended_at is null", args![id, user, at])
}

/// Every session of a person but one.
pub(crate) fn end_others(user: &UserId, kept: &SessionId, at: Time) -> Write {
    Write::any(
        "update dashboard_session set ended_at = $3 where user_id = $1 and id <> $2 and ended_at is null and expires_at > $3",
        args![user, kept, at],
    )
}

/// Every session of a person.
pub(crate) fn end_all(user: &UserId, at: Time) -> Write {
    Write::any("update dashboard_session set ended_at = $2 where user_id = $1 and ended_at is null and expires_at > $2", args![user, at])
}

/// What a person could enter the tenant with, once nothing is left there for them: browsers' sessions and its own JWTs.
pub(crate) fn end_without_membership(user: &UserId, tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update dashboard_session set ended_at = $3
         where user_id = $1 and (tenant_id is null or tenant_id = $2) and ended_at is null and expires_at > $3
           and not exists (select 1 from membership m where m.user_id = $1 and m.tenant_id = $2)",
        args![user, tenant, at],
    )
}

/// Those of a tenant's members, without the one that is kept.
pub(crate) fn end_of_tenant(tenant: &TenantId, kept: Option<&SessionId>, at: Time) -> Write {
    Write::any(
        "update dashboard_session set ended_at = $3
         where ended_at is null and expires_at > $3 and id <> coalesce($2, '')
           and (tenant_id = $1 or (tenant_id is null and user_id in (select m.user_id from membership m where m.tenant_id = $1)))",
        args![tenant, kept, at],
    )
}

/// The one that is kept outlives the tenant's new `not_before`.
pub(crate) fn keep_valid(id: &SessionId, since: Time) -> Write {
    Write::any("update dashboard_session set valid_since = $2 where id = $1", args![id, since])
}

pub(super) async fn list(db: &Db, user: &UserId, now: Time) -> Result<Vec<SessionSummary>> {
    db.all(
        "select id, case when cookie_hash is null then 'api' else 'browser' end as kind, created_at, seen_at, expires_at, ip, user_agent
         from dashboard_session where user_id = $1 and ended_at is null and expires_at > $2 order by created_at desc, id desc limit 200",
        args![user, now],
    )
    .await
}

/// One membership as an actor's session meets it.
#[derive(sqlx::FromRow)]
pub(super) struct Entry {
    pub(super) tenant_id: TenantId,
    pub(super) not_before: Time,
    pub(super) organization_id: Option<OrganizationId>,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) valid_since: Time,
    pub(super) proved_at: Time,
}

/// A browser's session in a tenant, by slug or id, in one statement with all that may forbid it.
pub(super) async fn enter(db: &Db, session: &SessionId, tenant: &str, now: Time) -> Result<Vec<Entry>> {
    db.all(
        "select t.id as tenant_id, t.not_before, m.organization_id, m.role, u.id as user_id, u.name, s.valid_since, s.proved_at
         from dashboard_session s
         join dashboard_user u on u.id = s.user_id
         join membership m on m.user_id = u.id
         join tenant t on t.id = m.tenant_id
         left join organization o on o.id = m.organization_id
         where s.id = $1 and (t.slug = $2 or t.id = $2) and s.cookie_hash is not null
           and s.ended_at is null and s.expires_at > $3
           and m.held_at is null and u.disabled_at is null and t.suspended_at is null and (m.organization_id is null or o.deleted_at is null)",
        args![session, tenant, now],
    )
    .await
}

/// The row behind a dashboard JWT in its tenant, with its key's state.
pub(super) async fn enter_api(db: &Db, session: &SessionId, tenant: &TenantId, now: Time) -> Result<Vec<Entry>> {
    db.all(
        "select t.id as tenant_id, t.not_before, m.organization_id, m.role, u.id as user_id, u.name, s.valid_since, s.proved_at
         from dashboard_session s
         join dashboard_user u on u.id = s.user_id
         join tenant t on t.id = s.tenant_id
         join signing_key k on k.id = s.signing_key_id
         join membership m on m.user_id = u.id and m.tenant_id = t.id
         left join organization o on o.id = m.organization_id
         where s.id = $1 and t.id = $2 and s.cookie_hash is null
           and s.ended_at is null and s.expires_at > $3 and k.state <> 'revoked'
           and m.held_at is null and u.disabled_at is null and t.suspended_at is null and (m.organization_id is null or o.deleted_at is null)",
        args![session, tenant, now],
    )
    .await
}

/// One membership of a person, with its tenant.
#[derive(sqlx::FromRow)]
pub(super) struct Place {
    pub(super) id: TenantId,
    pub(super) slug: String,
    pub(super) name: String,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) was_last: bool,
}

pub(super) async fn places(db: &Db, user: &UserId) -> Result<Vec<Place>> {
    db.all(
        "select t.id, t.slug, t.name, m.role, m.organization_id, (u.last_tenant_id is not null and u.last_tenant_id = t.id) as was_last
         from membership m
         join tenant t on t.id = m.tenant_id
         join dashboard_user u on u.id = m.user_id
         left join organization o on o.id = m.organization_id
         where m.user_id = $1 and m.held_at is null and t.suspended_at is null and (m.organization_id is null or o.deleted_at is null)
         order by t.name, t.id",
        args![user],
    )
    .await
}

/// What nobody needs to see any more: sessions that ended a month ago, links and failures that are over, devices of last year.
pub(super) fn sweep(now: Time) -> [Write; 4] {
    use crate::time::DAY;
    [
        Write::any("delete from dashboard_session where expires_at < $1", args![now.plus(-30 * DAY)]),
        Write::any("delete from one_time_link where expires_at < $1", args![now.plus(-30 * DAY)]),
        Write::any("delete from sign_in_failure where last_at < $1", args![now.plus(-DAY)]),
        Write::any("delete from known_device where seen_at < $1", args![now.plus(-400 * DAY)]),
    ]
}
