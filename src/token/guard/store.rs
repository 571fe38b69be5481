//! What the guard reads of a token, and of all that it depends on.

use crate::{
    Core, CustomerId, Listed, OrganizationId, Result, TenantId, Time,
    db::{Gather, inlined},
    key::KeyState,
    origin::Origin,
    token::Scope,
};

/// What the guard reads, in one statement: the row, the states of what it depends on, and what its customer's role holds.
#[derive(sqlx::FromRow)]
pub(in crate::token) struct GuardRow {
    pub(in crate::token) organization_id: OrganizationId,
    #[sqlx(try_from = "String")]
    pub(in crate::token) scope: Listed<Scope>,
    #[sqlx(try_from = "String")]
    pub(in crate::token) origins: Listed<Origin>,
    pub(in crate::token) created_at: Time,
    pub(in crate::token) expires_at: Time,
    pub(in crate::token) revoked_at: Option<Time>,
    #[sqlx(try_from = "String")]
    pub(in crate::token) key_state: KeyState,
    pub(in crate::token) not_before: Time,
    pub(in crate::token) suspended_at: Option<Time>,
    pub(in crate::token) deleted_at: Option<Time>,
    /// For whom it was minted, if for anybody.
    pub(in crate::token) customer_id: Option<CustomerId>,
    /// Since when that customer is banned or erased.
    pub(in crate::token) customer_ended_at: Option<Time>,
    /// What that customer's role there holds, as stored; nothing without one.
    pub(in crate::token) permissions: Option<String>,
    pub(in crate::token) clock_mark: Time,
}

/// What ended a token before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::token) enum Death {
    /// Somebody revoked it.
    Revoked,
    /// The key that signed it is retired or revoked.
    Key(KeyState),
    /// "Revoke everything" came after it.
    Everything,
    /// Its tenant is suspended.
    Tenant,
    /// Its organization was deleted.
    Organization,
    /// The customer for whom it was minted is banned or erased.
    Customer,
}

impl GuardRow {
    /// What of token, key, tenant and organization is dead, if anything; time is judged apart.
    pub(in crate::token) fn death(&self) -> Option<Death> {
        if self.revoked_at.is_some() {
            Some(Death::Revoked)
        } else if !matches!(self.key_state, KeyState::Active | KeyState::Retiring) {
            Some(Death::Key(self.key_state))
        } else if self.created_at < self.not_before {
            Some(Death::Everything)
        } else if self.suspended_at.is_some() {
            Some(Death::Tenant)
        } else if self.deleted_at.is_some() {
            Some(Death::Organization)
        } else if self.customer_ended_at.is_some() {
            Some(Death::Customer)
        } else {
            None
        }
    }
}

inlined!(GuardRow: organization_id, scope, origins, created_at, expires_at, revoked_at, key_state, not_before, suspended_at, deleted_at,
    customer_id, customer_ended_at, permissions, clock_mark);

/// Of a token for nobody in particular, as nearly all are; the row itself says whether it is one.
macro_rules! plain {
    ($id:literal, $tenant:literal) => {
        concat!(
            "select w.organization_id, w.scope, w.origins, w.created_at, w.expires_at, w.revoked_at, k.state as key_state,
                t.not_before, t.suspended_at, o.deleted_at, w.customer_id, cast(null as bigint) as customer_ended_at,
                cast(null as text) as permissions, i.clock_mark
            from widget_token w
            join signing_key k on k.id = w.signing_key_id
            join tenant t on t.id = w.tenant_id
            join organization o on o.id = w.organization_id
            join installation i on i.id = 1
            where w.id = ",
            $id,
            " and w.tenant_id = ",
            $tenant
        )
    };
}

/// The same with the customer and what their role there holds.
macro_rules! whole {
    ($id:literal, $tenant:literal) => {
        concat!(
            "select w.organization_id, w.scope, w.origins, w.created_at, w.expires_at, w.revoked_at, k.state as key_state,
                t.not_before, t.suspended_at, o.deleted_at, w.customer_id, coalesce(c.deleted_at, c.banned_at) as customer_ended_at,
                r.permissions, i.clock_mark
            from widget_token w
            join signing_key k on k.id = w.signing_key_id
            join tenant t on t.id = w.tenant_id
            join organization o on o.id = w.organization_id
            join installation i on i.id = 1
            left join customer c on c.id = w.customer_id
            left join customer_organization m on m.customer_id = w.customer_id and m.organization_id = w.organization_id
            left join customer_role r on r.id = m.role_id and r.deleted_at is null
            where w.id = ",
            $id,
            " and w.tenant_id = ",
            $tenant
        )
    };
}

/// Row by row, as if each were asked for alone: `offset 0` keeps the planner from joining whole tables.
macro_rules! each {
    ($one:ident) => {
        concat!(
            "select r.*, n.place from unnest($1::text[], $2::text[]) with ordinality n (id, tenant, place) cross join lateral (",
            $one!("n.id", "n.tenant"),
            " offset 0) r"
        )
    };
}

/// Those who wait for the guard's row.
pub(crate) struct GuardRows {
    plain: Gather<GuardRow>,
    whole: Gather<GuardRow>,
}

impl Default for GuardRows {
    fn default() -> Self {
        Self { plain: Gather::new(plain!("$1", "$2"), each!(plain)), whole: Gather::new(whole!("$1", "$2"), each!(whole)) }
    }
}

/// `for_a_customer` is what the token says of itself: it only spares the joins, for the row is asked whole when it says otherwise.
pub(in crate::token) async fn guard_row(core: &Core, tenant: &TenantId, id: &str, for_a_customer: bool) -> Result<Option<GuardRow>> {
    let (db, rows) = (core.db(), core.guard_rows());
    if !for_a_customer {
        let row = rows.plain.point(db, id, tenant.as_str()).await?;
        if row.as_ref().is_none_or(|row| row.customer_id.is_none()) {
            return Ok(row);
        }
    }
    rows.whole.point(db, id, tenant.as_str()).await
}
