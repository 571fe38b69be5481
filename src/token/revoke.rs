//! Ending tokens, one or many. The next call of each is refused (A25 to A29).

use super::{
    BulkRevocation, Revocation, Revoked, TokenStatus, WidgetToken, ends,
    store::{self, Ending},
};
use crate::{
    Code, Error, Op, Permission, Reach, Result, TokenId,
    audit::{Action, Event},
    origin::Origin,
    text,
};

impl Op {
    /// Ends one token. Idempotent: the first end stands.
    pub async fn revoke_token(&self, id: &TokenId, why: Revocation) -> Result<WidgetToken> {
        let token = self.token_row(id).await?;
        let mut tx = self.begin(Permission::RevokeTokens, &token.organization_id)?.urgently();
        if token.revoked_at.is_some() {
            return Ok(token);
        }
        let reason = text::reason(why.reason)?;
        let by = self.actor().signature();
        let at = tx.now();
        let ending = Ending { at, by: &by, reason: reason.clone(), event: tx.event_id() };
        let write = store::revoke(self.tenant(), id, ending);
        tx.write(write);
        let event = Event::new(Action::TokenRevoked).organization(&token.organization_id).target(id).reason(reason.clone());
        match tx.commit(event).await {
            Ok(_) => Ok(WidgetToken {
                status: TokenStatus::Revoked,
                revoked_at: Some(at),
                revoked_by: Some(by.0),
                revoked_by_name: Some(by.1),
                revoke_reason: reason,
                ..token
            }),
            Err(error) if error.code() == Code::Conflict => self.token_row(id).await,
            Err(error) => Err(error),
        }
    }

    /// How many live tokens a bulk revocation would end now, as far as [`LIVE_COUNTED`](super::LIVE_COUNTED) says.
    pub async fn preview_revocation(&self, filter: BulkRevocation) -> Result<i64> {
        let filter = self.checked(filter).await?;
        self.live_that_fit(&filter).await
    }

    /// Ends every live token that all given filters fit. Each row names its event; of a thousand or more tokens there is one for each thousand or so.
    pub async fn revoke_tokens(&self, filter: BulkRevocation) -> Result<Revoked> {
        let mut filter = self.checked(filter).await?;
        let reason = text::reason(filter.reason.take())?;
        let event = || ends::bulk_event(&filter, reason.as_deref());
        if self.is_crowd_of_tokens(&filter).await? {
            return Ok(Revoked { revoked: self.end_tokens(&filter, reason.as_deref(), event).await? });
        }
        let mut tx = self.begin_revocation(&filter)?.urgently();
        let place = self.end_tokens_at_once(&mut tx, &filter, reason.as_deref());
        let done = tx.commit(event().counted(place)).await?;
        Ok(Revoked { revoked: done.rows.get(place).copied().unwrap_or(0) })
    }

    fn begin_revocation(&self, filter: &BulkRevocation) -> Result<crate::Tx> {
        match &filter.organization_id {
            Some(organization) => self.begin(Permission::RevokeTokens, organization),
            None => self.begin(Permission::RevokeTokens, Reach::Tenant),
        }
    }

    /// The filter with its origin in stored form; refused when it is empty or out of reach.
    async fn checked(&self, mut filter: BulkRevocation) -> Result<BulkRevocation> {
        self.begin_revocation(&filter).map(drop)?;
        if let Some(organization) = &filter.organization_id {
            self.organization(organization).await?;
        }
        if filter.organization_id.is_none() && filter.origin.is_none() && filter.minted_by.is_none() && filter.signing_key_id.is_none() {
            return Err(Error::new(Code::EmptyFilter, "Name an organization, an origin, a minter or a signing key."));
        }
        if let Some(origin) = &filter.origin {
            filter.origin = Some(Origin::parse(origin, true)?.to_string());
        }
        if let Some(minter) = &filter.minted_by
            && !minter.starts_with("usr_")
            && !minter.starts_with("apik_")
        {
            return Err(Error::invalid("minted_by", "A minter is a usr_ or apik_ id."));
        }
        Ok(filter)
    }
}
