//! All SQL of embed keys, and of what they show.

use super::{EmbedKey, Entrance, KeyMode, MOST, PublishedOffering};
use crate::{
    Code, EmbedKeyId, Listed, ProductId, Result, TenantId, Time,
    db::{Db, Select, args},
    origin::Origin,
    page::Cursor,
    product::Appearance,
    writer::Write,
};

const RECORD: &str = "select k.id, k.product_id, k.name, k.mode, k.origins, k.allow_development_origins, k.created_by, k.created_by_name,
        k.created_at, k.expires_at, k.rotated_to, k.disabled_at, k.disable_reason, u.last_used_at,
        case when k.disabled_at is not null then 'disabled' when k.expires_at <= $1 then 'expired' else 'active' end as status
     from embed_key k left join credential_use u on u.id = k.id where k.tenant_id = $2 and k.product_id = $3";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    product: &ProductId,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<EmbedKey>> {
    let mut select = Select::new(RECORD, args![now, tenant, product]);
    if let Some(Cursor { at, id }) = after {
        select = select.and("(k.created_at, k.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("k.created_at desc, k.id desc", limit)).await
}

pub(super) async fn find(db: &Db, tenant: &TenantId, product: &ProductId, id: &EmbedKeyId, now: Time) -> Result<Option<EmbedKey>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant, product]).and("k.id = ?", args![id])).await?.pop())
}

/// The newest that works, has no successor, and lets in pages of this origin alone.
pub(super) async fn only_for(db: &Db, tenant: &TenantId, product: &ProductId, origin: &str, now: Time) -> Result<Option<EmbedKey>> {
    let list = serde_json::to_string(&[origin]).map_err(crate::Error::internal)?;
    let select = Select::new(RECORD, args![now, tenant, product])
        .and("k.origins = ?", args![list])
        .and("k.disabled_at is null and k.rotated_to is null and (k.expires_at is null or k.expires_at > ?)", args![now]);
    Ok(db.select(select.order("k.created_at desc, k.id desc", 1)).await?.pop())
}

/// Where those of these keys that are the tenant's are shown: their products and names.
pub(super) async fn places(db: &Db, tenant: &TenantId, ids: &[EmbedKeyId]) -> Result<Vec<(EmbedKeyId, ProductId, String)>> {
    let select = Select::new("select id, product_id, name from embed_key where tenant_id = $1", args![tenant]);
    db.select(select.and_in("id", ids.iter().map(ToString::to_string).collect())).await
}

/// A key whose page may be told something: alive, with its product and tenant.
#[derive(sqlx::FromRow)]
pub(super) struct KeyRow {
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    #[sqlx(try_from = "String")]
    pub(super) origins: Listed<Origin>,
    pub(super) expires_at: Option<Time>,
    pub(super) tenant_id: TenantId,
    pub(super) slug: String,
    pub(super) tenant_name: String,
    pub(super) product_id: ProductId,
    pub(super) product_name: String,
    #[sqlx(try_from = "String")]
    pub(super) appearance: Appearance,
    pub(super) sign_in: bool,
    pub(super) passwords: bool,
    pub(super) keep_signed_in: bool,
}

/// Whether its planned end has come is judged on each call.
pub(super) async fn alive(db: &Db, id: &EmbedKeyId) -> Result<Option<KeyRow>> {
    db.optional(
        "select k.mode, k.origins, k.expires_at, t.id as tenant_id, t.slug, t.name as tenant_name, p.id as product_id, p.name as product_name,
                p.appearance, p.sign_in, p.passwords, p.keep_signed_in
         from embed_key k join product p on p.id = k.product_id join tenant t on t.id = k.tenant_id
         where k.id = $1 and k.disabled_at is null and p.deleted_at is null and t.suspended_at is null",
        args![id],
    )
    .await
}

/// Whose it is or was.
pub(super) async fn tenant_of(db: &Db, id: &EmbedKeyId) -> Result<Option<TenantId>> {
    let found: Option<(TenantId,)> = db.optional("select tenant_id from embed_key where id = $1", args![id]).await?;
    Ok(found.map(|(tenant,)| tenant))
}

