//! Reading tokens; never their text (A17, A21 to A24).

use super::{TokenFilter, WidgetToken, store};
use crate::{
    Error, Op, Permission, Result, TokenId,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// Newest first; what is alive unless the filter asks for more.
    pub async fn tokens(&self, filter: &TokenFilter, limit: Limit, cursor: Option<&str>) -> Result<Page<WidgetToken>> {
        let (db, organizations) = if let Some(organization) = &filter.organization_id {
            self.organization(organization).await?;
            (self.read(Permission::ReadTokens, organization)?, vec![Some(organization.to_string())])
        } else {
            let (db, narrowed) = self.read_somewhere(Permission::ReadTokens)?;
            (db, narrowed.map_or_else(|| vec![None], |ids| ids.into_iter().map(Some).collect()))
        };
        let cursors = self.core().cursor("widget_tokens", self.tenant());
        let after = cursors.open(cursor)?;
        let now = self.core().now();
        // One statement for each, so that an index serves each in its order: one for several would look for their few among all of the tenant's.
        let mut tokens: Vec<WidgetToken> = Vec::new();
        for organization in &organizations {
            let rows = store::list(db, self.tenant(), organization.as_deref(), filter, now, after.clone(), limit.fetch()).await?;
            tokens.extend(rows.into_iter().map(|row| row.record(now)));
        }
        if organizations.len() > 1 {
            tokens.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
            tokens.truncate(usize::try_from(limit.fetch()).unwrap_or_default());
        }
        Ok(cursors.page(tokens, limit, |token: &WidgetToken| Cursor { at: token.created_at, id: token.id.to_string() }))
    }

    /// One token.
    pub async fn token(&self, id: &TokenId) -> Result<WidgetToken> {
        let token = self.token_row(id).await?;
        self.require(Permission::ReadTokens, &token.organization_id)?;
        Ok(token)
    }

    /// The row, or not found, also when its organization is out of reach.
    pub(super) async fn token_row(&self, id: &TokenId) -> Result<WidgetToken> {
        let row = store::find(self.core().db(), self.tenant(), id).await?.ok_or_else(|| Error::not_found("widget token"))?;
        let token = row.record(self.core().now());
        if !self.reaches(&token.organization_id) {
            return Err(Error::not_found("widget token"));
        }
        Ok(token)
    }
}
