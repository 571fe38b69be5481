//! A call with a session JWT: whose it is, read anew on every call.

use super::{
    Me,
    store::{self, VisitRow},
};
use crate::{
    Code, Core, CustomerId, CustomerSessionId, Error, KeyId, Origination, Result, TenantId, Time, Who,
    audit::{Action, Event},
    customer::CustomerSummary,
    origin::names,
    product::IntegrationStep,
    token::{Claims, Kind, Rejection},
    use_log::Refusal,
};

/// What a page sends along.
#[derive(Debug, Clone, Default)]
pub struct CustomerCall<'a> {
    /// The session JWT.
    pub bearer: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// From where it came.
    pub from: Origination,
}

/// A customer's call that was let in.
pub struct Visit {
    pub(super) core: Core,
    pub(super) from: Origination,
    pub(crate) tenant: TenantId,
    pub(crate) session: CustomerSessionId,
    pub(crate) row: VisitRow,
    /// The JWT that was shown, and the key that signed it.
    pub(super) jti: String,
    pub(super) signed_by: KeyId,
    /// When the JWT that was shown dies.
    token_expires_at: Time,
}

impl Core {
    /// Signature and times first; then the row with customer, embed key, bridge key, product, tenant and signing key, in one statement;
    /// then the page's origin, on the embed key's present list.
    pub async fn customer_visit(&self, call: CustomerCall<'_>) -> Result<Visit> {
        let bearer = call.bearer.filter(|text| !text.is_empty());
        let bearer = bearer.ok_or_else(|| Error::new(Code::MissingToken, "Send the session token as a bearer token."))?;
        let claims = match self.verify(bearer).await? {
            Ok(claims) if claims.kind == Kind::Session => claims,
            Err(Rejection::Expired(claims)) if claims.kind == Kind::Session => return Err(expired()),
            Ok(_) | Err(_) => return Err(Error::new(Code::InvalidToken, "This is not a valid session token.")),
        };
        let (session, row) = self.visited(&claims).await?.ok_or_else(revoked)?;
        let seen = |step| self.uses().integration_seen(&row.product_id, step, self.now());
        if let Err(error) = self.living(&claims, &row) {
            if error.code() == Code::SessionRevoked {
                seen(IntegrationStep::EndNoticed);
            }
            return Err(error);
        }
        if !names(&row.origins.0, call.origin) {
            let error = Error::new(Code::EmbedOriginNotAllowed, "This session's embed key does not list the page's origin.");
            self.refuse_visit(&claims.tenant, &session, &call, &error);
            return Err(error);
        }
        if self.now() >= row.created_at.plus(row.way.lasts()) {
            seen(IntegrationStep::SessionOutlivedItsToken);
        }
        Ok(Visit {
            core: self.clone(),
            from: call.from,
            tenant: claims.tenant.clone(),
            session,
            row,
            jti: claims.id.clone(),
            signed_by: claims.key.clone(),
            token_expires_at: claims.expires_at,
        })
    }

    /// The row that the claims name.
    async fn visited(&self, claims: &Claims) -> Result<Option<(CustomerSessionId, VisitRow)>> {
        let Some(session) = session_of(claims) else { return Ok(None) };
        let row = store::visit(self.db(), &claims.tenant, &session, &claims.key).await?;
        Ok(row.map(|row| (session, row)))
    }

    /// Refuses a session that ended, that came through something that did, or that is past its time.
    fn living(&self, claims: &Claims, row: &VisitRow) -> Result<()> {
        self.saw_mark(row.clock_mark);
        let right = row.customer_id.as_str() == claims.subject && row.product_id.as_str() == claims.audience;
        if !right || !row.is_alive(self.now()) {
            return Err(revoked());
        }
        if row.expires_at <= self.now() { Err(expired()) } else { Ok(()) }
    }

    /// Whose session the claims name, and why a call would be refused whatever its page; none when there is no row. Nothing is counted.
    pub(crate) async fn session_verdict(&self, claims: &Claims) -> Result<Option<(CustomerId, Option<Code>)>> {
        let found = self.visited(claims).await?;
        Ok(found.map(|(_, row)| (row.customer_id.clone(), self.living(claims, &row).err().map(|error| error.code()))))
    }

    /// The session's row, if it and all that it came through are alive right now; its page is not asked.
    pub(crate) async fn live_session(&self, claims: &Claims) -> Result<Option<(CustomerSessionId, VisitRow)>> {
        let found = self.visited(claims).await?;
        Ok(found.filter(|(_, row)| self.living(claims, row).is_ok()))
    }

    /// Tells history, once a minute and session.
    fn refuse_visit(&self, tenant: &TenantId, session: &CustomerSessionId, call: &CustomerCall<'_>, error: &Error) {
        let said: Option<String> = call.origin.map(|origin| origin.chars().take(255).collect());
        let event =
            Event::new(Action::EmbedRequestRefused).refused().reason(Some(error.code().as_str())).target(session).with("origin", said);
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: call.from.clone(), event };
        self.uses().refused(format!("embed/{session}"), refusal, self.now());
    }
}

fn session_of(claims: &Claims) -> Option<CustomerSessionId> {
    claims.all().get("sid")?.as_str()?.parse().ok()
}

pub(super) fn revoked() -> Error {
    Error::new(Code::SessionRevoked, "This session has been ended.")
}

pub(super) fn expired() -> Error {
    Error::new(Code::SessionExpired, "This session has expired. Begin a new one.")
}

impl Visit {
    /// Whose page it is.
    #[must_use]
    pub fn customer(&self) -> CustomerSummary {
        let VisitRow { customer_id, external_id, email, name, .. } = &self.row;
        CustomerSummary { id: customer_id.clone(), external_id: external_id.clone(), email: email.clone(), name: name.clone() }
    }

    /// `GET /embed/v1/me`.
    #[must_use]
    pub fn me(&self) -> Me {
        Me {
            anonymous: false,
            customer: self.customer(),
            session_id: self.session.clone(),
            product_id: self.row.product_id.clone(),
            organization_id: self.row.organization_id.clone(),
            mode: self.row.mode,
            expires_at: self.token_expires_at.min(self.row.expires_at),
            ends_at: self.row.ends_at,
        }
    }
}
