//! All SQL that reads history. What writes it is `append.rs`.

use super::{Action, Outcome, append::INSTALLATION};
use crate::{
    EventId, Result, TenantId, Time,
    db::{Db, Select, args},
    time::MINUTE,
};

/// A row as stored: its text, and its place in the chain.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) body: String,
    pub(super) hash: String,
}

/// By how much the order of `at` may differ from that of `seq`: begun and committed, or written by two machines.
const DISORDER: i64 = 10 * MINUTE;

/// Conditions on the events of one tenant; `seq` lies between `above` and `below`, both excluded.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) chain: String,
    pub(super) actions: Option<Vec<Action>>,
    pub(super) not_actions: Vec<Action>,
    pub(super) actor: Option<String>,
    pub(super) target: Option<String>,
    /// An event that belongs to the target's history although it names another target, or none.
    pub(super) also: Option<EventId>,
    pub(super) organizations: Option<Vec<String>>,
    pub(super) outcome: Option<Outcome>,
    pub(super) from: Option<Time>,
    pub(super) to: Option<Time>,
    pub(super) above: i64,
    pub(super) below: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    NewestFirst,
    OldestFirst,
}

/// The one condition that an index serves in the order of `seq`; a list of values is one statement for each, merged here,
/// so that the deepest page reads no more rows than the first.
#[derive(Debug, Clone)]
enum Lead {
    Also(EventId),
    Target(String),
    Actor(String),
    Organization(String),
    Action(Action),
    Outcome(Outcome),
    Whole,
}

impl Query {
    pub(super) fn new(tenant: &TenantId) -> Self {
        Self {
            chain: tenant.to_string(),
            actions: None,
            not_actions: Vec::new(),
            actor: None,
            target: None,
            also: None,
            organizations: None,
            outcome: None,
            from: None,
            to: None,
            above: 0,
            below: i64::MAX,
        }
    }

    fn leads(&self) -> Vec<Lead> {
        if let Some(target) = &self.target {
            let also = self.also.clone().map(Lead::Also);
            return also.into_iter().chain([Lead::Target(target.clone())]).collect();
        }
        if let Some(actor) = &self.actor {
            return vec![Lead::Actor(actor.clone())];
        }
        if let Some(organizations) = &self.organizations {
            return organizations.iter().cloned().map(Lead::Organization).collect();
        }
        if let Some(actions) = &self.actions {
            return actions.iter().copied().map(Lead::Action).collect();
        }
        match self.outcome {
            Some(outcome) if outcome != Outcome::Success => vec![Lead::Outcome(outcome)],
            _ => vec![Lead::Whole],
        }
    }

    fn statement(&self, head: &'static str, lead: &Lead, order: Order, rows: i64) -> Select {
        let select = Select::new(head, args![&self.chain, self.above, self.below]);
        let select = match lead {
            Lead::Also(id) => select.and("id = ?", args![id]),
            Lead::Target(id) => select.and("target_id = ?", args![id]),
            Lead::Actor(id) => select.and("actor_id = ?", args![id]),
            Lead::Organization(id) => select.and("organization_id = ?", args![id]),
            Lead::Action(action) => select.and("action = ?", args![action]),
            // The index leaves out what nearly all are; the planners take it for a condition that reads the same.
            Lead::Outcome(outcome) => select.and("outcome = ? and outcome <> 'success'", args![outcome]),
            Lead::Whole => select,
        };
        let select = match (&self.organizations, lead) {
            (None, _) | (_, Lead::Organization(_)) => select,
            (Some(ids), _) => select.and_in("organization_id", ids.clone()),
        };
        let select = match (&self.actions, lead) {
            (None, _) | (_, Lead::Action(_)) => select,
            (Some(actions), _) => select.and_in("action", words(actions)),
        };
        let select = if self.not_actions.is_empty() { select } else { select.and_not_in("action", words(&self.not_actions)) };
        let select = match (&self.outcome, lead) {
            (Some(outcome), lead) if !matches!(lead, Lead::Outcome(_)) => select.and("outcome = ?", args![outcome]),
            _ => select,
        };
        let select = select.and_if("at >= ?", self.from).and_if("at < ?", self.to);
        match order {
            Order::NewestFirst => select.order("seq desc", rows),
            Order::OldestFirst => select.order("seq", rows),
        }
    }

    /// Turns the span of time into one of `seq`, so that the rows before and after it are not read.
    ///
    /// Not after the clock was set back by hand: then a later row may bear a much earlier time.
    pub(super) async fn within_its_time(mut self, db: &Db) -> Result<Self> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(self);
        }
        let set_back: Option<(i64,)> = db
            .optional(
                "select seq from audit_event where chain = $1 and action = $2 order by seq limit 1",
                args![INSTALLATION, &Action::ClockAccepted],
            )
            .await?;
        if set_back.is_some() {
            return Ok(self);
        }
        if let Some(from) = self.from {
            let (place, _) = place_of(db, &self.chain, from.plus(-DISORDER)).await?;
            self.above = self.above.max(place - 1);
        }
        if let Some(to) = self.to {
            let (place, end) = place_of(db, &self.chain, to.plus(DISORDER)).await?;
            // Where nothing is later yet, what is written meanwhile may still be of this time: an export records itself.
            if place < end {
                self.below = self.below.min(place);
            }
        }
        Ok(self)
    }

    /// At most `rows` of them.
    pub(super) async fn rows(&self, db: &Db, order: Order, rows: i64) -> Result<Vec<Stored>> {
        let mut found: Vec<Stored> = Vec::new();
        for lead in self.leads() {
            found.extend(db.select::<Stored>(self.statement(ROWS, &lead, order, rows)).await?);
        }
        match order {
            Order::NewestFirst => found.sort_unstable_by_key(|row| std::cmp::Reverse(row.seq)),
            Order::OldestFirst => found.sort_unstable_by_key(|row| row.seq),
        }
        found.dedup_by_key(|row| row.seq);
        found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
        Ok(found)
    }
}

