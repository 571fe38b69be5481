//! All SQL of customer sessions, and of what ends them.

use super::{CustomerSession, CustomerSessionStatus, Shared, Way};
use crate::{
    BridgeKeyId, Code, CustomerId, CustomerSessionId, EmbedKeyId, KeptSignInId, KeyId, Listed, OrganizationId, Origination, ProductId,
    Result, TenantId, Time,
    crowd::on_the_way,
    db::{Arg, Db, Select, args, inlined},
    embed_key::KeyMode,
    kept_sign_in::store::still_kept,
    key::KeyState,
    origin::Origin,
    page::Cursor,
    time::DAY,
    writer::Write,
};

/// What lets a session in, in one statement: its row, and all that it came through.
#[derive(sqlx::FromRow)]
pub(crate) struct VisitRow {
    pub(crate) customer_id: CustomerId,
    pub(super) external_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(super) product_id: ProductId,
    pub(crate) embed_key_id: EmbedKeyId,
    /// What a browser keeps of it.
    pub(crate) kept_id: Option<KeptSignInId>,
    #[sqlx(try_from = "String")]
    pub(super) mode: KeyMode,
    #[sqlx(try_from = "String")]
    pub(crate) way: Way,
    pub(super) latest_jti: Option<String>,
    pub(super) previous_jti: Option<String>,
    pub(super) signing_key_id: KeyId,
    pub(super) refreshed_at: Time,
    pub(super) organization_id: Option<OrganizationId>,
    pub(crate) created_at: Time,
    pub(super) expires_at: Time,
    pub(crate) ends_at: Time,
    pub(super) revoked_at: Option<Time>,
    pub(super) banned_at: Option<Time>,
    pub(super) deleted_at: Option<Time>,
    #[sqlx(try_from = "String")]
    pub(super) origins: Listed<Origin>,
    pub(super) key_disabled_at: Option<Time>,
    pub(super) key_expires_at: Option<Time>,
    pub(super) key_not_before: Option<Time>,
    pub(super) bridge_revoked_at: Option<Time>,
    pub(super) product_deleted_at: Option<Time>,
    #[sqlx(try_from = "String")]
    pub(super) signing_key_state: KeyState,
    pub(super) slug: String,
    pub(super) not_before: Time,
    pub(super) suspended_at: Option<Time>,
    pub(super) active_key_id: Option<KeyId>,
    pub(super) clock_mark: Time,
}

inlined!(VisitRow: customer_id, external_id, email, email_verified, name, product_id, embed_key_id, kept_id, mode, way, latest_jti, previous_jti,
    signing_key_id, refreshed_at, organization_id, created_at, expires_at, ends_at,
    revoked_at, banned_at, deleted_at, origins, key_disabled_at, key_expires_at, key_not_before, bridge_revoked_at,
    product_deleted_at, signing_key_state,
    slug, not_before, suspended_at, active_key_id, clock_mark);

impl VisitRow {
    /// Whether the session and all that it came through are alive; its own time is judged apart.
    pub(super) fn is_alive(&self, now: Time) -> bool {
        let ended = [
            self.revoked_at,
            self.banned_at,
            self.deleted_at,
            self.key_disabled_at,
            self.bridge_revoked_at,
            self.product_deleted_at,
            self.suspended_at,
        ];
        ended.iter().all(Option::is_none)
            && self.key_expires_at.is_none_or(|end| end > now)
            && self.key_not_before.is_none_or(|before| self.created_at > before)
            && matches!(self.signing_key_state, KeyState::Active | KeyState::Retiring)
            && self.created_at >= self.not_before
    }
}

