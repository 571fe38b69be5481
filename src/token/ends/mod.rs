//! Ending more tokens than one transaction may: stretch by stretch of an index, each durable before the next is looked for.
//!
//! One statement for a million tokens would keep every other write waiting for seconds, and PostgreSQL would give it up.

mod store;

use super::{BulkRevocation, store::Ending};
use crate::{
    Op, Result, TenantId, Time, Tx,
    audit::{Action, Event},
    db::one_request,
    time::{HOUR, MINUTE},
    writer::Write,
};
use store::Way;

/// A mint that was under way when this began may commit with a time that lies so far back.
const LATE: i64 = MINUTE;

/// Where the tokens lie that one transaction is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    /// How many were ended before.
    pub(crate) ended: u64,
    /// From here on, as the filter's index has them.
    from: Time,
    /// And all that were minted since, wherever they lie.
    since: Time,
}

impl Rest {
    /// Ends it.
    pub(crate) fn end(self, tenant: &TenantId, filter: &BulkRevocation, ending: Ending<'_>) -> Write {
        store::end_rest(tenant, filter, ending, self)
    }
}

impl Op {
    /// How many live tokens fit, as far as [`LIVE_COUNTED`](super::LIVE_COUNTED) says.
    pub(crate) async fn live_that_fit(&self, filter: &BulkRevocation) -> Result<i64> {
        store::count(self.core().db(), self.tenant(), filter, self.core().now()).await
    }

    /// Ends live tokens that fit until fewer than a thousand are left, and says where those lie: the next transaction ends them with what
    /// they hang on. Fewer than that are left alone. Each stretch is an event of its own, and has a request's time to itself.
    pub(crate) async fn thin_out(&self, filter: &BulkRevocation, reason: Option<&str>, begin: impl Fn() -> Result<Tx>) -> Result<Rest> {
        let (way, now) = (Way::of(filter), self.core().now());
        let from = match way {
            // What was minted longer ago is dead (A6).
            Way::Tenant => now.plus(-HOUR),
            Way::Minter | Way::Key | Way::Organization => now,
        };
        let mut rest = Rest { ended: 0, from, since: Time::from_millis(i64::MAX) };
        loop {
            let found = one_request(store::next_alive(self.core().db(), self.tenant(), filter, rest.from, now)).await?;
            let [first, .., last] = found[..] else { return Ok(rest) };
            if found.len() < store::AT_ONCE {
                return Ok(rest);
            }
            let mut tx = begin()?.urgently();
            let by = self.actor().signature();
            let ending = Ending { at: tx.now(), by: &by, reason: reason.map(str::to_owned), event: tx.event_id() };
            let write = store::end_stretch(self.tenant(), filter, ending, first, last);
            let place = tx.write(write);
            let done = one_request(tx.commit(bulk_event(filter, reason).counted(place))).await?;
            rest = Rest { ended: rest.ended + done.rows.get(place).copied().unwrap_or_default(), from: last, since: now.plus(-LATE) };
        }
    }
}

/// What history is told of one transaction of many.
pub(super) fn bulk_event(filter: &BulkRevocation, reason: Option<&str>) -> Event {
    let mut event = Event::new(Action::TokensRevoked).reason(reason.map(str::to_owned));
    event.organization.clone_from(&filter.organization_id);
    for (name, value) in [
        ("organization_id", filter.organization_id.as_ref().map(ToString::to_string)),
        ("origin", filter.origin.clone()),
        ("minted_by", filter.minted_by.clone()),
        ("signing_key_id", filter.signing_key_id.as_ref().map(ToString::to_string)),
    ] {
        if let Some(value) = value {
            event = event.with(name, value);
        }
    }
    event
}
