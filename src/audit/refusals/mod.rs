//! Why calls were refused: the part of history that tells of pages, read by reason, by what was refused, and by time.
//!
//! An event stands for all calls of one token or embed key that were refused for one reason in one minute.

mod store;

use super::{
    AuditEvent, RefusalFilter, RefusedCalls,
    store::{Query, Stored},
};
use crate::{Limit, Op, Page, Permission, Result, Time, db::Db, page::Cursor, time::HOUR};

/// The name under which cursors are sealed.
const LIST: &str = "refusals";

/// So many events are summed up; past it a page says that there were more.
const SUMMED: i64 = 1_000;

impl Op {
    /// The events, newest first, of the organizations within reach; those of embed keys for a role of the tenant.
    pub async fn refusals(&self, filter: &RefusalFilter, limit: Limit, cursor: Option<&str>) -> Result<Page<AuditEvent>> {
        let (db, mut query) = self.refusal_query(filter).await?;
        let cursors = self.core().cursor(LIST, self.tenant());
        if let Some(cursor) = cursors.open(cursor)? {
            query.below = query.below.min(cursor.at.millis());
        }
        let mut rows: Vec<Stored> = Vec::new();
        for statement in store::statements(store::ROWS, &query, filter, limit.fetch()) {
            rows.extend(db.select::<Stored>(statement).await?);
        }
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.seq));
        let page = cursors.page(rows, limit, |row| Cursor { at: Time::from_millis(row.seq), id: String::new() });
        let Page { data, next_cursor } = page;
        Ok(Page { data: data.into_iter().map(AuditEvent::try_from).collect::<Result<_>>()?, next_cursor })
    }

    /// The same as figures: the newest so many, newest first, and whether there were more.
    pub async fn refused_calls(&self, filter: &RefusalFilter) -> Result<(Vec<RefusedCalls>, bool)> {
        let (db, query) = self.refusal_query(filter).await?;
        let mut sums: Vec<(i64, RefusedCalls)> = Vec::new();
        for statement in store::statements(store::SUMS, &query, filter, SUMMED + 1) {
            let rows: Vec<(Time, Option<String>, i64, i64)> = db.select(statement).await?;
            sums.extend(rows.into_iter().map(|(at, reason, calls, seq)| {
                let calls = u64::try_from(calls).unwrap_or_default();
                (seq, RefusedCalls { at, reason: reason.unwrap_or_default(), calls })
            }));
        }
        sums.sort_unstable_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        let most = usize::try_from(SUMMED).unwrap_or_default();
        let more = sums.len() > most;
        Ok((sums.into_iter().take(most).map(|(_, sum)| sum).collect(), more))
    }

    async fn refusal_query(&self, filter: &RefusalFilter) -> Result<(&Db, Query)> {
        let (db, organizations) = self.read_somewhere(Permission::ReadAudit)?;
        let from = filter.hours.map(|hours| self.core().now().plus(-i64::from(hours) * HOUR));
        let query = Query { organizations, from, ..Query::new(self.tenant()) };
        Ok((db, query.within_its_time(db).await?))
    }
}
