//! Purging test customers: rows and all, because nobody real is among them.

use super::{PurgedCustomers, store};
use crate::{
    Op, Permission, Reach, Result,
    audit::{Action, Event},
    conversation,
    db::one_request,
};

impl Op {
    /// Every test customer that there is now, with their sessions, links and the addresses in the outbox, in jobs of five hundred;
    /// conversations of test pages end with them, a thousand a job.
    pub async fn purge_test_customers(&self) -> Result<PurgedCustomers> {
        let mut purged = 0;
        let until = self.core().now();
        loop {
            let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?;
            let [around @ .., customers] = store::purge_test(self.tenant(), until, tx.now());
            tx.write_all(around);
            let conversations = tx.write(conversation::store::end_tests(self.tenant(), tx.now()));
            let place = tx.write(customers);
            let done = one_request(tx.commit(Event::new(Action::TestCustomersPurged).counted(place))).await?;
            let rows = |place| done.rows.get(place).copied().unwrap_or_default();
            purged += rows(place);
            if rows(place) < 500 && rows(conversations) < 1_000 {
                return Ok(PurgedCustomers { purged });
            }
        }
    }
}
