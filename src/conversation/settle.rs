//! For how long the conversations of a product are kept, however many there are (`crowd`).

use super::store;
use crate::{Op, ProductId, Result, Time, Tx, crowd::END};

impl Op {
    /// Whether more are to be kept for another time than one transaction changes.
    pub(crate) async fn is_crowd_of_conversations(&self, product: &ProductId, days: i64) -> Result<bool> {
        self.is_crowd(store::next_of(self.tenant(), product, days, Time::default(), self.core().now())).await
    }

    /// Keeps those that there are for so many days after their last message, with `tx`: they are no crowd.
    pub(crate) fn keep_conversations_with(&self, tx: &mut Tx, product: &ProductId, days: i64) {
        let at = tx.now();
        tx.write(store::keep_for(self.tenant(), product, days, at, Time::default(), END));
    }

    /// The same for a crowd, or what was left of one, once the choice is written: what is said from then on keeps to it by itself.
    pub(crate) async fn keep_conversations(&self, product: &ProductId, days: i64) -> Result<()> {
        // At each stretch anew, or what ended in the meantime would come back.
        let now = || self.core().now();
        let next = |from| store::next_of(self.tenant(), product, days, from, now());
        self.settle_crowd(Time::default(), next, |first, last| store::keep_for(self.tenant(), product, days, now(), first, last)).await
    }
}
