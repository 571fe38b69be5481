//! All SQL of kept sign-ins but what ends them with their sessions, which stands with those.

use crate::{
    Code, CustomerId, EmbedKeyId, KeptSignInId, Result, TenantId, Time,
    customer_session::{Way, store::Ending},
    db::{Db, args},
    time::DAY,
    writer::Write,
};

/// Whether it (`k`) and what it came through hold: its embed key (`e`), its product (`p`), and whatever signed its sessions. Nothing marks
/// its row for those, because rows may be a million; what is let in again revives none.
macro_rules! still_kept {
    () => {
        "(k.ended_at is null and e.disabled_at is null and k.created_at > coalesce(e.not_before, 0)
          and p.deleted_at is null and p.keep_signed_in and k.created_at > coalesce(p.kept_not_before, 0)
          and not exists (select 1 from customer_session x join signing_key g on g.id = x.signing_key_id
                          where x.kept_id = k.id and g.state = 'revoked'))"
    };
}
pub(crate) use still_kept;

/// What the secret that was shown is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// What the cookie holds.
    Latest,
    /// What it held before the latest restore.
    Previous,
}

/// A kept sign-in, and all that it hangs on, in one statement.
#[derive(sqlx::FromRow)]
pub(super) struct KeptRow {
    pub(super) id: KeptSignInId,
    pub(super) embed_key_id: EmbedKeyId,
    #[sqlx(try_from = "String")]
    pub(super) way: Way,
    pub(super) origin: String,
    #[sqlx(try_from = "bool", rename = "is_latest")]
    pub(super) shown: Shown,
    pub(super) rotated_at: Time,
    pub(super) created_at: Time,
    pub(super) ends_at: Time,
    still_kept: bool,
    pub(super) customer_id: CustomerId,
    pub(super) external_id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    banned_at: Option<Time>,
    deleted_at: Option<Time>,
    key_expires_at: Option<Time>,
    not_before: Time,
    suspended_at: Option<Time>,
}

impl From<bool> for Shown {
    fn from(is_latest: bool) -> Self {
        if is_latest { Self::Latest } else { Self::Previous }
    }
}

impl KeptRow {
    /// Whether it and all that it came through are alive.
    pub(super) fn is_alive(&self, now: Time) -> bool {
        let ended = [self.banned_at, self.deleted_at, self.suspended_at];
        self.still_kept
            && ended.iter().all(Option::is_none)
            && self.ends_at > now
            && self.key_expires_at.is_none_or(|end| end > now)
            && self.created_at >= self.not_before
    }
}

/// By the latest secret or the one before.
pub(super) async fn find(db: &Db, tenant: &TenantId, hash: &str) -> Result<Option<KeptRow>> {
    db.optional(
        concat!(
            "select k.id, k.embed_key_id, k.way, k.origin, (k.secret_hash = $1) as is_latest, k.rotated_at, k.created_at, k.ends_at, ",
            still_kept!(),
            " as still_kept,
                c.id as customer_id, c.external_id, c.email, c.name, c.banned_at, c.deleted_at, e.expires_at as key_expires_at,
                t.not_before, t.suspended_at
         from kept_sign_in k
         join customer c on c.id = k.customer_id
         join embed_key e on e.id = k.embed_key_id
         join product p on p.id = e.product_id
         join tenant t on t.id = k.tenant_id
         where (k.secret_hash = $1 or k.previous_hash = $1) and k.tenant_id = $2"
        ),
        args![hash, tenant],
    )
    .await
}

/// Whose it is that a secret stands for.
#[derive(sqlx::FromRow)]
pub(super) struct OwnerRow {
    pub(super) id: KeptSignInId,
    pub(super) tenant_id: TenantId,
    pub(super) customer_id: CustomerId,
}

/// If it has not ended yet.
pub(super) async fn whose(db: &Db, hash: &str, now: Time) -> Result<Option<OwnerRow>> {
    db.optional(
        "select id, tenant_id, customer_id from kept_sign_in
         where (secret_hash = $1 or previous_hash = $1) and ended_at is null and ends_at > $2",
        args![hash, now],
    )
    .await
}

