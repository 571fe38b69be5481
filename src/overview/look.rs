//! Reading the overview.

use super::{Checklist, HOURS, Hour, KeysAtAGlance, LIVE_COUNTED, Overview, store};
use crate::{
    Op, Permission, Reach, Result, Time,
    key::KeyState,
    time::{HOUR, SECOND},
};

impl Op {
    /// What is alive in the organizations within reach, and what the last day brought. A few indexed reads, none of which
    /// grows with the age of the tenant.
    pub async fn overview(&self) -> Result<Overview> {
        let (db, narrowed) = self.read_somewhere(Permission::ReadTokens)?;
        let (tenant, now) = (self.tenant(), self.core().now());
        let narrowed = narrowed.as_deref();
        let present = now.millis().div_euclid(HOUR);
        let first = present - i64::try_from(HOURS).unwrap_or_default() + 1;
        let since = Time::from_millis(first * HOUR);
        let mut hours: Vec<Hour> =
            (first..=present).map(|hour| Hour { at: Time::from_millis(hour * HOUR), minted: 0, refused: 0 }).collect();
        let mut add = |counts: Vec<(i64, i64)>, field: fn(&mut Hour) -> &mut u64| {
            for (hour, count) in counts {
                if let Some(hour) = usize::try_from(hour - first).ok().and_then(|at| hours.get_mut(at)) {
                    *field(hour) = u64::try_from(count).unwrap_or_default();
                }
            }
        };
        add(store::mints(db, tenant, narrowed, since).await?, |hour| &mut hour.minted);
        add(store::refusals(db, tenant, narrowed, since).await?, |hour| &mut hour.refused);
        Ok(Overview {
            live_tokens: store::live_tokens(db, tenant, narrowed, now, LIVE_COUNTED).await?,
            ever_minted: store::ever_minted(db, tenant, narrowed).await?,
            hours,
            keys: self.keys_at_a_glance().await?,
            checklist: self.checklist().await?,
        })
    }

    async fn keys_at_a_glance(&self) -> Result<Option<KeysAtAGlance>> {
        if !self.actor().roles.hold(Permission::ReadSigningKeys, Reach::Tenant) {
            return Ok(None);
        }
        let mut glance = KeysAtAGlance { active: None, next: None, next_ready_at: None, retiring: 0 };
        for key in self.signing_keys().await? {
            match key.state {
                KeyState::Active => glance.active = Some(key),
                KeyState::Next => {
                    glance.next_ready_at = Some(key.created_at.plus(self.core().settings().jwks_max_age * SECOND));
                    glance.next = Some(key);
                }
                KeyState::Retiring => glance.retiring += 1,
                KeyState::Retired | KeyState::Revoked => {}
            }
        }
        Ok(Some(glance))
    }

    async fn checklist(&self) -> Result<Option<Checklist>> {
        if !self.actor().roles.hold(Permission::ReadTenant, Reach::Tenant) {
            return Ok(None);
        }
        match self.tenant_record().await?.checklist_hidden_at {
            Some(_) => Ok(None),
            None => store::checklist(self.core().db(), self.tenant()).await.map(Some),
        }
    }
}
