//! Reading the overview.

use super::{
    Checklist, Hour, KeysAtAGlance, Overview,
    memory::{Count, Day, Span, Whose},
    store,
};
use crate::{Op, Permission, Reach, Result, Time, key::KeyState, time::SECOND};
use std::time::{Duration, Instant};

/// How much of a day one view counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Rows that one statement reads; what has more is counted in smaller pieces.
    pub(super) rows: i64,
    /// After so long the page is served with what is there, and the next view goes on.
    pub(super) time: Duration,
}

impl Pace {
    const PAGE: Self = Self { rows: 200_000, time: Duration::from_millis(300) };
}

impl Op {
    /// What is alive in the organizations within reach, and what the last day brought. A few indexed reads, none of which
    /// grows with the age of the tenant, nor with what was minted in the day once this process has counted it.
    pub async fn overview(&self) -> Result<Overview> {
        self.overview_at(Pace::PAGE).await
    }

    pub(super) async fn overview_at(&self, pace: Pace) -> Result<Overview> {
        let (db, organizations) = self.read_somewhere(Permission::ReadTokens)?;
        let whose = Whose { tenant: self.tenant().clone(), organizations };
        let now = self.core().now();
        Ok(Overview {
            live_tokens: self.live_tokens().await?,
            ever_minted: store::ever_minted(db, &whose).await?,
            hours: self.hours(&whose, now, pace).await?,
            keys: self.keys_at_a_glance().await?,
            checklist: self.checklist().await?,
        })
    }

    /// Widget tokens of the tenant, or of the organizations within reach, that are good on the next call.
    pub(crate) async fn live_tokens(&self) -> Result<i64> {
        let (db, organizations) = self.read_somewhere(Permission::ReadTokens)?;
        store::live_tokens(db, &Whose { tenant: self.tenant().clone(), organizations }, self.core().now()).await
    }

    /// What is remembered of the day and what is new; none while there is more to count than one view does.
    async fn hours(&self, whose: &Whose, now: Time, pace: Pace) -> Result<Option<Vec<Hour>>> {
        let (days, until) = (self.core().days(), Instant::now() + pace.time);
        let mut day = days.get(whose, now);
        let whole = self.count_on(whose, &mut day, now, (pace, until)).await;
        days.keep(whose, &day);
        if !whole? {
            return Ok(None);
        }
        if let Some(anew) = day.anew(now) {
            // What was counted before is good enough while that fails.
            if self.count_on(whose, anew, now, (pace, until)).await.unwrap_or_default() {
                day = anew.clone();
            }
            days.keep(whose, &day);
        }
        for span in day.rest(now) {
            let minted = store::minted(self.core().db(), whose, span, i64::MAX).await?;
            self.add(whose, &mut day, span, minted).await?;
        }
        let unsigned = |count| u64::try_from(count).unwrap_or_default();
        Ok(Some(day.hours().map(|(at, count)| Hour { at, minted: unsigned(count.minted), refused: unsigned(count.refused) }).collect()))
    }

    /// Counts piece by piece what has settled, one at least; whether that was all.
    async fn count_on(&self, whose: &Whose, day: &mut Day, now: Time, (pace, until): (Pace, Instant)) -> Result<bool> {
        while let Some(mut span) = day.settled(now) {
            let mut most = pace.rows;
            let mut minted = store::minted(self.core().db(), whose, span, most).await?;
            while minted >= most {
                match span.half() {
                    Some(half) => span = half,
                    None => most = i64::MAX,
                }
                minted = store::minted(self.core().db(), whose, span, most).await?;
            }
            self.add(whose, day, span, minted).await?;
            day.learn(span, minted < pace.rows / 2);
            if Instant::now() >= until {
                return Ok(day.settled(now).is_none());
            }
        }
        Ok(true)
    }

    async fn add(&self, whose: &Whose, day: &mut Day, span: Span, minted: i64) -> Result<()> {
        let refused = store::refused(self.core().db(), whose, span).await?;
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