/// In one statement, because a page waits for it.
pub(super) async fn entrance(db: &Db, id: &EmbedKeyId, now: Time) -> Result<Option<Entrance>> {
    db.point(
        "select t.id as tenant_id, t.slug, t.not_before, p.id as product_id, k.mode, k.origins, p.sign_in, p.passwords, p.keep_signed_in,
                p.anyone_may_sign_in, a.id as signing_key_id, i.clock_mark
         from embed_key k join product p on p.id = k.product_id join tenant t on t.id = k.tenant_id join installation i on i.id = 1
         left join signing_key a on a.tenant_id = t.id and a.state = 'active'
         where k.id = $1 and k.disabled_at is null and (k.expires_at is null or k.expires_at > $2) and p.deleted_at is null
           and t.suspended_at is null",
        args![id, now],
    )
    .await
}

pub(super) async fn published(db: &Db, product: &ProductId) -> Result<Vec<PublishedOffering>> {
    db.all(
        "select o.id, o.name, o.description, o.amount, o.currency, o.interval, o.features, o.cta_url
         from offering o where o.product_id = $1 and o.status = 'PUBLISHED' order by o.position, o.id",
        args![product],
    )
    .await
}

/// Only if the product is alive and has room; the maker's right was read a moment ago, and the key is no secret.
pub(super) fn insert(tenant: &TenantId, key: &EmbedKey, now: Time) -> Write {
    Write::one(
        "insert into embed_key (id, tenant_id, product_id, name, mode, origins, allow_development_origins, created_by, created_by_name, created_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from product p
         where p.id = $3 and p.tenant_id = $2 and p.deleted_at is null
           and (select count(*) from embed_key k where k.product_id = $3 and k.disabled_at is null
                and (k.expires_at is null or k.expires_at > $11)) < $12",
        args![
            &key.id,
            tenant,
            &key.product_id,
            &key.name,
            &key.mode,
            key.origins.to_json(),
            key.allow_development_origins,
            &key.created_by,
            &key.created_by_name,
            key.created_at,
            now,
            MOST
        ],
        Code::Conflict,
        "A product has at most 50 embed keys that work. Disable one that no page carries any more.",
    )
}

/// Only if nothing of it was changed since `before` was read.
pub(super) fn update(tenant: &TenantId, before: &EmbedKey, after: &EmbedKey) -> Write {
    Write::one(
        "update embed_key set name = $3, origins = $4, allow_development_origins = $5
         where tenant_id = $1 and id = $2 and name = $6 and origins = $7 and allow_development_origins = $8",
        args![
            tenant,
            &after.id,
            &after.name,
            after.origins.to_json(),
            after.allow_development_origins,
            &before.name,
            before.origins.to_json(),
            before.allow_development_origins
        ],
        Code::Conflict,
        "This key was changed a moment ago. Look again.",
    )
}

pub(super) fn disable(tenant: &TenantId, id: &EmbedKeyId, at: Time, reason: Option<&str>) -> Write {
    Write::one(
        "update embed_key set disabled_at = $3, disable_reason = $4, not_before = $3
         where tenant_id = $1 and id = $2 and disabled_at is null",
        args![tenant, id, at, reason],
        Code::Conflict,
        "This key was disabled a moment ago.",
    )
}

/// What came through it before stays ended.
pub(super) fn enable(tenant: &TenantId, id: &EmbedKeyId, at: Time) -> Write {
    Write::one(
        "update embed_key set disabled_at = null, disable_reason = null, not_before = $3
         where tenant_id = $1 and id = $2 and disabled_at is not null",
        args![tenant, id, at],
        Code::Conflict,
        "This key was enabled a moment ago.",
    )
}

/// The old key's planned end. A key is replaced once.
pub(super) fn replace(tenant: &TenantId, old: &EmbedKeyId, new: &EmbedKeyId, until: Time, now: Time) -> Write {
    Write::one(
        "update embed_key set rotated_to = $3, expires_at = $4
         where tenant_id = $1 and id = $2 and rotated_to is null and disabled_at is null and (expires_at is null or expires_at > $5)",
        args![tenant, old, new, until, now],
        Code::Conflict,
        "This key was rotated or disabled a moment ago.",
    )
}
