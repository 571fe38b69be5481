//! A call with an identity token: who it is, read anew on every call; anonymous once it has expired, and refused when it is none of ours.

use super::{
    AnonymousReason, IdentityMe,
    store::{self, IdentityRow},
};
use crate::{
    Code, Core, CustomerId, Error, Origination, Result, TenantId, Who,
    audit::{Action, Event, Target},
    customer::CustomerSummary,
    customer_session::CustomerCall,
    origin::{Origin, names},
    product::IntegrationStep,
    token::{Claims, Kind, Rejection},
    use_log::Refusal,
};
use serde_json::Value;

impl Core {
    /// Signature and times first; then the row with all that it came through, in one statement; then the page's origin, among the product's
    /// registered domains (W19). A token that was good once is not refused, for the conversation goes on without a name (W17, ID5).
    pub async fn identity_me(&self, call: CustomerCall<'_>) -> Result<IdentityMe> {
        let claims = match self.verify(call.bearer.unwrap_or_default()).await? {
            Ok(claims) if claims.kind == Kind::Identity => claims,
            Err(Rejection::Expired(claims)) if claims.kind == Kind::Identity => return self.expired_me(&claims, &call).await,
            Err(Rejection::Invalid { tenant: Some(tenant), .. }) => return Err(self.refuse_identity(&tenant, None, "forged", &call.from)),
            Ok(_) | Err(_) => return Err(invalid()),
        };
        let Some(row) = self.live_identity(&claims).await? else {
            return Err(self.refuse_identity(&claims.tenant, Some(&claims), "revoked", &call.from));
        };
        self.of_a_registered_domain(&claims, &row.domains.0, &call)?;
        let said = claims.all();
        let name = said.get("name").and_then(Value::as_str).map(ToOwned::to_owned).or(row.name);
        let metadata = said.get("metadata").and_then(|notes| serde_json::from_value(notes.clone()).ok());
        let customer = CustomerSummary { id: row.customer_id, external_id: Some(claims.subject.clone()), email: row.email, name };
        let (product_id, expires_at) = (row.product_id, row.expires_at);
        Ok(IdentityMe { anonymous: false, reason: None, customer: Some(customer), metadata, product_id, expires_at })
    }

    /// The token's row, if it and all that it came through are alive right now.
    pub(crate) async fn live_identity(&self, claims: &Claims) -> Result<Option<IdentityRow>> {
        let Some((row, lives)) = self.judged_identity(claims).await? else { return Ok(None) };
        let step = if lives { IntegrationStep::IdentityVerified } else { IntegrationStep::EndNoticed };
        self.uses().integration_seen(&row.product_id, step, self.now());
        Ok(lives.then_some(row))
    }

    /// Whom the claims name, and whether a page would be believed; none when there is no row.
    pub(crate) async fn identity_verdict(&self, claims: &Claims) -> Result<Option<(CustomerId, bool)>> {
        Ok(self.judged_identity(claims).await?.map(|(row, lives)| (row.customer_id, lives)))
    }

    async fn judged_identity(&self, claims: &Claims) -> Result<Option<(IdentityRow, bool)>> {
        let Some(row) = store::row(self.db(), &claims.tenant, &claims.id).await? else { return Ok(None) };
        self.saw_mark(row.clock_mark);
        let lives = row.is_alive() && row.expires_at > self.now() && row.product_id.as_str() == claims.audience;
        Ok(Some((row, lives)))
    }

    async fn expired_me(&self, claims: &Claims, call: &CustomerCall<'_>) -> Result<IdentityMe> {
        let past = store::past(self.db(), &claims.tenant, &claims.audience, &claims.key).await?;
        // Its row, which knew the millisecond, may be gone: what was issued in the second of "Revoke everything" counts as older.
        let Some(past) = past.filter(|past| claims.issued_at >= past.not_before) else {
            return Err(self.refuse_identity(&claims.tenant, Some(claims), "revoked", &call.from));
        };
        self.saw_mark(past.clock_mark);
        self.of_a_registered_domain(claims, &past.domains.0, call)?;
        Ok(IdentityMe {
            anonymous: true,
            reason: Some(AnonymousReason::IdentityExpired),
            customer: None,
            metadata: None,
            product_id: past.product_id,
            expires_at: claims.expires_at,
        })
    }

    /// Refuses pages of other origins than the product's registered domains, and tells history.
    pub(crate) fn of_a_registered_domain(&self, claims: &Claims, domains: &[Origin], call: &CustomerCall<'_>) -> Result<()> {
        if names(domains, call.origin) {
            return Ok(());
        }
        let error = Error::new(Code::EmbedOriginNotAllowed, "The page's origin is not a registered domain of this token's product.");
        let said: Option<String> = call.origin.map(|origin| origin.chars().take(255).collect());
        let event = Event::new(Action::EmbedRequestRefused).refused().reason(Some(error.code().as_str())).with("origin", said);
        self.tell(&claims.tenant, event.target(target(claims)), format!("identity/{}/origin", claims.audience), &call.from);
        Err(error)
    }

    /// Tells history once a minute: of a forgery by tenant, of a dead token by itself.
    fn refuse_identity(&self, tenant: &TenantId, claims: Option<&Claims>, why: &'static str, from: &Origination) -> Error {
        let error = invalid();
        let mut event = Event::new(Action::EmbedRequestRefused).refused().reason(Some(error.code().as_str())).with("why", why);
        let whose = claims.map_or(tenant.as_str(), |claims| claims.id.as_str()).to_owned();
        if let Some(claims) = claims {
            event = event.target(target(claims));
        }
        self.tell(tenant, event, format!("identity/{whose}/{why}"), from);
        error
    }

    fn tell(&self, tenant: &TenantId, event: Event, key: String, from: &Origination) {
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(key, refusal, self.now());
    }
}

fn target(claims: &Claims) -> Target {
    Target { kind: "identity_token".to_owned(), id: claims.id.clone() }
}

fn invalid() -> Error {
    Error::new(Code::InvalidToken, "This is not a valid identity token.")
}
