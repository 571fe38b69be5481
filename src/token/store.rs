//! All SQL of widget tokens.

use super::{Lives, Scope, TokenFilter, TokenStatus, WidgetToken};
use crate::{
    Code, CustomerId, EventId, KeyId, Listed, OrganizationId, Result, TenantId, Time, TokenId,
    db::{Db, Select, args, inlined},
    key::KeyState,
    origin::{Origin, store::named_in},
    page::Cursor,
    writer::Write,
};

#[derive(sqlx::FromRow)]
pub(super) struct TokenRow {
    id: TokenId,
    organization_id: OrganizationId,
    #[sqlx(try_from = "String")]
    scope: Listed<Scope>,
    #[sqlx(try_from = "String")]
    origins: Listed<Origin>,
    label: Option<String>,
    customer_id: Option<CustomerId>,
    minted_by: String,
    minted_by_name: String,
    signing_key_id: KeyId,
    created_at: Time,
    expires_at: Time,
    revoked_at: Option<Time>,
    revoked_by: Option<String>,
    revoked_by_name: Option<String>,
    revoke_reason: Option<String>,
    last_used_at: Option<Time>,
    last_used_origin: Option<String>,
    key_state: String,
    not_before: Time,
}

impl TokenRow {
    pub(super) fn record(self, now: Time) -> WidgetToken {
        let dead = self.revoked_at.is_some() || self.key_state == KeyState::Revoked.as_str() || self.created_at < self.not_before;
        let status = match (dead, self.expires_at <= now) {
            (true, _) => TokenStatus::Revoked,
            (false, true) => TokenStatus::Expired,
            (false, false) => TokenStatus::Active,
        };
        WidgetToken {
            id: self.id,
            organization_id: self.organization_id,
            scope: self.scope.0,
            origins: self.origins.0,
            status,
            label: self.label,
            minted_by: self.minted_by,
            minted_by_name: self.minted_by_name,
            signing_key_id: self.signing_key_id,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            revoked_by: self.revoked_by,
            revoked_by_name: self.revoked_by_name,
            revoke_reason: self.revoke_reason,
            last_used_at: self.last_used_at,
            last_used_origin: self.last_used_origin,
            user_id: self.customer_id,
        }
    }
}

inlined!(TokenRow: id, organization_id, scope, origins, label, customer_id, minted_by, minted_by_name, signing_key_id, created_at, expires_at,
    revoked_at, revoked_by, revoked_by_name, revoke_reason, last_used_at, last_used_origin, key_state, not_before);

macro_rules! record {
    () => {
        "select w.id, w.organization_id, w.scope, w.origins, w.label, w.customer_id, w.minted_by, w.minted_by_name,
        w.signing_key_id, w.created_at, w.expires_at, w.revoked_at, w.revoked_by, w.revoked_by_name, w.revoke_reason,
        u.last_used_at, u.last_used_origin, k.state as key_state, t.not_before
 from widget_token w
 join signing_key k on k.id = w.signing_key_id
 join tenant t on t.id = w.tenant_id
 left join widget_token_use u on u.token_id = w.id
 where w.tenant_id = $1"
    };
}

pub(super) async fn find(db: &Db, tenant: &TenantId, id: &TokenId) -> Result<Option<TokenRow>> {
    db.point(concat!(record!(), " and w.id = $2"), args![tenant, id]).await
}

