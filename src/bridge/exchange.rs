//! A bridge token for a session: signed by the tenant's backend, presented by a page, good once (F18 to F21, JW15, JW16).

use super::{
    Exchange,
    claims::{self, BridgeClaims},
    store,
};
use crate::{
    BridgeKeyId, Code, Core, EmbedKeyId, Error, Result, Who,
    audit::{Action, Event},
    customer::FirstSeenBy,
    customer_session::{self, Opening, StartedSession, Way},
    embed_key::{EmbedCall, Entrance},
    key::compact::Compact,
    organization,
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

impl Core {
    /// Checked in this order: the embed key, the page's origin, the token's key and signature, its claims, its first use. A token whose
    /// signature is wrong, or whose key opens nothing, is one refusal; what a right signature says wrongly is named.
    pub async fn exchange_bridge_token(&self, asked: &Exchange, call: EmbedCall<'_>) -> Result<StartedSession> {
        let (key, entrance) = self.enter(&call).await?;
        let refused = |error: Error| {
            self.refuse_entrance(&key, &entrance.tenant_id, &call, &error, None);
            error
        };
        let (bridge_key, claims) = self.vouched(asked, &entrance).await.map_err(refused)?;
        if let Some(organization) = &claims.organization {
            let found = organization::store::find(self.db(), &entrance.tenant_id, organization).await?;
            let unknown =
                || Error::new(Code::InvalidToken, "The bridge token's organization_id: no such organization.").field("organization_id");
            found.ok_or_else(|| refused(unknown()))?;
        }
        for _ in 1..TRIES {
            match self.begin_customer_session(&key, &entrance, &bridge_key, &claims, &call).await {
                // Somebody wrote the same customer at the same time, or something ended: look again.
                Err(error) if matches!(error.code(), Code::Conflict | Code::AlreadyExists) => {}
                Err(error) if matches!(error.code(), Code::Unavailable | Code::Internal) => return Err(error),
                done => return done.map_err(refused),
            }
        }
        self.begin_customer_session(&key, &entrance, &bridge_key, &claims, &call).await.map_err(|error| match error.code() {
            Code::Conflict | Code::AlreadyExists => Error::unavailable().because(error),
            _ => error,
        })
    }

    /// What the token says, once its signature is right. The key's row is read on every call, and its algorithm is the one that counts.
    async fn vouched(&self, asked: &Exchange, entrance: &Entrance) -> Result<(BridgeKeyId, BridgeClaims)> {
        let invalid = || Error::new(Code::InvalidToken, "This bridge token is not signed by a bridge key of this product that works.");
        let token = Compact::read(asked.bridge_token.reveal()).ok_or_else(invalid)?;
        let id: BridgeKeyId = token.parameter("kid").and_then(|kid| kid.parse().ok()).ok_or_else(invalid)?;
        let row = store::vouching(self.db(), &entrance.product_id, &id).await?.ok_or_else(invalid)?;
        let key = self.vouching_key(&entrance.tenant_id, &id, &row)?;
        let payload = key.verified(&token).ok_or_else(invalid)?;
        let claims = claims::read(&payload, &entrance.tenant_id, self.now())?;
        if claims.issued_at < entrance.not_before {
            return Err(Error::new(Code::InvalidToken, "Everything issued before was revoked here. Sign a new bridge token.").field("iat"));
        }
        Ok((id, claims))
    }

    /// The token's one use, the customer, the session and the event, together or not at all.
    async fn begin_customer_session(
        &self,
        key: &EmbedKeyId,
        entrance: &Entrance,
        bridge_key: &BridgeKeyId,
        claims: &BridgeClaims,
        call: &EmbedCall<'_>,
    ) -> Result<StartedSession> {
        let tenant = &entrance.tenant_id;
        let mut tx = self.begin(Who::Anonymous, Some(tenant.clone()), call.from.clone());
        tx.write(store::spend(&entrance.product_id, &claims.jti, claims.expires_at));
        let seen = self.sight(&mut tx, tenant, entrance.mode, &claims.vouched, FirstSeenBy::Bridge).await?;
        let customer = seen.customer.id.clone();
        if let Some(organization) = &claims.organization {
            tx.write(crate::customer::store::join(tenant, &customer, organization, tx.now()));
        }
        let opening = Opening {
            entrance,
            embed_key: key,
            customer: seen.customer,
            way: Way::Bridge,
            bridge_key: Some(bridge_key),
            organization: claims.organization.as_ref(),
            origin: call.origin.unwrap_or_default(),
            from: &call.from,
            kept: None,
        };
        let (session, started) = customer_session::open(self, &mut tx, opening).await?;
        let mut event = Event::new(Action::CustomerSessionStarted)
            .target(&session)
            .with("customer", customer.as_str())
            .with("new_customer", seen.is_new)
            .with("way", Way::Bridge.as_str())
            .with("mode", entrance.mode.as_str())
            .with("product", entrance.product_id.as_str())
            .with("embed_key", key.as_str())
            .with("bridge_key", bridge_key.as_str());
        if let Some(organization) = &claims.organization {
            event = event.organization(organization);
        }
        tx.by(Who::Customer { id: customer }).commit(event).await?;
        let now = self.now();
        self.uses().bridge_key_used(bridge_key, now);
        self.uses().embed_key_used(key, now);
        Ok(started)
    }
}
