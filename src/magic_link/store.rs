//! All SQL of magic links and of the requests for them.

use super::{MOST_FOR_AN_ADDRESS, MOST_OF_A_CLIENT};
use crate::{
    Code, CustomerId, EmbedKeyId, Error, MagicLinkId, ProductId, Result, TenantId, Time,
    db::{Db, args},
    embed_key::KeyMode,
    product::Appearance,
    time::{DAY, HOUR},
    writer::Write,
};

const USED: &str = "This link has been used already. Ask for a new one.";

pub(super) fn consumed() -> Error {
    Error::new(Code::LinkConsumed, USED)
}

pub(super) struct Asked<'a> {
    pub(super) id: &'a MagicLinkId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) address_hash: String,
    pub(super) client_hash: String,
    pub(super) sealed: String,
    /// Of the master key under which it is sealed.
    pub(super) fingerprint: &'a str,
    pub(super) at: Time,
    pub(super) minute_ago: Time,
    pub(super) hour_ago: Time,
}

/// Before every write to requests and mails: one row that all processes lock first. Several of them are after the same rows, in an order
/// of their own each, and would else wait for one another in a circle.
pub(crate) fn turn() -> Write {
    Write::any("update magic_link_gate set turns = turns + 1 where id = 1", args![])
}

/// The same for what is sealed: only under the installation's present master key.
pub(crate) fn gate(fingerprint: &str) -> Write {
    Write::one(
        "update magic_link_gate set turns = turns + 1
         where id = 1 and exists (select 1 from installation i where i.id = 1 and i.master_key_fingerprint = $1)",
        args![fingerprint],
        Code::Unavailable,
        "The master key was rotated; this process must be started again with the new one.",
    )
}

/// One row at the gate for all processes: whoever has it counts what the others have committed, so that the limits are exact. The
/// second statement writes nothing past the client's limit, and a row that does not count past the address's.
pub(super) fn ask(asked: &Asked<'_>) -> Vec<Write> {
    vec![
        gate(asked.fingerprint),
        Write::any(
            "insert into magic_link_request (id, tenant_id, product_id, embed_key_id, address_hash, client_hash, asked, counts, created_at)
             select $1, $2, $3, $4, $5, $6, $7,
                    (select count(*) from magic_link_request a where a.address_hash = $5 and a.counts and a.created_at > $10) < $12, $8
             where (select count(*) from magic_link_request c where c.client_hash = $6 and c.created_at > $9) < $11",
            args![
                asked.id,
                asked.tenant,
                asked.product,
                asked.embed_key,
                &asked.address_hash,
                &asked.client_hash,
                &asked.sealed,
                asked.at,
                asked.minute_ago,
                asked.hour_ago,
                MOST_OF_A_CLIENT,
                MOST_FOR_AN_ADDRESS
            ],
        ),
    ]
}

/// A request that waits for its answer.
#[derive(sqlx::FromRow)]
pub(super) struct WaitingRow {
    pub(super) id: MagicLinkId,
    pub(super) tenant_id: TenantId,
    pub(super) product_id: ProductId,
    pub(super) embed_key_id: EmbedKeyId,
    pub(super) asked: String,
    pub(super) counts: bool,
    pub(super) created_at: Time,
}

pub(super) async fn waiting(db: &Db, most: i64) -> Result<Vec<WaitingRow>> {
    db.all(
        "select id, tenant_id, product_id, embed_key_id, asked, counts, created_at from magic_link_request
         where asked is not null order by created_at, id limit $1",
        args![most],
    )
    .await
}

/// Nothing is left of what was asked but the hashes that count.
pub(super) fn answered(id: &MagicLinkId) -> Write {
    Write::one(
        "update magic_link_request set asked = null where id = $1 and asked is not null",
        args![id],
        Code::Conflict,
        "This request was answered a moment ago.",
    )
}

/// What an answer needs to know of the embed key, if it still works.
#[derive(sqlx::FromRow)]
pub(super) struct GroundRow {
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    pub(super) tenant_name: String,
    pub(super) not_before: Time,
    #[sqlx(try_from = "String")]
    pub(super) appearance: Appearance,
    pub(super) anyone_may_sign_in: bool,
    pub(super) sign_in: bool,
}

