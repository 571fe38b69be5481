//! All SQL of customers.

use super::{Customer, CustomerFilter, FirstSeenBy, Metadata};
use crate::{
    Code, CustomerId, OrganizationId, Result, TenantId, Time,
    db::{Db, Select, args, inlined},
    embed_key::KeyMode,
    page::Cursor,
    writer::Write,
};

/// A live count may be late by what a planned end of an embed key does; the sessions themselves are judged on every call.
const RECORD: &str = "select c.id, c.mode, c.external_id, c.email, c.email_verified, c.name, c.metadata, c.first_seen_by, c.created_at,
        c.updated_at, c.banned_at, c.ban_reason, c.deleted_at,
        (select w.set_at from customer_password w where w.customer_id = c.id) as password_set_at,
        '[' || coalesce((select string_agg('\"' || m.organization_id || '\"', ',') from customer_organization m
            join organization o on o.id = m.organization_id where m.customer_id = c.id and o.deleted_at is null), '') || ']' as organization_ids,
        (select max(s.created_at) from customer_session s where s.customer_id = c.id) as last_session_at,
        (select count(*) from customer_session s where s.customer_id = c.id and s.revoked_at is null and s.expires_at > $1
            and s.created_at >= t.not_before) as live_sessions
     from customer c join tenant t on t.id = c.tenant_id where c.tenant_id = $2 and c.deleted_at is null";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    filter: &CustomerFilter,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Customer>> {
    let mut select = Select::new(RECORD, args![now, tenant]).and("c.mode = ?", args![&filter.mode.unwrap_or(KeyMode::Live)]);
    select = select.and_if("c.first_seen_by = ?", filter.first_seen_by.as_ref());
    select = select.and_if("c.external_id = ?", filter.external_id.as_deref());
    select = select.and_if("c.email = ?", filter.email.as_deref().map(crate::user::email::normal));
    if let Some(organization) = &filter.organization_id {
        select = select.and(
            "exists (select 1 from customer_organization m where m.customer_id = c.id and m.organization_id = ?)",
            args![organization],
        );
    }
    select = match filter.banned {
        Some(true) => select.and("c.banned_at is not null", args![]),
        Some(false) => select.and("c.banned_at is null", args![]),
        None => select,
    };
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let like = format!("%{}%", search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        select = select.and(
            "(c.id = ? or lower(c.name) like ? escape '\\' or c.email like ? escape '\\' or lower(c.external_id) like ? escape '\\')",
            args![search, like.clone(), like.clone(), like],
        );
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(c.created_at, c.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("c.created_at desc, c.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &CustomerId, now: Time) -> Result<Option<Customer>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant]).and("c.id = ?", args![id])).await?.pop())
}

/// How many of each world there are, up to a thousand.
pub(super) async fn count(db: &Db, tenant: &TenantId, mode: KeyMode) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "select cast(count(*) as bigint) from
                (select id from customer where tenant_id = $1 and mode = $2 and deleted_at is null limit 1000) some_of_them",
            args![tenant, &mode],
        )
        .await?;
    Ok(count)
}

/// A customer as a way in finds them.
#[derive(sqlx::FromRow)]
pub(crate) struct Known {
    pub(crate) id: CustomerId,
    pub(crate) external_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    #[sqlx(try_from = "String")]
    pub(crate) metadata: Metadata,
    pub(crate) banned_at: Option<Time>,
}

inlined!(Known: id, external_id, email, email_verified, name, metadata, banned_at);

/// By the tenant's own id: on the way of every exchange.
pub(crate) async fn by_external_id(db: &Db, tenant: &TenantId, mode: KeyMode, external_id: &str) -> Result<Option<Known>> {
    db.point(
        "select id, external_id, email, email_verified, name, metadata, banned_at from customer
         where tenant_id = $1 and mode = $2 and external_id = $3",
        args![tenant, &mode, external_id],
    )
    .await
}

/// By an address that somebody vouches for; at most one has it.
pub(crate) async fn by_verified_email(db: &Db, tenant: &TenantId, mode: KeyMode, email: &str) -> Result<Option<Known>> {
    db.optional(
        "select id, external_id, email, email_verified, name, metadata, banned_at from customer
         where tenant_id = $1 and mode = $2 and email = $3 and email_verified",
        args![tenant, &mode, email],
    )
    .await
}

/// What is written of a customer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) external_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Metadata,
}

/// Somebody new. Of several who write the same one at once, one does; the others are refused with `code` and find them when they look
/// again.
pub(crate) fn insert(id: &CustomerId, tenant: &TenantId, mode: KeyMode, said: &Said, way: FirstSeenBy, at: Time, code: Code) -> Write {
    Write::one(
        "insert into customer (id, tenant_id, mode, external_id, email, email_verified, name, metadata, first_seen_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict do nothing",
        args![
            id,
            tenant,
            &mode,
            said.external_id.as_deref(),
            said.email.as_deref(),
            said.email_verified,
            said.name.as_deref(),
            said.metadata.to_json(),
            &way,
            at
        ],
        code,
        TAKEN,
    )
}

const TAKEN: &str = "There is a customer with this external id or this verified e-mail already.";

