//! Reading history, newest first.

use super::{
    Action, AuditEvent, HistoryFilter,
    store::{self, Order, Query, Stored},
};
use crate::{Error, Limit, Op, Page, Permission, Reach, Result, Time, db::Db, page::Cursor};

/// The name under which cursors are sealed; both lists are the same rows in the same order.
const LIST: &str = "history";

impl Op {
    /// The events of this tenant, newest first: those of the organizations that the actor reaches, refused requests included.
    pub async fn history(&self, filter: &HistoryFilter, limit: Limit, cursor: Option<&str>) -> Result<Page<AuditEvent>> {
        let (db, query) = self.history_query(filter).await?;
        self.history_page(db, query, limit, cursor).await
    }

    /// What happened to one thing, by its id, as its detail page shows it. A token's own history has the bulk revocation that hit it.
    pub async fn history_of(&self, target: &str, limit: Limit, cursor: Option<&str>) -> Result<Page<AuditEvent>> {
        let (db, organizations) = self.read_somewhere(Permission::ReadAudit)?;
        let also = store::revocation_event(db, self.tenant(), target).await?;
        let query = Query { organizations, target: Some(target.to_owned()), also, ..Query::new(self.tenant()) };
        self.history_page(db, query, limit, cursor).await
    }

    pub(super) async fn history_query(&self, filter: &HistoryFilter) -> Result<(&Db, Query)> {
        let (db, organizations) = match &filter.organization_id {
            Some(id) => (self.read(Permission::ReadAudit, Reach::Organization(id))?, Some(vec![id.to_string()])),
            None => self.read_somewhere(Permission::ReadAudit)?,
        };
        let named = |field, text: &Option<String>| text.as_deref().map(|text| Action::named(field, text)).transpose();
        let query = Query {
            organizations,
            actions: named("action", &filter.action)?,
            not_actions: named("not_action", &filter.not_action)?.unwrap_or_default(),
            actor: filter.actor_id.clone(),
            target: filter.target_id.clone(),
            outcome: filter.outcome,
            from: filter.from,
            to: filter.to,
            ..Query::new(self.tenant())
        };
        Ok((db, query.within_its_time(db).await?))
    }

    async fn history_page(&self, db: &Db, mut query: Query, limit: Limit, cursor: Option<&str>) -> Result<Page<AuditEvent>> {
        let cursors = self.core().cursor(LIST, self.tenant());
        if let Some(cursor) = cursors.open(cursor)? {
            query.below = query.below.min(cursor.at.millis());
        }
        let rows = query.rows(db, Order::NewestFirst, limit.fetch()).await?;
        // A place in the chain is the whole position.
        let page = cursors.page(rows, limit, |row| Cursor { at: Time::from_millis(row.seq), id: String::new() });
        let Page { data, next_cursor } = page;
        Ok(Page { data: data.into_iter().map(AuditEvent::try_from).collect::<Result<_>>()?, next_cursor })
    }
}

impl TryFrom<Stored> for AuditEvent {
    type Error = Error;
    fn try_from(row: Stored) -> Result<Self> {
        let event: Self = serde_json::from_str(&row.body).map_err(Error::internal)?;
        Ok(Self { seq: row.seq, hash: row.hash, ..event })
    }
}
