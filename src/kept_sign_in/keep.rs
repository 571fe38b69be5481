//! Keeping a session: once, in the first minutes of a sign-in, for the page that it began in.

use super::{
    GRACE, KEPT_WITHIN, KeptSecret, NewKeptSignIn, PREFIX,
    store::{self, NewKept, Shown},
};
use crate::{
    Code, Core, Error, KeptSignInId, Result, Secret,
    audit::{Action, Event},
    customer_session::{
        CustomerCall, Visit, Way,
        store::{self as sessions, Ending},
    },
    embed_key::EmbedCall,
    secret::{Digest, generate_secret, looks_like_secret},
};

impl Core {
    /// The session must be alive, of this very key, and have begun a moment ago by mail or in our popup. What the browser kept before for
    /// this page ends; a session that it keeps already it goes on keeping.
    pub async fn keep_sign_in(&self, asked: &NewKeptSignIn, shown: Option<&Secret>, call: EmbedCall<'_>) -> Result<KeptSecret> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.keeps_signed_in()?;
        let page = CustomerCall { bearer: Some(asked.token.reveal()), origin: call.origin, from: call.from.clone() };
        let visit = self.customer_visit(page).await?;
        let row = &visit.row;
        if row.embed_key_id != key {
            return Err(Error::new(Code::InvalidToken, "This session is of another embed key."));
        }
        if row.way == Way::Bridge {
            return Err(Error::invalid("token", "A page with bridge tokens exchanges another one; nothing is kept of it."));
        }
        let before = match shown.filter(|secret| looks_like_secret(PREFIX, secret.reveal())) {
            Some(secret) => store::find(self.db(), &entrance.tenant_id, &Digest::of(secret.reveal().as_bytes()).to_hex()).await?,
            None => None,
        };
        if let Some(kept) = &row.kept_id {
            let same = before.filter(|before| before.id == *kept && before.is_alive(self.now()));
            let same = same.filter(|before| before.shown == Shown::Latest || self.now().since(before.rotated_at) <= GRACE);
            let taken = || Error::new(Code::Conflict, "This session is kept already.");
            return same.map(|before| KeptSecret { secret: None, ends_at: before.ends_at }).ok_or_else(taken);
        }
        if self.now().since(row.created_at) > KEPT_WITHIN {
            return Err(Error::new(Code::Conflict, "Only a session that began within the last five minutes can be kept."));
        }
        let (secret, ends_at) = self.keep_visit(&visit, before.map(|before| before.id), &call).await?;
        Ok(KeptSecret { secret: Some(secret), ends_at })
    }

    async fn keep_visit(&self, visit: &Visit, before: Option<KeptSignInId>, call: &EmbedCall<'_>) -> Result<(Secret, crate::Time)> {
        let (row, tenant, secret) = (&visit.row, &visit.tenant, generate_secret(PREFIX));
        let mut tx = self.begin(visit.who(), Some(tenant.clone()), call.from.clone());
        let id = KeptSignInId::new(tx.now());
        if let Some(before) = before {
            let reason = Some("Somebody signed in anew in its browser.");
            tx.write(store::end(tenant, &before, &Ending { at: tx.now(), by: &visit.signature(), reason }));
        }
        tx.write(store::insert(&NewKept {
            id: &id,
            tenant,
            customer: &row.customer_id,
            embed_key: &row.embed_key_id,
            way: row.way,
            origin: call.origin.unwrap_or_default(),
            secret_hash: Digest::of(secret.reveal().as_bytes()).to_hex(),
            at: tx.now(),
            ends_at: row.ends_at,
        }));
        tx.write(sessions::keep(&visit.session, &id, tx.now()));
        let event = Event::new(Action::CustomerSessionKept)
            .target(&visit.session)
            .with("customer", row.customer_id.as_str())
            .with("kept_sign_in", id.as_str())
            .with("ends_at", row.ends_at.to_string());
        tx.commit(event).await?;
        Ok((secret, row.ends_at))
    }
}
