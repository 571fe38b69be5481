//! All SQL of customers' passwords, of the requests for mail about them, and of the links in it.
//!
//! Longer than most because it holds three tables, of which each change depends on the others.

use super::{MOST_FOR_AN_ADDRESS, MOST_OF_A_CLIENT, Purpose};
use crate::{
    Code, CustomerId, EmbedKeyId, PasswordLinkId, ProductId, Result, TenantId, Time,
    db::{Db, args},
    embed_key::KeyMode,
    magic_link,
    product::Appearance,
    time::{DAY, HOUR},
    writer::Write,
};

const USED: &str = "This link has been used already. Ask for a new one.";

pub(super) fn consumed() -> crate::Error {
    crate::Error::new(Code::LinkConsumed, USED)
}

/// Whom an address names, and what their password is checked against.
#[derive(sqlx::FromRow)]
pub(super) struct Account {
    pub(super) id: CustomerId,
    pub(super) external_id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    pub(super) banned_at: Option<Time>,
    pub(super) hash: Option<String>,
}

/// In one read, so that somebody with a password, without one and unknown cost the same (SE7).
pub(super) async fn account(db: &Db, tenant: &TenantId, mode: KeyMode, email: &str) -> Result<Option<Account>> {
    db.optional(
        "select c.id, c.external_id, c.email, c.name, c.banned_at, w.hash from customer c
         left join customer_password w on w.customer_id = c.id
         where c.tenant_id = $1 and c.mode = $2 and c.email = $3 and c.email_verified",
        args![tenant, &mode, email],
    )
    .await
}

pub(super) struct Asked<'a> {
    pub(super) id: &'a PasswordLinkId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) address_hash: String,
    pub(super) client_hash: String,
    pub(super) sealed: String,
    /// Of the master key under which it is sealed.
    pub(super) fingerprint: &'a str,
    pub(super) at: Time,
}

/// Counted like requests for magic links, behind the same gate, and by themselves: whoever uses up these leaves a customer the others.
pub(super) fn ask(asked: &Asked<'_>) -> [Write; 2] {
    [
        magic_link::store::gate(asked.fingerprint),
        Write::any(
            "insert into password_request (id, tenant_id, product_id, embed_key_id, address_hash, client_hash, asked, counts, created_at)
             select $1, $2, $3, $4, $5, $6, $7,
                    (select count(*) from password_request a where a.address_hash = $5 and a.counts and a.created_at > $10) < $12, $8
             where (select count(*) from password_request c where c.client_hash = $6 and c.created_at > $9) < $11",
            args![
                asked.id,
                asked.tenant,
                asked.product,
                asked.embed_key,
                &asked.address_hash,
                &asked.client_hash,
                &asked.sealed,
                asked.at,
                asked.at.plus(-crate::time::MINUTE),
                asked.at.plus(-HOUR),
                MOST_OF_A_CLIENT,
                MOST_FOR_AN_ADDRESS
            ],
        ),
    ]
}

/// A request that waits for its answer.
#[derive(sqlx::FromRow)]
pub(super) struct WaitingRow {
    pub(super) id: PasswordLinkId,
    pub(super) tenant_id: TenantId,
    pub(super) product_id: ProductId,
    pub(super) embed_key_id: EmbedKeyId,
    pub(super) asked: String,
    pub(super) counts: bool,
    pub(super) created_at: Time,
}

pub(super) async fn waiting(db: &Db, most: i64) -> Result<Vec<WaitingRow>> {
    db.all(
        "select id, tenant_id, product_id, embed_key_id, asked, counts, created_at from password_request
         where asked is not null order by created_at, id limit $1",
        args![most],
    )
    .await
}

/// Nothing is left of what was asked but the hashes that count.
pub(super) fn answered(id: &PasswordLinkId) -> Write {
    Write::one(
        "update password_request set asked = null where id = $1 and asked is not null",
        args![id],
        Code::Conflict,
        "This request was answered a moment ago.",
    )
}

/// What an answer needs to know of the embed key, if it still works and its product takes passwords.
#[derive(sqlx::FromRow)]
pub(super) struct GroundRow {
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    pub(super) tenant_name: String,
    pub(super) not_before: Time,
    #[sqlx(try_from = "String")]
    pub(super) appearance: Appearance,
    pub(super) anyone_may_sign_in: bool,
}

