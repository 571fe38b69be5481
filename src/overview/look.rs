//! Reading the overview.

use super::{
    Checklist, Hour, KeysAtAGlance, LIVE_COUNTED, Overview,
    memory::{Count, Day, Span, Whose},
    store,
};
use crate::{Op, Permission, Reach, Result, key::KeyState, time::SECOND};

impl Op {
    /// What is alive in the organizations within reach, and what the last day brought. A few indexed reads, none of which
    /// grows with the age of the tenant, nor with what was minted in the day once this process has counted it.
    pub async fn overview(&self) -> Result<Overview> {
        let (db, organizations) = self.read_somewhere(Permission::ReadTokens)?;
        let whose = Whose { tenant: self.tenant().clone(), organizations };
        let (days, now) = (self.core().days(), self.core().now());
        let mut day = days.get(&whose, now);
        for span in day.settled(now) {
            self.count(&whose, &mut day, span).await?;
            // Piece by piece: a day that takes longer than a request may wait goes on with the next one.
            days.keep(&whose, &day);
        }
        for span in day.rest(now) {
            self.count(&whose, &mut day, span).await?;
        }
        let unsigned = |count| u64::try_from(count).unwrap_or_default();
        let hours = day.hours().map(|(at, count)| Hour { at, minted: unsigned(count.minted), refused: unsigned(count.refused) });
        Ok(Overview {
            live_tokens: store::live_tokens(db, &whose, now, LIVE_COUNTED).await?,
            ever_minted: store::ever_minted(db, &whose).await?,
            hours: hours.collect(),
            keys: self.keys_at_a_glance().await?,
            checklist: self.checklist().await?,
        })
    }

    async fn count(&self, whose: &Whose, day: &mut Day, span: Span) -> Result<()> {
        let db = self.core().db();
        let minted = store::minted(db, whose, span).await?;
        let refused = store::refused(db, whose, span).await?;
        day.add(span, Count { minted, refused });
        Ok(())
    }

    async fn keys_at_a_glance(&self) -> Result<Option<KeysAtAGlance>> {
        if !self.actor().roles.hold(Permission::ReadSigningKeys, Reach::Tenant) {
            return Ok(None);
        }
        let mut glance = KeysAtAGlance { active: None, next: None, next_ready_at: None, retiring: 0 };
        for key in store::keys(self.read(Permission::ReadSigningKeys, Reach::Tenant)?, self.tenant()).await? {
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
