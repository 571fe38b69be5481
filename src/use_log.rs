//! What happened often and decides nothing: last uses and refusals, gathered in memory and written in batches.
//!
//! Off the request's path. A crash may lose ten seconds of last uses; it loses no verdict (contract, section 5).

use crate::{
    Actor, ApiKeyId, BridgeKeyId, Code, Core, CustomerId, EmbedKeyId, KeyId, OrganizationId, Origination, Permission, ProductId, Result,
    SessionId, TenantId, Time, TokenId, UserId, VerificationSecretId, Who,
    audit::{Action, Event},
    db::args,
    product::{self, IntegrationStep},
    time::MINUTE,
    writer::Write,
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::task::JoinSet;

/// Entries of each table; past it the newest are not noted, so that a flood costs bounded memory (E11).
const MOST: usize = 50_000;

/// What is handed to the writer at once: more would keep those who wait for their own writes.
const TOGETHER: usize = 64;

/// The tables.
#[derive(Default)]
pub(crate) struct UseLog(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    tokens: HashMap<TokenId, (Time, String)>,
    credentials: HashMap<String, Time>,
    sessions: HashMap<SessionId, Time>,
    entered: HashMap<UserId, TenantId>,
    steps: HashMap<(ProductId, IntegrationStep), Time>,
    refusals: HashMap<String, Window>,
}

/// One kind of refusal: written when first seen, then once a minute with the count since the last event.
struct Window {
    /// The minute in which the last event was written.
    written: Option<i64>,
    last_seen: Time,
    pending: u64,
    refusal: Refusal,
}

/// A refusal as history will tell it; of several alike, the latest.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) tenant: Option<TenantId>,
    pub(crate) who: Who,
    pub(crate) from: Origination,
    pub(crate) event: Event,
}

/// A refusal to be written now, and how many alike there were.
#[derive(Clone)]
struct Due {
    key: String,
    count: u64,
    refusal: Refusal,
}

impl UseLog {
    /// A widget token passed the guard.
    pub(crate) fn token_used(&self, id: &TokenId, origin: &str, now: Time) {
        note(&mut self.tables().tokens, id.clone(), (now, origin.to_owned()));
    }

    /// A signing key signed.
    pub(crate) fn key_used(&self, id: &KeyId, now: Time) {
        note(&mut self.tables().credentials, id.to_string(), now);
    }

    /// An API key was accepted.
    pub(crate) fn api_key_used(&self, id: &ApiKeyId, now: Time) {
        note(&mut self.tables().credentials, id.to_string(), now);
    }

    /// A page named an embed key and was let in.
    pub(crate) fn embed_key_used(&self, id: &EmbedKeyId, now: Time) {
        note(&mut self.tables().credentials, id.to_string(), now);
    }

    /// A bridge key opened a session.
    pub(crate) fn bridge_key_used(&self, id: &BridgeKeyId, now: Time) {
        note(&mut self.tables().credentials, id.to_string(), now);
    }

    /// A verification secret bought an identity token.
    pub(crate) fn verification_secret_used(&self, id: &VerificationSecretId, now: Time) {
        note(&mut self.tables().credentials, id.to_string(), now);
    }

    /// Something of a product's integration works.
    pub(crate) fn integration_seen(&self, product: &ProductId, step: IntegrationStep, now: Time) {
        self.tables().steps.entry((product.clone(), step)).or_insert(now);
    }

    /// A dashboard session was seen.
    pub(crate) fn session_seen(&self, id: &SessionId, now: Time) {
        note(&mut self.tables().sessions, id.clone(), now);
    }

    /// When a session was seen last, if that is not written yet.
    pub(crate) fn session_last_seen(&self, id: &SessionId) -> Option<Time> {
        self.tables().sessions.get(id).copied()
    }

    /// A person was in a tenant: where their next session starts.
    pub(crate) fn tenant_entered(&self, user: &UserId, tenant: &TenantId) {
        note(&mut self.tables().entered, user.clone(), tenant.clone());
    }

    /// Where a person was last, if that is not written yet.
    pub(crate) fn tenant_last_entered(&self, user: &UserId) -> Option<TenantId> {
        self.tables().entered.get(user).cloned()
    }

    /// Somebody was refused. Alike are those with the same `key`.
    pub(crate) fn refused(&self, key: String, refusal: Refusal, now: Time) {
        let mut tables = self.tables();
        if tables.refusals.len() >= MOST && !tables.refusals.contains_key(&key) {
            return;
        }
        let window =
            tables.refusals.entry(key).or_insert_with(|| Window { written: None, last_seen: now, pending: 0, refusal: refusal.clone() });
        window.pending += 1;
        window.last_seen = now;
        window.refusal = refusal;
    }

    /// An actor asked for what its role does not hold.
    pub(crate) fn denied(&self, actor: &Actor, permission: Permission, code: Code, organization: Option<&OrganizationId>, now: Time) {
        self.denied_alike(actor, &format!("{permission:?}"), denial(permission.describe(), code, organization), now);
    }

    /// An actor asked, for a customer, for what the customer's role does not hold. `what` ends the sentence "It was not allowed to ...".
    pub(crate) fn denied_for(
        &self,
        actor: &Actor,
        what: &str,
        code: Code,
        organization: &OrganizationId,
        customer: &CustomerId,
        now: Time,
    ) {
        self.denied_alike(actor, &format!("{customer}/{what}"), denial(what, code, Some(organization)).target(customer), now);
    }