pub(super) async fn ground(db: &Db, key: &EmbedKeyId, now: Time) -> Result<Option<GroundRow>> {
    db.optional(
        "select k.mode, t.name as tenant_name, t.not_before, p.appearance, p.anyone_may_sign_in
         from embed_key k join product p on p.id = k.product_id join tenant t on t.id = k.tenant_id
         where k.id = $1 and k.disabled_at is null and (k.expires_at is null or k.expires_at > $2) and p.deleted_at is null and p.passwords
           and p.sign_in
           and t.suspended_at is null",
        args![key, now],
    )
    .await
}

pub(super) struct NewLink<'a> {
    pub(super) request: &'a WaitingRow,
    pub(super) mode: KeyMode,
    pub(super) purpose: Purpose,
    pub(super) customer: Option<&'a CustomerId>,
    pub(super) email: &'a str,
    pub(super) password_hash: Option<&'a str>,
    pub(super) token_hash: String,
    pub(super) at: Time,
    pub(super) until: Time,
}

pub(super) fn insert(link: &NewLink<'_>) -> Write {
    let NewLink { request, .. } = link;
    Write::any(
        "insert into password_link (id, tenant_id, product_id, embed_key_id, mode, purpose, customer_id, email, password_hash, token_hash,
            created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            &request.id,
            &request.tenant_id,
            &request.product_id,
            &request.embed_key_id,
            &link.mode,
            &link.purpose,
            link.customer,
            link.email,
            link.password_hash,
            &link.token_hash,
            link.at,
            link.until
        ],
    )
}

/// A link, and whether what it was asked through has ended.
#[derive(sqlx::FromRow)]
pub(super) struct LinkRow {
    pub(super) id: PasswordLinkId,
    pub(super) tenant_id: TenantId,
    pub(super) product_id: ProductId,
    pub(super) embed_key_id: EmbedKeyId,
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    pub(super) customer_id: Option<CustomerId>,
    pub(super) email: String,
    pub(super) password_hash: Option<String>,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
    pub(super) consumed_at: Option<Time>,
    pub(super) tenant_name: String,
    #[sqlx(try_from = "String")]
    pub(super) appearance: Appearance,
    pub(super) not_before: Time,
    pub(super) anyone_may_sign_in: bool,
    pub(super) ended: bool,
}

/// By its token alone, which is as long as a key: whoever opens a mail knows nothing else.
pub(super) async fn link(db: &Db, hash: &str, purpose: Purpose, now: Time) -> Result<Option<LinkRow>> {
    db.optional(
        "select l.id, l.tenant_id, l.product_id, l.embed_key_id, l.mode, l.customer_id, l.email, l.password_hash, l.created_at, l.expires_at,
                l.consumed_at, t.name as tenant_name, p.appearance, t.not_before, p.anyone_may_sign_in,
                (k.disabled_at is not null or (k.expires_at is not null and k.expires_at <= $3) or p.deleted_at is not null
                    or not p.passwords or not p.sign_in or t.suspended_at is not null) as ended
         from password_link l join embed_key k on k.id = l.embed_key_id join product p on p.id = l.product_id
         join tenant t on t.id = l.tenant_id
         where l.token_hash = $1 and l.purpose = $2",
        args![hash, &purpose, now],
    )
    .await
}

/// Of several who try, one finds it unused, on every process.
pub(super) fn consume(id: &PasswordLinkId, at: Time) -> Write {
    Write::one(
        "update password_link set consumed_at = $2, password_hash = null where id = $1 and consumed_at is null and expires_at > $2",
        args![id, at],
        Code::LinkConsumed,
        USED,
    )
}

/// Every other link that went to this address: what was begun beside, or by somebody else, ends with the first that is redeemed.
pub(super) fn consume_all(tenant: &TenantId, mode: KeyMode, email: &str, at: Time) -> Write {
    Write::any(
        "update password_link set consumed_at = $4, password_hash = null
         where tenant_id = $1 and mode = $2 and email = $3 and consumed_at is null",
        args![tenant, &mode, email, at],
    )
}

/// Whose password, and what it becomes.
pub(super) struct Setting<'a> {
    pub(super) customer: &'a CustomerId,
    pub(super) link: &'a LinkRow,
    pub(super) hash: &'a str,
    pub(super) at: Time,
}

