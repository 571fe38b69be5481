//! All SQL of mail.

use super::{Mail, MailKind, compose::Letter};
use crate::{
    Code, MailId, Result, TenantId, Time,
    db::{Db, Select, args},
    page::Cursor,
    time::DAY,
    writer::Write,
};

/// How long the outbox remembers what has ended.
const REMEMBERED: i64 = 30 * DAY;

pub(super) struct NewMail<'a> {
    pub(super) id: &'a MailId,
    pub(super) tenant: &'a TenantId,
    pub(super) letter: &'a Letter,
    pub(super) sealed: String,
    pub(super) at: Time,
    pub(super) until: Time,
    /// Of the master key under which it is sealed.
    pub(super) fingerprint: &'a str,
}

/// Only under the installation's present master key: a body that nothing opens could never be sent.
pub(super) fn insert(new: NewMail<'_>) -> Write {
    Write::one(
        "insert into mail (id, tenant_id, kind, recipient, subject, body, state, next_attempt_at, created_at, expires_at)
         select $1, $2, $3, $4, $5, $6, 'waiting', $7, $7, $8 from installation where id = 1 and master_key_fingerprint = $9",
        args![new.id, new.tenant, &new.letter.kind, &new.letter.to, &new.letter.subject, new.sealed, new.at, new.until, new.fingerprint],
        Code::Unavailable,
        "The master key was rotated; this process must be started again with the new one.",
    )
}

const RECORD: &str = "select id, kind, recipient, subject, state, attempts, next_attempt_at, last_error, created_at, expires_at, ended_at
     from mail where tenant_id = $1";

