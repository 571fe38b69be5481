//! All SQL of identity tokens, and of what ends them.

use super::revoke::Refused;
use crate::{
    Code, CustomerId, IdentityTokenId, KeyId, Listed, ProductId, Result, TenantId, Time, VerificationSecretId,
    crowd::on_the_way,
    db::{Arg, Db, args, inlined},
    key::KeyState,
    origin::Origin,
    time::HOUR,
    writer::Write,
};

/// What a secret's hash and a product's id are found to be, each by itself: one statement that looks at the same things whatever it finds.
#[derive(sqlx::FromRow)]
pub(super) struct Offer {
    pub(super) clock_mark: Time,
    pub(super) secret_id: Option<VerificationSecretId>,
    pub(super) secret_product_id: Option<ProductId>,
    pub(super) secret_expires_at: Option<Time>,
    pub(super) secret_held_at: Option<Time>,
    pub(super) secret_revoked_at: Option<Time>,
    pub(super) product_deleted_at: Option<Time>,
    pub(super) tenant_id: Option<TenantId>,
    pub(super) slug: Option<String>,
    pub(super) suspended_at: Option<Time>,
    pub(super) signing_key_id: Option<KeyId>,
}

inlined!(Offer: clock_mark, secret_id, secret_product_id, secret_expires_at, secret_held_at, secret_revoked_at, product_deleted_at,
    tenant_id, slug, suspended_at, signing_key_id);

impl Offer {
    /// Whether the secret is this product's.
    pub(super) fn is_of(&self, product: &ProductId) -> bool {
        self.secret_product_id.as_ref() == Some(product)
    }

    /// Why it buys nothing, for the tenant's own history.
    pub(super) fn fault(&self, product: &ProductId, now: Time) -> Option<&'static str> {
        if !self.is_of(product) {
            return Some("unknown");
        }
        if self.secret_revoked_at.is_some() {
            return Some("revoked");
        }
        if self.secret_expires_at.is_some_and(|end| end <= now) {
            return Some("expired");
        }
        if self.secret_held_at.is_some() {
            return Some("held");
        }
        (self.product_deleted_at.is_some() || self.suspended_at.is_some()).then_some("over")
    }
}

pub(super) async fn offer(db: &Db, product: &ProductId, hash: &str) -> Result<Offer> {
    let found = db
        .point(
            "select i.clock_mark, v.id as secret_id, v.product_id as secret_product_id, v.expires_at as secret_expires_at,
                    v.held_at as secret_held_at, v.revoked_at as secret_revoked_at, p.deleted_at as product_deleted_at,
                    t.id as tenant_id, t.slug, t.suspended_at, k.id as signing_key_id
             from installation i
             left join verification_secret v on v.hash = $1
             left join product p on p.id = $2
             left join tenant t on t.id = p.tenant_id
             left join signing_key k on k.tenant_id = t.id and k.state = 'active'
             where i.id = 1",
            args![hash, product],
        )
        .await?;
    found.ok_or_else(|| crate::Error::internal("the installation has no row"))
}

pub(super) struct NewToken<'a> {
    pub(super) id: &'a IdentityTokenId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) customer: &'a CustomerId,
    pub(super) secret: &'a VerificationSecretId,
    pub(super) signing_key: &'a KeyId,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
}

/// Only if everything that it comes through is still alive: what ended a moment ago has ended what it found, and would miss this one.
pub(super) fn insert(token: &NewToken<'_>) -> Write {
    Write::one(
        "insert into identity_token (id, tenant_id, product_id, customer_id, verification_secret_id, signing_key_id, created_at, expires_at)
         select $1, t.id, p.id, c.id, v.id, g.id, $7, $8
         from tenant t join product p on p.id = $3 join customer c on c.id = $4 join verification_secret v on v.id = $5
              join signing_key g on g.id = $6
         where t.id = $2 and t.suspended_at is null and p.tenant_id = $2 and p.deleted_at is null
           and c.tenant_id = $2 and c.banned_at is null and c.deleted_at is null
           and v.product_id = $3 and v.revoked_at is null and v.held_at is null and (v.expires_at is null or v.expires_at > $7)
           and g.tenant_id = $2 and g.state in ('active', 'retiring')",
        args![
            token.id,
            token.tenant,
            token.product,
            token.customer,
            token.secret,
            token.signing_key,
            token.created_at,
            token.expires_at
        ],
        Code::Conflict,
        "Something that this token comes through ended a moment ago. Try again.",
    )
}

/// What lets an identity token in, in one statement: its row, and all that it came through.
#[derive(sqlx::FromRow)]
pub(crate) struct IdentityRow {
    pub(crate) product_id: ProductId,
    pub(crate) customer_id: CustomerId,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    created_at: Time,
    pub(crate) expires_at: Time,
    revoked_at: Option<Time>,
    secret_revoked_at: Option<Time>,
    banned_at: Option<Time>,
    deleted_at: Option<Time>,
    product_deleted_at: Option<Time>,
    #[sqlx(try_from = "String")]
    signing_key_state: KeyState,
    not_before: Time,
    suspended_at: Option<Time>,
    #[sqlx(try_from = "String")]
    pub(crate) domains: Listed<Origin>,
    pub(super) clock_mark: Time,
}

inlined!(IdentityRow: product_id, customer_id, email, email_verified, name, created_at, expires_at, revoked_at, secret_revoked_at, banned_at,
    deleted_at, product_deleted_at, signing_key_state, not_before, suspended_at, domains, clock_mark);

