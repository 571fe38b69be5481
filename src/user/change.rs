//! What people change on their own account.

use super::{
    PasswordChange, Profile, judge,
    prove::{Counter, wrong},
    store,
};
use crate::{
    Error, Op, Result, Secret, Who,
    audit::{Action, Event},
    secret::{Digest, generate_secret},
    session, text,
};

impl Op {
    /// The actor's own page.
    pub async fn profile(&self) -> Result<Profile> {
        let (id, _) = self.person()?;
        store::profile(self.core().db(), id).await?.ok_or_else(|| Error::not_found("user"))
    }

    /// A new name.
    pub async fn rename_self(&self, name: &str) -> Result<Profile> {
        let before = self.profile().await?;
        let name = text::name("name", name)?;
        if name != before.user.name {
            let mut tx = self.begin_own();
            tx.write(store::rename(&before.user.id, &name));
            tx.commit(Event::new(Action::UserUpdated).target(&before.user.id).changed("name", &before.user.name, &name)).await?;
        }
        self.profile().await
    }

    /// A new password for the old one: the old one is proof of presence, every other session ends (SE3), reset links die, and
    /// this session goes on under a new cookie; none for a dashboard JWT.
    pub async fn change_password(&self, change: &PasswordChange) -> Result<Option<Secret>> {
        let (_, session) = self.person()?;
        let account = self.own_account().await?;
        let counter = Counter::of_account(self.core(), &format!("step-up {}", account.user.id));
        counter.attempt(self.core()).await?;
        if !self.core().password_matches(&change.current_password, Some(&account.password_hash)).await? {
            return Err(wrong().field("current_password"));
        }
        let about = [account.user.email.as_str(), account.user.name.as_str()];
        let short = judge(self.core(), "new_password", &change.new_password, account.second_factor(), &about).await?;
        let hash = self.core().hash_password(&change.new_password).await?;
        let cookie = generate_secret(session::COOKIE_PREFIX);
        let mut tx = self.begin_own();
        tx.write(store::set_password(&account.user.id, &account.password_hash, &hash, short));
        tx.write(counter.forget());
        let ended = tx.write(session::store::end_others(&account.user.id, session, tx.now()));
        tx.write(store::end_resets(&account.user.id, tx.now()));
        let cycled = tx.write(session::store::cycle(session, &Digest::of(cookie.reveal().as_bytes()).to_hex(), tx.now()));
        let by_session = matches!(self.actor().who, Who::User { .. });
        let done = tx.commit(Event::new(Action::PasswordChanged).target(&account.user.id).counted(ended)).await?;
        Ok((by_session && done.rows.get(cycled) == Some(&1)).then_some(cookie))
    }
}
