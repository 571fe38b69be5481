//! Restoring after a reload: a session of the same customer, opened anew, and the next secret for the last.

use super::{
    GRACE, PREFIX, RestoredSignIn,
    store::{self, KeptRow, Shown},
};
use crate::{
    Code, Core, EmbedKeyId, Error, Result, Secret, Who,
    audit::{Action, Event},
    customer::CustomerSummary,
    customer_session::{self, Opening, store::Ending},
    embed_key::{EmbedCall, Entrance},
    secret::{Digest, looks_like_secret, secret_of},
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

impl Core {
    /// None when there is nothing to restore: whatever is wrong with it, the page begins without a customer. The key, its list and the
    /// product's switch are judged first, and told.
    pub async fn restore_sign_in(&self, shown: Option<&Secret>, call: EmbedCall<'_>) -> Result<Option<RestoredSignIn>> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.keeps_signed_in()?;
        let Some(secret) = shown.filter(|secret| looks_like_secret(PREFIX, secret.reveal())) else { return Ok(None) };
        let hash = Digest::of(secret.reveal().as_bytes()).to_hex();
        for _ in 0..TRIES {
            let row = store::find(self.db(), &entrance.tenant_id, &hash).await?;
            let alive = |row: &KeptRow| row.is_alive(self.now()) && row.embed_key_id == key && Some(row.origin.as_str()) == call.origin;
            let Some(row) = row.filter(alive) else { return Ok(None) };
            if row.shown == Shown::Previous && self.now().since(row.rotated_at) > GRACE {
                self.end_copy(&entrance, &row, &call).await?;
                return Ok(None);
            }
            match self.open_anew(&key, &entrance, &row, secret, &call).await {
                // A second tab was a moment faster, or something ended.
                Err(error) if error.code() == Code::Conflict => {}
                done => return done.map(Some),
            }
        }
        Err(Error::unavailable())
    }

    async fn open_anew(
        &self,
        key: &EmbedKeyId,
        entrance: &Entrance,
        row: &KeptRow,
        shown: &Secret,
        call: &EmbedCall<'_>,
    ) -> Result<RestoredSignIn> {
        let who = Who::Customer { id: row.customer_id.clone() };
        let mut tx = self.begin(who, Some(entrance.tenant_id.clone()), call.from.clone());
        // Of the secret and the master key: whoever shows the secret is told what follows it, however often, and nobody else can know.
        let next = secret_of(PREFIX, self.sealer().mac_bytes("kept sign-in", shown.reveal()));
        let next_hash = Digest::of(next.reveal().as_bytes()).to_hex();
        let shown_hash = Digest::of(shown.reveal().as_bytes()).to_hex();
        tx.write(match row.shown {
            Shown::Latest => store::rotate(&row.id, &shown_hash, &next_hash, tx.now()),
            Shown::Previous => store::hold(&row.id, &shown_hash, &next_hash, tx.now()),
        });
        let KeptRow { customer_id, external_id, email, name, .. } = row;
        let customer =
            CustomerSummary { id: customer_id.clone(), external_id: external_id.clone(), email: email.clone(), name: name.clone() };
        let opening = Opening {
            entrance,
            embed_key: key,
            customer,
            way: row.way,
            bridge_key: None,
            organization: None,
            origin: call.origin.unwrap_or_default(),
            from: &call.from,
            kept: Some((&row.id, row.ends_at)),
        };
        let (id, session) = customer_session::open(self, &mut tx, opening).await?;
        let event = Event::new(Action::CustomerSessionRestored)
            .target(&id)
            .with("customer", customer_id.as_str())
            .with("kept_sign_in", row.id.as_str())
            .with("way", row.way.as_str())
            .with("mode", entrance.mode.as_str())
            .with("product", entrance.product_id.as_str())
            .with("embed_key", key.as_str());
        tx.commit(event).await?;
        self.uses().embed_key_used(key, self.now());
        Ok(RestoredSignIn { session, secret: next, ends_at: row.ends_at })
    }

    /// Somebody shows what another restore has replaced long ago: nobody can say who of the two is the customer.
    async fn end_copy(&self, entrance: &Entrance, row: &KeptRow, call: &EmbedCall<'_>) -> Result<()> {
        let mut tx = self.begin(Who::Anonymous, Some(entrance.tenant_id.clone()), call.from.clone()).urgently();
        let by = ("system".to_owned(), "Mintmark".to_owned());
        let ending = Ending { at: tx.now(), by: &by, reason: Some("What a browser kept was shown by a second one.") };
        tx.write(store::end_copied(&entrance.tenant_id, &row.id, &ending));
        tx.write_all(customer_session::store::end_of_kept(&entrance.tenant_id, &row.id, &ending));
        let event = Event::new(Action::CustomerSessionReuseDetected)
            .refused()
            .reason(Some("restored_twice"))
            .target(&row.id)
            .with("customer", row.customer_id.as_str());
        match tx.commit(event).await {
            // Somebody else found it out a moment ago.
            Err(error) if error.code() == Code::Conflict => Ok(()),
            done => done.map(drop),
        }
    }
}
