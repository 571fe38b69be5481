//! All SQL of ending many tokens, and of counting how many that would be.

use crate::{
    KeyId, OrganizationId, Result, TenantId, Time,
    crowd::on_the_way,
    db::{Arg, Db, Select, args},
    origin::{Origin, store::named_in},
    time::HOUR,
    token::{BulkRevocation, store::Ending},
    writer::Write,
};

fn bulk_args(tenant: &TenantId, filter: &BulkRevocation, now: Time) -> Vec<Arg> {
    args![
        tenant,
        now,
        filter.organization_id.as_ref().map_or("", OrganizationId::as_str),
        filter.origin.as_ref().map(|origin| named_in(&Origin(origin.clone()))).unwrap_or_default(),
        filter.minted_by.as_deref().unwrap_or_default(),
        filter.signing_key_id.as_ref().map_or("", KeyId::as_str)
    ]
}

/// The index that leads to the tokens of a filter, by what it has; the last one leads to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Minter,
    Key,
    Organization,
    Tenant,
}

impl Way {
    pub(super) fn of(filter: &BulkRevocation) -> Self {
        match filter {
            BulkRevocation { minted_by: Some(_), .. } => Self::Minter,
            BulkRevocation { organization_id: Some(_), .. } => Self::Organization,
            BulkRevocation { signing_key_id: Some(_), .. } => Self::Key,
            _ => Self::Tenant,
        }
    }

