//! All SQL of memberships, and of what dies with one.

use super::MintedAlive;
use crate::{
    Code, EventId, OrganizationId, Result, Role, TenantId, Time, UserId,
    db::{Db, args},
    page::Cursor,
    select::Select,
    user::User,
    writer::Write,
};

/// One role of somebody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct HeldRole {
    pub(crate) organization_id: Option<OrganizationId>,
    #[sqlx(try_from = "String")]
    pub(crate) role: Role,
}

/// Somebody's roles in a tenant, without those of deleted organizations.
pub(crate) async fn roles_of(db: &Db, tenant: &TenantId, user: &UserId) -> Result<Vec<HeldRole>> {
    db.all(
        "select m.organization_id, m.role from membership m left join organization o on o.id = m.organization_id
         where m.tenant_id = $1 and m.user_id = $2 and o.deleted_at is null",
        args![tenant, user],
    )
    .await
}

pub(crate) async fn belongs(db: &Db, tenant: &TenantId, user: &UserId) -> Result<bool> {
    Ok(!roles_of(db, tenant, user).await?.is_empty())
}

/// The owners who can sign in, by name.
pub(super) async fn owners(db: &Db, tenant: &TenantId) -> Result<Vec<User>> {
    db.all(
        "select u.id, u.email, u.name from membership m join dashboard_user u on u.id = m.user_id
         where m.tenant_id = $1 and m.organization_id is null and m.role = 'owner' and m.held_at is null and u.disabled_at is null
         order by u.name, u.id limit 10",
        args![tenant],
    )
    .await
}

/// Somebody of the tenant.
#[derive(sqlx::FromRow)]
pub(super) struct PersonRow {
    #[sqlx(flatten)]
    pub(super) user: User,
    pub(super) second_factor: bool,
    pub(super) joined_at: Time,
    pub(super) held_at: Option<Time>,
    pub(super) last_seen_at: Option<Time>,
}

const PEOPLE: &str = "select u.id, u.email, u.name, u.totp_confirmed_at is not null as second_factor, j.joined_at, j.held_at,
        (select max(s.seen_at) from dashboard_session s
         where s.user_id = u.id and (s.tenant_id is null or s.tenant_id = $1)) as last_seen_at
     from (select m.user_id, min(m.created_at) as joined_at, max(m.held_at) as held_at from membership m where m.tenant_id = $1 group by m.user_id) j
     join dashboard_user u on u.id = j.user_id where 1 = 1";

/// The people of a tenant, or only these of them.
pub(super) async fn people(
    db: &Db,
    tenant: &TenantId,
    only: Option<Vec<String>>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let mut select = Select::new(PEOPLE, args![tenant]);
    if let Some(ids) = only {
        select = select.and_in("u.id", ids);
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(j.joined_at, u.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("j.joined_at desc, u.id desc", limit)).await
}

/// Who holds a role of one of these organizations.
pub(super) async fn people_of(db: &Db, tenant: &TenantId, organizations: Vec<String>) -> Result<Vec<String>> {
    let select = Select::new("select distinct m.user_id from membership m where m.tenant_id = $1", args![tenant]);
    let rows: Vec<(String,)> = db.select(select.and_in("m.organization_id", organizations).order("m.user_id", 10_000)).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A role of somebody in a list.
#[derive(sqlx::FromRow)]
pub(super) struct RoleRow {
    pub(super) user_id: UserId,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) organization_name: Option<String>,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
}

pub(super) async fn roles(db: &Db, tenant: &TenantId, users: Vec<String>, organizations: Option<Vec<String>>) -> Result<Vec<RoleRow>> {
    let mut select = Select::new(
        "select m.user_id, m.organization_id, o.name as organization_name, m.role
         from membership m left join organization o on o.id = m.organization_id
         where m.tenant_id = $1 and o.deleted_at is null",
        args![tenant],
    )
    .and_in("m.user_id", users);
    if let Some(ids) = organizations {
        select = select.and_in("m.organization_id", ids);
    }
    db.select(select.order("o.name, m.organization_id", 10_000)).await
}

pub(super) async fn organization_names(db: &Db, tenant: &TenantId, ids: Vec<String>) -> Result<Vec<(OrganizationId, String)>> {
    let select =
        Select::new("select id, name from organization where tenant_id = $1 and deleted_at is null", args![tenant]).and_in("id", ids);
    db.select(select.order("name, id", 10_000)).await
}

pub(crate) fn insert(user: &UserId, tenant: &TenantId, organization: Option<&OrganizationId>, role: Role, at: Time) -> Write {
    Write::any(
        "insert into membership (user_id, tenant_id, organization_id, role, created_at) values ($1, $2, $3, $4, $5)",
        args![user, tenant, organization, &role, at],
    )
    .on_duplicate(Code::AlreadyExists, "This person is a member already.")
}

/// The role is still the one that the rules were applied to.
pub(super) fn expect_role(user: &UserId, tenant: &TenantId, organization: Option<&OrganizationId>, role: Role) -> Write {
    Write::one(
        "update membership set role = role
         where user_id = $1 and tenant_id = $2 and coalesce(organization_id, '') = coalesce($3, '') and role = $4",
        args![user, tenant, organization, &role],
        Code::Conflict,
        "This member was changed a moment ago. Look again.",
    )
}

/// Somebody else is an owner who can come in (AZ5). Holds at commit because all that is written of a tenant is written by turns.
pub(super) fn expect_other_owner(user: &UserId, tenant: &TenantId) -> Write {
    Write::one(
        "update tenant set name = name where id = $2 and exists (
            select 1 from membership m join dashboard_user u on u.id = m.user_id
            where m.tenant_id = $2 and m.organization_id is null and m.role = 'owner' and m.held_at is null and m.user_id <> $1 and u.disabled_at is null)",
        args![user, tenant],
        Code::LastOwner,
        "A tenant keeps at least one owner. Make somebody else an owner first.",
    )
}

