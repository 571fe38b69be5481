//! "Revoke everything": nothing issued so far is accepted any more, but the session that pressed it.

use super::{EverythingAlive, RevokeEverything, store};
use crate::{
    Error, Op, Permission, Reach, Result,
    audit::{Action, Event},
    bridge, session, text, verification_secret,
};

impl Op {
    /// What it would end.
    pub async fn everything_alive(&self) -> Result<EverythingAlive> {
        let db = self.read(Permission::ReadTenant, Reach::Tenant)?;
        let alive = store::alive(db, self.tenant(), self.actor().session(), self.core().now()).await?;
        Ok(EverythingAlive { tokens: self.live_tokens().await?, ..alive })
    }

    /// Moves `not_before` one millisecond past now, so that even what was issued in this very one is dead. An owner with
    /// presence proved, who types the tenant's name.
    pub async fn revoke_everything(&self, asked: RevokeEverything) -> Result<EverythingAlive> {
        let mut tx = self.begin(Permission::RevokeEverything, Reach::Tenant)?.urgently();
        let tenant = self.tenant_record().await?;
        if asked.confirm.trim() != tenant.name {
            return Err(Error::invalid("confirm", "Type the tenant's name, letter for letter."));
        }
        let reason = text::reason(asked.reason)?;
        let alive = self.everything_alive().await?;
        let kept = self.actor().session();
        let not_before = tx.now().plus(1);
        tx.write_all(store::revoke_everything(self.tenant(), not_before, tx.now()));
        tx.write(session::store::end_of_tenant(self.tenant(), kept, tx.now()));
        tx.write(bridge::store::revoke_all(self.tenant(), tx.now()));
        tx.write(verification_secret::store::revoke_all(self.tenant(), tx.now()));
        if let Some(kept) = kept {
            tx.write(session::store::keep_valid(kept, not_before));
        }
        let event = Event::new(Action::TenantEverythingRevoked)
            .target(self.tenant())
            .reason(reason)
            .with("tokens", alive.tokens)
            .with("api_keys", alive.api_keys)
            .with("sessions", alive.sessions)
            .with("invitations", alive.invitations)
            .with("bridge_keys", alive.bridge_keys)
            .with("verification_secrets", alive.verification_secrets)
            .with("customer_sessions", alive.customer_sessions)
            .with("identity_tokens", alive.identity_tokens);
        tx.commit(event).await?;
        Ok(alive)
    }
}
