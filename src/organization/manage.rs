//! Making, changing and deleting organizations.

use super::{NewOrganization, Organization, OrganizationChange, OrganizationSummary, store};
use crate::{
    Error, Op, OrganizationId, Permission, Reach, Result,
    audit::{Action, Event},
    page::{Cursor, Limit, Page},
    text,
    token::{BulkRevocation, bulk_event},
};

/// Why its tokens died.
const WITH_THE_ORGANIZATION: &str = "organization deleted";

impl Op {
    /// The organizations within reach, newest first.
    pub async fn organizations(&self, limit: Limit, cursor: Option<&str>) -> Result<Page<OrganizationSummary>> {
        let (db, narrowed) = self.read_somewhere(Permission::ReadOrganizations)?;
        let cursors = self.core().cursor("organizations", self.tenant());
        let after = cursors.open(cursor)?;
        let rows = store::list(db, self.tenant(), narrowed, self.core().now(), after, limit.fetch()).await?;
        Ok(cursors.page(rows, limit, |row| Cursor { at: row.organization.created_at, id: row.organization.id.to_string() }))
    }

    /// The newest of them, as many as one page holds, without their counts: for their names.
    pub async fn known_organizations(&self) -> Result<Vec<Organization>> {
        let (db, narrowed) = self.read_somewhere(Permission::ReadOrganizations)?;
        store::known(db, self.tenant(), narrowed, Limit::MOST).await
    }

    /// One of them.
    pub async fn organization(&self, id: &OrganizationId) -> Result<Organization> {
        let db = self.read(Permission::ReadOrganizations, id)?;
        store::find(db, self.tenant(), id).await?.ok_or_else(|| Error::not_found("organization"))
    }

    /// Makes one.
    pub async fn create_organization(&self, asked: NewOrganization) -> Result<Organization> {
        let mut tx = self.begin(Permission::CreateOrganization, Reach::Tenant)?;
        let id = OrganizationId::new(tx.now());
        let name = text::name("name", &asked.name)?;
        let slug = match asked.slug.filter(|slug| !slug.trim().is_empty()) {
            Some(slug) => text::slug(&slug)?,
            None => text::slug_from(&name, &id.as_str()[4..]),
        };
        let allow_development_origins = asked.allow_development_origins;
        let organization = Organization { id, name, slug, allow_development_origins, created_at: tx.now(), deleted_at: None };
        tx.write(store::insert(self.tenant(), &organization));
        let event = Event::new(Action::OrganizationCreated)
            .organization(&organization.id)
            .target(&organization.id)
            .with("name", organization.name.as_str())
            .with("slug", organization.slug.as_str())
            .with("allow_development_origins", allow_development_origins);
        tx.commit(event).await?;
        Ok(organization)
    }

    /// Changes name, slug or the development switch; history shows before and after.
    pub async fn update_organization(&self, id: &OrganizationId, change: OrganizationChange) -> Result<Organization> {
        let mut tx = self.begin(Permission::UpdateOrganization, id)?;
        let before = self.organization(id).await?;
        let mut after = before.clone();
        if let Some(name) = change.name {
            after.name = text::name("name", &name)?;
        }
        if let Some(slug) = change.slug {
            after.slug = text::slug(&slug)?;
        }
        after.allow_development_origins = change.allow_development_origins.unwrap_or(before.allow_development_origins);
        if after == before {
            return Ok(after);
        }
        tx.write(store::update(self.tenant(), &after, before.allow_development_origins && !after.allow_development_origins));
        let event = Event::new(Action::OrganizationUpdated)
            .organization(id)
            .target(id)
            .changed("name", &before.name, &after.name)
            .changed("slug", &before.slug, &after.slug)
            .changed("allow_development_origins", &before.allow_development_origins, &after.allow_development_origins);
        tx.commit(event).await?;
        Ok(after)
    }

    /// Deletes it, softly, with its invitations and API keys, and its live tokens on the next call of each.
    pub async fn delete_organization(&self, id: &OrganizationId) -> Result<Organization> {
        let mut tx = self.begin(Permission::DeleteOrganization, id)?.urgently();
        let mut organization = self.organization(id).await?;
        let its = BulkRevocation { organization_id: Some(id.clone()), ..BulkRevocation::default() };
        let crowd = self.is_crowd_of_tokens(&its).await?;
        tx.write_all(store::delete(self.tenant(), id, tx.now()));
        organization.deleted_at = Some(tx.now());
        let mut event = Event::new(Action::OrganizationDeleted).organization(id).target(id).with("name", organization.name.as_str());
        if !crowd {
            event = event.counted(self.end_tokens_at_once(&mut tx, &its, Some(WITH_THE_ORGANIZATION)));
        }
        tx.commit(event).await?;
        if crowd {
            self.end_tokens(&its, Some(WITH_THE_ORGANIZATION), || bulk_event(&its, Some(WITH_THE_ORGANIZATION))).await?;
        }
        Ok(organization)
    }
}