const ALIVE: &str = "w.revoked_at is null and w.expires_at > ? and w.created_at >= t.not_before and k.state <> 'revoked'";

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    organization: Option<&str>,
    filter: &TokenFilter,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TokenRow>> {
    let mut select = Select::new(record!(), args![tenant]).and_if("w.organization_id = ?", organization);
    select = match (filter.status, filter.include_revoked) {
        (Some(TokenStatus::Active), _) | (None, false) => select.and(ALIVE, args![now]),
        (Some(TokenStatus::Expired), _) => {
            select.and("w.revoked_at is null and w.created_at >= t.not_before and k.state <> 'revoked' and w.expires_at <= ?", args![now])
        }
        (Some(TokenStatus::Revoked), _) => {
            select.and("(w.revoked_at is not null or w.created_at < t.not_before or k.state = 'revoked')", vec![])
        }
        (None, true) => select,
    };
    if let Some(scope) = filter.scope {
        select = select.and("w.scope like ?", args![format!("%\"{scope}\"%")]);
    }
    if let Some(origin) = &filter.origin {
        select = select.and("w.origins like ? escape '\\'", args![named_in(&Origin(origin.clone()))]);
    }
    select = select.and_if("w.minted_by = ?", filter.minted_by.as_deref());
    select = select.and_if("w.signing_key_id = ?", filter.signing_key_id.as_ref());
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let like = format!("%{}%", search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        select = select.and("(w.id = ? or lower(w.label) like ? escape '\\')", args![search, like]);
    }
    if let Some(Cursor { at, id }) = after {
        select = select.and("(w.created_at, w.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("w.created_at desc, w.id desc", limit)).await
}

/// What minting needs to know of tenant and organization.
pub(super) struct Ground {
    pub(super) slug: String,
    pub(super) default_ttl_seconds: i64,
    pub(super) max_ttl_seconds: i64,
    pub(super) allow_development_origins: bool,
    pub(super) revision: i64,
    /// The tenant's active key.
    pub(super) signing_key_id: Option<KeyId>,
    /// The organization's list.
    pub(super) origins: Vec<String>,
}

/// The same, once for each origin of the list, or once without one.
#[derive(sqlx::FromRow)]
struct GroundRow {
    slug: String,
    default_ttl_seconds: i64,
    max_ttl_seconds: i64,
    allow_development_origins: bool,
    revision: i64,
    signing_key_id: Option<KeyId>,
    origin: Option<String>,
}

inlined!(GroundRow: slug, default_ttl_seconds, max_ttl_seconds, allow_development_origins, revision, signing_key_id, origin);

/// In one statement, because a back end waits for it.
pub(super) async fn ground(db: &Db, tenant: &TenantId, organization: &OrganizationId) -> Result<Option<Ground>> {
    let rows: Vec<GroundRow> = db
        .points(
            "select t.slug, t.default_ttl_seconds, t.max_ttl_seconds, o.allow_development_origins, o.revision, k.id as signing_key_id, a.origin
             from organization o join tenant t on t.id = o.tenant_id
             left join signing_key k on k.tenant_id = t.id and k.state = 'active'
             left join organization_origin a on a.organization_id = o.id
             where t.id = $1 and o.id = $2 and o.deleted_at is null and t.suspended_at is null",
            args![tenant, organization],
        )
        .await?;
    let mut rows = rows.into_iter();
    let Some(first) = rows.next() else { return Ok(None) };
    Ok(Some(Ground {
        origins: first.origin.into_iter().chain(rows.filter_map(|row| row.origin)).collect(),
        slug: first.slug,
        default_ttl_seconds: first.default_ttl_seconds,
        max_ttl_seconds: first.max_ttl_seconds,
        allow_development_origins: first.allow_development_origins,
        revision: first.revision,
        signing_key_id: first.signing_key_id,
    }))
}

/// A tenant's own bounds; the house's are above them.
pub(super) async fn lives(db: &Db, tenant: &TenantId) -> Result<Lives> {
    db.one("select default_ttl_seconds, max_ttl_seconds from tenant where id = $1", args![tenant]).await
}

pub(super) struct NewToken<'a> {
    pub(super) id: &'a TokenId,
    pub(super) tenant: &'a TenantId,
    pub(super) organization: &'a OrganizationId,
    pub(super) revision: i64,
    pub(super) key: &'a KeyId,
    pub(super) customer: Option<&'a CustomerId>,
    pub(super) scope: &'a Listed<Scope>,
    pub(super) origins: &'a Listed<Origin>,
    pub(super) label: Option<String>,
    pub(super) minted_by_type: &'static str,
    pub(super) minted_by: &'a (String, String),
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
}

/// What a token is minted from, by the names that its values have there.
macro_rules! minted {
    ($values:literal, $tenant:literal, $organization:literal, $key:literal, $by:literal, $revision:literal) => {
        concat!(
            "select ",
            $values,
            " from organization o join signing_key k on k.id = ",
            $key,
            " where o.id = ",
            $organization,
            " and o.tenant_id = ",
            $tenant,
            " and o.deleted_at is null and o.revision = ",
            $revision,
            " and k.state in ('active', 'retiring')
           and (not exists (select 1 from dashboard_user u where u.id = ",
            $by,
            ")
                or exists (select 1 from membership m where m.user_id = ",
            $by,
            " and m.tenant_id = ",
            $tenant,
            " and m.role in ('owner', 'admin')
                           and (m.organization_id is null or m.organization_id = ",
            $organization,
            ")))
           and not exists (select 1 from api_key a where a.id = ",
            $by,
            " and a.revoked_at is not null)"
        )
    };
}

/// The columns of a new token.
macro_rules! into {
    () => {
        "insert into widget_token (id, tenant_id, organization_id, signing_key_id, scope, origins, label, minted_by_type, minted_by, minted_by_name, created_at, expires_at,
            customer_id) "
    };
}

/// Inserts only if the organization's allowlist has not narrowed since it was read, the key may still sign, and a person or API
/// key that mints still may: a removal that came in between has revoked what it found and would miss this one (RV5).
pub(super) fn insert(token: NewToken<'_>) -> Write {
    let write = Write::one(
        concat!(into!(), minted!("$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14", "$2", "$3", "$4", "$9", "$13")),
        args![
            token.id,
            token.tenant,
            token.organization,
            token.key,
            token.scope.to_json(),
            token.origins.to_json(),
            token.label,
            token.minted_by_type,
            &token.minted_by.0,
            &token.minted_by.1,
            token.created_at,
            token.expires_at,
            token.revision,
            token.customer
        ],
        Code::Conflict,
        "The organization, the signing key or your own rights changed in the meantime. Look again.",
    );
    // Row by row, as if each came alone: `offset 0` keeps the planner from joining whole tables.
    write.many(concat!(
        into!(),
        "select n.id, n.tenant, n.organization, n.key, n.scope, n.origins, n.label, n.minter_type, n.minter, n.minter_name, n.created, n.expires, n.customer
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                     $11::bigint[], $12::bigint[], $13::bigint[], $14::text[])
              n (id, tenant, organization, key, scope, origins, label, minter_type, minter, minter_name, created, expires, revision, customer)
         cross join lateral (",
        minted!("1", "n.tenant", "n.organization", "n.key", "n.minter", "n.revision"),
        " offset 0) admitted returning id"
    ))
}

#[derive(sqlx::FromRow)]
pub(super) struct Remembered {
    pub(super) body_hash: String,
    pub(super) token_id: TokenId,
}

/// What this caller minted under this key since `since`.
pub(super) async fn remembered(db: &Db, caller: &str, key_hash: &str, since: Time) -> Result<Option<Remembered>> {
    db.optional(
        "select body_hash, token_id from idempotency where caller = $1 and key_hash = $2 and created_at > $3",
        args![caller, key_hash, since],
    )
    .await
}

/// Takes the key, unless somebody took it since `since`: the loser of a race reads the winner's.
pub(super) fn remember(caller: &str, key_hash: &str, body_hash: &str, token: &TokenId, at: Time, since: Time) -> Write {
    Write::one(
        "insert into idempotency (caller, key_hash, body_hash, token_id, created_at) values ($1, $2, $3, $4, $5)
         on conflict (caller, key_hash) do update set body_hash = excluded.body_hash, token_id = excluded.token_id, created_at = excluded.created_at
         where idempotency.created_at <= $6",
        args![caller, key_hash, body_hash, token, at, since],
        Code::IdempotencyKeyReused,
        "Another request with this idempotency key is under way.",
    )
}

/// Who ended it, why, and the event that tells.
pub(super) struct Ending<'a> {
    pub(super) at: Time,
    pub(super) by: &'a (String, String),
    pub(super) reason: Option<String>,
    pub(super) event: &'a EventId,
}

pub(super) fn revoke(tenant: &TenantId, id: &TokenId, ending: Ending<'_>) -> Write {
    Write::one(
        "update widget_token set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6, revocation_event = $7
         where tenant_id = $1 and id = $2 and revoked_at is null",
        args![tenant, id, ending.at, &ending.by.0, &ending.by.1, ending.reason, ending.event],
        Code::Conflict,
        "Somebody else revoked it first.",
    )
}