/// The same question, asked before anybody tries.
pub(super) async fn has_other_owner(db: &Db, tenant: &TenantId, user: &UserId) -> Result<bool> {
    let (owners,): (i64,) = db
        .one(
            "select count(*) from membership m join dashboard_user u on u.id = m.user_id
             where m.tenant_id = $2 and m.organization_id is null and m.role = 'owner' and m.held_at is null and m.user_id <> $1 and u.disabled_at is null",
            args![user, tenant],
        )
        .await?;
    Ok(owners > 0)
}

pub(super) fn set_role(user: &UserId, tenant: &TenantId, organization: Option<&OrganizationId>, role: Role) -> Write {
    Write::one(
        "update membership set role = $4 where user_id = $1 and tenant_id = $2 and coalesce(organization_id, '') = coalesce($3, '')",
        args![user, tenant, organization, &role],
        Code::NotFound,
        "No such member.",
    )
}

/// Out of one organization, or out of the tenant with all of them.
pub(super) fn delete(user: &UserId, tenant: &TenantId, organization: Option<&OrganizationId>) -> Write {
    Write::any(
        "delete from membership where user_id = $1 and tenant_id = $2 and ($3 is null or organization_id = $3)",
        args![user, tenant, organization],
    )
}

/// Lets somebody in again whom a restore held.
pub(super) fn release(user: &UserId, tenant: &TenantId) -> Write {
    Write::any("update membership set held_at = null where user_id = $1 and tenant_id = $2 and held_at is not null", args![user, tenant])
}

/// The same in every tenant, for whoever came through a link of the machine's own command line.
pub(crate) fn release_everywhere(user: &UserId) -> Write {
    Write::any("update membership set held_at = null where user_id = $1 and held_at is not null", args![user])
}

/// So many tokens end in one transaction.
pub(super) const AT_ONCE: u64 = 10_000;

/// What they minted and, as memberships are at this point of the transaction, could mint no more; [`AT_ONCE`] of them.
pub(super) fn revoke_minted(user: &UserId, tenant: &TenantId, at: Time, by: &str, by_name: &str, reason: &str, event: &EventId) -> Write {
    Write::any(
        "update widget_token set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6, revocation_event = $7
         where id in (select w.id from widget_token w where w.tenant_id = $2 and w.minted_by = $1 and w.revoked_at is null and w.expires_at > $3
           and not exists (select 1 from membership m where m.user_id = $1 and m.tenant_id = $2 and m.role in ('owner', 'admin')
                           and (m.organization_id is null or m.organization_id = w.organization_id)) limit 10000)",
        args![user, tenant, at, by, by_name, reason, event],
    )
}

/// How many that would be if the roles of one level (none: of all) were below admin.
pub(super) async fn minted_alive(
    db: &Db,
    tenant: &TenantId,
    user: &UserId,
    organization: Option<&OrganizationId>,
    all: bool,
    now: Time,
) -> Result<MintedAlive> {
    db.one(
        "select count(*) as live_tokens from (select 1 from
             (select t.revoked_at, t.organization_id from widget_token t
              where t.tenant_id = $1 and t.minted_by = $2 and t.expires_at > $5 order by t.expires_at desc limit 2000000) w
             where w.revoked_at is null
               and not exists (select 1 from membership m where m.user_id = $2 and m.tenant_id = $1 and m.role in ('owner', 'admin')
                               and (m.organization_id is null or m.organization_id = w.organization_id)
                               and not $4 and coalesce(m.organization_id, '') <> coalesce($3, '')) limit 10000) counted",
        args![tenant, user, organization, all, now],
    )
    .await
}
