//! An organization's allowlist: what its tokens may name.

use super::{AllowedOrigin, NewOrigin, Origin, OriginCheck, RemovedOrigin, store};
use crate::{
    Error, Op, OrganizationId, OriginId, Permission, Result,
    audit::{Action, Event},
    token::{BulkRevocation, bulk_event},
};

/// Why tokens died that named it.
const WITH_THE_ORIGIN: &str = "origin removed";

fn naming(organization: &OrganizationId, origin: &Origin) -> BulkRevocation {
    BulkRevocation { organization_id: Some(organization.clone()), origin: Some(origin.to_string()), ..BulkRevocation::default() }
}

impl Op {
    /// The allowlist, newest first.
    pub async fn origins(&self, organization: &OrganizationId) -> Result<Vec<AllowedOrigin>> {
        self.require(Permission::ReadOrigins, organization)?;
        self.organization(organization).await?;
        store::list(self.core().db(), self.tenant(), organization).await
    }

    /// Adds one, in its stored form.
    pub async fn add_origin(&self, organization: &OrganizationId, asked: &NewOrigin) -> Result<AllowedOrigin> {
        let mut tx = self.begin(Permission::ManageOrigins, organization)?;
        let development = self.organization(organization).await?.allow_development_origins;
        let origin = Origin::parse(&asked.origin, development)?;
        let entry = AllowedOrigin { id: OriginId::new(tx.now()), origin, created_at: tx.now() };
        tx.write(store::insert(self.tenant(), organization, &entry));
        let event = Event::new(Action::OriginAdded).organization(organization).target(&entry.id);
        tx.commit(event.with("origin", entry.origin.as_str())).await?;
        Ok(entry)
    }

    /// What an origin would be stored as in this organization, and what it would match.
    pub async fn check_origin(&self, organization: &OrganizationId, text: &str) -> Result<OriginCheck> {
        let development = self.organization(organization).await?.allow_development_origins;
        Origin::check(text, development)
    }

    /// How many live tokens name this origin, as far as [`LIVE_COUNTED`](crate::token::LIVE_COUNTED) says: what its removal would end.
    pub async fn tokens_naming_origin(&self, organization: &OrganizationId, id: &OriginId) -> Result<i64> {
        let entry = self.origin(organization, id).await?;
        self.live_that_fit(&naming(organization, &entry.origin)).await
    }

    /// Removes one, and in the same transaction the live tokens that name it, unless `keep_tokens`; a crowd of them after it, before this answers.
    pub async fn remove_origin(&self, organization: &OrganizationId, id: &OriginId, keep_tokens: bool) -> Result<RemovedOrigin> {
        let mut tx = self.begin(Permission::ManageOrigins, organization)?.urgently();
        let entry = self.origin(organization, id).await?;
        let naming = naming(organization, &entry.origin);
        let crowd = !keep_tokens && self.is_crowd_of_tokens(&naming).await?;
        let removed_at = tx.now();
        tx.write_all(store::delete(organization, id));
        let mut event = Event::new(Action::OriginRemoved).organization(organization).target(id).with("origin", entry.origin.as_str());
        let mut revoking = None;
        if !keep_tokens && !crowd {
            let place = self.end_tokens_at_once(&mut tx, &naming, Some(WITH_THE_ORIGIN));
            event = event.counted(place);
            revoking = Some(place);
        }
        let committed = tx.commit(event).await?;
        let revoked = if crowd {
            self.end_tokens(&naming, Some(WITH_THE_ORIGIN), || bulk_event(&naming, Some(WITH_THE_ORIGIN))).await?
        } else {
            revoking.and_then(|place| committed.rows.get(place).copied()).unwrap_or(0)
        };
        Ok(RemovedOrigin { origin: entry, removed_at, revoked })
    }

    async fn origin(&self, organization: &OrganizationId, id: &OriginId) -> Result<AllowedOrigin> {
        let origins = self.origins(organization).await?;
        origins.into_iter().find(|entry| entry.id == *id).ok_or_else(|| Error::not_found("origin"))
    }
}
