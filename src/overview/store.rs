//! All SQL of the overview: counts over ranges of an index.

use super::Checklist;
use crate::{
    Result, TenantId, Time,
    db::{Db, Select, args},
    time::HOUR,
};

/// Narrows to these organizations, if to any.
fn within(select: Select, column: &'static str, organizations: Option<&[String]>) -> Select {
    match organizations {
        Some(ids) => select.and_in(column, ids.to_vec()),
        None => select,
    }
}

const MINTS: &str =
    "select w.created_at / 3600000 as hour, count(*) as count from widget_token w where w.tenant_id = $1 and w.created_at >= $2";

/// Mints by hour since the epoch.
pub(super) async fn mints(db: &Db, tenant: &TenantId, organizations: Option<&[String]>, since: Time) -> Result<Vec<(i64, i64)>> {
    let select = within(Select::new(MINTS, args![tenant, since]), "w.organization_id", organizations);
    db.select(select.group("w.created_at / 3600000")).await
}

const REFUSALS: &str =
    "select r.at / 3600000 as hour, cast(sum(r.calls) as bigint) as count from refused_calls r where r.chain = $1 and r.at >= $2";

/// Refused calls by hour since the epoch.
pub(super) async fn refusals(db: &Db, tenant: &TenantId, organizations: Option<&[String]>, since: Time) -> Result<Vec<(i64, i64)>> {
    let select = within(Select::new(REFUSALS, args![tenant, since]), "r.organization_id", organizations);
    db.select(select.group("r.at / 3600000")).await
}

/// What was minted longer than an hour ago is dead (A6), so that the index is read no further back. What else kills is looked up
/// once and not for each row.
const LIVE: &str = "select w.id from widget_token w
     where w.tenant_id = $1 and w.created_at > $2 and w.expires_at > $3 and w.revoked_at is null
       and w.created_at >= (select t.not_before from tenant t where t.id = $1)
       and w.signing_key_id not in (select k.id from signing_key k where k.tenant_id = $1 and k.state = 'revoked')
       and w.organization_id not in (select o.id from organization o where o.tenant_id = $1 and o.deleted_at is not null)";

/// Tokens that the guard would let in now, so many of them at most.
pub(super) async fn live_tokens(db: &Db, tenant: &TenantId, organizations: Option<&[String]>, now: Time, most: i64) -> Result<i64> {
    let select = within(Select::new(LIVE, args![tenant, now.plus(-HOUR), now]), "w.organization_id", organizations);
    let counted: Vec<(i64,)> = db.select(select.count(most)).await?;
    Ok(counted.first().map_or(0, |(count,)| *count))
}

/// Whether there is a row of a token at all.
pub(super) async fn ever_minted(db: &Db, tenant: &TenantId, organizations: Option<&[String]>) -> Result<bool> {
    let select =
        within(Select::new("select w.id from widget_token w where w.tenant_id = $1", args![tenant]), "w.organization_id", organizations);
    let found: Vec<(String,)> = db.select(select.order("w.created_at desc, w.id desc", 1)).await?;
    Ok(!found.is_empty())
}

/// Every tick in one statement. Uses are looked for among the newest thousand tokens only: they have no tenant of their own.
pub(super) async fn checklist(db: &Db, tenant: &TenantId) -> Result<Checklist> {
    db.one(
        "select
            exists (select 1 from organization o where o.tenant_id = $1) as organization,
            exists (select 1 from audit_event e where e.chain = $1 and e.action = 'origin.added') as origin,
            exists (select 1 from widget_token w where w.tenant_id = $1) as token,
            exists (select 1 from (select w.id from widget_token w where w.tenant_id = $1 order by w.created_at desc, w.id desc limit 1000) n
                    join widget_token_use u on u.token_id = n.id) as call,
            exists (select 1 from audit_event e where e.chain = $1 and e.action in ('widget_token.revoked', 'widget_token.bulk_revoked')) as revoked,
            (exists (select 1 from api_key k where k.tenant_id = $1)
             or (select count(distinct m.user_id) from membership m where m.tenant_id = $1) > 1) as company",
        args![tenant],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Engine, fresh};

    #[tokio::test]
    async fn every_count_is_a_range_of_an_index() {
        let fresh = fresh(Engine::Sqlite).await;
        let core = &fresh.core;
        let tenant = TenantId::new(core.now());
        for (explain, index) in [
            (
                "explain query plan select w.created_at / 3600000, count(*) from widget_token w where w.tenant_id = $1 and w.created_at >= $2",
                "widget_token_by_tenant (tenant_id=? AND created_at>?)",
            ),
            (
                "explain query plan select r.at / 3600000, sum(r.calls) from refused_calls r where r.chain = $1 and r.at >= $2",
                "audit_event_refused_calls (chain=? AND at>?)",
            ),
        ] {
            let select = Select::new(explain, args![&tenant, core.now()]).group("1");
            let plan: Vec<(i64, i64, i64, String)> = core.db().select(select).await.expect("a plan");
            assert!(plan.iter().any(|(.., step)| step.contains(index)), "{index}: {plan:?}");
            assert!(!plan.iter().any(|(.., step)| step.contains("SCAN")), "{plan:?}");
        }
    }
}