pub(super) struct NewKept<'a> {
    pub(super) id: &'a KeptSignInId,
    pub(super) tenant: &'a TenantId,
    pub(super) customer: &'a CustomerId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) way: Way,
    pub(super) origin: &'a str,
    pub(super) secret_hash: String,
    pub(super) at: Time,
    pub(super) ends_at: Time,
}

/// Only while the switch is on and the customer may come in: what ended a moment ago has ended what it found, and would miss this one.
pub(super) fn insert(kept: &NewKept<'_>) -> Write {
    Write::one(
        "insert into kept_sign_in (id, tenant_id, customer_id, embed_key_id, way, origin, secret_hash, rotated_at, created_at, ends_at)
         select $1, $2, c.id, k.id, $5, $6, $7, $8, $8, $9
         from customer c join embed_key k on k.id = $4 join product p on p.id = k.product_id
         where c.id = $3 and c.tenant_id = $2 and c.banned_at is null and c.deleted_at is null and k.tenant_id = $2
           and k.disabled_at is null and p.keep_signed_in and p.deleted_at is null",
        args![kept.id, kept.tenant, kept.customer, kept.embed_key, &kept.way, kept.origin, &kept.secret_hash, kept.at, kept.ends_at],
        Code::Conflict,
        "Something that this session comes through ended a moment ago.",
    )
}

/// Whether the one with id $1 holds now: what it came through may have ended since it was read.
macro_rules! holds {
    () => {
        concat!(
            "exists (select 1 from kept_sign_in k join embed_key e on e.id = k.embed_key_id join product p on p.id = e.product_id
                     where k.id = $1 and ",
            still_kept!(),
            ")"
        )
    };
}

/// Of several who show the same one, in any process, one replaces it.
pub(super) fn rotate(id: &KeptSignInId, shown: &str, next: &str, at: Time) -> Write {
    Write::one(
        concat!(
            "update kept_sign_in set previous_hash = secret_hash, secret_hash = $3, rotated_at = $4
             where id = $1 and secret_hash = $2 and ended_at is null and ends_at > $4 and ",
            holds!()
        ),
        args![id, shown, next, at],
        Code::Conflict,
        "This was restored a moment ago.",
    )
}

/// For the others: it changes nothing, and holds the row until their session is written.
pub(super) fn hold(id: &KeptSignInId, shown: &str, next: &str, at: Time) -> Write {
    Write::one(
        concat!(
            "update kept_sign_in set rotated_at = rotated_at
             where id = $1 and previous_hash = $2 and secret_hash = $3 and ended_at is null and ends_at > $4 and ",
            holds!()
        ),
        args![id, shown, next, at],
        Code::Conflict,
        "This was restored a moment ago.",
    )
}

/// One, by whom and why. Its sessions live on.
pub(super) fn end(tenant: &TenantId, id: &KeptSignInId, ending: &Ending<'_>) -> Write {
    Write::any(
        "update kept_sign_in set ended_at = $3, ended_by = $4, ended_by_name = $5, end_reason = $6
         where tenant_id = $1 and id = $2 and ended_at is null",
        args![tenant, id, ending.at, &ending.by.0, &ending.by.1, ending.reason],
    )
}

/// The same for one that nobody ended a moment ago.
pub(super) fn end_copied(tenant: &TenantId, id: &KeptSignInId, ending: &Ending<'_>) -> Write {
    Write::one(
        "update kept_sign_in set ended_at = $3, ended_by = $4, ended_by_name = $5, end_reason = $6
         where tenant_id = $1 and id = $2 and ended_at is null",
        args![tenant, id, ending.at, &ending.by.0, &ending.by.1, ending.reason],
        Code::Conflict,
        "This ended a moment ago.",
    )
}

/// What nobody needs to see any more, after the sessions that came of it; a thousand at a time.
pub(crate) fn leftovers(now: Time) -> Write {
    Write::any(
        "delete from kept_sign_in where id in
            (select k.id from kept_sign_in k where k.ends_at < $1
                and not exists (select 1 from customer_session s where s.kept_id = k.id) limit 1000)",
        args![now.plus(-30 * DAY)],
    )
}