/// `signed_by` is the key of the JWT that is shown, which an earlier refresh may have been signed with.
pub(super) async fn visit(db: &Db, tenant: &TenantId, id: &CustomerSessionId, signed_by: &KeyId) -> Result<Option<VisitRow>> {
    db.point(
        "select s.customer_id, c.external_id, c.email, c.email_verified, c.name, s.product_id, s.embed_key_id, s.kept_id,
                s.mode, s.way, s.latest_jti,
                s.previous_jti, s.signing_key_id, s.refreshed_at, s.organization_id, s.created_at,
                s.expires_at, s.ends_at, s.revoked_at, c.banned_at, c.deleted_at, k.origins, k.disabled_at as key_disabled_at,
                k.expires_at as key_expires_at, k.not_before as key_not_before,
                b.revoked_at as bridge_revoked_at, p.deleted_at as product_deleted_at,
                g.state as signing_key_state, t.slug, t.not_before, t.suspended_at, a.id as active_key_id, i.clock_mark
         from customer_session s
         join customer c on c.id = s.customer_id
         join embed_key k on k.id = s.embed_key_id
         join product p on p.id = s.product_id
         join tenant t on t.id = s.tenant_id
         join signing_key g on g.id = $3 and g.tenant_id = s.tenant_id
         join installation i on i.id = 1
         left join bridge_key b on b.id = s.bridge_key_id
         left join signing_key a on a.tenant_id = s.tenant_id and a.state = 'active'
         where s.id = $1 and s.tenant_id = $2",
        args![id, tenant, signed_by],
    )
    .await
}

pub(super) struct NewSession<'a> {
    pub(super) id: &'a CustomerSessionId,
    pub(super) tenant: &'a TenantId,
    pub(super) product: &'a ProductId,
    pub(super) customer: &'a CustomerId,
    pub(super) embed_key: &'a EmbedKeyId,
    pub(super) way: Way,
    pub(super) bridge_key: Option<&'a BridgeKeyId>,
    pub(super) organization: Option<&'a OrganizationId>,
    pub(super) signing_key: &'a KeyId,
    pub(super) origin: &'a str,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
    pub(super) ends_at: Time,
    /// Of a sign-in, whose refreshes are told apart.
    pub(super) latest_jti: Option<&'a str>,
    /// What it was restored from.
    pub(super) kept: Option<&'a KeptSignInId>,
    pub(super) from: &'a Origination,
}

/// Only if everything that it comes through is still alive: what ended a moment ago has ended what it found, and would miss this one.
/// The session has the mode of its customer, and that is the key's.
pub(super) fn insert(session: &NewSession<'_>) -> Write {
    Write::one(
        "insert into customer_session (id, tenant_id, product_id, customer_id, embed_key_id, mode, way, bridge_key_id, organization_id,
            signing_key_id, origin, created_at, refreshed_at, expires_at, ends_at, ip, user_agent, latest_jti, kept_id)
         select $1, $2, $3, c.id, k.id, c.mode, $6, $7, $8, g.id, $10, $11, $11, $12, $13, $14, $15, $16, $17
         from customer c join embed_key k on k.id = $5 and k.mode = c.mode and k.product_id = $3 join signing_key g on g.id = $9
         where c.id = $4 and c.tenant_id = $2 and c.banned_at is null and c.deleted_at is null
           and k.tenant_id = $2 and k.disabled_at is null and g.tenant_id = $2 and g.state in ('active', 'retiring')
           and ($7 is null or exists (select 1 from bridge_key b
                where b.id = $7 and b.product_id = $3 and b.state in ('next', 'active', 'retiring') and b.held_at is null))",
        args![
            session.id,
            session.tenant,
            session.product,
            session.customer,
            session.embed_key,
            &session.way,
            session.bridge_key,
            session.organization,
            session.signing_key,
            session.origin,
            session.created_at,
            session.expires_at,
            session.ends_at,
            session.from.ip.clone(),
            session.from.user_agent.clone(),
            session.latest_jti,
            session.kept
        ],
        Code::Conflict,
        "Something that this session comes through ended a moment ago. Try again.",
    )
}

/// A session that a browser keeps from now on; one is kept once.
pub(crate) fn keep(id: &CustomerSessionId, kept: &KeptSignInId, at: Time) -> Write {
    Write::one(
        "update customer_session set kept_id = $2 where id = $1 and kept_id is null and revoked_at is null and expires_at > $3
           and exists (select 1 from embed_key e where e.id = embed_key_id and e.disabled_at is null
                       and customer_session.created_at > coalesce(e.not_before, 0))",
        args![id, kept, at],
        Code::Conflict,
        "This session is kept already, or it ended a moment ago.",
    )
}

/// A new JWT for a session that is alive; never past its end, and not if what signed the one before was revoked meanwhile: whoever ends
/// all that it signed would miss this one.
pub(super) fn refresh(id: &CustomerSessionId, signing_key: &KeyId, at: Time, expires_at: Time) -> Write {
    Write::one(
        "update customer_session set refreshed_at = $3, expires_at = $4, signing_key_id = $2
         where id = $1 and revoked_at is null and expires_at > $3 and ends_at >= $4
           and not exists (select 1 from signing_key g where g.id = customer_session.signing_key_id and g.state = 'revoked')",
        args![id, signing_key, at, expires_at],
        Code::SessionRevoked,
        "This session has ended.",
    )
}

