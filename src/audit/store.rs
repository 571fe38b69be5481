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
        vec![self.outcome.map_or(Lead::Whole, Lead::Outcome)]
    }

    fn statement(&self, head: &'static str, lead: &Lead, order: Order, rows: i64) -> Select {
        let select = Select::new(head, args![&self.chain, self.above, self.below]);
        let select = match lead {
            Lead::Also(id) => select.and("id = ?", args![id]),
            Lead::Target(id) => select.and("target_id = ?", args![id]),
            Lead::Actor(id) => select.and("actor_id = ?", args![id]),
            Lead::Organization(id) => select.and("organization_id = ?", args![id]),
            Lead::Action(action) => select.and("action = ?", args![action]),
            Lead::Outcome(outcome) => select.and("outcome = ?", args![outcome]),
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
            let last: Option<(i64,)> = db
                .optional(
                    "select seq from audit_event where chain = $1 and at < $2 order by at desc, seq desc limit 1",
                    args![&self.chain, from.plus(-DISORDER)],
                )
                .await?;
            self.above = last.map_or(self.above, |(seq,)| seq.max(self.above));
        }
        if let Some(to) = self.to {
            let first: Option<(i64,)> = db
                .optional(
                    "select seq from audit_event where chain = $1 and at >= $2 order by at, seq limit 1",
                    args![&self.chain, to.plus(DISORDER)],
                )
                .await?;
            self.below = first.map_or(self.below, |(seq,)| seq.min(self.below));
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
            Query { outcome: Some(Outcome::Refused), from: Some(core.now()), to: Some(core.now()), ..every },
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
}