/// Only if nobody else wrote to them since `before` was read; a taken id or address is refused.
pub(crate) fn update(id: &CustomerId, before: &Said, after: &Said, at: Time) -> Write {
    Write::one(
        "update customer set external_id = $2, email = $3, email_verified = $4, name = $5, metadata = $6, updated_at = $7
         where id = $1 and deleted_at is null and email_verified = $8 and metadata = $9
           and coalesce(external_id, '') = $10 and coalesce(email, '') = $11 and coalesce(name, '') = $12",
        args![
            id,
            after.external_id.as_deref(),
            after.email.as_deref(),
            after.email_verified,
            after.name.as_deref(),
            after.metadata.to_json(),
            at,
            before.email_verified,
            before.metadata.to_json(),
            before.external_id.as_deref().unwrap_or_default(),
            before.email.as_deref().unwrap_or_default(),
            before.name.as_deref().unwrap_or_default()
        ],
        Code::Conflict,
        "This customer was changed a moment ago. Look again.",
    )
    .on_duplicate(Code::AlreadyExists, TAKEN)
}

/// The tenant's word moves a verified address: who had it keeps it as a note.
pub(crate) fn unverify_others(tenant: &TenantId, mode: KeyMode, email: &str, but: &CustomerId, at: Time) -> Write {
    Write::any(
        "update customer set email_verified = $6, updated_at = $5
         where tenant_id = $1 and mode = $2 and email = $3 and email_verified and id <> $4",
        args![tenant, &mode, email, but, at, false],
    )
}

/// They belong there from now on, if it is alive and the tenant's.
pub(crate) fn join(tenant: &TenantId, customer: &CustomerId, organization: &OrganizationId, at: Time) -> Write {
    Write::any(
        "insert into customer_organization (customer_id, organization_id, created_at)
         select $2, o.id, $4 from organization o where o.id = $3 and o.tenant_id = $1 and o.deleted_at is null
         on conflict do nothing",
        args![tenant, customer, organization, at],
    )
}

pub(super) fn leave(customer: &CustomerId, organization: &OrganizationId) -> Write {
    Write::any("delete from customer_organization where customer_id = $1 and organization_id = $2", args![customer, organization])
}

pub(super) fn ban(id: &CustomerId, at: Time, reason: Option<&str>) -> Write {
    Write::one(
        "update customer set banned_at = $2, ban_reason = $3, updated_at = $2 where id = $1 and banned_at is null and deleted_at is null",
        args![id, at, reason],
        Code::Conflict,
        "This customer was banned a moment ago.",
    )
}

pub(super) fn unban(id: &CustomerId, at: Time) -> Write {
    Write::one(
        "update customer set banned_at = null, ban_reason = null, updated_at = $2 where id = $1 and banned_at is not null and deleted_at is null",
        args![id, at],
        Code::Conflict,
        "This customer is not banned any more.",
    )
}

/// All that tells who they are; the id stays, because history names it.
pub(super) fn erase(tenant: &TenantId, id: &CustomerId, at: Time) -> [Write; 4] {
    [
        Write::one(
            "update customer set external_id = null, email = null, email_verified = $4, name = null, metadata = '{}', ban_reason = null,
                updated_at = $3, deleted_at = $3
             where tenant_id = $1 and id = $2 and deleted_at is null",
            args![tenant, id, at, false],
            Code::NotFound,
            "No such customer.",
        ),
        Write::any("update customer_session set ip = null, user_agent = null where customer_id = $1", args![id]),
        Write::any("delete from customer_organization where customer_id = $1", args![id]),
        Write::any(
            "update widget_token set revoked_at = $3, revoke_reason = 'The customer was deleted.'
             where tenant_id = $1 and customer_id = $2 and revoked_at is null and expires_at > $3",
            args![tenant, id, at],
        ),
    ]
}

/// Five hundred test customers, the oldest first, in the middle of a statement.
macro_rules! of_test {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " in (select id from customer where tenant_id = $1 and mode = 'test' and created_at <= $2 order by created_at, id limit 500)",
            $after
        )
    };
}

/// Test customers with all that hangs on them, five hundred at a time; the last statement counts them.
pub(super) fn purge_test(tenant: &TenantId, until: Time, now: Time) -> [Write; 8] {
    let all = |statement| Write::any(statement, args![tenant, until]);
    [
        // A live customer may read mail at the same address.
        Write::any(
            of_test!(
                "update mail set recipient = '', body = null, last_error = null,
                    state = case when ended_at is null then 'withdrawn' else state end, ended_at = coalesce(ended_at, $3)
                 where tenant_id = $1 and recipient in (select email from customer where email is not null and id",
                ") and recipient not in (select email from customer where tenant_id = $1 and mode = 'live' and email_verified)"
            ),
            args![tenant, until, now],
        ),
        all(of_test!("delete from magic_link where customer_id", "")),
        all(of_test!("delete from password_link where customer_id", "")),
        all(of_test!("delete from customer_password where customer_id", "")),
        all(of_test!("delete from customer_session where customer_id", "")),
        all(of_test!("delete from kept_sign_in where customer_id", "")),
        all(of_test!("delete from customer_organization where customer_id", "")),
        all(of_test!("delete from customer where id", "")),
    ]
}
