//! History as a file, streamed in pages: no connection is held while a slow client reads, and memory stays that of one page.

use super::{
    Action, AuditEvent, Event, ExportFormat, HistoryFilter, csv,
    store::{self, Order, Query},
};
use crate::{Core, Error, Op, Permission, Reach, Result};

/// Rows read at once.
const PAGE: i64 = 500;

/// An export under way: oldest first, up to the event that records the export itself.
pub struct Export {
    core: Core,
    query: Query,
    format: ExportFormat,
    begun: bool,
    over: bool,
}

impl Op {
    /// Begins an export of what `history` would list. It is recorded before the first byte leaves.
    ///
    /// Each `next` gives a piece of the file and none at its end, so that a response body is
    /// `try_unfold(export, |mut export| async { Ok(export.next().await?.map(|bytes| (bytes, export))) })`.
    pub async fn export_history(&self, filter: &HistoryFilter, format: ExportFormat) -> Result<Export> {
        let (_, query) = self.history_query(filter).await?;
        let mut event = Event::new(Action::AuditExported).with("format", format.as_str());
        if !filter.is_empty() {
            event = event.with("filter", serde_json::to_value(filter).map_err(Error::internal)?);
        }
        if let Some(organization) = &filter.organization_id {
            event = event.organization(organization);
        }
        let tx = match (&filter.organization_id, &query.organizations) {
            (Some(id), _) => self.begin(Permission::ReadAudit, Reach::Organization(id))?,
            // Narrowed by `history_query`, which has asked for the permission in each organization.
            (None, Some(_)) => self.begin_own(),
            (None, None) => self.begin(Permission::ReadAudit, Reach::Tenant)?,
        };
        tx.commit(event).await?;
        let last = store::head(self.core().db(), &query.chain).await?.map_or(0, |(seq, _)| seq);
        let query = Query { below: query.below.min(last + 1), ..query };
        Ok(Export { core: self.core().clone(), query, format, begun: false, over: false })
    }
}

impl Export {
    /// In which form.
    #[must_use]
    pub fn format(&self) -> ExportFormat {
        self.format
    }

    /// The next piece of the file; none at its end. After a failure the file must not look finished: end the response with an error.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let mut text = String::new();
        if !std::mem::replace(&mut self.begun, true) && self.format == ExportFormat::Csv {
            text.push_str(csv::HEADER);
        }
        if !self.over {
            let rows = self.query.rows(self.core.db(), Order::OldestFirst, PAGE).await?;
            self.over = i64::try_from(rows.len()).unwrap_or(i64::MAX) < PAGE;
            self.query.above = rows.last().map_or(self.query.above, |row| row.seq);
            for row in rows {
                match self.format {
                    ExportFormat::Csv => csv::record(&AuditEvent::try_from(row)?, &mut text),
                    ExportFormat::Jsonl => {
                        text.push_str(&row.body);
                        text.push('\n');
                    }
                }
            }
        }
        Ok(Some(text.into_bytes()).filter(|bytes| !bytes.is_empty()))
    }
}
