//! All SQL of users: accounts, second factors, known devices, failed sign-ins, reset links.

use super::{Profile, User, account::Account};
use crate::{
    Code, Result, TenantId, Time, UserId,
    db::{Db, args},
    select::Select,
    time::{DAY, SECOND},
    writer::Write,
};

/// A person without tenant, password or right to come in.
const ACCOUNT: &str = "select id, email, name, password_hash, totp_secret, totp_confirmed_at, totp_last_step, last_tenant_id
     from dashboard_user where disabled_at is null";

pub(crate) async fn by_email(db: &Db, email: &str) -> Result<Option<Account>> {
    // No address holds a control character, and NUL is more than PostgreSQL takes.
    if email.chars().any(char::is_control) {
        return Ok(None);
    }
    Ok(db.select(Select::new(ACCOUNT, args![]).and("email = ?", args![email])).await?.pop())
}

pub(crate) async fn by_id(db: &Db, id: &UserId) -> Result<Option<Account>> {
    Ok(db.select(Select::new(ACCOUNT, args![]).and("id = ?", args![id])).await?.pop())
}

pub(super) async fn profile(db: &Db, id: &UserId) -> Result<Option<Profile>> {
    db.optional(
        "select u.id, u.email, u.name, u.totp_confirmed_at is not null as second_factor, u.short_password, u.created_at,
                (select count(*) from recovery_code c where c.user_id = u.id and c.used_at is null) as recovery_codes_left
         from dashboard_user u where u.id = $1",
        args![id],
    )
    .await
}

pub(super) fn insert(user: &User, password_hash: &str, tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "insert into dashboard_user (id, email, name, password_hash, last_tenant_id, created_at) values ($1, $2, $3, $4, $5, $6)",
        args![&user.id, &user.email, &user.name, password_hash, tenant, at],
    )
    .on_duplicate(Code::AlreadyExists, "Somebody with this e-mail has an account already.")
}

pub(super) fn rename(id: &UserId, name: &str) -> Write {
    Write::one("update dashboard_user set name = $2 where id = $1", args![id, name], Code::NotFound, "No such user.")
}

/// Only if the hash is still the one that was verified, and a short one only beside a second factor that is still on.
pub(super) fn set_password(id: &UserId, old: &str, new: &str, short: bool) -> Write {
    Write::one(
        "update dashboard_user set password_hash = $3, short_password = $4
         where id = $1 and password_hash = $2 and (not $4 or totp_confirmed_at is not null)",
        args![id, old, new, short],
        Code::Conflict,
        "The password or the second factor was changed a moment ago.",
    )
}

/// The password that was right is still theirs: a session begins beside this or not at all, so that a change or a reset, on any process,
/// ends what began before it and lets in nothing after it. `hash` may be the same password under costlier parameters.
pub(super) fn still(id: &UserId, before: &str, hash: &str) -> Write {
    Write::one(
        "update dashboard_user set password_hash = $3 where id = $1 and password_hash = $2 and disabled_at is null",
        args![id, before, hash],
        Code::Conflict,
        "This account was changed a moment ago. Sign in again.",
    )
}

pub(super) fn offer_totp(id: &UserId, sealed: &str) -> Write {
    Write::one(
        "update dashboard_user set totp_secret = $2, totp_last_step = 0 where id = $1 and totp_confirmed_at is null",
        args![id, sealed],
        Code::Conflict,
        "A second factor is on already; turn it off first.",
    )
}

/// Only for the secret that the code was checked against.
pub(super) fn confirm_totp(id: &UserId, sealed: &str, step: i64, at: Time) -> Write {
    Write::one(
        "update dashboard_user set totp_confirmed_at = $4, totp_last_step = $3
         where id = $1 and totp_secret = $2 and totp_confirmed_at is null and totp_last_step < $3",
        args![id, sealed, step, at],
        Code::Conflict,
        "The second factor was changed a moment ago.",
    )
}

/// A code works once: of two parallel uses one finds its step taken.
pub(super) fn use_step(id: &UserId, step: i64) -> Write {
    Write::one(
        "update dashboard_user set totp_last_step = $2 where id = $1 and totp_last_step < $2 and totp_confirmed_at is not null",
        args![id, step],
        Code::InvalidCredentials,
        super::prove::WRONG,
    )
}

pub(super) fn drop_totp(id: &UserId) -> [Write; 2] {
    [
        Write::any("update dashboard_user set totp_secret = null, totp_confirmed_at = null, totp_last_step = 0 where id = $1", args![id]),
        Write::any("delete from recovery_code where user_id = $1", args![id]),
    ]
}

/// The second factor may go only while the password is long enough to stand alone.
pub(super) fn require_long_password(id: &UserId) -> Write {
    Write::one(
        "update dashboard_user set short_password = short_password where id = $1 and not short_password",
        args![id],
        Code::WeakPassword,
        "Your password is short, which only a second factor makes up for. Set one of at least 15 characters first.",
    )
}

pub(super) fn clear_recovery(id: &UserId) -> Write {
    Write::any("delete from recovery_code where user_id = $1", args![id])
}

pub(super) fn insert_recovery(id: &UserId, hash: &str) -> Write {
    Write::any("insert into recovery_code (user_id, code_hash) values ($1, $2)", args![id, hash])
}

pub(super) async fn has_recovery(db: &Db, id: &UserId, hash: &str) -> Result<bool> {
    let row: Option<(i64,)> = db
        .optional("select cast(1 as bigint) from recovery_code where user_id = $1 and code_hash = $2 and used_at is null", args![id, hash])
        .await?;
    Ok(row.is_some())
}

