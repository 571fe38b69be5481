//! Redeeming a link: once, by one, for the same session that a bridge token buys (F35, F36, ML4, ML5).

use super::{Redemption, SignInRedemption, answer::PREFIX, store};
use crate::{
    Code, Core, CustomerId, EmbedKeyId, Error, Result, Secret, Who,
    audit::{Action, Event},
    customer::{self, CustomerSummary, FirstSeenBy, store::Said},
    customer_session::{self, Opening, StartedSession, Way},
    embed_key::{EmbedCall, Entrance},
    secret::{Digest, looks_like_secret},
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

/// An unknown token never looks like one that was used, and one with a typo is as unknown as any.
fn unknown() -> Error {
    Error::new(Code::InvalidToken, "This is no sign-in link of this product.")
}

fn late() -> Error {
    Error::new(Code::LinkExpired, "This link is no longer valid. Ask for a new one.")
}

/// What was shown, as it is kept.
struct Shown {
    hash: String,
    challenge: Option<String>,
}

impl Core {
    /// Of any number who redeem a link, one gets a session; the link's own embed key, product and customer must still be alive.
    pub async fn redeem_magic_link(&self, asked: &Redemption, call: EmbedCall<'_>) -> Result<StartedSession> {
        let (key, entrance) = self.enter(&call).await?;
        self.redeem(&asked.token, None, (key, entrance), call).await
    }

    /// The same for our sign-in popup: only the one that asked for the link shows the verifier behind its challenge, and only for it is
    /// anything used up. So nobody is signed in by opening a link that somebody else asked for, nor at somebody else's page.
    pub async fn redeem_sign_in_link(&self, asked: &SignInRedemption, call: EmbedCall<'_>) -> Result<StartedSession> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_sign_in()?;
        self.redeem(&asked.token, Some(&asked.verifier), (key, entrance), call).await
    }

    async fn redeem(
        &self,
        token: &Secret,
        verifier: Option<&Secret>,
        (key, entrance): (EmbedKeyId, Entrance),
        call: EmbedCall<'_>,
    ) -> Result<StartedSession> {
        let refused = |error: Error| {
            self.refuse_entrance(&key, &entrance.tenant_id, &call, &error, None);
            error
        };
        let token = token.reveal();
        if !looks_like_secret(PREFIX, token) {
            return Err(refused(unknown()));
        }
        let shown = Shown {
            hash: Digest::of(token.as_bytes()).to_hex(),
            challenge: verifier.map(|verifier| Digest::of(verifier.reveal().as_bytes()).to_hex()),
        };
        for _ in 1..TRIES {
            match self.redeem_once(&key, &entrance, &shown, &call).await {
                // Somebody wrote the same customer at the same time, or something ended: look again.
                Err(error) if error.code() == Code::Conflict => {}
                done => return done.map_err(refused),
            }
        }
        self.redeem_once(&key, &entrance, &shown, &call).await.map_err(|error| match error.code() {
            Code::Conflict => Error::unavailable().because(error),
            _ => error,
        })
    }

    async fn redeem_once(&self, key: &EmbedKeyId, entrance: &Entrance, shown: &Shown, call: &EmbedCall<'_>) -> Result<StartedSession> {
        let tenant = &entrance.tenant_id;
        let link = store::find(self.db(), tenant, &entrance.product_id, &shown.hash, self.now()).await?.ok_or_else(unknown)?;
        // A popup's link is a page's as little as another popup's.
        if link.challenge != shown.challenge {
            return Err(unknown());
        }
        let way = if link.challenge.is_some() { Way::SignIn } else { Way::MagicLink };
        if link.consumed_at.is_some() {
            return Err(store::consumed());
        }
        let mut tx = self.begin(Who::Anonymous, Some(tenant.clone()), call.from.clone());
        if link.expires_at <= tx.now() || link.ended || link.created_at < entrance.not_before || link.mode != entrance.mode {
            return Err(late());
        }
        tx.write(store::consume(&link.id, tx.now()));
        let known = customer::store::by_verified_email(self.db(), tenant, entrance.mode, &link.email).await?;
        let (customer, is_new) = match known {
            // The address has another owner now, or its owner may not come in.
            Some(known) if known.banned_at.is_some() || link.customer_id.as_ref().is_some_and(|id| *id != known.id) => return Err(late()),
            Some(known) => (CustomerSummary { id: known.id, external_id: known.external_id, email: known.email, name: known.name }, false),
            None if link.customer_id.is_some() || !link.anyone_may_sign_in => return Err(late()),
            None => {
                let said = Said { email: Some(link.email.clone()), email_verified: true, ..Said::nothing() };
                let id = CustomerId::new(tx.now());
                tx.write(customer::store::insert(&id, tenant, entrance.mode, &said, FirstSeenBy::MagicLink, tx.now(), Code::Conflict));
                (CustomerSummary { id, external_id: None, email: said.email, name: None }, true)
            }
        };
        let id = customer.id.clone();
        let opening = Opening {
            entrance,
            embed_key: key,
            customer,
            way,
            bridge_key: None,
            organization: None,
            origin: call.origin.unwrap_or_default(),
            from: &call.from,
            kept: None,
        };
        let (session, started) = customer_session::open(self, &mut tx, opening).await?;
        let event = Event::new(Action::CustomerSessionStarted)
            .target(&session)
            .with("customer", id.as_str())
            .with("new_customer", is_new)
            .with("way", way.as_str())
            .with("mode", entrance.mode.as_str())
            .with("product", entrance.product_id.as_str())
            .with("embed_key", key.as_str())
            .with("magic_link", link.id.as_str());
        tx.by(Who::Customer { id }).commit(event).await?;
        self.uses().embed_key_used(key, self.now());
        Ok(started)
    }
}