/// Where the rows of this time and later begin, if all were in the order of time, and where the next row will be: found by halves,
/// two rows read a step, because an index by time would cost every write more than this costs a question.
async fn place_of(db: &Db, chain: &str, at: Time) -> Result<(i64, i64)> {
    db.one(PLACE, args![chain, at]).await
}

const PLACE: &str = "with recursive span (low, high) as (
    select coalesce((select seq from audit_event where chain = $1 order by seq limit 1), 0),
           coalesce((select seq from audit_event where chain = $1 order by seq desc limit 1), 0) + 1
    union all
    select case when (select e.at from audit_event e where e.chain = $1 and e.seq >= (low + high) / 2 order by e.seq limit 1) < $2
                then (low + high) / 2 + 1 else low end,
           case when (select e.at from audit_event e where e.chain = $1 and e.seq >= (low + high) / 2 order by e.seq limit 1) < $2
                then high else (low + high) / 2 end
    from span where low < high)
    select max(low), max(high) from span";

const ROWS: &str = "select seq, body, hash from audit_event where chain = $1 and seq > $2 and seq < $3";

fn words(actions: &[Action]) -> Vec<String> {
    actions.iter().map(ToString::to_string).collect()
}

/// The event that revoked a widget token, which may be that of a bulk revocation.
pub(super) async fn revocation_event(db: &Db, tenant: &TenantId, token: &str) -> Result<Option<EventId>> {
    let row: Option<(Option<EventId>,)> =
        db.optional("select revocation_event from widget_token where id = $1 and tenant_id = $2", args![token, tenant]).await?;
    Ok(row.and_then(|(event,)| event))
}

/// Place and hash of the chain's last row.
pub(super) async fn head(db: &Db, chain: &str) -> Result<Option<(i64, String)>> {
    db.optional("select seq, hash from audit_head where chain = $1", args![chain]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Engine, fresh};

    const EXPLAIN: &str = "explain query plan select seq, body, hash from audit_event where chain = $1 and seq > $2 and seq < $3";

    #[tokio::test]
    async fn an_index_serves_the_deepest_page_of_every_filter() {
        let fresh = fresh(Engine::Sqlite).await;
        let core = &fresh.core;
        let tenant = TenantId::new(core.now());
        let id = || Some(EventId::new(core.now()).to_string());
        let every = Query::new(&tenant);
        let queries = [
            every.clone(),
            Query { actions: Some(Action::ALL.to_vec()), ..every.clone() },
            Query { not_actions: vec![Action::TokenMinted], ..every.clone() },
            Query { actor: id(), outcome: Some(Outcome::Refused), ..every.clone() },
            Query { target: id(), also: Some(EventId::new(core.now())), organizations: Some(vec![String::new()]), ..every.clone() },
            Query { organizations: id().map(|id| vec![id]), actions: Some(vec![Action::TokenMinted]), ..every.clone() },
            Query { outcome: Some(Outcome::Refused), from: Some(core.now()), to: Some(core.now()), ..every.clone() },
            Query { outcome: Some(Outcome::Success), ..every },
        ];
        for query in queries {
            for order in [Order::NewestFirst, Order::OldestFirst] {
                for lead in query.leads() {
                    let statement = query.statement(EXPLAIN, &lead, order, 51);
                    let plan: Vec<(i64, i64, i64, String)> = core.db().select(statement).await.expect("a plan");
                    let plan: String = plan.into_iter().map(|(_, _, _, step)| step + "\n").collect();
                    assert!(plan.contains("SEARCH audit_event USING INDEX"), "{lead:?}: {plan}");
                    assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{lead:?}: {plan}");
                    if !matches!(lead, Lead::Also(_)) {
                        assert!(plan.contains("seq>? AND seq<?"), "{lead:?}: {plan}");
                    }
                }
            }
        }
    }

    /// A thousand rows, some of them a little before or after their time, a stretch purged and one missing.
    #[tokio::test]
    async fn a_time_is_found_in_the_order_of_history() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let fresh = fresh(engine).await;
            let (db, chain) = (fresh.core.db(), "ten_000000000000000000000000");
            assert_eq!(place_of(db, chain, Time::from_millis(5)).await.expect("found"), (0, 1), "nothing is in an empty chain");
            let rows = format!(
                "with recursive n (i) as (select 41 union all select i + 1 from n where i < 1000)
                 insert into audit_event (chain, seq, id, at, action, outcome, body, hash)
                 select '{chain}', i, 'aud_' || i, 1000 * i + (i * 7919) % 500, 'organization.created', 'success', '', '' from n where i not between 600 and 650"
            );
            fresh.sql(rows).await.expect("written");
            for (at, place) in [
                (0, 41),
                (40_999, 41),
                (41_500, 42),
                (100_000, 100),
                (599_999, 600),
                (655_000, 655),
                (1_000_000, 1_000),
                (2_000_000, 1_001),
            ] {
                assert_eq!(place_of(db, chain, Time::from_millis(at)).await.expect("found"), (place, 1_001), "{at}");
            }
            if engine == Engine::Sqlite {
                let plan = Select::new("explain query plan ", args![chain, Time::from_millis(1)]);
                let plan = Select { sql: format!("{}{PLACE}", plan.sql), ..plan };
                let plan: Vec<(i64, i64, i64, String)> = db.select(plan).await.expect("a plan");
                assert!(!plan.iter().any(|(.., step)| step.contains("SCAN audit_event") || step.contains("SCAN e")), "{plan:?}");
            }
        }
    }
}