    fn denied_alike(&self, actor: &Actor, alike: &str, event: Event, now: Time) {
        let who = match &actor.who {
            Who::User { id, .. } => id.to_string(),
            Who::ApiKey { id, .. } => id.to_string(),
            Who::Customer { .. } | Who::CommandLine | Who::System | Who::Anonymous => return,
        };
        let key = format!("denied/{}/{who}/{alike}/{}", actor.tenant, event.reason.as_deref().unwrap_or_default());
        let refusal = Refusal { tenant: Some(actor.tenant.clone()), who: actor.who.clone(), from: actor.from.clone(), event };
        self.refused(key, refusal, now);
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was gathered, as writes that are made when they are asked for: nobody waits for the lock meanwhile.
    fn take_uses(&self) -> impl Iterator<Item = Write> + Send + use<> {
        let Tables { tokens, credentials, sessions, entered, steps, .. } = {
            let mut tables = self.tables();
            let refusals = std::mem::take(&mut tables.refusals);
            std::mem::replace(&mut *tables, Tables { refusals, ..Tables::default() })
        };
        // Neighbours together: ids sort by creation, and in any order each would be a page of its own that the commit writes.
        let mut tokens: Vec<_> = tokens.into_iter().collect();
        tokens.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let tokens = tokens.into_iter().map(|(id, (at, origin))| {
            Write::any(
                "insert into widget_token_use (token_id, last_used_at, last_used_origin) values ($1, $2, $3)
                 on conflict (token_id) do update set last_used_at = excluded.last_used_at, last_used_origin = excluded.last_used_origin
                 where widget_token_use.last_used_at <= excluded.last_used_at",
                args![&id, at, origin],
            )
        });
        let credentials = credentials.into_iter().map(|(id, at)| {
            Write::any(
                "insert into credential_use (id, last_used_at) values ($1, $2)
                 on conflict (id) do update set last_used_at = excluded.last_used_at
                 where credential_use.last_used_at <= excluded.last_used_at",
                args![id, at],
            )
        });
        let entered = entered.into_iter().map(|(user, tenant)| {
            Write::any(
                "update dashboard_user set last_tenant_id = $2 where id = $1 and (last_tenant_id is null or last_tenant_id <> $2)",
                args![&user, &tenant],
            )
        });
        let sessions = sessions
            .into_iter()
            .map(|(id, at)| Write::any("update dashboard_session set seen_at = $2 where id = $1 and seen_at < $2", args![&id, at]));
        let steps = steps.into_iter().map(|((product, step), at)| product::store::step(&product, step, at));
        tokens.chain(credentials).chain(entered).chain(sessions).chain(steps)
    }

    /// What is due: first refusals at once, later ones when the minute of the last event is over, all of them at the end.
    fn take_refusals(&self, now: Time, all: bool) -> Vec<Due> {
        let minute = now.millis().div_euclid(MINUTE);
        let mut due = Vec::new();
        self.tables().refusals.retain(|key, window| {
            if window.pending > 0 && (all || window.written != Some(minute)) {
                due.push(Due { key: key.clone(), count: window.pending, refusal: window.refusal.clone() });
                window.pending = 0;
                window.written = Some(minute);
            }
            // Either way, because a clock may be set back by hand.
            now.since(window.last_seen).abs() < 2 * MINUTE
        });
        due
    }

    /// What could not be written is due again at once.
    fn put_back(&self, due: Due, now: Time) {
        let window = Window { written: None, last_seen: now, pending: 0, refusal: due.refusal };
        let mut tables = self.tables();
        let window = tables.refusals.entry(due.key).or_insert(window);
        window.pending += due.count;
        window.written = None;
    }
}

fn denial(what: &str, code: Code, organization: Option<&OrganizationId>) -> Event {
    let mut event = Event::new(Action::RequestDenied).refused().reason(Some(code.as_str())).with("permission", what);
    event.organization = organization.cloned();
    event
}

fn note<K: Eq + std::hash::Hash, V>(table: &mut HashMap<K, V>, key: K, value: V) {
    if table.len() < MOST || table.contains_key(&key) {
        table.insert(key, value);
    }
}

impl Core {
    /// A limiter turned somebody away (AU7): told to the installation's own history once a minute and client, with the count.
    pub fn limited(&self, what: &'static str, from: &Origination) {
        let event = Event::new(Action::RequestLimited).refused().reason(Some(Code::RateLimited.as_str())).with("what", what);
        let refusal = Refusal { tenant: None, who: Who::Anonymous, from: from.clone(), event };
        let client = from.ip.as_deref().unwrap_or_default();
        self.uses().refused(format!("limited/{what}/{client}"), refusal, self.now());
    }

    /// Writes the last uses gathered so far; every ten seconds and at shutdown.
    pub async fn flush_uses(&self) -> Result<()> {
        let mut writes = self.uses().take_uses();
        loop {
            let some: Vec<_> = writes.by_ref().take(TOGETHER).collect();
            if some.is_empty() {
                return Ok(());
            }
            self.keep(some).await?;
        }
    }

    /// Writes the refusals that are due; every second.
    pub async fn flush_refusals(&self) -> Result<()> {
        self.write_refusals(false).await
    }

    /// Writes all that is still in memory.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.write_refusals(true).await?;
        self.flush_uses().await
    }

    async fn write_refusals(&self, all: bool) -> Result<()> {
        let mut written = Ok(());
        for group in self.uses().take_refusals(self.now(), all).chunks(TOGETHER) {
            let mut tasks = JoinSet::new();
            for due in group {
                let Refusal { tenant, who, from, event } = due.refusal.clone();
                let commit = self.begin(who, tenant, from).commit(event.with("count", due.count));
                let due = due.clone();
                tasks.spawn(async move { commit.await.map(drop).map_err(|error| (due, error)) });
            }
            for outcome in tasks.join_all().await {
                if let Err((due, error)) = outcome {
                    self.uses().put_back(due, self.now());
                    written = Err(error);
                }
            }
        }
        written
    }
}

#[cfg(test)]
mod tests;
