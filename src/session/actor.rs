//! From a session to an actor: who may do what in this tenant, read anew on every request.

use super::{Session, store};
use crate::{Actor, Code, Core, Error, Origination, Result, Roles, SessionId, TenantId, UserId, Who, tenant::TenantSummary};

impl Core {
    /// The person of a browser's session, acting in the tenant with this slug or id. Not found unless they are a member.
    pub async fn actor_for_session(&self, session: &Session, tenant: &str, from: Origination) -> Result<Actor> {
        // A slug and an id are both short and plain; nothing else reaches the database.
        if tenant.len() > 64 || !tenant.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return Err(Error::not_found("tenant"));
        }
        let entries = store::enter(self.db(), &session.id, tenant, self.now()).await?;
        let actor = actor(&session.id, entries, from)?.ok_or_else(|| Error::not_found("tenant"))?;
        self.uses().tenant_entered(&session.user_id, &actor.tenant);
        Ok(actor)
    }

    /// The person behind a dashboard JWT whose signature and claims are right: session, user, tenant, `not_before` and the
    /// signing key's state are read in one statement. 401 when any of them is dead.
    pub async fn actor_for_api_session(&self, session: &SessionId, tenant: &TenantId, from: Origination) -> Result<Actor> {
        let dead = || Error::new(Code::InvalidToken, "This session has ended.");
        let actor = self.peek_at_api_session(session, tenant, from).await?.ok_or_else(dead)?;
        self.uses().session_seen(session, self.now());
        self.uses().tenant_entered(actor.user().ok_or_else(dead)?, tenant);
        Ok(actor)
    }

    /// The same without a trace.
    pub(super) async fn peek_at_api_session(&self, session: &SessionId, tenant: &TenantId, from: Origination) -> Result<Option<Actor>> {
        let entries = store::enter_api(self.db(), session, tenant, self.now()).await?;
        actor(session, entries, from)
    }

    /// The tenants that a person may enter, the one used last first.
    pub async fn tenants_of(&self, user: &UserId) -> Result<Vec<TenantSummary>> {
        let last = self.uses().tenant_last_entered(user);
        let mut tenants: Vec<(bool, Option<crate::Role>, TenantSummary)> = Vec::new();
        for place in store::places(self.db(), user).await? {
            let of_tenant = place.organization_id.is_none().then_some(place.role);
            if let Some((_, held, summary)) = tenants.iter_mut().find(|(_, _, summary)| summary.id == place.id) {
                *held = (*held).max(of_tenant);
                summary.role = held.unwrap_or_else(|| summary.role.max(place.role));
                continue;
            }
            let is_last = last.as_ref().map_or(place.was_last, |last| *last == place.id);
            let summary = TenantSummary { id: place.id, slug: place.slug, name: place.name, role: place.role };
            tenants.push((is_last, of_tenant, summary));
        }
        tenants.sort_by_key(|(is_last, ..)| !is_last);
        Ok(tenants.into_iter().map(|(.., summary)| summary).collect())
    }
}

/// None without a membership; 401 for a session that is older than the tenant accepts.
fn actor(session: &SessionId, entries: Vec<store::Entry>, from: Origination) -> Result<Option<Actor>> {
    let Some(first) = entries.first() else { return Ok(None) };
    if first.valid_since < first.not_before {
        return Err(Error::new(Code::SignInRequired, "Everything issued so far was revoked here. Sign in again."));
    }
    let (tenant, proved_at) = (first.tenant_id.clone(), first.proved_at);
    let who = Who::User { id: first.user_id.clone(), name: first.name.clone(), session: session.clone(), proved_at };
    let mut roles = Roles::default();
    for entry in entries {
        match entry.organization_id {
            Some(organization) => _ = roles.organizations.insert(organization, entry.role),
            None => roles.tenant = Some(entry.role),
        }
    }
    Ok(Some(Actor { who, tenant, roles, from }))
}