    /// How many statements there are of a kind, one for each way.
    fn pick(self, [minter, key, organization, tenant]: [&'static str; 4]) -> &'static str {
        match self {
            Self::Minter => minter,
            Self::Key => key,
            Self::Organization => organization,
            Self::Tenant => tenant,
        }
    }
}

/// The statement `$statement!(way, place)` of each way: the condition that its index begins with, and the column that it goes on with.
macro_rules! each_way {
    ($statement:ident) => {
        [
            $statement!("minted_by = $5", "expires_at"),
            $statement!("signing_key_id = $6", "expires_at"),
            $statement!("organization_id = $3", "expires_at"),
            $statement!("tenant_id = $1", "created_at"),
        ]
    };
}

/// Alive, and all that was asked for.
macro_rules! fits {
    () => {
        on_the_way!(
            "tenant_id = $1 and revoked_at is null and expires_at > $2 and ($3 = '' or organization_id = $3)
             and ($4 = '' or origins like $4 escape '\\') and ($5 = '' or minted_by = $5) and ($6 = '' or signing_key_id = $6)"
        )
    };
}

macro_rules! next_alive {
    ($way:literal, $place:literal) => {
        concat!(
            "select ",
            $place,
            " from widget_token where ",
            $way,
            " and ",
            $place,
            " >= $7 and ",
            fits!(),
            " order by ",
            $place,
            " limit 1000"
        )
    };
}

/// Selects where the next thousand lie, in their order.
pub(super) fn next_alive(tenant: &TenantId, filter: &BulkRevocation, from: Time, now: Time) -> (&'static str, Vec<Arg>) {
    let mut args = bulk_args(tenant, filter, now);
    args.extend(args![from]);
    (Way::of(filter).pick(each_way!(next_alive)), args)
}

macro_rules! end {
    () => {
        "update widget_token set revoked_at = $2, revoked_by = $7, revoked_by_name = $8, revoke_reason = $9, revocation_event = $10"
    };
}

fn ending_args(tenant: &TenantId, filter: &BulkRevocation, ending: Ending<'_>) -> Vec<Arg> {
    let mut args = bulk_args(tenant, filter, ending.at);
    args.extend(args![&ending.by.0, &ending.by.1, ending.reason, ending.event]);
    args
}

macro_rules! end_stretch {
    ($way:literal, $place:literal) => {
        concat!(end!(), " where ", $way, " and ", $place, " >= $11 and ", $place, " <= $12 and ", fits!())
    };
}

/// Ends what lies between these two, which are among them.
pub(super) fn end_stretch(tenant: &TenantId, filter: &BulkRevocation, ending: Ending<'_>, first: Time, last: Time) -> Write {
    let mut args = ending_args(tenant, filter, ending);
    args.extend(args![first, last]);
    Write::any(Way::of(filter).pick(each_way!(end_stretch)), args)
}

/// How many fit, as far as [`LIVE_COUNTED`](crate::token::LIVE_COUNTED) says.
pub(super) async fn count(db: &Db, tenant: &TenantId, filter: &BulkRevocation, now: Time) -> Result<i64> {
    let BulkRevocation { organization_id, origin, minted_by, signing_key_id, .. } = filter;
    let select = Select::new(
        "select w.revoked_at, w.expires_at, w.organization_id, w.origins, w.minted_by, w.signing_key_id from widget_token w where w.tenant_id = $1",
        args![tenant],
    );
    let select = match Way::of(filter) {
        Way::Minter => select.and_if("w.minted_by = ?", minted_by.as_deref()).and("w.expires_at > ?", args![now]),
        Way::Key => select.and_if("w.signing_key_id = ?", signing_key_id.as_ref()).and("w.expires_at > ?", args![now]),
        Way::Organization => select.and_if("w.organization_id = ?", organization_id.as_ref()).and("w.expires_at > ?", args![now]),
        // What was minted longer ago is dead (A6).
        Way::Tenant => select.and("w.created_at > ?", args![now.plus(-HOUR)]),
    };
    let place = if Way::of(filter) == Way::Tenant { "w.created_at desc" } else { "w.expires_at desc" };
    select
        .live_among(Some(place))
        .and("seen.expires_at > ?", args![now])
        .and_if("seen.organization_id = ?", organization_id.as_ref())
        .and_if("seen.origins like ? escape '\\'", origin.as_ref().map(|origin| named_in(&Origin(origin.clone()))))
        .and_if("seen.minted_by = ?", minted_by.as_deref())
        .and_if("seen.signing_key_id = ?", signing_key_id.as_ref())
        .count_live(db)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Engine, fresh};

    #[test]
    fn a_crowd_is_as_many_as_are_looked_for() {
        for next in each_way!(next_alive) {
            assert!(next.ends_with(&format!(" limit {}", crate::crowd::AT_ONCE)), "{next}");
        }
    }

    #[tokio::test]
    async fn each_way_is_a_range_of_an_index() {
        let fresh = fresh(Engine::Sqlite).await;
        let indexes = [
            "widget_token_by_minter (minted_by=? AND expires_at>?",
            "widget_token_by_key (signing_key_id=? AND expires_at>?",
            "widget_token_by_end (organization_id=? AND expires_at>?",
            "widget_token_by_tenant (tenant_id=? AND created_at>?",
        ];
        for statements in [each_way!(next_alive), each_way!(end_stretch)] {
            for (statement, index) in statements.into_iter().zip(indexes) {
                let select = Select { sql: format!("explain query plan {statement}"), args: Vec::new() };
                let plan: Vec<(i64, i64, i64, String)> = fresh.core.db().select(select).await.expect("a plan");
                assert!(plan.iter().any(|(.., step)| step.contains(index)), "{statement}: {plan:?}");
                assert!(!plan.iter().any(|(.., step)| step.contains("SCAN widget_token") || step.contains("FOR ORDER BY")), "{plan:?}");
            }
        }
    }

    /// Whatever is alive: it would else be read and sorted whole for each thousand.
    #[tokio::test]
    async fn a_crowd_is_walked_along_its_index_on_postgres_as_well() {
        let fresh = fresh(Engine::Postgres).await;
        crate::token::tests::crowds::of(&fresh, 20_000).await;
        let indexes = ["widget_token_by_minter", "widget_token_by_key", "widget_token_by_end", "widget_token_by_tenant"];
        for statements in [each_way!(next_alive), each_way!(end_stretch)] {
            for (statement, index) in statements.into_iter().zip(indexes) {
                let plan = fresh.generic_plan("widget_token", statement).await;
                assert!(plan.contains(&format!("Index Scan using {index} ")) && !plan.contains("Sort"), "{statement}:\n{plan}");
            }
        }
    }
}