pub(super) fn use_recovery(id: &UserId, hash: &str, at: Time) -> Write {
    Write::one(
        "update recovery_code set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null",
        args![id, hash, at],
        Code::InvalidCredentials,
        super::prove::WRONG,
    )
}

pub(super) async fn knows_device(db: &Db, id: &UserId, hash: &str) -> Result<bool> {
    let row: Option<(i64,)> =
        db.optional("select cast(1 as bigint) from known_device where user_id = $1 and device_hash = $2", args![id, hash]).await?;
    Ok(row.is_some())
}

pub(super) fn note_device(id: &UserId, hash: &str, at: Time) -> Write {
    Write::any(
        "insert into known_device (user_id, device_hash, seen_at) values ($1, $2, $3)
         on conflict (user_id, device_hash) do update set seen_at = excluded.seen_at",
        args![id, hash, at],
    )
}

pub(super) fn forget_devices(id: &UserId) -> Write {
    Write::any("delete from known_device where user_id = $1", args![id])
}

/// How long an account with this many failures waits: five are free, then 2 s, doubling to 15 minutes. Forgotten after a day.
/// Counted before the password is looked at, so that parallel guesses cannot outrun it; taken back by success.
pub(super) fn attempt(account: &str, at: Time) -> Write {
    Write::any(
        "insert into sign_in_failure (account, failures, last_at, retry_at) values ($1, 1, $2, $2)
         on conflict (account) do update set
            failures = case when sign_in_failure.last_at < $3 then 1 else sign_in_failure.failures + 1 end,
            last_at = $2,
            retry_at = $2 + case
                when sign_in_failure.last_at < $3 or sign_in_failure.failures < 5 then 0
                when sign_in_failure.failures > 13 then 900000
                else cast($4 as bigint) << cast(sign_in_failure.failures - 4 as integer) end
         where sign_in_failure.retry_at <= $2",
        args![account, at, at.plus(-DAY), SECOND],
    )
}

pub(super) async fn retry_at(db: &Db, account: &str) -> Result<Option<Time>> {
    let row: Option<(Time,)> = db.optional("select retry_at from sign_in_failure where account = $1", args![account]).await?;
    Ok(row.map(|(at,)| at))
}

pub(super) fn forget_failures(account: &str) -> Write {
    Write::any("delete from sign_in_failure where account = $1", args![account])
}

/// A reset link as it waits.
#[derive(sqlx::FromRow)]
pub(super) struct ResetRow {
    #[sqlx(flatten)]
    pub(super) user: User,
    pub(super) password_hash: String,
    pub(super) last_tenant_id: Option<TenantId>,
    /// The tenant whose owner issued it; none for the command line's.
    pub(super) tenant_id: Option<TenantId>,
    pub(super) expires_at: Time,
    pub(super) consumed_at: Option<Time>,
    /// An owner issued it, and the person has joined another tenant since.
    pub(super) void: bool,
}

pub(super) async fn reset(db: &Db, token_hash: &str) -> Result<Option<ResetRow>> {
    db.optional(
        "select u.id, u.email, u.name, u.password_hash, u.last_tenant_id, l.tenant_id, l.expires_at, l.consumed_at,
                (l.tenant_id is not null and exists (
                    select 1 from membership m where m.user_id = l.user_id and m.tenant_id <> l.tenant_id)) as void
         from one_time_link l join dashboard_user u on u.id = l.user_id
         where l.token_hash = $1 and l.purpose = 'reset' and u.disabled_at is null",
        args![token_hash],
    )
    .await
}

/// Older links of the same person stop working.
pub(super) fn issue_reset(token_hash: &str, user: &UserId, tenant: Option<&TenantId>, at: Time, until: Time) -> [Write; 2] {
    [
        end_resets(user, at),
        Write::any(
            "insert into one_time_link (token_hash, purpose, user_id, tenant_id, created_at, expires_at) values ($1, 'reset', $2, $3, $4, $5)",
            args![token_hash, user, tenant, at, until],
        ),
    ]
}

pub(super) fn end_resets(user: &UserId, at: Time) -> Write {
    Write::any(
        "update one_time_link set consumed_at = $2 where user_id = $1 and purpose = 'reset' and consumed_at is null",
        args![user, at],
    )
}

/// First of a reset: whatever lets this person in writes to the same row, so that the next statement sees what did so a moment ago.
pub(super) fn hold(user: &UserId) -> Write {
    Write::any("update dashboard_user set name = name where id = $1", args![user])
}

pub(super) fn consume_reset(token_hash: &str, at: Time) -> Write {
    Write::one(
        "update one_time_link set consumed_at = $2
         where token_hash = $1 and purpose = 'reset' and consumed_at is null and expires_at > $2
           and (tenant_id is null or not exists (
                select 1 from membership m where m.user_id = one_time_link.user_id and m.tenant_id <> one_time_link.tenant_id))",
        args![token_hash, at],
        Code::LinkConsumed,
        "This link has been used already.",
    )
}

/// Whether the person belongs to any other tenant than this one.
pub(super) async fn belongs_elsewhere(db: &Db, user: &UserId, tenant: &TenantId) -> Result<bool> {
    let row: Option<(i64,)> =
        db.optional("select cast(1 as bigint) from membership where user_id = $1 and tenant_id <> $2 limit 1", args![user, tenant]).await?;
    Ok(row.is_some())
}

/// Every sealed secret of an authenticator, for the rotation of the master key.
pub(super) async fn totp_secrets(db: &Db) -> Result<Vec<(UserId, String)>> {
    db.all("select id, totp_secret from dashboard_user where totp_secret is not null", args![]).await
}

pub(super) fn reseal_totp(id: &UserId, sealed: String) -> Write {
    Write::any("update dashboard_user set totp_secret = $2 where id = $1 and totp_secret is not null", args![id, sealed])
}
