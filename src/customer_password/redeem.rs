//! Redeeming a mailed link: once, by one, with the password that the sign-up was begun with, or with a new one.

use super::{
    PasswordRedemption, PasswordSet, Purpose,
    answer::PREFIX,
    letter,
    store::{self, LinkRow, Setting},
};
use crate::{
    Code, Core, CustomerId, Error, Origination, Result, Who,
    audit::{Action, Event},
    customer::{self, FirstSeenBy, store::Said},
    customer_session::store as sessions,
    magic_link,
    mail::{self, Brand},
    secret::{Digest, looks_like_secret},
    user::{Counter, judge},
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

/// An unknown token never looks like one that was used, and one with a typo is as unknown as any.
fn unknown() -> Error {
    Error::new(Code::InvalidToken, "This link is not one of ours. Copy its whole address from the mail, or ask for a new one.")
}

fn late() -> Error {
    Error::new(Code::LinkExpired, "This link is no longer valid. Ask for a new one.")
}

impl Core {
    /// The address is theirs who read the mail, if they know the password of this very sign-up: a stranger's sign-up with somebody's
    /// address comes to nothing, because its link is in the one's hands and its password in the other's. The customer and the password
    /// become real in this commit, and no session begins.
    pub async fn verify_sign_up(&self, asked: &PasswordRedemption, from: &Origination) -> Result<PasswordSet> {
        let token_hash = token_hash(asked)?;
        let link = self.living_link(&token_hash, Purpose::Verify).await?;
        let hash = link.password_hash.as_deref().ok_or_else(store::consumed)?;
        let counter = Counter::of_link(self, &token_hash);
        counter.attempt(self).await?;
        if !self.password_matches(&asked.password, Some(hash)).await? {
            let message =
                "This is not the password that this sign-up was begun with. If you signed up more than once, open the newest mail.";
            return Err(Error::new(Code::InvalidCredentials, message).field("password"));
        }
        self.redeem_password(&token_hash, Purpose::Verify, hash, from, &counter).await
    }

    /// A new password for a customer who read the mail. Their sessions end, and a mail tells them.
    pub async fn reset_customer_password(&self, asked: &PasswordRedemption, from: &Origination) -> Result<PasswordSet> {
        let token_hash = token_hash(asked)?;
        let link = self.living_link(&token_hash, Purpose::Reset).await?;
        judge(self, "password", &asked.password, false, &[&link.email, &link.tenant_name]).await?;
        let hash = self.hash_password(&asked.password).await?;
        // Whoever reads the mail waits for nobody's guesses.
        let counter = Counter::of_customer(self, &link.tenant_id, link.mode, &link.email);
        self.redeem_password(&token_hash, Purpose::Reset, &hash, from, &counter).await
    }

    async fn living_link(&self, token_hash: &str, purpose: Purpose) -> Result<LinkRow> {
        let link = store::link(self.db(), token_hash, purpose, self.now()).await?.ok_or_else(unknown)?;
        if link.consumed_at.is_some() {
            return Err(store::consumed());
        }
        if link.expires_at <= self.now() || link.ended || link.created_at < link.not_before { Err(late()) } else { Ok(link) }
    }

    async fn redeem_password(
        &self,
        token_hash: &str,
        purpose: Purpose,
        hash: &str,
        from: &Origination,
        counter: &Counter,
    ) -> Result<PasswordSet> {
        for _ in 0..TRIES {
            let link = self.living_link(token_hash, purpose).await?;
            match self.redeem_password_once(&link, purpose, hash, from, counter).await {
                // Somebody wrote the same customer at the same time, or something ended: look again.
                Err(error) if error.code() == Code::Conflict => {}
                Err(error) => {
                    // Whoever was first has changed the customer too: what is said is that the link is used.
                    self.living_link(token_hash, purpose).await?;
                    return Err(error);
                }
                Ok(()) => return Ok(PasswordSet { tenant: link.tenant_name, email: link.email }),
            }
        }
        Err(Error::unavailable())
    }

    async fn redeem_password_once(
        &self,
        link: &LinkRow,
        purpose: Purpose,
        hash: &str,
        from: &Origination,
        counter: &Counter,
    ) -> Result<()> {
        let (tenant, mode) = (&link.tenant_id, link.mode);
        let account = store::account(self.db(), tenant, mode, &link.email).await?;
        let known = match account {
            // The address has another owner now, its owner may not come in, or somebody finished another sign-up with it.
            Some(known)
                if known.banned_at.is_some()
                    || link.customer_id.as_ref().is_some_and(|id| *id != known.id)
                    || (purpose == Purpose::Verify && known.hash.is_some()) =>
            {
                return Err(late());
            }
            Some(known) => Some(known.id),
            None if purpose == Purpose::Reset || !link.anyone_may_sign_in => return Err(late()),
            None => None,
        };
        let mut tx = self.begin(Who::Anonymous, Some(tenant.clone()), from.clone()).urgently();
        let at = tx.now();
        tx.write(magic_link::store::turn());
        tx.write(store::consume(&link.id, at));
        let is_new = known.is_none();
        let id = known.unwrap_or_else(|| CustomerId::new(at));
        if is_new {
            let said = Said { email: Some(link.email.clone()), email_verified: true, ..Said::nothing() };
            tx.write(customer::store::insert(&id, tenant, mode, &said, FirstSeenBy::MagicLink, at, Code::Conflict));
        }
        let setting = Setting { customer: &id, link, hash, at };
        tx.write(if purpose == Purpose::Verify { store::set_first(&setting) } else { store::set_anew(&setting) });
        tx.write(store::consume_all(tenant, mode, &link.email, at));
        tx.write(counter.forget());
        let mut event = Event::new(if is_new { Action::CustomerSignedUp } else { Action::CustomerPasswordSet })
            .target(&id)
            .with("mode", mode.as_str())
            .with("product", link.product_id.as_str())
            .with("embed_key", link.embed_key_id.as_str())
            .with("password_link", link.id.as_str());
        if !is_new {
            let by = (id.to_string(), "The customer".to_owned());
            let ending = sessions::Ending { at, by: &by, reason: Some("The customer's password was changed.") };
            let ended = tx.write_all(sessions::end_of_customer(tenant, &id, &ending));
            tx.write(mail::queue(self, tenant, &letter::changed(&link.email, link.brand()), at)?.1);
            event = event.counted(ended);
        }
        tx.by(Who::Customer { id }).commit(event).await.map(drop)
    }
}

impl LinkRow {
    fn brand(&self) -> Brand {
        Brand { tenant: self.tenant_name.clone(), accent: self.appearance.accent.clone(), logo: self.appearance.logo.clone() }
    }
}

fn token_hash(asked: &PasswordRedemption) -> Result<String> {
    let token = asked.token.reveal();
    if looks_like_secret(PREFIX, token) { Ok(Digest::of(token.as_bytes()).to_hex()) } else { Err(unknown()) }
}
