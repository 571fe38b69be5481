//! Ending many tokens, a crowd among them (`crowd`).

pub(super) mod store;

use super::{BulkRevocation, store::Ending};
use crate::{
    Op, Result, Time, Tx,
    audit::{Action, Event},
    crowd::END,
    time::HOUR,
    writer::Write,
};
use store::Way;

impl Op {
    /// How many live tokens fit, as far as [`LIVE_COUNTED`](super::LIVE_COUNTED) says.
    pub(crate) async fn live_that_fit(&self, filter: &BulkRevocation) -> Result<i64> {
        store::count(self.core().db(), self.tenant(), filter, self.core().now()).await
    }

    /// Whether more live tokens fit than one transaction ends.
    pub(crate) async fn is_crowd_of_tokens(&self, filter: &BulkRevocation) -> Result<bool> {
        self.is_crowd(store::next_alive(self.tenant(), filter, self.first_place(filter), self.core().now())).await
    }

    /// Ends all live tokens that fit, as a part of what ends what they hang on.
    pub(crate) fn end_tokens_at_once(&self, tx: &mut Tx, filter: &BulkRevocation, reason: Option<&str>) -> usize {
        let write = self.stretch(tx, filter, reason, self.first_place(filter), END);
        tx.write(write)
    }

    /// Ends all live tokens that fit, however many; `event` tells of a thousand or so.
    pub(crate) async fn end_tokens(&self, filter: &BulkRevocation, reason: Option<&str>, event: impl Fn() -> Event) -> Result<u64> {
        let next = |from| store::next_alive(self.tenant(), filter, from, self.core().now());
        let end = |tx: &Tx, first, last| self.stretch(tx, filter, reason, first, last);
        self.end_crowd(self.first_place(filter), next, end, event).await
    }

    fn stretch(&self, tx: &Tx, filter: &BulkRevocation, reason: Option<&str>, first: Time, last: Time) -> Write {
        let by = self.actor().signature();
        let ending = Ending { at: tx.now(), by: &by, reason: reason.map(str::to_owned), event: tx.event_id() };
        store::end_stretch(self.tenant(), filter, ending, first, last)
    }

    /// No live token lies before it, as the filter's index has them.
    fn first_place(&self, filter: &BulkRevocation) -> Time {
        match Way::of(filter) {
            // What was minted longer ago is dead (A6).
            Way::Tenant => self.core().now().plus(-HOUR),
            Way::Minter | Way::Key | Way::Organization => self.core().now(),
        }
    }
}

/// What history is told of one transaction of many.
pub(crate) fn bulk_event(filter: &BulkRevocation, reason: Option<&str>) -> Event {
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
