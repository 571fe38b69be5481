//! A tenant's settings.

use super::{LEAST_RETENTION, Tenant, TenantChange, store};
use crate::{
    Error, Op, Permission, Reach, Result,
    audit::{Action, Event},
    text,
};

/// The longest retention, in days: a hundred years.
const MOST_RETENTION: i64 = 36_500;

impl Op {
    /// The tenant with its settings.
    pub async fn tenant_record(&self) -> Result<Tenant> {
        let db = self.read(Permission::ReadTenant, Reach::Tenant)?;
        store::find(db, self.tenant()).await?.ok_or_else(|| Error::not_found("tenant"))
    }

    /// Changes name, lives, retention or the checklist; history shows before and after. Live tokens keep their life.
    pub async fn update_tenant(&self, change: TenantChange) -> Result<Tenant> {
        let mut tx = self.begin(Permission::UpdateTenant, Reach::Tenant)?;
        let before = self.tenant_record().await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        after.default_ttl_seconds = change.default_ttl_seconds.unwrap_or(before.default_ttl_seconds);
        after.max_ttl_seconds = change.max_ttl_seconds.unwrap_or(before.max_ttl_seconds);
        after.retention_days = change.retention_days.unwrap_or(before.retention_days);
        match change.hide_checklist {
            Some(true) => after.checklist_hidden_at = before.checklist_hidden_at.or(Some(tx.now())),
            Some(false) => after.checklist_hidden_at = None,
            None => {}
        }
        check(&after)?;
        if after == before {
            return Ok(after);
        }
        tx.write(store::update(&before, &after));
        let event = Event::new(Action::TenantUpdated)
            .target(&after.id)
            .changed("name", &before.name, &after.name)
            .changed("default_ttl_seconds", &before.default_ttl_seconds, &after.default_ttl_seconds)
            .changed("max_ttl_seconds", &before.max_ttl_seconds, &after.max_ttl_seconds)
            .changed("retention_days", &before.retention_days, &after.retention_days)
            .changed("checklist_hidden", &before.checklist_hidden_at.is_some(), &after.checklist_hidden_at.is_some());
        tx.commit(event).await?;
        Ok(after)
    }
}

fn check(tenant: &Tenant) -> Result<()> {
    if !(60..=3_600).contains(&tenant.max_ttl_seconds) {
        return Err(Error::invalid("max_ttl_seconds", "A token lives 60 to 3600 seconds."));
    }
    if !(60..=tenant.max_ttl_seconds).contains(&tenant.default_ttl_seconds) {
        return Err(Error::invalid("default_ttl_seconds", "The default life is at least 60 seconds and at most the longest."));
    }
    if !(LEAST_RETENTION..=MOST_RETENTION).contains(&tenant.retention_days) {
        return Err(Error::invalid("retention_days", "History and dead tokens are kept for at least 30 days."));
    }
    Ok(())
}
