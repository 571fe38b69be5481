//! The guard in front of `/widget/*`: six steps in this order, on every call; the first failure answers (contract, section 5).

pub(super) mod store;

use super::{Scope, WidgetOrganization, WidgetSession, claims::Claims, steps, verify::Rejection};
use crate::{
    Code, Core, CustomerId, Error, OrganizationId, Origination, Result, TenantId, Time, TokenId, Who,
    audit::{Action, Event, Target},
    origin::{Origin, store as origins},
    use_log::Refusal,
};

/// What a call on `/widget/*` brings along.
#[derive(Debug, Clone, Default)]
pub struct Presented<'a> {
    /// The bearer token.
    pub bearer: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Referer` header, asked only when there is no `Origin`.
    pub referer: Option<&'a str>,
    /// From where the call came.
    pub from: Origination,
}

/// A call that was let through: whose it is and what it may do.
#[derive(Clone)]
pub struct Grant {
    core: Core,
    from: Origination,
    /// The token.
    pub token: TokenId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Its organization.
    pub organization: OrganizationId,
    /// What it may do.
    pub scope: Vec<Scope>,
    /// From where it may be presented.
    pub origins: Vec<Origin>,
    /// The page's origin, as checked: the one that a 2xx answer may name.
    pub origin: String,
    /// Until when.
    pub expires_at: Time,
    /// The customer for whom it was minted.
    pub user: Option<CustomerId>,
}

impl Core {
    /// Steps 1 to 5. A refusal from step 3 on is told to history once per token, reason and minute.
    pub async fn guard(&self, call: Presented<'_>) -> Result<Grant> {
        let bearer = steps::bearer(call.bearer)?;
        let verdict = self.verify(bearer).await?;
        if let Err(Rejection::Invalid { tenant: Some(tenant), .. }) = &verdict {
            self.forged(tenant, &call.from);
        }
        let claims = steps::judged(verdict)?;
        let refuse = |error: Error, organization: Option<&OrganizationId>, seen: Option<&str>| {
            self.refused(&claims, &call.from, &error, organization, seen);
            error
        };
        steps::kind(&claims).map_err(|error| refuse(error, None, None))?;
        let row = store::guard_row(self, &claims.tenant, &claims.id, claims.may_name_a_customer()).await?;
        if let Some(row) = &row {
            self.saw_mark(row.clock_mark);
        }
        let row = steps::row(row, self.now()).map_err(|error| match error.code() {
            // A token that outlived its time is no sign of anything.
            Code::WidgetTokenExpired => error,
            _ => refuse(error, None, None),
        })?;
        steps::permission(&row).map_err(|error| refuse(error, Some(&row.organization_id), None))?;
        let page = steps::page(call.origin, call.referer);
        steps::origin(&row, &page).map_err(|error| refuse(error, Some(&row.organization_id), Some(&page)))?;
        let token: TokenId = claims.id.parse().map_err(|_| steps::invalid())?;
        self.uses().token_used(&token, &page, self.now());
        Ok(Grant {
            core: self.clone(),
            from: call.from,
            token,
            tenant: claims.tenant.clone(),
            organization: row.organization_id,
            scope: row.scope.0,
            origins: row.origins.0,
            origin: page,
            expires_at: row.expires_at,
            user: row.customer_id,
        })
    }

    /// The organization of a widget token whose row is alive right now, with all that it came through; its page is not asked.
    pub(crate) async fn live_widget(&self, claims: &Claims) -> Result<Option<OrganizationId>> {
        let row = store::guard_row(self, &claims.tenant, &claims.id, claims.may_name_a_customer()).await?;
        if let Some(row) = &row {
            self.saw_mark(row.clock_mark);
        }
        Ok(steps::row(row, self.now()).ok().map(|row| row.organization_id))
    }

    fn refused(&self, claims: &Claims, from: &Origination, error: &Error, organization: Option<&OrganizationId>, seen: Option<&str>) {
        let mut event = Event::new(Action::WidgetRequestRefused).refused().reason(Some(error.code().as_str()));
        event.organization = organization.cloned().or_else(|| claims.all().get("organization_id")?.as_str()?.parse().ok());
        event.target = Some(Target { kind: format!("{}_token", claims.kind), id: claims.id.clone() });
        if let Some(page) = seen {
            event = event.with("origin", page.chars().take(255).collect::<String>());
        }
        let key = format!("guard/{}/{}", claims.id, error.code());
        let refusal = Refusal { tenant: Some(claims.tenant.clone()), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(key, refusal, self.now());
    }

    /// Forgeries are one event per tenant and minute at most.
    fn forged(&self, tenant: &TenantId, from: &Origination) {
        let event = Event::new(Action::WidgetRequestForged).refused().reason(Some(Code::InvalidToken.as_str()));
        let refusal = Refusal { tenant: Some(tenant.clone()), who: Who::Anonymous, from: from.clone(), event };
        self.uses().refused(format!("forged/{tenant}"), refusal, self.now());
    }
}

impl Grant {
    /// Step 6: whether the token holds the route's scope.
    pub fn require(&self, scope: Scope) -> Result<()> {
        let Err(error) = steps::scope(&self.scope, scope) else { return Ok(()) };
        let event = Event::new(Action::WidgetRequestRefused)
            .refused()
            .reason(Some(error.code().as_str()))
            .organization(&self.organization)
            .target(&self.token)
            .with("scope", scope.as_str());
        let refusal = Refusal { tenant: Some(self.tenant.clone()), who: Who::Anonymous, from: self.from.clone(), event };
        self.core.uses().refused(format!("guard/{}/{}/{scope}", self.token, error.code()), refusal, self.core.now());
        Err(error)
    }

    /// From where the call came.
    #[must_use]
    pub fn from(&self) -> &Origination {
        &self.from
    }

    /// What the token is, may do, and until when.
    #[must_use]
    pub fn session(&self) -> WidgetSession {
        WidgetSession {
            id: self.token.clone(),
            tenant_id: self.tenant.clone(),
            organization_id: self.organization.clone(),
            scope: self.scope.clone(),
            origins: self.origins.clone(),
            expires_at: self.expires_at,
            user_id: self.user.clone(),
        }
    }

    /// Name and origins of its organization.
    pub async fn organization(&self) -> Result<WidgetOrganization> {
        let db = self.core.db();
        let organization = crate::organization::store::find(db, &self.tenant, &self.organization).await?;
        let organization = organization.ok_or_else(|| Error::not_found("organization"))?;
        let origins = origins::list(db, &self.tenant, &self.organization).await?;
        Ok(WidgetOrganization {
            id: organization.id,
            name: organization.name,
            origins: origins.into_iter().map(|entry| entry.origin).collect(),
        })
    }
}
