//! All SQL of signing keys.

use super::{Algorithm, KeyState, SigningKey};
use crate::{
    Code, KeyId, Result, TenantId, Time,
    db::{Db, args},
    select::live_count,
    writer::Write,
};

/// A key as the keyring needs it.
#[derive(sqlx::FromRow)]
pub(super) struct PublicRow {
    pub(super) id: KeyId,
    pub(super) tenant_id: TenantId,
    pub(super) slug: String,
    #[sqlx(try_from = "String")]
    pub(super) algorithm: Algorithm,
    pub(super) public_jwk: String,
}

/// A key as signing needs it.
#[derive(sqlx::FromRow)]
pub(crate) struct PrivateRow {
    pub(crate) id: KeyId,
    #[sqlx(try_from = "String")]
    pub(crate) algorithm: Algorithm,
    #[sqlx(try_from = "String")]
    pub(crate) state: KeyState,
    pub(crate) sealed_private: String,
}

/// A key as a JWKS lists it.
#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: KeyId,
    #[sqlx(try_from = "String")]
    pub(super) algorithm: Algorithm,
    pub(super) public_jwk: String,
}

/// Where a key is in its life.
#[derive(sqlx::FromRow)]
pub(super) struct StateRow {
    pub(super) id: KeyId,
    #[sqlx(try_from = "String")]
    pub(super) algorithm: Algorithm,
    #[sqlx(try_from = "String")]
    pub(super) state: KeyState,
    pub(super) created_at: Time,
}

/// A retiring key that nothing alive needs any more.
#[derive(sqlx::FromRow)]
pub(super) struct DueRow {
    pub(super) id: KeyId,
    pub(super) tenant_id: TenantId,
}

const RECORD: &str = concat!(
    "select k.id, k.algorithm, k.state, k.created_at, k.activated_at, k.retiring_at, k.retired_at, k.revoked_at, k.revoke_reason, u.last_used_at, ",
    live_count!("w.signing_key_id = k.id and w.expires_at > $2"),
    " as live_tokens from signing_key k left join credential_use u on u.id = k.id where k.tenant_id = $1"
);

pub(super) async fn list(db: &Db, tenant: &TenantId, now: Time) -> Result<Vec<SigningKey>> {
    let select = crate::db::Select::new(RECORD, args![tenant, now]);
    db.select(select.order("k.created_at desc, k.id desc", 200)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &KeyId, now: Time) -> Result<Option<SigningKey>> {
    let select = crate::db::Select::new(RECORD, args![tenant, now]).and("k.id = ?", args![id]);
    Ok(db.select(select.order("k.id", 1)).await?.pop())
}

/// What one key of the tenant signs with, and where it is in its life.
pub(crate) async fn named(db: &Db, tenant: &TenantId, id: &KeyId) -> Result<Option<(Algorithm, KeyState)>> {
    let row: Option<StateRow> =
        db.optional("select id, algorithm, state, created_at from signing_key where tenant_id = $1 and id = $2", args![tenant, id]).await?;
    Ok(row.map(|row| (row.algorithm, row.state)))
}

pub(super) async fn current(db: &Db, tenant: &TenantId) -> Result<Vec<StateRow>> {
    db.all("select id, algorithm, state, created_at from signing_key where tenant_id = $1 and state in ('next', 'active')", args![tenant])
        .await
}

pub(super) async fn public(db: &Db, id: &KeyId) -> Result<Option<PublicRow>> {
    db.optional(
        "select k.id, k.tenant_id, t.slug, k.algorithm, k.public_jwk from signing_key k join tenant t on t.id = k.tenant_id
         where k.id = $1 and k.public_jwk <> ''",
        args![id],
    )
    .await
}

pub(super) async fn public_of(db: &Db, ids: &[KeyId]) -> Result<Vec<PublicRow>> {
    let select = crate::db::Select::new(
        "select k.id, k.tenant_id, t.slug, k.algorithm, k.public_jwk from signing_key k join tenant t on t.id = k.tenant_id
         where k.public_jwk <> ''",
        args![],
    );
    db.select(select.and_in("k.id", ids.iter().map(ToString::to_string).collect())).await
}

pub(super) async fn active(db: &Db, tenant: &TenantId) -> Result<Option<PrivateRow>> {
    db.optional("select id, algorithm, state, sealed_private from signing_key where tenant_id = $1 and state = 'active'", args![tenant])
        .await
}

pub(super) async fn private(db: &Db, tenant: &TenantId, id: &KeyId) -> Result<Option<PrivateRow>> {
    db.optional("select id, algorithm, state, sealed_private from signing_key where tenant_id = $1 and id = $2", args![tenant, id]).await
}

pub(super) async fn listed(db: &Db, slug: Option<&str>) -> Result<Vec<ListedRow>> {
    db.all(
        "select k.id, k.algorithm, k.public_jwk from signing_key k join tenant t on t.id = k.tenant_id
         where k.state in ('next', 'active', 'retiring') and ($1 = '' or t.slug = $1) order by k.created_at, k.id",
        args![slug.unwrap_or_default()],
    )
    .await
}

pub(super) async fn due(db: &Db, before: Time, now: Time) -> Result<Vec<DueRow>> {
    db.all(
        "select k.id, k.tenant_id from signing_key k where k.state = 'retiring' and k.retiring_at < $1
         and not exists (select 1 from widget_token w where w.signing_key_id = k.id and w.revoked_at is null and w.expires_at > $2)",
        args![before, now],
    )
    .await
}

pub(super) struct NewKey<'a> {
    pub(super) id: &'a KeyId,
    pub(super) tenant: &'a TenantId,
    pub(super) algorithm: Algorithm,
    pub(super) state: KeyState,
    pub(super) public_jwk: String,
    pub(super) sealed_private: String,
    /// Of the master key under which it is sealed.
    pub(super) fingerprint: &'a str,
    pub(super) at: Time,
}