pub(super) async fn list(db: &Db, tenant: &TenantId, after: Option<Cursor>, limit: i64) -> Result<Vec<Mail>> {
    let mut select = Select::new(RECORD, args![tenant]);
    if let Some(Cursor { at, id }) = after {
        select = select.and("(created_at, id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("created_at desc, id desc", limit)).await
}

/// A mail and, while there is one, its sealed body.
pub(super) async fn with_body(db: &Db, tenant: &TenantId, id: &MailId) -> Result<Option<(Mail, Option<String>)>> {
    let Some(mail) = db.select(Select::new(RECORD, args![tenant]).and("id = ?", args![id])).await?.pop() else { return Ok(None) };
    let body: Option<(Option<String>,)> = db.optional("select body from mail where id = $1", args![id]).await?;
    Ok(Some((mail, body.and_then(|(body,)| body))))
}

/// A few that may be sent now, the longest due first.
pub(super) async fn due(db: &Db, now: Time) -> Result<Vec<(MailId,)>> {
    db.all(
        "select id from mail where ended_at is null and state = 'waiting' and next_attempt_at <= $1 and leased_until <= $1 and expires_at > $1
         order by next_attempt_at, id limit 8",
        args![now],
    )
    .await
}

/// Of several senders one finds the lease free.
pub(super) fn take(id: &MailId, lease: &str, now: Time, until: Time) -> Write {
    Write::any(
        "update mail set lease = $2, leased_until = $4, attempts = attempts + 1
         where id = $1 and state = 'waiting' and next_attempt_at <= $3 and leased_until <= $3 and expires_at > $3",
        args![id, lease, now, until],
    )
}

#[derive(sqlx::FromRow)]
pub(super) struct TakenRow {
    pub(super) tenant_id: TenantId,
    pub(super) tenant_name: String,
    #[sqlx(try_from = "String")]
    pub(super) kind: MailKind,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) attempts: i64,
    pub(super) expires_at: Time,
}

pub(super) async fn taken(db: &Db, id: &MailId, lease: &str) -> Result<Option<TakenRow>> {
    db.optional(
        "select m.tenant_id, t.name as tenant_name, m.kind, m.recipient, m.subject, m.body, m.attempts, m.expires_at
         from mail m join tenant t on t.id = m.tenant_id where m.id = $1 and m.lease = $2 and m.state = 'waiting'",
        args![id, lease],
    )
    .await
}

/// Only while the lease counts and the mail may still be sent.
pub(super) fn begin(id: &MailId, lease: &str, now: Time) -> Write {
    Write::any(
        "update mail set state = 'sending' where id = $1 and lease = $2 and state = 'waiting' and leased_until > $3 and expires_at > $3",
        args![id, lease, now],
    )
}

pub(super) fn sent(id: &MailId, lease: &str, at: Time) -> Write {
    Write::any(
        "update mail set state = 'sent', body = null, ended_at = $3, last_error = null where id = $1 and lease = $2 and state = 'sending'",
        args![id, lease, at],
    )
}

pub(super) fn again(id: &MailId, lease: &str, at: Time, said: &str) -> Write {
    Write::any(
        "update mail set state = 'waiting', lease = null, leased_until = 0, next_attempt_at = $3, last_error = $4
         where id = $1 and lease = $2 and ended_at is null",
        args![id, lease, at, said],
    )
}

pub(super) fn give_back(id: &MailId, lease: &str) -> Write {
    Write::any(
        "update mail set lease = null, leased_until = 0, attempts = attempts - 1 where id = $1 and lease = $2 and state = 'waiting'",
        args![id, lease],
    )
}

/// What nobody tried in time.
pub(super) fn expire(now: Time) -> Write {
    Write::any(
        "update mail set state = 'expired', body = null, ended_at = $1 where ended_at is null and attempts = 0 and expires_at <= $1",
        args![now],
    )
}

#[derive(sqlx::FromRow)]
pub(super) struct OverdueRow {
    pub(super) id: MailId,
    pub(super) tenant_id: TenantId,
    #[sqlx(try_from = "String")]
    pub(super) kind: MailKind,
    pub(super) lease: Option<String>,
    pub(super) last_error: Option<String>,
    pub(super) sending: bool,
}

/// What was tried until its time ended, and what a sender left in the middle.
pub(super) async fn overdue(db: &Db, now: Time, most: i64) -> Result<Vec<OverdueRow>> {
    db.all(
        "select id, tenant_id, kind, lease, last_error, state = 'sending' as sending from mail
         where ended_at is null and ((state = 'waiting' and expires_at <= $1 and attempts > 0) or (state = 'sending' and leased_until <= $1))
         order by created_at, id limit $2",
        args![now, most],
    )
    .await
}

pub(super) fn failed(id: &MailId, lease: &str, at: Time, said: &str) -> Write {
    Write::one(
        "update mail set state = 'failed', body = null, ended_at = $3, last_error = $4
         where id = $1 and coalesce(lease, '') = $2 and ended_at is null",
        args![id, lease, at, said],
        Code::Conflict,
        "This mail has ended already.",
    )
}

#[derive(sqlx::FromRow)]
pub(super) struct Waiting {
    pub(super) mails: i64,
    pub(super) oldest: Option<Time>,
    /// When the first of them is to be ended: late itself, or left by its sender.
    pub(super) due: Option<Time>,
}

pub(super) async fn waiting(db: &Db) -> Result<Waiting> {
    db.one(
        "select cast(count(*) as bigint) as mails, min(created_at) as oldest,
                min(case when state = 'sending' then leased_until else expires_at end) as due
         from mail where ended_at is null",
        args![],
    )
    .await
}

/// Ended long ago, the oldest thousand.
pub(crate) fn forget_old(now: Time) -> Write {
    Write::any(
        "delete from mail where id in (select id from mail where ended_at is not null and ended_at < $1 order by ended_at limit 1000)",
        args![now.plus(-REMEMBERED)],
    )
}

/// The address of somebody whose data is erased; what waits for them is sent no more.
pub(crate) fn forget_recipient(tenant: &TenantId, address: &str, at: Time) -> Write {
    Write::any(
        "update mail set recipient = '', body = null, last_error = null,
                state = case when ended_at is null then 'withdrawn' else state end, ended_at = coalesce(ended_at, $3)
         where tenant_id = $1 and recipient = $2",
        args![tenant, address, at],
    )
}

/// A database that was put back may hold what was sent long ago.
pub(crate) fn withdraw_all(at: Time) -> Write {
    Write::any("update mail set state = 'withdrawn', body = null, ended_at = $1 where ended_at is null", args![at])
}

/// Every sealed body, for the rotation of the master key.
pub(super) async fn sealed(db: &Db) -> Result<Vec<(MailId, String)>> {
    db.all("select id, body from mail where body is not null order by id", args![]).await
}

/// Only if it is still there.
pub(super) fn reseal(id: &MailId, sealed: String) -> Write {
    Write::any("update mail set body = $2 where id = $1 and body is not null", args![id, sealed])
}
