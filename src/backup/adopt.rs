//! Making a database that was put back safe to serve: it knows nothing of what happened after it was taken.

use super::{Adopted, store};
use crate::{
    Core, Origination, Result, TenantId, Who,
    audit::{Action, Event},
    bridge, customer_password, customer_session, key, mail, verification_secret,
};

impl Core {
    /// Tells history that everything left in a file of this name and SHA-256.
    pub async fn backup_taken(&self, file: &str, sha256: &str) -> Result<()> {
        let event = Event::new(Action::BackupTaken).with("file", file).with("sha256", sha256);
        self.begin(Who::CommandLine, None, Origination::default()).commit(event).await.map(drop)
    }

    /// Moves every tenant's `not_before` to now, revokes its signing keys and makes new ones, ends every session, link,
    /// invitation and recovery code, and holds each member, API key, bridge key and verification secret until an owner releases it. With `trust`
    /// these go on as the backup knows them. May be repeated: what was released in the meantime is held again. Embed keys
    /// are public and open nothing but what anybody may see, so they stay as they are.
    pub async fn adopt_backup(&self, trust: bool) -> Result<Adopted> {
        let mut adopted = Adopted { owners: store::owners(self.db()).await?, ..Adopted::default() };
        for (tenant,) in store::tenants(self.db()).await? {
            self.adopt_tenant(&tenant, trust, &mut adopted).await?;
        }
        let mut tx = self.begin(Who::CommandLine, None, Origination::default());
        let sessions = tx.write(store::end_sessions(tx.now()));
        tx.write_all(store::end_links(tx.now()));
        tx.write_all(customer_password::store::end_all(tx.now()));
        tx.write(mail::store::withdraw_all(tx.now()));
        let tenants = i64::try_from(adopted.tenants).unwrap_or(i64::MAX);
        let event = Event::new(Action::InstallationRestored).with("tenants", tenants).with("trusted", trust);
        let done = tx.commit(event).await?;
        adopted.ended_sessions += done.rows.get(sessions).copied().unwrap_or_default();
        Ok(adopted)
    }

    async fn adopt_tenant(&self, tenant: &TenantId, trust: bool, adopted: &mut Adopted) -> Result<()> {
        let mut tx = self.begin(Who::CommandLine, Some(tenant.clone()), Origination::default());
        let at = tx.now();
        // One millisecond past now, so that even what was issued in this very one is dead.
        let not_before = at.plus(1);
        tx.write(store::forget(tenant, not_before));
        let invitations = tx.write(store::end_invitations(tenant, at));
        tx.write(store::revoke_keys(tenant, at));
        tx.write_all(key::first_keys(self, tenant, at).await?);
        let visits = tx.write_all(customer_session::store::end_of_tenant(tenant, at));
        let held = if trust {
            tx.write(store::trust_api_keys(tenant, not_before));
            None
        } else {
            Some([
                tx.write(store::hold_members(tenant, at)),
                tx.write(store::hold_api_keys(tenant, at)),
                tx.write(bridge::store::hold(tenant, at)),
                tx.write(verification_secret::store::hold(tenant, at)),
            ])
        };
        let done = tx.commit(Event::new(Action::TenantRestored).target(tenant).with("trusted", trust)).await?;
        let rows = |place: usize| done.rows.get(place).copied().unwrap_or_default();
        adopted.tenants += 1;
        adopted.ended_invitations += rows(invitations);
        adopted.ended_sessions += rows(visits);
        if let Some([members, keys, bridge_keys, secrets]) = held {
            adopted.held_members += rows(members);
            adopted.held_api_keys += rows(keys);
            adopted.held_bridge_keys += rows(bridge_keys);
            adopted.held_verification_secrets += rows(secrets);
        }
        Ok(())
    }
}
