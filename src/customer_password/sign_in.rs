//! Signing in with a password: one answer, and the same work, for whatever is wrong (SE7).

use super::{
    PasswordProof,
    store::{self, Account},
};
use crate::{
    Code, Core, EmbedKeyId, Error, Result, Who,
    audit::{Action, Event},
    customer::CustomerSummary,
    customer_session::{self, Opening, StartedSession, Way},
    embed_key::{EmbedCall, Entrance},
    use_log::Refusal,
    user::{Counter, email},
};

/// The same words for a wrong password, an address that nobody verified, a customer without a password and one who is banned.
const WRONG: &str = "E-mail or password are not right.";

fn wrong() -> Error {
    Error::new(Code::InvalidCredentials, WRONG)
}

impl Core {
    /// A session for whoever bears this address and knows its password. Each attempt is counted before it is looked at; whoever is made
    /// to wait by a stranger's guesses signs in by mail.
    pub async fn sign_in_with_password(&self, asked: &PasswordProof, call: EmbedCall<'_>) -> Result<StartedSession> {
        let (key, entrance) = self.enter(&call).await?;
        entrance.has_passwords()?;
        let typed = email::normal(&asked.email);
        let account = match email::parse(&typed) {
            Ok(address) => store::account(self.db(), &entrance.tenant_id, entrance.mode, &address).await?,
            Err(_) => None,
        };
        let counter = Counter::of_customer(self, &entrance.tenant_id, entrance.mode, &typed);
        let id = account.as_ref().map(|account| account.id.clone());
        let proved = match counter.attempt(self).await {
            Ok(()) => self.prove_customer(account, asked).await,
            Err(late) => Err(late),
        };
        match proved {
            Ok((account, before)) => self.let_in(&key, &entrance, account, &before, asked, &counter, &call).await,
            Err(error) => {
                if !matches!(error.code(), Code::Unavailable | Code::Internal) {
                    let mut event = Event::new(Action::CustomerSignInRefused)
                        .refused()
                        .reason(Some(error.code().as_str()))
                        .with("product", entrance.product_id.as_str());
                    if let Some(id) = &id {
                        event = event.target(id);
                    }
                    let whose = id.as_ref().map_or("nobody", |id| id.as_str());
                    let kind = format!("customer-sign-in/{}/{whose}/{}", entrance.product_id, error.code());
                    let tenant = Some(entrance.tenant_id.clone());
                    self.uses().refused(kind, Refusal { tenant, who: Who::Anonymous, from: call.from.clone(), event }, self.now());
                }
                Err(error)
            }
        }
    }

    /// The account and the hash that its password fits; one hash is computed, whoever it is.
    async fn prove_customer(&self, account: Option<Account>, asked: &PasswordProof) -> Result<(Account, String)> {
        let hash = account.as_ref().and_then(|account| account.hash.as_deref());
        let right = self.password_matches(&asked.password, hash).await?;
        let account = account.filter(|account| right && account.banned_at.is_none()).ok_or_else(wrong)?;
        let hash = account.hash.clone().ok_or_else(wrong)?;
        Ok((account, hash))
    }

    #[expect(clippy::too_many_arguments, reason = "all that a session is opened from")]
    async fn let_in(
        &self,
        key: &EmbedKeyId,
        entrance: &Entrance,
        account: Account,
        before: &str,
        asked: &PasswordProof,
        counter: &Counter,
        call: &EmbedCall<'_>,
    ) -> Result<StartedSession> {
        let hash = if self.hash_is_outdated(before) { self.hash_password(&asked.password).await? } else { before.to_owned() };
        let mut tx = self.begin(Who::Anonymous, Some(entrance.tenant_id.clone()), call.from.clone());
        tx.write(counter.forget());
        tx.write(store::still(&account.id, &entrance.product_id, before, &hash));
        let Account { id, external_id, email, name, .. } = account;
        let opening = Opening {
            entrance,
            embed_key: key,
            customer: CustomerSummary { id: id.clone(), external_id, email, name },
            way: Way::SignIn,
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
            .with("new_customer", false)
            .with("way", Way::SignIn.as_str())
            .with("proof", "password")
            .with("mode", entrance.mode.as_str())
            .with("product", entrance.product_id.as_str())
            .with("embed_key", key.as_str());
        tx.by(Who::Customer { id }).commit(event).await?;
        self.uses().embed_key_used(key, self.now());
        Ok(started)
    }
}
