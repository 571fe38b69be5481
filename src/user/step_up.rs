//! Proving presence again before the worst actions (SE10), and what needs it on one's own account.

use super::{
    Presence, Visitor,
    account::Account,
    prove::{Counter, wrong},
    second_factor, store,
};
use crate::{
    Code, Error, Op, Result, STEP_UP_LASTS, Secret, SessionId, UserId, Who,
    audit::{Action, Event},
    secret::{Digest, generate_secret},
    session, step_up,
};

impl Op {
    /// The person who acts, and their session; an API key has neither account nor session.
    pub(crate) fn person(&self) -> Result<(&UserId, &SessionId)> {
        match &self.actor().who {
            Who::User { id, session, .. } => Ok((id, session)),
            _ => Err(Error::new(Code::InsufficientRole, "Only a person who is signed in has an account of their own.")),
        }
    }

    /// The actor's own account.
    pub(super) async fn own_account(&self) -> Result<Account> {
        let (id, _) = self.person()?;
        store::by_id(self.core().db(), id).await?.ok_or_else(|| Error::not_found("user"))
    }

    /// The same, with presence proved within five minutes.
    pub(super) async fn own_account_proved(&self) -> Result<Account> {
        if let Who::User { proved_at, .. } = &self.actor().who
            && self.core().now().since(*proved_at) > STEP_UP_LASTS
        {
            return Err(step_up());
        }
        self.own_account().await
    }

    /// Password or code prove presence for five minutes. The session goes on under a new cookie (SE2).
    pub async fn step_up(&self, proof: &Presence, visitor: &Visitor<'_>) -> Result<Secret> {
        let (_, session) = self.person()?;
        let account = self.own_account().await?;
        // A count of its own: somebody at an open session guesses here without the delays of sign-in.
        let counter = Counter::of_account(self.core(), &format!("step-up {}", account.user.id));
        counter.attempt(self.core()).await?;
        let mut writes = vec![counter.forget()];
        match proof {
            Presence { password: Some(password), .. } => {
                if !self.core().password_matches(password, Some(&account.password_hash)).await? {
                    return Err(wrong().field("password"));
                }
            }
            Presence { code: Some(code), .. } if account.second_factor() => {
                let used = second_factor::check(self.core(), &account, code).await?.ok_or_else(|| wrong().field("code"))?;
                writes.push(used.write);
            }
            _ => return Err(Error::new(Code::MissingField, "Enter your password or a code.").field("password")),
        }
        let cookie = generate_secret(session::COOKIE_PREFIX);
        let mut tx = self.core().begin(self.actor().who.clone(), Some(self.tenant().clone()), visitor.from.clone());
        tx.write_all(writes);
        tx.write(session::store::prove(session, &Digest::of(cookie.reveal().as_bytes()).to_hex(), tx.now()));
        tx.commit(Event::new(Action::UserReauthenticated).target(&account.user.id)).await?;
        Ok(cookie)
    }
}
