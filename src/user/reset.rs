//! Account reset: a one-time link that sets a new password, turns the second factor off and ends every session.

use super::{AccountReset, User, judge, prove::Counter, store};
use crate::{
    Code, Core, Error, Op, Origination, Permission, Reach, Result, Secret, TenantId, UserId, Who,
    audit::{Action, Event},
    secret::{Digest, generate_secret, looks_like_secret},
    session,
    tenant::OneTimeLink,
    time::HOUR,
};

/// What the secret of a reset link starts with.
const PREFIX: &str = "reset_";
/// For how long it works.
const LASTS: i64 = HOUR;

/// Told apart only for those who hold a secret that was once right.
fn unknown() -> Error {
    Error::not_found("link")
}

impl Core {
    /// A reset link for the command line to print.
    pub async fn issue_reset(&self, email: &str) -> Result<OneTimeLink> {
        let account = store::by_email(self.db(), &super::email::normal(email)).await?.ok_or_else(|| Error::not_found("user"))?;
        let tx = self.begin(Who::CommandLine, account.last_tenant_id.clone(), Origination::default());
        self.issue(tx, &account.user, None).await
    }

    async fn issue(&self, mut tx: crate::Tx, user: &User, tenant: Option<&TenantId>) -> Result<OneTimeLink> {
        let token = generate_secret(PREFIX);
        let expires_at = tx.now().plus(LASTS);
        let hash = Digest::of(token.reveal().as_bytes()).to_hex();
        tx.write_all(store::issue_reset(&hash, &user.id, tenant, tx.now(), expires_at));
        tx.commit(Event::new(Action::ResetIssued).target(&user.id)).await?;
        Ok(self.one_time_link("reset", token, expires_at))
    }

    /// Whose account a reset link opens, for its page; 410 for one that was used or is late.
    pub async fn reset_link(&self, token: &str) -> Result<User> {
        self.waiting_reset(token).await.map(|row| row.user)
    }

    async fn waiting_reset(&self, token: &str) -> Result<store::ResetRow> {
        if !looks_like_secret(PREFIX, token) {
            return Err(unknown());
        }
        let row = store::reset(self.db(), &Digest::of(token.as_bytes()).to_hex()).await?.ok_or_else(unknown)?;
        if row.consumed_at.is_some() {
            return Err(Error::new(Code::LinkConsumed, "This link has been used already, or a newer one replaced it."));
        }
        if row.expires_at <= self.now() || row.void {
            return Err(Error::new(Code::LinkExpired, "This link is no longer valid. Ask for a new one."));
        }
        Ok(row)
    }

    /// Sets the new password: second factor off, every session ended, delays and known devices forgotten. Works once.
    pub async fn reset_account(&self, asked: &AccountReset, from: Origination) -> Result<User> {
        let row = self.waiting_reset(asked.token.reveal()).await?;
        let short = judge(self, "password", &asked.password, false, &[&row.user.email, &row.user.name]).await?;
        let hash = self.hash_password(&asked.password).await?;
        let token_hash = Digest::of(asked.token.reveal().as_bytes()).to_hex();
        let mut tx = self.begin(Who::Anonymous, row.last_tenant_id, from).urgently();
        let id = &row.user.id;
        tx.write(store::hold(id));
        tx.write(store::consume_reset(&token_hash, tx.now()));
        tx.write(store::set_password(id, &row.password_hash, &hash, short));
        tx.write_all(store::drop_totp(id));
        let ended = tx.write(session::store::end_all(id, tx.now()));
        tx.write(store::forget_devices(id));
        if row.tenant_id.is_none() {
            // Whoever has the machine's own command line lets in whom a restore held.
            tx.write(crate::member::store::release_everywhere(id));
        }
        tx.write(Counter::of_account(self, &row.user.email).forget());
        tx.write(Counter::of_account(self, &format!("step-up {id}")).forget());
        tx.commit(Event::new(Action::UserReset).target(id).counted(ended)).await?;
        Ok(row.user)
    }

    /// An address with a secret in its query: a form behind it works without scripts.
    pub(crate) fn one_time_link(&self, page: &str, token: Secret, expires_at: crate::Time) -> OneTimeLink {
        let url = Secret::new(format!("{}/{page}?token={}", self.settings().public_url, token.reveal()));
        OneTimeLink { url, token, expires_at }
    }
}

impl Op {
    /// The same from Members, by an owner. Only for people of this tenant alone: whoever may reset an account may become it.
    pub async fn issue_reset(&self, user: &UserId) -> Result<OneTimeLink> {
        let tx = self.begin(Permission::ManageOwners, Reach::Tenant)?;
        let db = self.core().db();
        if !crate::member::store::belongs(db, self.tenant(), user).await? {
            return Err(Error::not_found("member"));
        }
        if store::belongs_elsewhere(db, user, self.tenant()).await? {
            return Err(Error::new(
                Code::InsufficientRole,
                "This person belongs to other tenants too, so only the installation's command line may reset the account.",
            ));
        }
        let account = store::by_id(db, user).await?.ok_or_else(|| Error::not_found("member"))?;
        self.core().issue(tx, &account.user, Some(self.tenant())).await
    }
}
