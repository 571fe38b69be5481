//! Forgetting: the browser keeps it no more, whatever became of the page.

use super::{PREFIX, store};
use crate::{
    Core, Origination, Result, Secret, Who,
    audit::{Action, Event},
    customer_session::store::Ending,
    secret::{Digest, looks_like_secret},
};

impl Core {
    /// Ends what the secret stands for, the one before as well as the latest; sessions that are open live on. What is unknown or has ended
    /// is forgotten already.
    pub async fn forget_sign_in(&self, shown: &Secret, from: &Origination) -> Result<()> {
        if !looks_like_secret(PREFIX, shown.reveal()) {
            return Ok(());
        }
        let Some(row) = store::whose(self.db(), &Digest::of(shown.reveal().as_bytes()).to_hex(), self.now()).await? else {
            return Ok(());
        };
        let mut tx = self.begin(Who::Customer { id: row.customer_id.clone() }, Some(row.tenant_id.clone()), from.clone()).urgently();
        let by = (row.customer_id.to_string(), "The customer".to_owned());
        tx.write(store::end(&row.tenant_id, &row.id, &Ending { at: tx.now(), by: &by, reason: None }));
        let event = Event::new(Action::CustomerSessionForgotten).target(&row.id).with("customer", row.customer_id.as_str());
        tx.commit(event).await.map(drop)
    }
}
