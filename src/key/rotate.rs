//! From `next` to `active` to `retiring` to `retired`, or to `revoked` at once (KY2).

use super::{
    KeyRevocation, KeyState, NEEDED_FOR, NewSigningKey, Rotation, SigningKey,
    make::new_key,
    store::{self, StateRow},
};
use crate::{
    Code, Core, Error, KeyId, Op, Origination, Permission, Reach, Result, Time, Tx, Who,
    audit::{Action, Event},
    customer_session::Shared,
    time::{DAY, SECOND},
    token::LIVE_COUNTED,
};

/// A key's states before a change, by what they are.
struct Current {
    active: Option<StateRow>,
    next: Option<StateRow>,
}

/// Why sessions ended.
const WITH_THE_KEY: &str = "The key that signed it was revoked.";

impl Op {
    /// The tenant's keys, newest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        store::list(self.read(Permission::ReadSigningKeys, Reach::Tenant)?, self.tenant(), self.core().now()).await
    }

    /// One of them.
    pub async fn signing_key(&self, id: &KeyId) -> Result<SigningKey> {
        let db = self.read(Permission::ReadSigningKeys, Reach::Tenant)?;
        store::find(db, self.tenant(), id, self.core().now()).await?.ok_or_else(|| Error::not_found("signing key"))
    }

    /// When the next key may sign without force; none without a next key.
    pub async fn next_key_ready_at(&self) -> Result<Option<Time>> {
        self.require(Permission::ReadSigningKeys, Reach::Tenant)?;
        Ok(self.current_keys().await?.next.map(|next| self.ready(&next)))
    }

    /// Makes a key in state `next`. A former `next`, which has signed nothing, is retired: this is how the algorithm changes.
    pub async fn create_signing_key(&self, asked: NewSigningKey) -> Result<SigningKey> {
        let mut tx = self.begin(Permission::ManageSigningKeys, Reach::Tenant)?;
        let current = self.current_keys().await?;
        if let Some(next) = &current.next {
            tx.write(store::advance(&next.id, KeyState::Next, KeyState::Retired, tx.now()));
        }
        let (id, write) = new_key(self.core(), self.tenant(), asked.algorithm, KeyState::Next, tx.now()).await?;
        tx.write(write);
        let event = Event::new(Action::KeyCreated).target(&id).with("algorithm", asked.algorithm.as_str());
        tx.commit(event.with("replaces", current.next.map(|key| key.id.to_string()))).await?;
        self.signing_key(&id).await
    }

    /// The whole step: `next` signs, the old key retires, a new `next` of the same algorithm is published.
    pub async fn rotate_signing_keys(&self, how: Rotation) -> Result<Vec<SigningKey>> {
        let mut tx = self.begin(Permission::ManageSigningKeys, Reach::Tenant)?;
        let current = self.current_keys().await?;
        let promoted = self.promote(&mut tx, &current, &how)?;
        let (next, write) = new_key(self.core(), self.tenant(), promoted.algorithm, KeyState::Next, tx.now()).await?;
        tx.write(write);
        let event = Event::new(Action::KeysRotated)
            .target(&promoted.id)
            .reason(how.reason.clone())
            .with("retiring", current.active.as_ref().map(|key| key.id.to_string()))
            .with("next", next.as_str())
            .with("forced", how.force);
        tx.commit(event).await?;
        self.signing_keys().await
    }

    /// `next` signs from now on, the old key retires; no new `next` is made.
    pub async fn promote_signing_key(&self, id: &KeyId, how: Rotation) -> Result<SigningKey> {
        let mut tx = self.begin(Permission::ManageSigningKeys, Reach::Tenant)?;
        let key = self.signing_key(id).await?;
        let current = self.current_keys().await?;
        if key.state != KeyState::Next {
            return Err(Error::new(Code::KeyState, format!("Only a next key can be promoted; this one is {}.", key.state)));
        }
        self.promote(&mut tx, &current, &how)?;
        let event = Event::new(Action::KeyPromoted)
            .target(id)
            .reason(how.reason.clone())
            .with("retiring", current.active.as_ref().map(|key| key.id.to_string()))
            .with("forced", how.force);
        tx.commit(event).await?;
        self.signing_key(id).await
    }

    /// Takes a key out of the JWKS that nothing alive needs.
    pub async fn retire_signing_key(&self, id: &KeyId) -> Result<SigningKey> {
        let mut tx = self.begin(Permission::ManageSigningKeys, Reach::Tenant)?;
        let key = self.signing_key(id).await?;
        match key.state {
            KeyState::Retired => return Ok(key),
            KeyState::Next | KeyState::Retiring => {}
            KeyState::Active | KeyState::Revoked => {
                let message = format!("A key that is {} cannot be retired; rotate first.", key.state);
                return Err(Error::new(Code::KeyState, message));
            }
        }
        tx.write(store::retire_unused(id, tx.now()));
        tx.commit(Event::new(Action::KeyRetired).target(id)).await?;
        self.core().keyring().forget_pair(id);
        self.signing_key(id).await
    }

    /// Ends a key and all that it signed, at once. The active one is succeeded by `next`, or by a new one, in the same transaction.
    pub async fn revoke_signing_key(&self, id: &KeyId, why: KeyRevocation) -> Result<SigningKey> {
        let mut tx = self.begin(Permission::ManageSigningKeys, Reach::Tenant)?.urgently();
        let key = self.signing_key(id).await?;
        if key.state == KeyState::Revoked {
            self.end_sessions(Shared::SigningKey(id), WITH_THE_KEY).await?;
            return Ok(key);
        }
        let reason = crate::text::reason(why.reason)?;
        let crowd = self.is_crowd_of_sessions(Shared::SigningKey(id)).await?;
        let at = tx.now();
        tx.write(store::revoke(id, reason.as_deref().unwrap_or_default(), at));
        if !crowd {
            self.end_sessions_with(&mut tx, Shared::SigningKey(id), WITH_THE_KEY);
        }
        let mut event = Event::new(Action::KeyRevoked).target(id).reason(reason).with("was", key.state.as_str());
        event = event.with("live_tokens", key.live_tokens);
        if key.live_tokens >= LIVE_COUNTED {
            event = event.with("and_more", true);
        }
        if matches!(key.state, KeyState::Active | KeyState::Next) {
            let current = self.current_keys().await?;
            if key.state == KeyState::Active {
                let successor = if let Some(next) = &current.next {
                    tx.write(store::advance(&next.id, KeyState::Next, KeyState::Active, at));
                    next.id.clone()
                } else {
                    let (id, write) = new_key(self.core(), self.tenant(), key.algorithm, KeyState::Active, at).await?;
                    tx.write(write);
                    id
                };
                event = event.with("successor", successor.as_str());
            }
            let algorithm = current.next.as_ref().map_or(key.algorithm, |next| next.algorithm);
            let (next, write) = new_key(self.core(), self.tenant(), algorithm, KeyState::Next, at).await?;
            tx.write(write);
            event = event.with("next", next.as_str());
        }
        tx.commit(event).await?;
        self.core().keyring().forget_pair(id);
        if crowd {
            self.end_sessions(Shared::SigningKey(id), WITH_THE_KEY).await?;
        }
        self.signing_key(id).await
    }

    /// Writes the promotion of `next`, unless verifiers may not have seen it yet.
    fn promote<'a>(&self, tx: &mut Tx, current: &'a Current, how: &Rotation) -> Result<&'a StateRow> {
        let next = current.next.as_ref().ok_or_else(|| Error::new(Code::KeyState, "There is no next key. Create one first."))?;
        let now = tx.now();
        let ready = self.ready(next);
        if how.force && how.reason.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(
                Error::new(Code::MissingField, "To rotate before every verifier has seen the next key, give a reason.").field("reason")
            );
        }
        if now < ready && !how.force {
            let message = format!(
                "The next key was published less than {} seconds ago; verifiers that cache the JWKS may not know it before {ready}.",
                self.core().settings().jwks_max_age
            );
            let seconds = u64::try_from(ready.since(now) / SECOND + 1).unwrap_or(1);
            return Err(Error::new(Code::KeyTooYoung, message).retry_after(seconds));
        }
        if let Some(active) = &current.active {
            tx.write(store::advance(&active.id, KeyState::Active, KeyState::Retiring, now));
        }
        tx.write(store::advance(&next.id, KeyState::Next, KeyState::Active, now));
        Ok(next)
    }

    /// When every verifier that caches the JWKS has seen it.
    fn ready(&self, next: &StateRow) -> Time {
        next.created_at.plus(self.core().settings().jwks_max_age * SECOND)
    }

    async fn current_keys(&self) -> Result<Current> {
        let mut current = Current { active: None, next: None };
        for row in store::current(self.core().db(), self.tenant()).await? {
            match row.state {
                KeyState::Active => current.active = Some(row),
                _ => current.next = Some(row),
            }
        }
        Ok(current)
    }
}

impl Core {
    /// Retires keys whose last token has expired, and forgets the public halves of those that were retired 30 days ago.
    pub async fn retire_keys_that_are_due(&self) -> Result<()> {
        let now = self.now();
        // Dashboard JWTs, which no row of a widget token tells of, live no longer than this either.
        for due in store::due(self.db(), now.plus(-NEEDED_FOR), now).await? {
            let mut tx = self.begin(Who::System, Some(due.tenant_id), Origination::default());
            tx.write(store::retire_unused(&due.id, now));
            tx.commit(Event::new(Action::KeyRetired).target(&due.id)).await?;
            self.keyring().forget_pair(&due.id);
        }
        self.keep(vec![store::forget_public(now.plus(-30 * DAY))]).await.map(drop)
    }
}
