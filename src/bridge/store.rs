//! All SQL of bridge keys and of tokens that were used.

use super::{BridgeAlgorithm, BridgeKey, BridgeKeyState, MOST};
use crate::{
    BridgeKeyId, Code, ProductId, Result, TenantId, Time,
    db::{Db, Select, args, inlined},
    page::Cursor,
    secret::Digest,
    time::MINUTE,
    writer::Write,
};

const RECORD: &str = "select b.id, b.product_id, b.algorithm, b.state, b.made_here, b.created_by, b.created_by_name, b.created_at,
        b.activated_at, b.retiring_at, b.retired_at, b.held_at, b.revoked_at, b.revoke_reason, u.last_used_at,
        (select count(*) from customer_session s
         where s.bridge_key_id = b.id and s.revoked_at is null and s.expires_at > $1 and s.created_at >= t.not_before) as live_sessions
     from bridge_key b join tenant t on t.id = b.tenant_id left join credential_use u on u.id = b.id
     where b.tenant_id = $2 and b.product_id = $3";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<BridgeKey>> {
    let mut select = Select::new(RECORD, args![now, tenant, product]);
    if let Some(Cursor { at, id }) = after {
        select = select.and("(b.created_at, b.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("b.created_at desc, b.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, product: &ProductId, id: &BridgeKeyId, now: Time) -> Result<Option<BridgeKey>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant, product]).and("b.id = ?", args![id])).await?.pop())
}

pub(super) async fn has_active(db: &Db, product: &ProductId) -> Result<bool> {
    let (has,): (bool,) =
        db.one("select exists (select 1 from bridge_key where product_id = $1 and state = 'active')", args![product]).await?;
    Ok(has)
}

/// A key that may vouch right now: only its halves are left to ask.
#[derive(sqlx::FromRow)]
pub(super) struct Vouching {
    #[sqlx(try_from = "String")]
    pub(super) algorithm: BridgeAlgorithm,
    pub(super) public_jwk: Option<String>,
    pub(super) sealed_secret: Option<String>,
}

inlined!(Vouching: algorithm, public_jwk, sealed_secret);

pub(super) async fn vouching(db: &Db, product: &ProductId, id: &BridgeKeyId) -> Result<Option<Vouching>> {
    db.point(
        "select algorithm, public_jwk, sealed_secret from bridge_key
         where id = $1 and product_id = $2 and state in ('next', 'active', 'retiring') and held_at is null",
        args![id, product],
    )
    .await
}

/// Only under the present master key, if the product is alive and has room.
pub(super) fn insert(tenant: &TenantId, key: &BridgeKey, public_jwk: Option<&str>, sealed: Option<&str>, fingerprint: &str) -> Write {
    Write::one(
        "insert into bridge_key (id, tenant_id, product_id, algorithm, state, made_here, public_jwk, sealed_secret, created_by,
            created_by_name, created_at, activated_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from product p join installation i on i.id = 1
         where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null and ($8 is null or i.master_key_fingerprint = $13)
           and (select count(*) from bridge_key b where b.product_id = $3 and b.state in ('next', 'active', 'retiring')) < $14",
        args![
            &key.id,
            tenant,
            &key.product_id,
            &key.algorithm,
            &key.state,
            key.made_here,
            public_jwk,
            sealed,
            &key.created_by,
            &key.created_by_name,
            key.created_at,
            key.activated_at,
            fingerprint,
            MOST
        ],
        Code::Conflict,
        "A product has at most 10 bridge keys that verify. Retire one that your backend does not sign with any more.",
    )
    .on_duplicate(Code::Conflict, RACED)
}

const RACED: &str = "The keys changed in the meantime. Look at their states and try again.";

