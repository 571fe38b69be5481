//! The purge: rows past their tenant's retention go, a thousand at a time, and leave a signed checkpoint (contract, section 7).

mod store;
#[cfg(test)]
mod tests;

use crate::{
    Core, Origination, Result, TenantId, Time, Who,
    audit::{Action, Event},
    conversation, customer_password, magic_link, mail, product,
    time::DAY,
    writer::Write,
};

/// Of the installation's own chain, and of a tenant that says nothing else.
const DEFAULT_DAYS: i64 = 400;
/// Rows of one kind and tenant in one purge; the rest waits for the next one.
const MOST: i64 = 100_000;

/// By whole days, so that a purge that finds something leaves one event a day.
fn start_of_day(time: Time) -> Time {
    Time::from_millis(time.millis().div_euclid(DAY) * DAY)
}

/// How many rows a purge deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Of history.
    pub events: u64,
    /// Of widget tokens.
    pub tokens: u64,
}

impl Core {
    /// Deletes what is past its retention; hourly. Recorded in each chain before the first row goes.
    pub async fn purge(&self) -> Result<Purged> {
        let now = self.now();
        let tenants = store::tenants(self.db()).await?;
        let shortest = tenants.iter().map(|tenant| tenant.retention_days).min().unwrap_or(DEFAULT_DAYS).min(DEFAULT_DAYS);
        let mark = self.advance_mark(now.plus(-shortest * DAY)).await?;
        let before = |days: i64| start_of_day(now.plus(-days * DAY)).min(mark);
        let mut purged = self.purge_chain(None, before(DEFAULT_DAYS)).await?;
        for tenant in tenants {
            let of_tenant = self.purge_chain(Some(&tenant.id), before(tenant.retention_days)).await?;
            purged.events += of_tenant.events;
            purged.tokens += of_tenant.tokens;
        }
        Ok(purged)
    }

    /// Moves the mark that the triggers ask, a day at most: a clock that leapt costs a day of history, not all of it.
    async fn advance_mark(&self, to: Time) -> Result<Time> {
        let (mark, born) = store::mark(self.db()).await?;
        let to = start_of_day(to.min(mark.max(born.unwrap_or_default()).plus(DAY)));
        if to <= mark {
            return Ok(mark);
        }
        self.keep(vec![store::advance_mark(to)]).await?;
        Ok(to)
    }

    async fn purge_chain(&self, tenant: Option<&TenantId>, before: Time) -> Result<Purged> {
        let past = self.past(tenant, before, MOST).await?;
        let tokens = match tenant {
            Some(tenant) => store::ended_tokens(self.db(), tenant, before, MOST).await?,
            None => 0,
        };
        if past.rows == 0 && tokens == 0 {
            return Ok(Purged::default());
        }
        let mut event = Event::new(Action::AuditPurged).with("before", before.to_string()).with("tokens", tokens).with("events", past.rows);
        if let Some(last) = past.pages.last() {
            event = event.with("last_seq", last.seq);
        }
        // Before the first row goes, so that no crash leaves a purge without its event.
        self.begin(Who::System, tenant.cloned(), Origination::default()).commit(event).await?;
        let mut purged = Purged { events: past.rows, tokens: 0 };
        for page in past.pages {
            let mut writes: Vec<Write> = store::delete_events(&page.chain, page.seq).into();
            writes.push(self.purged_up_to(page));
            self.keep(writes).await?;
        }
        while let Some(tenant) = tenant
            && i64::try_from(purged.tokens).unwrap_or(i64::MAX) < tokens
        {
            let deleted = self.keep(store::delete_tokens(tenant, before).into()).await?;
            let rows = deleted.rows.get(1).copied().unwrap_or_default();
            if rows == 0 {
                break;
            }
            purged.tokens += rows;
        }
        Ok(purged)
    }

    /// Deletes leftovers that decide nothing any more; every minute.
    pub async fn sweep(&self) -> Result<()> {
        let [.., longest] = conversation::KEPT_DAYS;
        let deleted = product::store::deleted(self.db(), self.now().plus(-(longest + 1) * DAY)).await?;
        let leftovers = || {
            store::leftovers(self.now())
                .into_iter()
                .chain([mail::store::forget_old(self.now())])
                .chain(magic_link::store::leftovers(self.now()))
                .chain(conversation::store::leftovers(self.now(), &deleted))
                .chain(customer_password::store::leftovers(self.now()))
                .collect()
        };
        while self.keep(leftovers()).await?.rows.contains(&1_000) {}
        self.sweep_sessions().await
    }
}