impl IdentityRow {
    /// Whether the token and all that it came through are alive; its time is judged apart.
    pub(super) fn is_alive(&self) -> bool {
        let ended = [self.revoked_at, self.secret_revoked_at, self.banned_at, self.deleted_at, self.product_deleted_at, self.suspended_at];
        ended.iter().all(Option::is_none)
            && matches!(self.signing_key_state, KeyState::Active | KeyState::Retiring)
            && self.created_at >= self.not_before
    }
}

pub(super) async fn row(db: &Db, tenant: &TenantId, id: &str) -> Result<Option<IdentityRow>> {
    db.point(
        "select d.product_id, d.customer_id, c.email, c.email_verified, c.name, d.created_at, d.expires_at, d.revoked_at,
                v.revoked_at as secret_revoked_at, c.banned_at, c.deleted_at, p.deleted_at as product_deleted_at,
                g.state as signing_key_state, t.not_before, t.suspended_at, i.clock_mark,
                '[' || coalesce((select string_agg('\"' || o.origin || '\"', ',') from product_domain o where o.product_id = p.id), '') || ']'
                    as domains
         from identity_token d
         join verification_secret v on v.id = d.verification_secret_id
         join customer c on c.id = d.customer_id
         join product p on p.id = d.product_id
         join signing_key g on g.id = d.signing_key_id
         join tenant t on t.id = d.tenant_id
         join installation i on i.id = 1
         where d.id = $1 and d.tenant_id = $2",
        args![id, tenant],
    )
    .await
}

/// Where an expired token's product is embedded; its row may be gone already.
#[derive(sqlx::FromRow)]
pub(crate) struct PastRow {
    pub(super) product_id: ProductId,
    pub(crate) not_before: Time,
    #[sqlx(try_from = "String")]
    pub(crate) domains: Listed<Origin>,
    pub(super) clock_mark: Time,
}

inlined!(PastRow: product_id, not_before, domains, clock_mark);

/// None when product or tenant are over, or the key that signed it was revoked: then nobody knows who signed.
pub(crate) async fn past(db: &Db, tenant: &TenantId, product: &str, key: &KeyId) -> Result<Option<PastRow>> {
    db.point(
        "select p.id as product_id, t.not_before, i.clock_mark,
                '[' || coalesce((select string_agg('\"' || o.origin || '\"', ',') from product_domain o where o.product_id = p.id), '') || ']'
                    as domains
         from product p join tenant t on t.id = p.tenant_id join signing_key g on g.id = $3 and g.tenant_id = t.id
         join installation i on i.id = 1
         where p.id = $2 and p.tenant_id = $1 and p.deleted_at is null and t.suspended_at is null
           and g.state in ('active', 'retiring', 'retired')",
        args![tenant, product, key],
    )
    .await
}

/// Selects where the next thousand live ones lie that this secret bought.
pub(super) fn next_of_secret(tenant: &TenantId, secret: &VerificationSecretId, from: Time, now: Time) -> (&'static str, Vec<Arg>) {
    (
        concat!(
            "select expires_at from identity_token where verification_secret_id = $2 and expires_at >= $4 and ",
            on_the_way!("tenant_id = $1 and revoked_at is null and expires_at > $3"),
            " order by expires_at limit 1000"
        ),
        args![tenant, secret, now, from],
    )
}

/// Ends those between two places.
pub(super) fn end_stretch_of_secret(tenant: &TenantId, secret: &VerificationSecretId, at: Time, first: Time, last: Time) -> Write {
    Write::any(
        concat!(
            "update identity_token set revoked_at = $3 where verification_secret_id = $2 and expires_at >= $4 and expires_at <= $5 and ",
            on_the_way!("tenant_id = $1 and revoked_at is null and expires_at > $3")
        ),
        args![tenant, secret, at, first, last],
    )
}

/// All that this secret bought.
pub(crate) fn end_of_secret(tenant: &TenantId, secret: &VerificationSecretId, at: Time) -> Write {
    Write::any(
        "update identity_token set revoked_at = $3
         where tenant_id = $1 and verification_secret_id = $2 and revoked_at is null and expires_at > $3",
        args![tenant, secret, at],
    )
}

/// Those that the filters name together; what is left out is not asked.
pub(super) fn end_matching(tenant: &TenantId, which: &Refused, at: Time) -> Write {
    fn text<T: ToString>(id: Option<&T>) -> String {
        id.map(ToString::to_string).unwrap_or_default()
    }
    Write::any(
        "update identity_token set revoked_at = $2
         where tenant_id = $1 and revoked_at is null and expires_at > $2
           and ($3 = '' or id = $3) and ($4 = '' or verification_secret_id = $4) and ($5 = '' or product_id = $5)
           and ($6 = '' or customer_id = $6)",
        args![
            tenant,
            at,
            text(which.token.as_ref()),
            text(which.secret.as_ref()),
            text(which.product.as_ref()),
            text(which.customer.as_ref())
        ],
    )
}

/// Tokens that expired an hour ago, a thousand at a time: the hour is for processes whose clocks differ.
pub(crate) fn leftovers(now: Time) -> Write {
    Write::any(
        "delete from identity_token where id in (select id from identity_token where expires_at < $1 limit 1000)",
        args![now.plus(-HOUR)],
    )
}
