//! Taking a customer's password away, by the tenant: they sign in by mail, and may set another.

use super::store;
use crate::{
    CustomerId, Op, Permission, Reach, Result,
    audit::{Action, Event},
    customer::Customer,
    text,
};

impl Op {
    /// The password and the links that would set another are gone; sessions go on. A customer without one stays as they are.
    pub async fn remove_customer_password(&self, id: &CustomerId, reason: Option<String>) -> Result<Customer> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        let customer = self.customer(id).await?;
        let reason = text::reason(reason)?;
        if customer.password_set_at.is_none() {
            return Ok(customer);
        }
        tx.write(store::remove(self.tenant(), id));
        tx.write(store::consume_of(id, tx.now()));
        tx.commit(Event::new(Action::CustomerPasswordRemoved).target(id).reason(reason)).await?;
        self.customer(id).await
    }
}