pub(super) async fn ground(db: &Db, key: &EmbedKeyId, now: Time) -> Result<Option<GroundRow>> {
    db.optional(
        "select k.mode, t.name as tenant_name, t.not_before, p.appearance, p.anyone_may_sign_in, p.sign_in
         from embed_key k join product p on p.id = k.product_id join tenant t on t.id = k.tenant_id
         where k.id = $1 and k.disabled_at is null and (k.expires_at is null or k.expires_at > $2) and p.deleted_at is null
           and t.suspended_at is null",
        args![key, now],
    )
    .await
}

pub(super) struct NewLink<'a> {
    pub(super) id: &'a MagicLinkId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) customer: Option<&'a CustomerId>,
    pub(super) email: &'a str,
    pub(super) token_hash: String,
    pub(super) challenge: Option<&'a str>,
    pub(super) at: Time,
    pub(super) until: Time,
}

pub(super) fn insert(link: &NewLink<'_>) -> Write {
    Write::any(
        "insert into magic_link (id, tenant_id, product_id, embed_key_id, customer_id, email, token_hash, created_at, expires_at, challenge)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            link.id,
            link.tenant,
            link.product,
            link.embed_key,
            link.customer,
            link.email,
            &link.token_hash,
            link.at,
            link.until,
            link.challenge
        ],
    )
}

/// A link, and whether what it was asked through has ended.
#[derive(sqlx::FromRow)]
pub(super) struct LinkRow {
    pub(super) id: MagicLinkId,
    pub(super) customer_id: Option<CustomerId>,
    pub(super) email: String,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
    pub(super) consumed_at: Option<Time>,
    pub(super) challenge: Option<String>,
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    pub(super) anyone_may_sign_in: bool,
    pub(super) ended: bool,
}

pub(super) async fn find(db: &Db, tenant: &TenantId, product: &ProductId, hash: &str, now: Time) -> Result<Option<LinkRow>> {
    db.optional(
        "select l.id, l.customer_id, l.email, l.created_at, l.expires_at, l.consumed_at, l.challenge, k.mode, p.anyone_may_sign_in,
                (k.disabled_at is not null or (k.expires_at is not null and k.expires_at <= $4)) as ended
         from magic_link l join embed_key k on k.id = l.embed_key_id join product p on p.id = l.product_id
         where l.token_hash = $1 and l.tenant_id = $2 and l.product_id = $3",
        args![hash, tenant, product, now],
    )
    .await
}

/// Of several who try, one finds it unused, on every process (F35).
pub(super) fn consume(id: &MagicLinkId, at: Time) -> Write {
    Write::one(
        "update magic_link set consumed_at = $2 where id = $1 and consumed_at is null and expires_at > $2",
        args![id, at],
        Code::LinkConsumed,
        USED,
    )
}

/// What counts for no limit any more, and links that nobody can have in hand; a thousand of each.
pub(crate) fn leftovers(now: Time) -> [Write; 2] {
    [
        Write::any(
            "delete from magic_link_request where id in
                (select id from magic_link_request where asked is null and created_at < $1 limit 1000)",
            args![now.plus(-HOUR)],
        ),
        Write::any(
            "delete from magic_link where id in (select id from magic_link where expires_at < $1 limit 1000)",
            args![now.plus(-DAY)],
        ),
    ]
}

/// Nothing is left of a customer whose data is erased, nor of links that went to their address before they were one.
pub(crate) fn forget_customer(tenant: &TenantId, customer: &CustomerId, email: Option<&str>) -> Write {
    Write::any(
        "delete from magic_link where tenant_id = $1 and (customer_id = $2 or (customer_id is null and email = $3))",
        args![tenant, customer, email],
    )
}

/// Every request that waits, for the rotation of the master key.
pub(super) async fn sealed(db: &Db) -> Result<Vec<(MagicLinkId, String)>> {
    db.all("select id, asked from magic_link_request where asked is not null order by id", args![]).await
}

/// Only if it still waits.
pub(super) fn reseal(id: &MagicLinkId, sealed: String) -> Write {
    Write::any("update magic_link_request set asked = $2 where id = $1 and asked is not null", args![id, sealed])
}