const CHANGED: &str = "Something of this account changed a moment ago. Try again.";

macro_rules! set {
    ($ending:literal) => {
        concat!(
            "insert into customer_password (customer_id, tenant_id, hash, set_at)
             select c.id, c.tenant_id, $6, $7 from customer c join product p on p.id = $5
             where c.id = $1 and c.tenant_id = $2 and c.mode = $3 and c.email = $4 and c.email_verified and c.banned_at is null
               and c.deleted_at is null and p.passwords and p.sign_in and p.deleted_at is null
             on conflict (customer_id) do ",
            $ending
        )
    };
}

/// The first password, only while there is none, and only for who bears the link's address right now.
pub(super) fn set_first(setting: &Setting<'_>) -> Write {
    set_by(set!("nothing"), setting)
}

/// A password in place of whatever there was.
pub(super) fn set_anew(setting: &Setting<'_>) -> Write {
    set_by(set!("update set hash = excluded.hash, set_at = excluded.set_at"), setting)
}

fn set_by(sql: &'static str, Setting { customer, link, hash, at }: &Setting<'_>) -> Write {
    Write::one(sql, args![*customer, &link.tenant_id, &link.mode, &link.email, &link.product_id, *hash, *at], Code::Conflict, CHANGED)
}

/// The password that was right is still theirs, and the product still takes passwords: a session opens beside this or not at all, so
/// that a change of either, on any process, ends what came before it and lets in nothing after it. `hash` may be the same, made anew.
pub(super) fn still(customer: &CustomerId, product: &ProductId, before: &str, hash: &str) -> Write {
    Write::one(
        "update customer_password set hash = $4
         where customer_id = $1 and hash = $3 and exists (select 1 from product p where p.id = $2 and p.passwords and p.sign_in and p.deleted_at is null)",
        args![customer, product, before, hash],
        Code::Conflict,
        CHANGED,
    )
}

/// Whether there was one, the row count says.
pub(super) fn remove(tenant: &TenantId, customer: &CustomerId) -> Write {
    Write::one(
        "delete from customer_password where tenant_id = $1 and customer_id = $2",
        args![tenant, customer],
        Code::Conflict,
        "This customer's password was removed a moment ago.",
    )
}

/// Links that would set a password of theirs.
pub(super) fn consume_of(customer: &CustomerId, at: Time) -> Write {
    Write::any("update password_link set consumed_at = $2 where customer_id = $1 and consumed_at is null", args![customer, at])
}

/// Nothing is left of a customer whose data is erased, nor of sign-ups with their address.
pub(crate) fn forget_customer(tenant: &TenantId, customer: &CustomerId, email: Option<&str>) -> [Write; 2] {
    [
        Write::any("delete from customer_password where tenant_id = $1 and customer_id = $2", args![tenant, customer]),
        Write::any(
            "delete from password_link where tenant_id = $1 and (customer_id = $2 or (customer_id is null and email = $3))",
            args![tenant, customer, email],
        ),
    ]
}

/// What counts for no limit any more, and links that nobody can have in hand; a thousand of each.
pub(crate) fn leftovers(now: Time) -> [Write; 2] {
    [
        Write::any(
            "delete from password_request where id in
                (select id from password_request where asked is null and created_at < $1 limit 1000)",
            args![now.plus(-HOUR)],
        ),
        Write::any(
            "delete from password_link where id in (select id from password_link where expires_at < $1 limit 1000)",
            args![now.plus(-DAY)],
        ),
    ]
}

/// After a restore: what was used since the backup would work once more.
pub(crate) fn end_all(at: Time) -> [Write; 2] {
    [
        Write::any("update password_link set consumed_at = $1, password_hash = null where consumed_at is null", args![at]),
        Write::any("update password_request set asked = null where asked is not null", args![]),
    ]
}

/// Every request that waits, for the rotation of the master key.
pub(super) async fn sealed(db: &Db) -> Result<Vec<(PasswordLinkId, String)>> {
    db.all("select id, asked from password_request where asked is not null order by id", args![]).await
}

/// Only if it still waits.
pub(super) fn reseal(id: &PasswordLinkId, sealed: String) -> Write {
    Write::any("update password_request set asked = $2 where id = $1 and asked is not null", args![id, sealed])
}
