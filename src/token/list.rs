//! Reading tokens; never their text (A17, A21 to A24).

use super::{TokenFilter, WidgetToken, store};
use crate::{
    Error, Op, Permission, Result, TokenId,
    page::{Cursor, Limit, Page},
};

impl Op {
    /// Newest first; what is alive unless the filter asks for more.
    pub async fn tokens(&self, filter: &TokenFilter, limit: Limit, cursor: Option<&str>) -> Result<Page<WidgetToken>> {
        let (db, narrowed) = match &filter.organization_id {
            Some(organization) => {
                self.organization(organization).await?;
                (self.read(Permission::ReadTokens, organization)?, None)
            }
            None => self.read_somewhere(Permission::ReadTokens)?,
        };
        let cursors = self.core().cursor("widget_tokens", self.tenant());
        let after = cursors.open(cursor)?;
        let now = self.core().now();
        let rows = store::list(db, self.tenant(), narrowed, filter, now, after, limit.fetch()).await?;
        let tokens = rows.into_iter().map(|row| row.record(now)).collect();
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
