//! Ending many tokens, more than one transaction may among them (`crowd`).

mod store;

use super::{BulkRevocation, store::Ending};
use crate::{
    Op, Result, TenantId, Time, Tx,
    audit::{Action, Event},
    crowd::Reached,
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
    /// they hang on.
    pub(crate) async fn thin_out(&self, filter: &BulkRevocation, reason: Option<&str>, begin: impl Fn() -> Result<Tx>) -> Result<Rest> {
        let (way, now) = (Way::of(filter), self.core().now());
        let from = match way {
            // What was minted longer ago is dead (A6).
            Way::Tenant => now.plus(-HOUR),
            Way::Minter | Way::Key | Way::Organization => now,
        };
        let next = |from| store::next_alive(self.tenant(), filter, from, now);
        let end = |tx: &Tx, first, last| {
            let by = self.actor().signature();
            let ending = Ending { at: tx.now(), by: &by, reason: reason.map(str::to_owned), event: tx.event_id() };
            store::end_stretch(self.tenant(), filter, ending, first, last)
        };
        let Reached { ended, last } = self.in_stretches(from, begin, next, end, || bulk_event(filter, reason)).await?;
        Ok(match last {
            Some(last) => Rest { ended, from: last, since: now.plus(-LATE) },
            None => Rest { ended, from, since: Time::from_millis(i64::MAX) },
        })
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
