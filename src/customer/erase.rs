//! Deleting a customer: all that tells who they are goes, and their sessions end.

use super::{Customer, Metadata, store};
use crate::{
    CustomerId, Listed, Op, Permission, Reach, Result,
    audit::{Action, Event},
    conversation, customer_password,
    customer_session::store as sessions,
    magic_link, mail, text,
};

impl Op {
    /// Their id, address, name, notes, organizations, conversations and the addresses of their devices are erased, at once and for good. What history
    /// holds is their `cus_` id, which says nothing any more. The tenant's own id may come again: it is somebody new then.
    pub async fn delete_customer(&self, id: &CustomerId, reason: Option<String>) -> Result<Customer> {
        let mut tx = self.begin(Permission::ManageCustomers, Reach::Tenant)?.urgently();
        let customer = self.customer(id).await?;
        let (by, reason) = (self.actor().signature(), text::reason(reason)?);
        let ending = sessions::Ending { at: tx.now(), by: &by, reason: Some("The customer was deleted.") };
        tx.write_all(sessions::end_of_customer(self.tenant(), id, &ending));
        tx.write_all(store::erase(self.tenant(), id, tx.now()));
        tx.write_all(conversation::store::forget_customer(self.tenant(), id));
        tx.write(magic_link::store::forget_customer(self.tenant(), id, customer.email.as_deref()));
        tx.write_all(customer_password::store::forget_customer(self.tenant(), id, customer.email.as_deref()));
        if let Some(email) = &customer.email {
            tx.write(mail::store::forget_recipient(self.tenant(), email, tx.now()));
        }
        let deleted_at = Some(tx.now());
        tx.commit(Event::new(Action::CustomerDeleted).target(id).reason(reason)).await?;
        Ok(Customer {
            external_id: None,
            email: None,
            email_verified: false,
            name: None,
            metadata: Metadata::default(),
            organization_ids: Listed(Vec::new()),
            live_sessions: 0,
            ban_reason: None,
            password_set_at: None,
            deleted_at,
            ..customer
        })
    }
}
