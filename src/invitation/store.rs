//! All SQL of invitations.

use super::Invitation;
use crate::{
    Code, InvitationId, OrganizationId, Result, Role, TenantId, Time, UserId,
    db::{Db, args},
    page::Cursor,
    select::Select,
    writer::Write,
};

/// Whether the inviter may give this role today and everything concerned is alive (AZ8). `$1` is now; `i` the invitation.
macro_rules! right {
    () => {
        "(exists (select 1 from tenant t where t.id = i.tenant_id and t.suspended_at is null and i.created_at >= t.not_before)
          and (i.organization_id is null
               or exists (select 1 from organization o where o.id = i.organization_id and o.deleted_at is null))
          and (i.invited_by = 'command_line'
               or exists (select 1 from membership m join dashboard_user u on u.id = m.user_id
                          where m.user_id = i.invited_by and m.tenant_id = i.tenant_id and u.disabled_at is null
                            and (m.organization_id is null or m.organization_id = i.organization_id)
                            and (m.role = 'owner' or (m.role = 'admin' and i.role <> 'owner')))
               or exists (select 1 from api_key k
                          where k.id = i.invited_by and k.tenant_id = i.tenant_id and k.revoked_at is null
                            and (k.expires_at is null or k.expires_at > $1) and k.role = 'admin' and i.role <> 'owner'
                            and (k.organization_id is null or k.organization_id = i.organization_id))))"
    };
}

const RECORD: &str = concat!(
    "select i.id, i.email, i.role, i.organization_id, i.invited_by, i.invited_by_name, i.created_at, i.expires_at, i.accepted_at, i.revoked_at,
        case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
             when i.expires_at <= $1 then 'expired' when ",
    right!(),
    " then 'pending' else 'void' end as status
     from invitation i where i.tenant_id = $2"
);

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    narrowed: Option<Vec<String>>,
    all: bool,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Invitation>> {
    let mut select = Select::new(RECORD, args![now, tenant]);
    if let Some(ids) = narrowed {
        select = select.and_in("i.organization_id", ids);
    }
    if !all {
        select = select.and("i.accepted_at is null and i.revoked_at is null", vec![]);
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(i.created_at, i.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("i.created_at desc, i.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &InvitationId, now: Time) -> Result<Option<Invitation>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant]).and("i.id = ?", args![id])).await?.pop())
}

/// What an invitation of somebody to something is made of.
pub(super) struct New<'a> {
    pub(super) id: &'a InvitationId,
    pub(super) tenant: &'a TenantId,
    pub(super) organization: Option<&'a OrganizationId>,
    pub(super) email: &'a str,
    pub(super) role: Role,
    pub(super) token_hash: &'a str,
    pub(super) by: &'a str,
    pub(super) by_name: &'a str,
    pub(super) at: Time,
    pub(super) until: Time,
}

/// Older ones of the same person to the same place stop working.
pub(super) fn insert(new: &New<'_>) -> [Write; 2] {
    [
        Write::any(
            "update invitation set revoked_at = $4
             where tenant_id = $1 and email = $2 and coalesce(organization_id, '') = coalesce($3, '')
               and accepted_at is null and revoked_at is null",
            args![new.tenant, new.email, new.organization, new.at],
        ),
        Write::any(
            "insert into invitation
                (id, tenant_id, organization_id, email, role, token_hash, invited_by, invited_by_name, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![new.id, new.tenant, new.organization, new.email, &new.role, new.token_hash, new.by, new.by_name, new.at, new.until],
        ),
    ]
}

/// The same invitation under a new link, from whoever sends it now.
pub(super) fn renew(new: &New<'_>) -> Write {
    Write::one(
        "update invitation set token_hash = $3, invited_by = $4, invited_by_name = $5, created_at = $6, expires_at = $7
         where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
        args![new.tenant, new.id, new.token_hash, new.by, new.by_name, new.at, new.until],
        Code::Conflict,
        "This invitation was accepted or withdrawn a moment ago.",
    )
}

pub(super) fn revoke(tenant: &TenantId, id: &InvitationId, at: Time) -> Write {
    Write::one(
        "update invitation set revoked_at = $3 where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
        args![tenant, id, at],
        Code::Conflict,
        "This invitation was accepted or withdrawn a moment ago.",
    )
}

/// Whether somebody with this address holds a role at exactly this level.
pub(super) async fn is_member(db: &Db, tenant: &TenantId, organization: Option<&OrganizationId>, email: &str) -> Result<bool> {
    let row: Option<(i64,)> = db
        .optional(
            "select cast(1 as bigint) from membership m join dashboard_user u on u.id = m.user_id
             where m.tenant_id = $1 and coalesce(m.organization_id, '') = coalesce($2, '') and u.email = $3",
            args![tenant, organization, email],
        )
        .await?;
    Ok(row.is_some())
}

/// An invitation as its link finds it.
#[derive(sqlx::FromRow)]
pub(super) struct Waiting {
    pub(super) id: InvitationId,
    pub(super) tenant_id: TenantId,
    pub(super) tenant_slug: String,
    pub(super) tenant_name: String,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) organization_name: Option<String>,
    pub(super) email: String,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
    pub(super) invited_by_name: String,
    pub(super) expires_at: Time,
    pub(super) accepted_at: Option<Time>,
    pub(super) revoked_at: Option<Time>,
    pub(super) rightful: bool,
    pub(super) account_exists: bool,
}

pub(super) async fn waiting(db: &Db, token_hash: &str, now: Time) -> Result<Option<Waiting>> {
    db.optional(
        concat!(
            "select i.id, i.tenant_id, t.slug as tenant_slug, t.name as tenant_name, i.organization_id, o.name as organization_name, i.email,
                    i.role, i.invited_by_name, i.expires_at, i.accepted_at, i.revoked_at,
                    exists (select 1 from dashboard_user u where u.email = i.email) as account_exists, ",
            right!(),
            " as rightful
             from invitation i join tenant t on t.id = i.tenant_id left join organization o on o.id = i.organization_id
             where i.token_hash = $2"
        ),
        args![now, token_hash],
    )
    .await
}

/// Of parallel acceptances one wins; the inviter's right is looked at once more.
pub(super) fn accept(id: &InvitationId, token_hash: &str, at: Time) -> Write {
    Write::one(
        concat!(
            "update invitation set accepted_at = $1 where id in (select i.id from invitation i
                where i.id = $2 and i.token_hash = $3 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $1 and ",
            right!(),
            ") and accepted_at is null and revoked_at is null"
        ),
        args![at, id, token_hash],
        Code::LinkConsumed,
        "This invitation has been used already.",
    )
}

/// Where their next session starts.
pub(super) fn land(user: &UserId, tenant: &TenantId) -> Write {
    Write::any("update dashboard_user set last_tenant_id = $2 where id = $1", args![user, tenant])
}