/// The same for a sign-in, for whoever shows the latest JWT: of several who do at once one finds it so, on every process.
pub(super) fn rotate(id: &CustomerSessionId, signing_key: &KeyId, shown: &str, fresh: &str, at: Time, expires_at: Time) -> Write {
    Write::one(
        "update customer_session set refreshed_at = $3, expires_at = $4, signing_key_id = $2, previous_jti = latest_jti, latest_jti = $6
         where id = $1 and latest_jti = $5 and revoked_at is null and expires_at > $3 and ends_at >= $4
           and not exists (select 1 from signing_key g where g.id = customer_session.signing_key_id and g.state = 'revoked')",
        args![id, signing_key, at, expires_at, shown, fresh],
        Code::Conflict,
        "This token was refreshed a moment ago.",
    )
}

/// What was revoked, or was alive when its key was disabled, whether its row says so or not.
macro_rules! revoked {
    () => {
        "(s.revoked_at is not null or s.created_at < t.not_before
          or (s.created_at <= coalesce(e.not_before, 0) and s.expires_at > coalesce(e.not_before, 0)))"
    };
}

const RECORD: &str = concat!(
    "select s.id, s.customer_id, s.product_id, s.embed_key_id, s.mode, s.way, s.bridge_key_id, s.organization_id, s.origin,
        s.created_at, s.refreshed_at, s.expires_at, s.ends_at, s.ip, s.user_agent, s.revoked_at, s.revoked_by, s.revoked_by_name,
        s.revoke_reason,
        case when k.ends_at > $1 and k.created_at >= t.not_before and ",
    still_kept!(),
    " then k.ends_at end as kept_until,
        case when ",
    revoked!(),
    " then 'revoked'
             when s.expires_at <= $1 then 'expired' else 'active' end as status
     from customer_session s join tenant t on t.id = s.tenant_id
     join embed_key e on e.id = s.embed_key_id join product p on p.id = s.product_id
     left join kept_sign_in k on k.id = s.kept_id
     where s.tenant_id = $2 and s.customer_id = $3"
);

pub(super) async fn list(
    db: &Db,
    tenant: &TenantId,
    customer: &CustomerId,
    status: Option<CustomerSessionStatus>,
    now: Time,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CustomerSession>> {
    let mut select = Select::new(RECORD, args![now, tenant, customer]);
    select = match status {
        Some(CustomerSessionStatus::Active) => select.and(concat!("not ", revoked!(), " and s.expires_at > ?"), args![now]),
        Some(CustomerSessionStatus::Expired) => select.and(concat!("not ", revoked!(), " and s.expires_at <= ?"), args![now]),
        Some(CustomerSessionStatus::Revoked) => select.and(revoked!(), args![]),
        None => select,
    };
    if let Some(Cursor { at, id }) = after {
        select = select.and("(s.created_at, s.id) < (?, ?)", args![at, id]);
    }
    db.select(select.order("s.created_at desc, s.id desc", limit)).await
}

pub(super) async fn find(
    db: &Db,
    tenant: &TenantId,
    customer: &CustomerId,
    id: &CustomerSessionId,
    now: Time,
) -> Result<Option<CustomerSession>> {
    Ok(db.select(Select::new(RECORD, args![now, tenant, customer]).and("s.id = ?", args![id])).await?.pop())
}

/// Who ended a session, and why.
pub(crate) struct Ending<'a> {
    pub(crate) at: Time,
    pub(crate) by: &'a (String, String),
    pub(crate) reason: Option<&'a str>,
}