/// The active one retires, if there is one; then this one is it.
pub(super) fn promote(product: &ProductId, id: &BridgeKeyId, at: Time) -> [Write; 2] {
    [
        Write::any(
            "update bridge_key set state = 'retiring', retiring_at = $2 where product_id = $1 and state = 'active'",
            args![product, at],
        ),
        Write::one(
            "update bridge_key set state = 'active', activated_at = $2 where id = $1 and state = 'next'",
            args![id, at],
            Code::Conflict,
            RACED,
        )
        .on_duplicate(Code::Conflict, RACED),
    ]
}

pub(super) fn retire(id: &BridgeKeyId, from: BridgeKeyState, at: Time) -> Write {
    Write::one(
        "update bridge_key set state = 'retired', retired_at = $3, sealed_secret = null where id = $1 and state = $2",
        args![id, &from, at],
        Code::Conflict,
        RACED,
    )
}

pub(super) fn revoke(id: &BridgeKeyId, at: Time, reason: Option<&str>) -> Write {
    Write::one(
        "update bridge_key set state = 'revoked', revoked_at = $2, revoke_reason = $3, sealed_secret = null
         where id = $1 and state <> 'revoked'",
        args![id, at, reason],
        Code::Conflict,
        RACED,
    )
}

/// The oldest `next` becomes active.
pub(super) fn succeed(product: &ProductId, at: Time) -> Write {
    Write::any(
        "update bridge_key set state = 'active', activated_at = $2
         where id = (select id from bridge_key where product_id = $1 and state = 'next' order by created_at, id limit 1)",
        args![product, at],
    )
}

pub(super) fn release(id: &BridgeKeyId) -> Write {
    Write::one(
        "update bridge_key set held_at = null where id = $1 and held_at is not null and state in ('next', 'active', 'retiring')",
        args![id],
        Code::Conflict,
        "This key is not held.",
    )
}

/// The one use of a token: whoever comes second, in any process, is refused (JW15).
pub(super) fn spend(product: &ProductId, jti: &str, expires_at: Time) -> Write {
    Write::one(
        "insert into bridge_token_use (product_id, jti_hash, forget_at) values ($1, $2, $3) on conflict do nothing",
        args![product, Digest::of(jti.as_bytes()).to_hex(), expires_at.plus(MINUTE)],
        Code::BridgeTokenReplayed,
        "This bridge token was used already. Ask your backend for a new one.",
    )
}

/// Tokens that nobody could accept any more, a thousand at a time.
pub(crate) fn leftovers(now: Time) -> Write {
    Write::any(
        "delete from bridge_token_use where (product_id, jti_hash) in
            (select product_id, jti_hash from bridge_token_use where forget_at < $1 limit 1000)",
        args![now],
    )
}

/// Every key that verifies waits for an owner, after a restore.
pub(crate) fn hold(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update bridge_key set held_at = $2 where tenant_id = $1 and held_at is null and state in ('next', 'active', 'retiring')",
        args![tenant, at],
    )
}

/// All of a tenant's, when everything is revoked.
pub(crate) fn revoke_all(tenant: &TenantId, at: Time) -> Write {
    Write::any(
        "update bridge_key set state = 'revoked', revoked_at = $2, revoke_reason = 'Everything was revoked', sealed_secret = null
         where tenant_id = $1 and state <> 'revoked'",
        args![tenant, at],
    )
}

#[derive(sqlx::FromRow)]
pub(super) struct SealedRow {
    pub(super) id: BridgeKeyId,
    pub(super) tenant_id: TenantId,
    pub(super) sealed_secret: String,
}

/// Every sealed secret, for the rotation of the master key.
pub(super) async fn sealed(db: &Db) -> Result<Vec<SealedRow>> {
    db.all("select id, tenant_id, sealed_secret from bridge_key where sealed_secret is not null", args![]).await
}

pub(super) fn reseal(id: &BridgeKeyId, sealed: String) -> Write {
    Write::any("update bridge_key set sealed_secret = $2 where id = $1 and sealed_secret is not null", args![id, sealed])
}
