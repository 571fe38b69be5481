//! All SQL of the overview: counts over ranges of an index.

use super::{
    Checklist, KeyAtAGlance,
    memory::{Span, Whose},
};
use crate::{
    Result, TenantId, Time,
    db::{Db, Select, args},
    time::HOUR,
};

/// Narrows to the tenant or to these organizations of it, in words that lead to the index of either.
fn of(select: Select, whose: &Whose) -> Select {
    let Whose { tenant, organizations } = whose;
    let Some(ids) = organizations else { return select.and("w.tenant_id = ?", args![tenant]) };
    let among = "w.organization_id in (select o.id from organization o where o.tenant_id = ?";
    let mut select = select.and(among, args![tenant]).and_in("o.id", ids.clone());
    select.sql.push(')');
    select
}

/// Tokens minted in this time, whatever became of them, so many at most: a range of an index, and no row of the table.
pub(super) async fn minted(db: &Db, whose: &Whose, span: Span, most: i64) -> Result<i64> {
    one(db, mints(whose, span, most)).await
}

fn mints(whose: &Whose, Span { from, to }: Span, most: i64) -> Select {
    let select = Select::new("select w.created_at from widget_token w where w.created_at >= $1 and w.created_at < $2", args![from, to]);
    of(select, whose).most(most).count()
}

/// Calls refused in this time.
pub(super) async fn refused(db: &Db, whose: &Whose, span: Span) -> Result<i64> {
    one(db, refusals(whose, span)).await
}

fn refusals(whose: &Whose, Span { from, to }: Span) -> Select {
    let sum = "select coalesce(cast(sum(r.calls) as bigint), 0) from refused_calls r where r.chain = $1 and r.at >= $2 and r.at < $3";
    let select = Select::new(sum, args![&whose.tenant, from, to]);
    match &whose.organizations {
        Some(ids) => select.and_in("r.organization_id", ids.clone()),
        None => select,
    }
}

async fn one(db: &Db, select: Select) -> Result<i64> {
    let rows: Vec<(i64,)> = db.select(select).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// Tokens that the guard would let in now, as far as [`LIVE_COUNTED`](crate::token::LIVE_COUNTED) says.
pub(super) async fn live_tokens(db: &Db, whose: &Whose, now: Time) -> Result<i64> {
    living(whose, now).count_live(db).await
}

fn living(whose: &Whose, now: Time) -> Select {
    let rows =
        "select w.revoked_at, w.expires_at, w.created_at, w.signing_key_id, w.organization_id from widget_token w where w.created_at > $1";
    // What was minted longer than an hour ago is dead (A6), and of the rest the newest are likeliest to live; those of several
    // organizations have no order without all of them being sorted.
    let newest = whose.organizations.is_none().then_some("w.created_at desc");
    let select = of(Select::new(rows, args![now.plus(-HOUR)]), whose).live_among(newest);
    // What else kills is looked up once and not for each row.
    select
        .and("seen.expires_at > ?", args![now])
        .and("seen.created_at >= (select t.not_before from tenant t where t.id = ?)", args![&whose.tenant])
        .and(
            "seen.signing_key_id not in (select k.id from signing_key k where k.tenant_id = ? and k.state = 'revoked')",
            args![&whose.tenant],
        )
        .and(
            "seen.organization_id not in (select o.id from organization o where o.tenant_id = ? and o.deleted_at is not null)",
            args![&whose.tenant],
        )
}

/// Whether there is a row of a token at all.
pub(super) async fn ever_minted(db: &Db, whose: &Whose) -> Result<bool> {
    let found: Vec<(i64,)> = db.select(ever(whose)).await?;
    Ok(!found.is_empty())
}

fn ever(whose: &Whose) -> Select {
    of(Select::new("select w.created_at from widget_token w where w.created_at > $1", args![Time::default()]), whose).most(1)
}

/// The keys that the JWKS lists.
pub(super) async fn keys(db: &Db, tenant: &TenantId) -> Result<Vec<KeyAtAGlance>> {
    db.all(
        "select k.id, k.algorithm, k.state, k.created_at, k.activated_at from signing_key k
         where k.tenant_id = $1 and k.state in ('next', 'active', 'retiring')",
        args![tenant],
    )
    .await
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
        let now = core.now();
        let all = Whose { tenant: TenantId::new(now), organizations: None };
        let some = Whose { organizations: Some(vec!["org_1".to_owned(), "org_2".to_owned()]), ..all.clone() };
        let span = Span { from: now, to: now };
        let covering = "COVERING INDEX widget_token_by_";
        for (select, index) in [
            (mints(&all, span, 9), [covering, "tenant (tenant_id=? AND created_at>? AND created_at<?)"].concat()),
            (mints(&some, span, 9), [covering, "organization (organization_id=? AND created_at>? AND created_at<?)"].concat()),
            (refusals(&all, span), "audit_event_refused_calls (chain=? AND at>? AND at<?)".to_owned()),
            (refusals(&some, span), "audit_event_refused_calls (chain=? AND at>? AND at<?)".to_owned()),
            (living(&all, now), "widget_token_by_tenant (tenant_id=? AND created_at>?)".to_owned()),
            (living(&some, now), "widget_token_by_organization (organization_id=? AND created_at>?)".to_owned()),
            (ever(&all), [covering, "tenant (tenant_id=? AND created_at>?)"].concat()),
            (ever(&some), [covering, "organization (organization_id=? AND created_at>?)"].concat()),
        ] {
            let select = Select { sql: format!("explain query plan {}", select.sql), ..select };
            let plan: Vec<(i64, i64, i64, String)> = core.db().select(select).await.expect("a plan");
            assert!(plan.iter().any(|(.., step)| step.contains(&index)), "{index}: {plan:?}");
            assert!(!plan.iter().any(|(.., step)| step.contains("SCAN w") || step.contains("TEMP B-TREE")), "{plan:?}");
        }
    }
}