macro_rules! endings {
    ($($(#[$doc:meta])* $name:ident($id:ident: $type:ty) $column:literal, kept $kept:literal;)+) => {$(
        $(#[$doc])*
        /// First what browsers keep of them: a restore locks that row too, so what it opens is ended here or never opened. The second
        /// statement counts.
        pub(crate) fn $name(tenant: &TenantId, $id: $type, ending: &Ending<'_>) -> [Write; 2] {
            let args = || args![tenant, $id, ending.at, &ending.by.0, &ending.by.1, ending.reason];
            [
                Write::any(
                    concat!(
                        "update kept_sign_in set ended_at = $3, ended_by = $4, ended_by_name = $5, end_reason = $6
                         where tenant_id = $1 and ended_at is null and ends_at > $3 and ", $kept
                    ),
                    args(),
                ),
                Write::any(
                    concat!(
                        "update customer_session set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6
                         where tenant_id = $1 and ", $column, " and revoked_at is null and expires_at > $3"
                    ),
                    args(),
                ),
            ]
        }
    )+};
}

endings! {
    /// One, and whatever was restored from the same sign-in.
    end(id: &CustomerSessionId) "(id = $2 or kept_id = (select s.kept_id from customer_session s where s.id = $2))",
        kept "id = (select s.kept_id from customer_session s where s.id = $2)";
    /// All of a customer.
    end_of_customer(customer: &CustomerId) "customer_id = $2", kept "customer_id = $2";
    /// All that were restored from what a browser keeps, which ends too.
    end_of_kept(kept: &KeptSignInId) "kept_id = $2", kept "id = $2";
}

/// The next thousand, and those of a stretch: what the index begins with, and what else is asked.
macro_rules! stretches {
    ($way:literal, $and:literal) => {
        (
            concat!(
                "select expires_at from customer_session where ",
                $way,
                " and expires_at >= $4 and ",
                on_the_way!(concat!($and, " and revoked_at is null and expires_at > $3")),
                " order by expires_at limit 1000"
            ),
            concat!(
                "update customer_session set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6 where ",
                $way,
                " and expires_at >= $7 and expires_at <= $8 and ",
                on_the_way!(concat!($and, " and revoked_at is null and expires_at > $3"))
            ),
        )
    };
}

pub(super) fn stretches(of: Shared<'_>) -> (&'static str, &'static str) {
    match of {
        Shared::EmbedKey(_) => stretches!("embed_key_id = $2", "tenant_id = $1"),
        Shared::BridgeKey(_) => stretches!("tenant_id = $1", "bridge_key_id = $2"),
        Shared::Product(_) => stretches!("tenant_id = $1", "product_id = $2"),
        Shared::SigningKey(_) => stretches!("signing_key_id = $2", "tenant_id = $1"),
    }
}

/// Selects where the next thousand live ones lie, in their order.
pub(super) fn next_of(tenant: &TenantId, of: Shared<'_>, id: &str, from: Time, now: Time) -> (&'static str, Vec<Arg>) {
    (stretches(of).0, args![tenant, id, now, from])
}

/// Ends those between two places.
pub(super) fn end_stretch(tenant: &TenantId, of: Shared<'_>, id: &str, ending: &Ending<'_>, first: Time, last: Time) -> Write {
    Write::any(stretches(of).1, args![tenant, id, ending.at, &ending.by.0, &ending.by.1, ending.reason, first, last])
}

/// One that is alive, and nobody ended a moment ago.
pub(super) fn end_reused(tenant: &TenantId, id: &CustomerSessionId, ending: &Ending<'_>) -> Write {
    Write::one(
        "update customer_session set revoked_at = $3, revoked_by = $4, revoked_by_name = $5, revoke_reason = $6
         where tenant_id = $1 and id = $2 and revoked_at is null",
        args![tenant, id, ending.at, &ending.by.0, &ending.by.1, ending.reason],
        Code::SessionRevoked,
        "This session has been ended.",
    )
}

/// Every live one of the tenant, after a restore; the second statement counts.
pub(crate) fn end_of_tenant(tenant: &TenantId, at: Time) -> [Write; 2] {
    [
        Write::any(
            "update kept_sign_in set ended_at = $2, end_reason = 'A backup was restored.'
             where tenant_id = $1 and ended_at is null and ends_at > $2",
            args![tenant, at],
        ),
        Write::any(
            "update customer_session set revoked_at = $2, revoke_reason = 'A backup was restored.'
             where tenant_id = $1 and revoked_at is null and expires_at > $2",
            args![tenant, at],
        ),
    ]
}

/// What nobody needs to see any more: sessions that ended a month ago, a thousand at a time.
pub(crate) fn leftovers(now: Time) -> Write {
    Write::any(
        "delete from customer_session where id in (select id from customer_session where ends_at < $1 limit 1000)",
        args![now.plus(-30 * DAY)],
    )
}