pub(super) fn insert(key: NewKey<'_>) -> Write {
    let activated = (key.state == KeyState::Active).then_some(key.at);
    Write::one(
        "insert into signing_key (id, tenant_id, algorithm, state, public_jwk, sealed_private, created_at, activated_at)
         select $1, $2, $3, $4, $5, $6, $7, $8 from installation where id = 1 and master_key_fingerprint = $9",
        args![key.id, key.tenant, &key.algorithm, &key.state, key.public_jwk, key.sealed_private, key.at, activated, key.fingerprint],
        Code::Unavailable,
        "The master key was rotated. Restart this process so that it reads the new one.",
    )
    .on_duplicate(Code::Conflict, RACED)
}

const RACED: &str = "The keys changed in the meantime. Look at their states and try again.";

/// From one state to the next; refuses when somebody else was quicker.
pub(super) fn advance(id: &KeyId, from: KeyState, to: KeyState, at: Time) -> Write {
    let sql = match to {
        KeyState::Active => "update signing_key set state = 'active', activated_at = $3 where id = $1 and state = $2",
        KeyState::Retiring => "update signing_key set state = 'retiring', retiring_at = $3 where id = $1 and state = $2",
        KeyState::Retired | KeyState::Next | KeyState::Revoked => {
            "update signing_key set state = 'retired', retired_at = $3 where id = $1 and state = $2"
        }
    };
    Write::one(sql, args![id, &from, at], Code::Conflict, RACED)
}

/// Retires a key only while nothing alive needs it.
pub(super) fn retire_unused(id: &KeyId, at: Time) -> Write {
    Write::one(
        "update signing_key set state = 'retired', retired_at = $2 where id = $1 and state in ('retiring', 'next')
         and not exists (select 1 from widget_token w where w.signing_key_id = $1 and w.revoked_at is null and w.expires_at > $2)
         and not exists (select 1 from dashboard_session s where s.signing_key_id = $1 and s.ended_at is null and s.expires_at > $2)
         and not exists (select 1 from customer_session s where s.signing_key_id = $1 and s.revoked_at is null and s.expires_at > $2)
         and not exists (select 1 from identity_token d where d.signing_key_id = $1 and d.revoked_at is null and d.expires_at > $2)",
        args![id, at],
        Code::KeyInUse,
        "Live tokens, customer sessions, identity tokens or dashboard JWTs are signed by this key. Wait until they have expired, or revoke the key.",
    )
}

pub(super) fn revoke(id: &KeyId, reason: &str, at: Time) -> Write {
    Write::one(
        "update signing_key set state = 'revoked', revoked_at = $2, revoke_reason = $3, sealed_private = '' where id = $1 and state <> 'revoked'",
        args![id, at, reason],
        Code::Conflict,
        RACED,
    )
}

/// Thirty days after it was retired, a key's public half tells nobody anything any more.
pub(super) fn forget_public(before: Time) -> Write {
    Write::any(
        "update signing_key set public_jwk = '', sealed_private = '' where state = 'retired' and retired_at < $1 and public_jwk <> ''",
        args![before],
    )
}

#[derive(sqlx::FromRow)]
pub(super) struct SealedRow {
    pub(super) id: KeyId,
    pub(super) tenant_id: TenantId,
    pub(super) sealed_private: String,
}

/// Every sealed private half, for the rotation of the master key.
pub(super) async fn sealed(db: &Db) -> Result<Vec<SealedRow>> {
    db.all("select id, tenant_id, sealed_private from signing_key where sealed_private <> ''", args![]).await
}

pub(super) fn reseal(id: &KeyId, sealed: String) -> Write {
    Write::any("update signing_key set sealed_private = $2 where id = $1 and sealed_private <> ''", args![id, sealed])
}
